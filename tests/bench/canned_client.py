"""The floor: the official client with nothing behind it, so that only its own work is left.

Its transport gives the answers that the simulator gave before, the same bytes in the same order, round and
round. Nothing here imports the simulator.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stripe

Answer = tuple[str, int, Mapping[str, str]]


class CannedHTTPClient(stripe.HTTPClient):
    name = "canned"

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__()
        self._answers = itertools.cycle(answers)

    def request(self, *_: Any, **__: Any) -> Answer:
        return next(self._answers)

    def close(self) -> None:
        return None


class DurableHTTPClient(CannedHTTPClient):
    """The same, and each answer to a write is in a SQLite file before it is given, in a transaction of its
    own: no simulator that keeps its answers can do with less. The file's settings are the simulator's.
    """

    def __init__(self, answers: list[Answer], path: Path) -> None:
        super().__init__(answers)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA wal_autocheckpoint = 8000")
        self._db.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, key TEXT, body TEXT)")

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> Answer:
        """The next answer, kept if the request writes."""
        answer = super().request()
        if method != "get":
            self._db.execute("BEGIN IMMEDIATE")
            key = headers["Idempotency-Key"]
            self._db.execute("INSERT INTO answers (key, body) VALUES (?, ?)", (key, answer[0]))
            self._db.execute("COMMIT")
        return answer

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def save(answers: list[Answer], path: Path) -> None:
    path.write_text(json.dumps(answers), "utf-8")


def load(path: Path) -> list[Answer]:
    answers: list[Answer] = json.loads(path.read_text("utf-8"))
    return answers
