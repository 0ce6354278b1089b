"""What can go wrong with an account file, each in one sentence that says what to do."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from .file_damage import find_damage

PATIENCE = 5.0
"""Seconds for which another program may keep a request from writing."""

_ANOTHER = "Move it away, or let IRL_ACCOUNT_FILE name another file."
_EMPTY = "begin an empty account: reset_account(), or POST /_simulator/reset"

# `{path}` is the file, `{why}` what SQLite or the system says.
TEXTS = {
    "busy": (
        "{path} is being written by another program, which has not let go of it for {patience:g} seconds. "
        "Close that program, or wait, and do it again. Nothing was changed."
    ),
    "full": "The disk of {path} is full. Make room on it, and do it again. Nothing was changed.",
    "read-only": (
        "{path} cannot be written ({why}). Make the file and its folder writable, or let IRL_ACCOUNT_FILE "
        "name another file. Nothing was changed."
    ),
    "damaged": (
        "{path} is damaged ({why}). Move it away, let IRL_ACCOUNT_FILE name another file, or " + _EMPTY + "."
    ),
    "gone": (
        "{path} was deleted or replaced while it was in use. Start again to use what is there now, or "
        + _EMPTY
        + "."
    ),
    "failing": "{path} cannot be read or written ({why}): is its disk full, or gone? Nothing was changed.",
    "unusable": "{path} cannot be used as an account file ({why}). " + _ANOTHER,
    "another's": "{path} cannot be used as an account file (it belongs to another program). " + _ANOTHER,
    "newer": (
        "{path} was written by a newer version of this package ({why}). Update the package, or let "
        "IRL_ACCOUNT_FILE name another file."
    ),
}
_MOST_WHY = 120
RESET_HELPS = ("full", "read-only", "damaged", "gone", "failing", "newer")
"""What a reset may set a file aside for. One that was never an account file is left alone."""

_KINDS = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CANTOPEN: "unusable",
    sqlite3.SQLITE_IOERR: "failing",
}


class AccountFileError(ValueError):
    """The account file cannot be used; the message says why and what to do. `kind` is one of TEXTS."""

    def __init__(self, path: Path, kind: str, why: object = "") -> None:
        # SQLite quotes what it cannot read, over several lines.
        line = " ".join("".join(each if each.isprintable() else " " for each in str(why)).split())
        super().__init__(TEXTS[kind].format(path=path, why=line[:_MOST_WHY], patience=PATIENCE))
        self.kind = kind


def explained(
    path: Path, problem: Exception, db: sqlite3.Connection | None = None
) -> AccountFileError | None:
    """What `problem` says about the file at `path`; None when the file has nothing to do with it.

    Looks through the whole file, by its connection `db`, where the problem itself does not say so.
    """
    if isinstance(problem, OSError):
        return AccountFileError(path, "unusable", problem.strerror)
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return AccountFileError(path, "read-only", problem)
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in _KINDS:
        return AccountFileError(path, _KINDS[code], problem)
    if db is not None and (damage := find_damage(db)):
        return AccountFileError(path, "damaged", damage)
    return None


def pauses() -> Iterator[float]:
    """How long to wait before each further try to write, until `PATIENCE` is over."""
    end, longest = time.monotonic() + PATIENCE, 0.001
    while time.monotonic() < end:
        yield longest * random.uniform(0.5, 1)
        longest = min(2 * longest, 0.05)
