"""The account file in a browser: a copy in this kernel's memory, kept by the browser for all notebooks.

`browser_file.js` does the keeping. Nothing of a browser is imported before a file is opened in one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .file_trouble import AccountFileError

_OWN = "Each notebook has an account of its own here, which ends with its kernel."
NOT_KEPT = {
    "refused": f"Nothing is kept: this window may not store anything, as some private ones may not. {_OWN}",
    "old": f"Nothing is kept: this browser is too old for it. Chrome 137 or Firefox 153 can. {_OWN}",
}
CANNOT_WAIT = (
    "Stripe was called where Python cannot wait for the account: by JavaScript, or by a callback that is no "
    "widget's. Call it in a cell, or in a widget's handler. Nothing was changed."
)


class BrowserFile:
    """The file at `path`, among the notebooks of this browser and site. `not_kept` says why nothing is kept;
    '' where it is."""

    def __init__(self, path: Path) -> None:
        import js
        import pyodide_js
        from pyodide.code import run_js

        self.path = path
        self.not_kept = ""
        self._kept_before = False
        if not hasattr(js.WebAssembly, "Suspending"):
            self.not_kept = NOT_KEPT["old"]
        elif not hasattr(js, "indexedDB"):
            self.not_kept = NOT_KEPT["refused"]
        source = Path(__file__).with_suffix(".js").read_text("utf-8")
        self._kept = run_js(source)(pyodide_js.FS, str(path))

    @contextlib.contextmanager
    def turn(self) -> Iterator[bool]:
        """Nobody else reads or writes meanwhile, and what is written inside is kept before it ends. Gives
        whether SQLite has to open the file again.

        Raises AccountFileError when the browser does not keep it; what was written is undone then. Raises
        RuntimeError where Python cannot wait.
        """
        turn = None if self.not_kept else self._begin()
        if turn is None:
            yield False
            return
        try:
            yield turn.afresh
        finally:
            self._wait(turn.end())

    def _begin(self) -> Any:
        from pyodide.ffi import can_run_sync

        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not can_run_sync():
            # Now: a turn that has begun and that nobody takes is everybody's last.
            raise RuntimeError(CANNOT_WAIT)
        try:
            turn = self._wait(self._kept.begin())
        except AccountFileError:
            if self._kept_before:
                raise
            self.not_kept = NOT_KEPT["refused"]
            return None
        self._kept_before = True
        return turn

    def _wait(self, promise: Any) -> Any:
        """What the browser answers; other tasks of this kernel may run meanwhile."""
        from pyodide.ffi import run_sync

        if promise is None:
            return None
        answer = run_sync(promise)
        if answer.trouble:
            kind = "full" if answer.trouble == "QuotaExceededError" else "failing"
            raise AccountFileError(self.path, kind, answer.why)
        return answer.value
