"""A cell that is run again shows something new: what it showed before has to stop."""

from __future__ import annotations

from typing import Protocol

from IPython import get_ipython


class Closable(Protocol):
    def close(self) -> None: ...


_shown: dict[str, Closable] = {}


def take_cell(thing: Closable) -> None:
    """`thing` is shown by the cell that runs now; what this cell showed before is closed.

    Only a front end that names its cells, as JupyterLab does, can be told apart by cell; elsewhere nothing
    is closed.
    """
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = (parent.get("metadata") or {}).get("cellId")
    if cell is None:
        return
    previous = _shown.get(cell)
    if previous is not None and previous is not thing:
        previous.close()
    _shown[cell] = thing
