"""One SQLite file: the accounts in it, their objects, and what is due.

An object is kept as the JSON that the API answers, with a second JSON (`inner`) for what the simulator
knows and the API does not say. Lists read an index; `INDEXED` names the fields they filter by, which are
kept next to the JSON in `ref1` to `ref3`.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from .account_file import IN_BROWSER
from .file_damage import quick_check
from .file_trouble import PATIENCE, AccountFileError, explained
from .versions import NEWEST

# kind -> up to three fields that a list can be filtered by without reading every object. A change needs a new
# step, if only an empty one.
INDEXED = {
    "balance_transaction": ["source", "type"],
    "payment_intent": ["customer"],
    "charge": ["payment_intent", "customer"],
    "refund": ["charge", "payment_intent"],
    "dispute": ["charge", "payment_intent"],
    "customer": ["email"],
    "setup_attempt": ["setup_intent"],
    "setup_intent": ["customer", "payment_method"],
    "payment_method": ["allow_redisplay", "customer", "type"],
    "event": ["type"],
    "file": ["purpose"],
    "terminal.reader": ["location"],
}

NOTES = """
CREATE TABLE IF NOT EXISTS notes (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, name)
) WITHOUT ROWID
"""
"""What a learner's notebooks remember about the account of that key hash; no call reads it."""

# Step n makes a file of version n + 1 from one of version n; a released step is never changed.
STEPS = [
    """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    key_hash TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL DEFAULT 0,
    clock_offset REAL NOT NULL DEFAULT 0,
    last_time REAL NOT NULL DEFAULT 0,
    next_due REAL,
    faults TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE objects (
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    inner TEXT
);
CREATE UNIQUE INDEX objects_by_id ON objects (account, id);
CREATE TABLE idempotency (
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created REAL NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (account, created);
CREATE TABLE due (
    account INTEGER NOT NULL,
    at REAL NOT NULL,
    what TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (account, at, what, id)
) WITHOUT ROWID;
""",
    # Webhooks on their way: `at` is when to try next, in the account's time.
    """
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_by_time ON deliveries (account, at);
""",
    # Nothing but the indexes of customers, PaymentMethods, SetupIntents and their attempts.
    "",
    # Cheaper to write: fields to filter by next to the JSON, and answers at a number made from their key. Old
    # answers are lost.
    """
DROP TABLE idempotency;
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created REAL NOT NULL
);
ALTER TABLE objects ADD COLUMN ref1 TEXT;
ALTER TABLE objects ADD COLUMN ref2 TEXT;
ALTER TABLE objects ADD COLUMN ref3 TEXT;
CREATE INDEX objects_by_ref1 ON objects (account, kind, ref1, id) WHERE ref1 IS NOT NULL;
CREATE INDEX objects_by_ref2 ON objects (account, kind, ref2, id) WHERE ref2 IS NOT NULL;
CREATE INDEX objects_by_ref3 ON objects (account, kind, ref3, id) WHERE ref3 IS NOT NULL
""",
    NOTES,
    # The account's own API version, and the one that its controls chose.
    """
ALTER TABLE accounts ADD COLUMN api_version TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN chosen_version TEXT NOT NULL DEFAULT ''
""",
    # Which request an answer was first given to.
    "ALTER TABLE answers ADD COLUMN original TEXT NOT NULL DEFAULT ''",
    # Until when (the machine's time) a delivery is its sender's, so that no other one sends it too.
    """
ALTER TABLE deliveries ADD COLUMN taken_until REAL NOT NULL DEFAULT 0;
DROP INDEX deliveries_by_time;
CREATE INDEX deliveries_by_endpoint ON deliveries (account, endpoint, at);
CREATE INDEX deliveries_by_event ON deliveries (account, event);
CREATE INDEX deliveries_taken ON deliveries (account, endpoint, taken_until) WHERE taken_until > 0
""",
    # The balance: what becomes available when, so that nobody has to add up all transactions.
    """
CREATE TABLE funds (
    account INTEGER NOT NULL,
    currency TEXT NOT NULL,
    available_on INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (account, currency, available_on)
) WITHOUT ROWID
""",
    # The account of the event, where the endpoint belongs to another one.
    "ALTER TABLE deliveries ADD COLUMN origin INTEGER",
    # What is in files.
    """
CREATE TABLE contents (
    account INTEGER NOT NULL,
    id TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (account, id)
)
""",
    # Cheaper to write: answers stand one after the other, and only an index is in the order of their numbers.
    """
ALTER TABLE answers RENAME TO answers_before;
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created REAL NOT NULL,
    original TEXT NOT NULL
);
INSERT INTO answers SELECT NULL, id, account, key, request, status, body, created, original
    FROM answers_before ORDER BY created;
DROP TABLE answers_before;
CREATE UNIQUE INDEX answers_by_number ON answers (number)
""",
]
VERSION = len(STEPS)
# A file of up to so many bytes is looked through when it is opened, which takes 5 ms at most.
_LOOKED_THROUGH = 3_000_000
REFS = ("ref1", "ref2", "ref3")


def column(kind: str, field: str) -> str:
    """Where an object's row has this field."""
    fields = INDEXED.get(kind, ())
    return REFS[fields.index(field)] if field in fields else f"json_extract(body, '$.{field}')"


def refs(obj: dict[str, Any]) -> list[Any]:
    """The columns next to an object's JSON. No list filters by fields that hold other objects or lists."""
    found = [obj.get(field) for field in INDEXED.get(obj["object"], ())]
    return found + [None] * (len(REFS) - len(found))


def open_file(path: str | Path) -> sqlite3.Connection:
    """The file at `path`, made or brought up to date if need be.

    Raises AccountFileError when it is newer than this package, is not an account file, or cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    except AccountFileError:
        raise
    except (sqlite3.Error, OSError, ValueError) as problem:
        raise explained(path, problem) or AccountFileError(path, "damaged", problem) from problem
    # From here on, whoever has to wait for somebody else decides how: see `pauses`.
    db.execute("PRAGMA busy_timeout = 0")
    return db


def begin_anew(path: Path) -> sqlite3.Connection:
    """An empty file at `path`; what was there is kept beside it, as `….damaged`, unless the disk is full.

    Raises AccountFileError when that cannot be done either.
    """
    try:
        kept = _set_aside(path)
        try:
            return open_file(path)
        except AccountFileError as trouble:
            if trouble.kind not in ("full", "failing"):
                raise
            for each in kept:
                if not each.name.endswith("-shm"):
                    # Somebody else may have it open, and would keep its room.
                    os.truncate(each, 0)
                each.unlink()
            return open_file(path)
    except OSError as problem:
        raise AccountFileError(path, "read-only", problem.strerror) from problem


def _set_aside(path: Path) -> list[Path]:
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged{number if number > 1 else ''}")).exists():
        number += 1
    moved = []
    # Its log goes with it: to a new file it would be somebody else's.
    for suffix in ("-shm", "-wal", ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            moved.append(old.replace(kept.with_name(kept.name + suffix)))
    return moved


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    found = _check(db, path)
    if path.stat().st_size <= _LOOKED_THROUGH and (said := quick_check(db)):
        raise AccountFileError(path, "damaged", said)
    _keep_a_log(db)
    # A commit survives a killed process without an fsync; only a power cut could take the last ones.
    db.execute("PRAGMA synchronous = NORMAL")
    # Moving the log into the file waits for the disk, so it is done rarely, and then for much at once.
    db.execute("PRAGMA wal_autocheckpoint = 8000")
    if found == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have made the file while this one waited for the lock.
        for step in STEPS[_check(db, path) :]:
            for statement in step.split(";"):
                db.execute(statement)
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%json_extract%'"
        ).fetchall():
            db.execute(f"DROP INDEX {name}")
        for kind, fields in INDEXED.items():
            for ref, field in zip(REFS, fields, strict=False):
                db.execute(
                    f"UPDATE objects SET {ref} = json_extract(body, '$.{field}') WHERE kind = '{kind}'"
                )
        # An account keeps the version that was the newest when it was made, or brought up to date.
        db.execute("UPDATE accounts SET api_version = ? WHERE api_version = ''", (NEWEST,))
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _keep_a_log(db: sqlite3.Connection) -> None:
    """Let nobody who reads wait for a writer. Several who open a new file at once have to take turns at this,
    and SQLite, which waits for every other lock, does not wait for this one."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            # In a browser the file is this kernel's alone for as long as it has it open for writing.
            db.execute(f"PRAGMA journal_mode = {'MEMORY' if IN_BROWSER else 'WAL'}")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _check(db: sqlite3.Connection, path: Path) -> int:
    """The file's version, 0 for an empty file. Raises AccountFileError for a newer one, and for another's."""
    # Both at once: between two looks somebody else may have made the file.
    found: int
    found, used = db.execute(
        "SELECT user_version, EXISTS (SELECT 1 FROM sqlite_master) FROM pragma_user_version"
    ).fetchone()
    if found > VERSION:
        raise AccountFileError(path, "newer", f"file version {found}, this one reads {VERSION}")
    if found == 0 and used:
        raise AccountFileError(path, "another's")
    return found


@lru_cache(maxsize=64)
def key_hash(key: str) -> str:
    """What stands for a key in the file, so that the key itself is never written down."""
    return hashlib.sha256(key.encode()).hexdigest()
