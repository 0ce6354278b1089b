"""An account file as a copy that can be kept, moved to another machine, and taken over there."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .file_damage import find_damage
from .file_trouble import AccountFileError
from .store import open_file

_SQLITE = b"SQLite format 3\0"


class NotACopy(ValueError):
    """Nothing that can be taken over; the message says why. Nothing was changed."""


def copy_of(db: sqlite3.Connection) -> bytes:
    """All that is in the file, as a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "account.sqlite")
        db.execute("VACUUM INTO ?", (str(copy),))
        return copy.read_bytes()


@contextlib.contextmanager
def opened_copy(content: bytes) -> Iterator[sqlite3.Connection]:
    """A copy, brought up to date and looked through.

    Raises NotACopy for one of a newer version of this package, a damaged one, and what never was one.
    """
    if not content.startswith(_SQLITE):
        raise NotACopy("It is no copy of an offline account.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "account.sqlite")
        path.write_bytes(content)
        try:
            db = open_file(path)
        except AccountFileError as problem:
            raise NotACopy(_why(problem.kind)) from problem
        with contextlib.closing(db):
            if find_damage(db):
                raise NotACopy(_why("damaged"))
            yield db


def _why(kind: str) -> str:
    if kind == "newer":
        return "It was written by a newer version of this package: update this one."
    if kind == "another's":
        return "It is the file of another program, no copy of an offline account."
    return "It is damaged: export it again."


def take_over(db: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Let the file hold what the copy holds, and nothing else. The caller has begun a transaction.

    An account of both goes on counting where the one that changed more often was: whoever watches it sees
    that it has changed.
    """
    revisions = dict(db.execute("SELECT key_hash, revision FROM accounts").fetchall())
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    for (table,) in tables.fetchall():
        columns = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
        db.execute(f"DELETE FROM {table}")
        db.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            copy.execute(f"SELECT {', '.join(columns)} FROM {table}"),
        )
    for key, revision in revisions.items():
        db.execute("UPDATE accounts SET revision = max(revision, ?) + 1 WHERE key_hash = ?", (revision, key))
