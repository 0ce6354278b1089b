"""A file beside the account file, `….sqlite-traffic`: the requests that a served simulator got, its tries to
send webhooks, and who serves.

It can be lost without harm, and so it is kept cheaply: a file of its own, that no account is read from. One
that cannot be used is begun anew.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
# How many requests are kept for each key, and how many tries for each account.
KEPT = 500
# Of what is in the file, in bytes: with the room that one batch may need at once, the file stays below 20 MB.
MAX_FILE = 12_000_000
# Seconds after which nobody serves any more who has not said so again, and how often that is said.
GONE_AFTER, SAID_EVERY = 15.0, 5.0
_VERSION = 2
_SCHEMA = """
CREATE TABLE requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    came REAL NOT NULL,
    id TEXT NOT NULL,
    created INTEGER NOT NULL,
    at REAL NOT NULL,
    times INTEGER NOT NULL,
    last INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    form TEXT NOT NULL,
    upload INTEGER NOT NULL,
    status INTEGER NOT NULL,
    error_code TEXT,
    seconds REAL NOT NULL,
    user_agent TEXT,
    idempotency_key TEXT,
    replayed INTEGER NOT NULL,
    api_version TEXT,
    stripe_account TEXT,
    lost INTEGER NOT NULL,
    answer TEXT NOT NULL,
    cut INTEGER NOT NULL
);
CREATE INDEX requests_by_account ON requests (account, number);
CREATE INDEX requests_by_path ON requests (account, path, revision);
CREATE TABLE tries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    at REAL NOT NULL,
    seconds REAL NOT NULL,
    signature TEXT NOT NULL,
    status INTEGER,
    answer TEXT NOT NULL
);
CREATE INDEX tries_by_event ON tries (account, event, endpoint, number);
CREATE TABLE forgotten (account TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE servers (address TEXT PRIMARY KEY, seen REAL NOT NULL) WITHOUT ROWID;
"""
logger = logging.getLogger(__name__)


class Kept(NamedTuple):
    """A request and its answer, as they are kept: masked, and cut if need be.

    `account` is its key's hash, `came` when it came by the machine's clock, `created` by the account's,
    with fractions `at`; `revision` is the account's as the request found it, -1 if it found none.
    The same look at the same revision is kept once: `times`, the first time at `created`, the `last` time
    later, and what else is in it is of the last.
    `form` is what was sent, or stood after the question mark; in an `upload`, `@name` stands for a file.
    `lost`: the answer was lost on its way, or the request was, as a fault wanted it.
    """

    account: str
    came: float
    id: str
    created: int
    at: float
    times: int
    last: int
    revision: int
    method: str
    path: str
    form: str
    upload: bool
    status: int
    error_code: str | None
    seconds: float
    user_agent: str | None
    idempotency_key: str | None
    replayed: bool
    api_version: str | None
    stripe_account: str | None
    lost: bool
    answer: str
    cut: bool

    def shown(self) -> dict[str, Any]:
        """As the controls answer it."""
        return {
            name: bool(value) if name in _FLAGS else value
            for name, value in self._asdict().items()
            if name not in ("account", "came")
        }


# In the file they are 0 or 1.
_FLAGS = ("upload", "replayed", "lost", "cut")


class Try(NamedTuple):
    """One try to send an event to an endpoint of `account` (its number), `at` the account's time.

    `status` is None where no answer came; then `answer` says why, and otherwise how the answer begins.
    """

    account: int
    event: str
    endpoint: str
    at: float
    seconds: float
    signature: str
    status: int | None
    answer: str


# In what a look is the same as another one.
_SAME = (
    "account", "path", "revision", "method", "form", "status", "user_agent", "api_version",
    "stripe_account", "lost",
)  # fmt: skip
_REQUEST = ", ".join(Kept._fields)
_TRY = ", ".join(Try._fields)


def traffic_path(account_file: Path) -> Path:
    """Where it is."""
    return account_file.with_name(f"{account_file.name}-traffic")


class TrafficFile:
    """The file beside `account_file`. It is opened for each use, and no use of it raises for its sake."""

    def __init__(self, account_file: Path) -> None:
        self._path = traffic_path(account_file)

    def write(self, requests: Sequence[Kept], tries: Sequence[Try], serving: str) -> None:
        """Keep these, oldest first, and that somebody serves at this address; the file is made if need be."""

        def add(db: sqlite3.Connection) -> None:
            forgotten = dict(db.execute("SELECT account, at FROM forgotten").fetchall())
            kept = [one for one in requests if one.came > forgotten.get(one.account, 0)]
            kept = _repeated(db, kept)
            for table, names, rows in (("requests", _REQUEST, kept), ("tries", _TRY, tries)):
                marks = ", ".join("?" * len(names.split(", ")))
                db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
                for account in {row[0] for row in rows}:
                    db.execute(
                        f"DELETE FROM {table} WHERE account = ?1 AND number <= (SELECT number FROM {table} "
                        f"WHERE account = ?1 ORDER BY number DESC LIMIT 1 OFFSET {KEPT})",
                        (account,),
                    )
            db.execute("INSERT OR REPLACE INTO servers VALUES (?, ?)", (serving, time.time()))
            db.execute("DELETE FROM servers WHERE seen < ?", (time.time() - GONE_AFTER,))
            while _size(db) > MAX_FILE:
                _forget_oldest(db)

        self._use(add, None, make=True)

    def requests(
        self, account: str, object: str | None = None, limit: int = KEPT, ending_before: str | None = None
    ) -> list[Kept]:
        """Those with this key's hash, that which came last first; in which `object`, an id, occurs; only
        those that came later than that with the id `ending_before`."""

        def find(db: sqlite3.Connection) -> list[Kept]:
            rows = db.execute(
                f"SELECT {_REQUEST} FROM requests WHERE account = :account "
                "AND number > coalesce((SELECT number FROM requests WHERE account = :account "
                "AND id = :before), 0) AND (:object IS NULL OR instr(path, :object) "
                "OR instr(form, :object) OR instr(answer, :object) OR stripe_account = :object) "
                "ORDER BY number DESC LIMIT :limit",
                {"account": account, "object": object, "before": ending_before, "limit": limit},
            )
            return [Kept._make(row) for row in rows]

        return self._use(find, [])

    def tries(self, account: int, event: str, endpoint: str) -> list[Try]:
        """To send this event to this endpoint, newest first."""
        sql = (
            f"SELECT {_TRY} FROM tries WHERE account = ? AND event = ? AND endpoint = ? "
            "ORDER BY number DESC LIMIT 20"
        )
        return self._use(
            lambda db: [Try._make(row) for row in db.execute(sql, (account, event, endpoint))], []
        )

    def servers(self) -> list[str]:
        """The addresses at which somebody serves the account file now."""
        sql = "SELECT address FROM servers WHERE seen BETWEEN ?1 AND ?1 + 60 ORDER BY address"
        since = time.time() - GONE_AFTER
        return self._use(lambda db: [address for (address,) in db.execute(sql, (since,))], [])

    def ends(self, serving: str) -> None:
        """Nobody serves at this address any more."""
        self._use(lambda db: db.execute("DELETE FROM servers WHERE address = ?", (serving,)), None)

    def forget(self, account: str, numbers: Iterable[int]) -> None:
        """The requests with this key's hash, those that are not written down yet included, and the tries of
        the accounts with these numbers."""

        def delete(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM requests WHERE account = ?", (account,))
            db.executemany("DELETE FROM tries WHERE account = ?", [(number,) for number in numbers])
            db.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", (account, time.time()))

        self._use(delete, None)

    def _use(self, function: Callable[[sqlite3.Connection], T], otherwise: T, make: bool = False) -> T:
        """What `function(db)` says, in one transaction; where there is no file, or none that can be used,
        `otherwise`."""
        if not make and not self._path.exists():
            return otherwise
        for again in (True, False):
            try:
                with self._opened() as db:
                    return function(db)
            except sqlite3.Error as problem:
                if _busy(problem) or not again:
                    logger.error("%s is not written or read now (%s).", self._path, problem)
                    break
                # Damaged, or of another version: nothing in it is worth an error.
                with contextlib.suppress(OSError):
                    self._path.unlink()
        return otherwise

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=1.0, isolation_level=None)
        try:
            # What a power cut takes is not missed.
            db.execute("PRAGMA synchronous = OFF")
            db.execute("BEGIN IMMEDIATE")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                raise sqlite3.DatabaseError(f"file version {version}, this one reads {_VERSION}")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()


def _repeated(db: sqlite3.Connection, requests: Sequence[Kept]) -> list[Kept]:
    """The same, as many as are to be added: a look that repeats an earlier one takes its place."""
    found: dict[tuple[object, ...], Kept] = {}
    for number, one in enumerate(requests):
        if one.method != "GET" or one.revision < 0:
            found[(number,)] = one
            continue
        same = tuple(getattr(one, name) for name in _SAME)
        earlier = found.pop(same, None) or _taken(db, same)
        if earlier is not None:
            first = {name: getattr(earlier, name) for name in ("came", "id", "created", "at")}
            one = one._replace(times=earlier.times + one.times, **first)
        found[same] = one
    return list(found.values())


def _taken(db: sqlite3.Connection, same: Sequence[object]) -> Kept | None:
    """The look in the file that is the same, which is no longer there then."""
    where = " AND ".join(f"{name} IS ?" for name in _SAME)
    row = db.execute(f"DELETE FROM requests WHERE {where} RETURNING {_REQUEST}", same).fetchone()
    return Kept._make(row) if row is not None else None


def _busy(problem: sqlite3.Error) -> bool:
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _size(db: sqlite3.Connection) -> int:
    """Of what is in use, in bytes."""
    found: int = db.execute(
        "SELECT (page_count - freelist_count) * page_size "
        "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    ).fetchone()[0]
    return found


def _forget_oldest(db: sqlite3.Connection) -> None:
    """A tenth of all, whoever's they are."""
    for table in ("requests", "tries"):
        db.execute(
            f"DELETE FROM {table} WHERE number < "
            f"(SELECT min(number) + max(1, (max(number) - min(number)) / 10) FROM {table})"
        )
