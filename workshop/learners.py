"""Who gave her name in a room without kernels, and which checks she has passed: one small SQLite file.

A browser keeps a token; here is only its hash. Whoever has the token has the name.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from .names import looks
from .pins import PATIENCE, TooAlike
from .room import INSTRUCTOR, RoomError, private

MOST = 5000  # learners
TABLE = """
CREATE TABLE IF NOT EXISTS learners (
    name TEXT PRIMARY KEY,
    looks TEXT UNIQUE NOT NULL,  -- see names.py
    token TEXT UNIQUE NOT NULL,  -- its hash
    passed TEXT NOT NULL,        -- JSON: {"setup": true, ...}
    changed REAL NOT NULL        -- when a check last came, 0 for never
)
"""


class Learners:
    """Any number of requests may write at the same time; each call is one transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        open(path, "a", opener=private).close()  # SQLite's own files get the same rights
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(TABLE)

    def take(self, name: str, before: str = "") -> str:
        """The token of a name that was free; `before` is the token of a name that it replaces.

        Raises TooAlike for a name that is another's, or that people would take for another's, and RoomError
        when nobody more can be kept. Then nothing has changed.
        """
        if looks(name) == looks(INSTRUCTOR):
            raise TooAlike(INSTRUCTOR)
        token = secrets.token_urlsafe(24)
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            kept = db.execute(
                "SELECT passed, changed FROM learners WHERE token = ?", (_hash(before),)
            ).fetchone()
            db.execute("DELETE FROM learners WHERE token = ?", (_hash(before),))
            other = db.execute("SELECT name FROM learners WHERE looks = ?", (looks(name),)).fetchone()
            if other:
                raise TooAlike(*other)
            if db.execute("SELECT count(*) FROM learners").fetchone()[0] >= MOST:
                raise RoomError(f"There are {MOST} names here, and no more fit. You can go on without one.")
            row = (name, looks(name), _hash(token), *(kept or ("{}", 0)))
            db.execute("INSERT INTO learners VALUES (?, ?, ?, ?, ?)", row)
            db.execute("COMMIT")
        return token

    def name(self, token: str) -> str:
        """Whose token this is; '' for nobody's."""
        with self._open() as db:
            row = db.execute("SELECT name FROM learners WHERE token = ?", (_hash(token),)).fetchone()
        return str(row[0]) if row else ""

    def report(self, token: str, passed: Mapping[str, bool]) -> bool:
        """Keep what these checks said; what others said stays. False for nobody's token."""
        change = "UPDATE learners SET passed = json_patch(passed, ?), changed = ? WHERE token = ?"
        with self._open() as db:
            done = db.execute(change, (json.dumps(dict(passed)), time.time(), _hash(token)))
            return done.rowcount == 1

    def forget(self, name: str) -> bool:
        """Remove a name with its checks, so that whoever comes next may take it; False if there was none."""
        with self._open() as db:
            return db.execute("DELETE FROM learners WHERE name = ?", (name,)).rowcount == 1

    def seen(self) -> dict[str, tuple[float, dict[str, dict[str, bool]]]]:
        """By name: when a check last came, and what `progress.table` makes its rows of."""
        with self._open() as db:
            rows = db.execute("SELECT name, changed, passed FROM learners ORDER BY name").fetchall()
        return {name: (changed, {"passed": json.loads(passed)}) for name, changed, passed in rows}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as db:
            yield db


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
