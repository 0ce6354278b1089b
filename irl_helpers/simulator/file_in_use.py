"""An account file while it is open: whatever goes wrong with it is noticed before the next answer."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from .account_file import IN_BROWSER
from .browser_file import BrowserFile
from .errors import StripeError
from .file_damage import quick_check
from .file_trouble import AccountFileError, explained, pauses
from .store import begin_anew, open_file

T = TypeVar("T")
# Bytes that are not worth the time.
_LITTLE = 1_000_000


class FileInUse:
    """The file at `path`, made or brought up to date. Raises AccountFileError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # As text, which a request asks for sooner.
        self._names = str(path), f"{path}-wal"
        self._opened = 0
        self._browser = BrowserFile(path) if IN_BROWSER else None
        with _turn(self._browser):
            self._use(open_file(path))

    @property
    def not_kept(self) -> str:
        """Why nothing of it is kept; '' where it is."""
        return self._browser.not_kept if self._browser else ""

    def _use(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._opened += 1
        self._stale = False
        # Without a call of `close`, still no open file is left behind.
        self.close = weakref.finalize(self, db.close)
        self._known = self._look()

    def begin_anew(self, gone: bool) -> None:
        """An empty file in place of this one; if it is `gone`, what is there now, if that can be used.

        Raises AccountFileError when there can be none.
        """
        self.close()
        try:
            db = open_file(self.path) if gone else begin_anew(self.path)
        except AccountFileError:
            db = begin_anew(self.path)
        self._use(db)

    def version(self) -> tuple[int, int]:
        """Another one whenever somebody else has written to the file."""
        (version,) = self.db.execute("PRAGMA data_version").fetchone()
        return self._opened, version

    def in_turn(self, attempt: Callable[[], T]) -> T:
        """`attempt()`, when nobody else writes to the file; whoever waits holds nothing."""
        if self._browser is None:
            return patiently(attempt)
        with self._browser.turn() as afresh:
            self._stale = self._stale or afresh
            return attempt()

    def __enter__(self) -> sqlite3.Connection:
        """The file, for what is answered next.

        Raises AccountFileError for what the file makes go wrong inside, and when what was read and written
        inside is not what anybody else would find.
        """
        if self._stale:
            self.close()
            self._use(open_file(self.path))
        return self.db

    def __exit__(self, type: object, problem: BaseException | None, traceback: object) -> None:
        if isinstance(problem, AccountFileError) or not isinstance(problem, Exception | None):
            return
        self._check()
        if problem is None or isinstance(problem, StripeError):
            return
        if trouble := explained(self.path, problem, self.db):
            raise trouble from problem

    def give_room_back(self) -> None:
        """What was emptied is the disk's again, if it is much and nobody else works with the file now."""
        (free,) = self.db.execute(
            "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
        ).fetchone()
        if free < _LITTLE:
            return
        with contextlib.suppress(sqlite3.OperationalError):
            self.db.execute("VACUUM")
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def roll_back(self) -> None:
        """As before the transaction, if one has begun."""
        if self.db.in_transaction:
            # Where the file itself is broken, there is nothing to go back to.
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")

    def _check(self) -> None:
        """Raise AccountFileError if somebody has deleted, replaced or shortened the file."""
        before, now = self._known, self._look()
        if now[:-1] != before[:-1]:
            raise AccountFileError(self.path, "gone")
        # It also gets shorter when room is given back.
        if now[-1] < before[-1] and (said := _looked_at_afresh(self.path) if now[-1] else "it is empty"):
            raise AccountFileError(self.path, "damaged", said)
        self._known = now

    def _look(self) -> tuple[int, ...]:
        try:
            file, log = os.stat(self._names[0]), os.stat(self._names[1])
        except OSError:
            return (0, 0)
        return file.st_dev, file.st_ino, log.st_ino, file.st_size


def _looked_at_afresh(path: Path) -> str:
    """What is wrong with the file, whatever is kept of it in memory; '' for nothing."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        try:
            return quick_check(db)
        except sqlite3.Error as problem:
            return str(problem)


def set_aside(path: Path) -> None:
    """Begin an empty file where one that went wrong cannot be opened. Raises AccountFileError."""
    with _turn(BrowserFile(path) if IN_BROWSER else None):
        begin_anew(path).close()


def _turn(browser: BrowserFile | None) -> contextlib.AbstractContextManager[object]:
    return browser.turn() if browser else contextlib.nullcontext()


def patiently(attempt: Callable[[], T]) -> T:
    """`attempt()`, again and again until no other program writes to the file."""
    waits = None
    while True:
        try:
            return attempt()
        except AccountFileError as trouble:
            waits = waits or pauses()
            if trouble.kind != "busy" or (pause := next(waits, None)) is None:
                raise
        time.sleep(pause)
