"""Names and the PINs that keep them: the first learner to use a name owns it."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .names import looks
from .room import INSTRUCTOR, private

SHORTEST = 4
PATIENCE = 60  # seconds; a write takes a few milliseconds, and many may be in line
TABLE = """
CREATE TABLE IF NOT EXISTS names (
    name TEXT PRIMARY KEY,
    looks TEXT UNIQUE NOT NULL,  -- see names.py
    salt BLOB,
    hash BLOB                    -- NULL: who comes next chooses a PIN
)
"""


class TooAlike(Exception):
    """People would take this name for the one that is named here, and that is somebody else's."""


class Pins:
    """An SQLite file: hub, table and terminal may write at the same time. No PIN is written down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """Every learner who has been here."""
        with self._open() as names:
            return [name for (name,) in names.execute("SELECT name FROM names ORDER BY name")]

    def check(self, name: str, pin: str) -> bool:
        """Whether the PIN keeps this name; a name that is still free is given to it. Raises TooAlike."""
        kept = self._kept(name)
        if kept is None:
            salt = secrets.token_bytes(16)
            if self._take(name, salt, _hash(pin, salt)):
                return True
            kept = self._kept(name)  # somebody was quicker
        return kept is not None and hmac.compare_digest(kept[1], _hash(pin, kept[0]))

    def forget(self, name: str) -> bool:
        """Let who comes next choose a PIN for this name, with what is in its home; False if nobody had it."""
        with self._open() as names:
            done = names.execute("UPDATE names SET salt = NULL, hash = NULL WHERE name = ?", (name,))
            return done.rowcount == 1

    def mark(self, name: str) -> str:
        """What a browser that knew the PIN may keep: another one for every PIN, and of no other use. '' for a
        name without a PIN."""
        kept = self._kept(name)
        return hashlib.sha256(b"knew the PIN" + kept[0]).hexdigest() if kept else ""

    def _kept(self, name: str) -> tuple[bytes, bytes] | None:
        query = "SELECT salt, hash FROM names WHERE name = ? AND hash IS NOT NULL"
        with self._open() as names:
            found: tuple[bytes, bytes] | None = names.execute(query, (name,)).fetchone()
            return found

    def _take(self, name: str, salt: bytes, hashed: bytes) -> bool:
        """Keep a name that is free, in one step. Raises TooAlike."""
        appearance = looks(name)
        if appearance == looks(INSTRUCTOR):
            raise TooAlike(INSTRUCTOR)
        take = """INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT (name)
            DO UPDATE SET salt = excluded.salt, hash = excluded.hash WHERE hash IS NULL"""
        with self._open() as names:
            try:
                return names.execute(take, (name, appearance, salt, hashed)).rowcount == 1
            except sqlite3.IntegrityError:
                other = names.execute("SELECT name FROM names WHERE looks = ?", (appearance,)).fetchone()
                raise TooAlike(*other) from None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose statements are each a transaction."""
        open(self.path, "a", opener=private).close()  # SQLite's own files get the same rights
        with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as names:
            if not names.execute("SELECT 1 FROM sqlite_master").fetchone():
                self._begin(names)
            yield names

    def _begin(self, names: sqlite3.Connection) -> None:
        """Make the table, with the names of a room from before there was this file."""
        names.execute("BEGIN IMMEDIATE")
        names.execute(TABLE)
        old = self.path.with_suffix(".json")
        for name, pin in json.loads(old.read_text("utf-8")).items() if old.exists() else ():
            row = (name, looks(name), bytes.fromhex(pin["salt"]), bytes.fromhex(pin["hash"]))
            names.execute("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", row)
        names.execute("COMMIT")


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1)
