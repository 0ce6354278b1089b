"""What is remembered about an account for the next notebook: a table in SQLite, safe across processes.

An account in a file has its notes in that file. The others share a small file of their own; there an account
is known by a hash, never by its key.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .simulator.file_trouble import PATIENCE, AccountFileError, explained
from .simulator.store import NOTES


def find(db: sqlite3.Connection, account: str, name: str) -> str | None:
    """What was kept under this name; None for nothing."""
    row = db.execute("SELECT value FROM notes WHERE account = ? AND name = ?", (account, name)).fetchone()
    return None if row is None else str(row[0])


def keep(db: sqlite3.Connection, account: str, name: str, value: str | None) -> None:
    """Remember a value instead of what was kept under this name; None forgets it."""
    if value is None:
        db.execute("DELETE FROM notes WHERE account = ? AND name = ?", (account, name))
    else:
        db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (account, name, value))


def forget(db: sqlite3.Connection, account: str) -> None:
    """Forget everything about an account."""
    db.execute("DELETE FROM notes WHERE account = ?", (account,))


def claim(old: Path) -> dict[str, str]:
    """What an older version left in a JSON file: for whoever asks first, and {} for everybody after."""
    mine = old.with_suffix(".taken")
    try:
        old.rename(mine)
        notes = json.loads(mine.read_text("utf-8"))
        mine.unlink()
    except (OSError, ValueError):
        return {}
    found = notes.items() if isinstance(notes, dict) else ()
    return {name: value for name, value in found if isinstance(value, str)}


def adopt(db: sqlite3.Connection, account: str, notes: dict[str, str]) -> None:
    """Keep these notes, where there is none of the name."""
    rows = [(account, name, value) for name, value in notes.items()]
    db.executemany("INSERT OR IGNORE INTO notes VALUES (?, ?, ?)", rows)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The small file, made if need be; what is done inside is one transaction.

    Raises AccountFileError when it cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as db, db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(NOTES)
            yield db
    except (sqlite3.Error, OSError) as problem:
        raise explained(path, problem) or AccountFileError(path, "damaged", problem) from problem
