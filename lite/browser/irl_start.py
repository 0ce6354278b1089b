"""Begins a kernel in the browser. What is not needed at once comes when it is first imported."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import invalidate_caches
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

LATER = Path(__file__).with_name("later.txt")
SAVED = "get-paid-irl:saved-notebook"
"""The comm in which the page hands over the notebook's code, when a kernel starts and when it is saved."""


class Later:
    """Finds the modules that are named in later.txt, in an archive that `fetch` unpacks the first time."""

    def __init__(self, fetch: Callable[[str], None]) -> None:
        self._fetch = fetch
        self._names = set(LATER.read_text("utf-8").split())

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python asks it, when nobody else has found the module."""
        if name not in self._names:
            return None
        self._names.clear()
        self._fetch(name)
        invalidate_caches()
        return PathFinder.find_spec(name, path, target)


def begin(fetch: Callable[[str], None]) -> None:
    """Start the kernel's own Python; `fetch`, told the module, adds the second archive to its packages."""
    sys.meta_path.append(Later(fetch))
    import pyodide_kernel

    from irl_helpers.before_first_cell import explain_in

    # It is too large to be here, and IPython completes without.
    kernel = pyodide_kernel.kernel_instance
    kernel.interpreter.Completer.use_jedi = False
    explain_in(kernel.interpreter)
    kernel.comm_manager.register_target(SAVED, _keep)


def _keep(comm: object, message: dict[str, Any]) -> None:
    """The notebook as a file that Jupyter's own variable names. Over plain http a kernel sees none, and
    nowhere is it told which one is its own."""
    path = Path.home() / "saved.ipynb"
    path.write_text(json.dumps(message["content"]["data"]), "utf-8")
    os.environ["JPY_SESSION_NAME"] = str(path)
