"""A cell that is run again shows something new: what it showed before has to let go of its widgets."""

from __future__ import annotations

import gc
from typing import Protocol

from IPython import get_ipython


class Disposable(Protocol):
    """What a cell can show, and whose widgets are of no use once no cell shows it."""

    def dispose(self) -> None:
        """Stop, and close every widget."""


_shown: dict[str, Disposable] = {}


def take_cell(thing: Disposable) -> None:
    """`thing` is shown by the cell that runs now; what this cell showed before is disposed of, unless another
    cell still shows it.

    Only a front end that names its cells, as JupyterLab does, can be told apart by cell; elsewhere everything
    stays.
    """
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = (parent.get("metadata") or {}).get("cellId")
    if cell is None:
        return
    previous, _shown[cell] = _shown.get(cell), thing
    if previous is not None and previous not in _shown.values():
        previous.dispose()
        del previous
        gc.collect()  # panels are full of circles, and Python would let twenty of them wait
