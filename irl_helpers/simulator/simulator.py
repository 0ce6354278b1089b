"""One request, one answer, one transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from . import faults, idempotency, store
from .account import Account, Object
from .account_tables import TABLES
from .auth import api_key, mask
from .controls import RESET
from .errors import StripeError
from .file_damage import integrity_check
from .file_in_use import FileInUse
from .file_trouble import RESET_HELPS, AccountFileError
from .ids import new_id
from .object_json import dumps
from .reach import HERE_ONLY
from .request import Request
from .resources import stripe_accounts
from .response import Response
from .scheduled_jobs import run_due
from .traffic_log import TrafficLog
from .versions import check_version, version_headers

T = TypeVar("T")
# How many accounts are kept in memory.
_ACCOUNTS = 8


class Simulator:
    """Stripe Terminal in one SQLite file.

    `handle` may be called from several threads, and several processes may have the same file open.
    `api_version` is that of requests which name none, and of events, instead of each account's own.
    `address` is where it is served, `reach` who may ask it and where its webhooks may go.
    Raises AccountFileError when the file cannot be used, and StripeError for a version that never was.
    """

    def __init__(self, path: str | Path, api_version: str = "") -> None:
        self.path = Path(path)
        self._api_version = check_version(api_version) if api_version else ""
        self._file = FileInUse(self.path)
        self.address = Account.address
        self.traffic = TrafficLog(self.path)
        self.reach = HERE_ONLY
        self._lock = threading.Lock()
        # Idempotency keys (by account) whose answers are still on their way.
        self._held: set[tuple[str, str | None]] = set()
        # Accounts as they are in the file, by their keys, while nobody else writes to it.
        self._accounts: dict[str, Account] = {}
        self._version = (0, 0)

    @property
    def not_kept(self) -> str:
        """Why the browser keeps nothing of this; '' where all is kept, as on any machine."""
        return self._file.not_kept

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: str | bytes = ""
    ) -> Response:
        """Answer one request.

        `target` is the path with its query, `body` a form. Whatever is wrong with the request becomes an
        error answer as Stripe words it; then, except after a declined card, the account is as it was.
        Raises AccountFileError when the file went wrong, or when another program keeps it to itself for
        longer than `file_trouble.PATIENCE`.
        """
        return self._file.in_turn(lambda: self.attempt(method, target, headers, body))

    def attempt(
        self, method: str, target: str, headers: Mapping[str, str], body: str | bytes = ""
    ) -> Response:
        """As `handle`, without waiting: raises AccountFileError, "busy", where another program writes."""
        reset = (method.upper(), target) == RESET
        gone = False
        try:
            response = self._attempt(method, target, headers, body)
            if not reset or response.status != 200:
                return response
            if not self.look(integrity_check):
                with self._lock:
                    self._file.give_room_back()
                return response
        except AccountFileError as trouble:
            if not reset or trouble.kind not in RESET_HELPS:
                raise
            gone = trouble.kind == "gone"
        with self._lock:
            self._accounts = {}
            self._file.begin_anew(gone)
        return self._attempt(method, target, headers, body)

    def _attempt(self, method: str, target: str, headers: Mapping[str, str], body: str | bytes) -> Response:
        request_id = new_id("req", 14)
        request = None
        lower = {name.lower(): value for name, value in headers.items()}
        # A str may hold half of a surrogate pair, which no answer and no file could carry.
        if not target.isascii():
            target = target.encode(errors="replace").decode()
        named_account = lower.get("stripe-account", "").encode(errors="replace").decode()
        answer_headers = {"Content-Type": "application/json", "Request-Id": request_id}
        try:
            secret = api_key(lower, self.reach.keys)
            key = store.key_hash(secret)
            shown_key = mask(secret)
            connected = self._check_connected(key, named_account, shown_key)
            named = lower.get("stripe-version") or self._version_of(key)
            version = check_version(named)
            answer_headers |= version_headers(named)
            request = Request(method.upper(), target, lower, body, request_id, key, version, connected)
            request.shown_key = shown_key
            if connected:
                answer_headers["Stripe-Account"] = connected
            if request.idempotency_key:
                answer_headers["Idempotency-Key"] = request.idempotency_key
                answer_headers["Original-Request"] = request_id
            with self._lock, self._file:
                if request.idempotency_key and request.hold in self._held:
                    raise idempotency.in_use(request.idempotency_key)
                try:
                    status, text = self._transact(request, answer_headers)
                except StripeError as error:
                    self._name_intent(error, request)
                    raise
                if request.delay and request.idempotency_key:
                    self._held.add(request.hold)
        except StripeError as error:
            status, text = error.status, dumps(error.body()).encode(errors="replace").decode()
            answer_headers.update(error.headers)
            if status == 403:
                # Stripe has no version to name before it knows the account.
                answer_headers.pop("Stripe-Version", None)
        if method.upper() == "POST" and status < 409:
            answer_headers["Stripe-Should-Retry"] = "false"
        if request is None:
            return Response(status, text, answer_headers)
        return Response(
            status, text, answer_headers, request.delay, request.drop, request.hold,
            at=request.at, revision=request.revision,
        )  # fmt: skip

    def answered(self, response: Response) -> None:
        """A delayed answer has been given: its idempotency key is free for a retry."""
        self._held.discard(response.hold)

    def read(self, function: Callable[..., T], *args: Any) -> T:
        """What `function(db, *args)` finds in the file. Raises AccountFileError, as `handle` does."""
        return self._file.in_turn(lambda: self.look(function, *args))

    def look(self, function: Callable[..., T], *args: Any) -> T:
        """As `read`, without waiting."""
        with self._lock, self._file as db:
            return function(db, *args)

    def write(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(db, *args)` in a transaction of its own. Raises AccountFileError as well."""

        def attempt() -> T:
            with self._lock, self._file as db:
                db.execute("BEGIN IMMEDIATE")
                self._accounts = {}
                try:
                    result = function(db, *args)
                    db.execute("COMMIT")
                    return result
                except BaseException:
                    self._file.roll_back()
                    self._accounts = {}
                    raise

        return self._file.in_turn(attempt)

    def change(self, key: str, function: Callable[..., T], *args: Any) -> T:
        """Run `function(account, *args)` on the account with this key in the file, outside of any request."""

        def run(db: sqlite3.Connection) -> T:
            own, _, connected = key.partition("/")
            account = self._open(own)
            if connected:
                account = self._open(key, account)
            result = function(account, *args)
            account.flush()
            return result

        return self.write(run)

    def _transact(self, request: Request, headers: dict[str, str]) -> tuple[int, str]:
        db = self._file.db
        if not request.writes:
            account = self._account(request)
            if not account.unsettled and not account.faults:
                return 200, dumps(request.run(account))
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            if request.writes or not all(faults.KINDS[fault["kind"]].lasting for fault in account.faults):
                raise
            # To look, nobody waits for a writer. What time has brought comes when the file can be written.
            return 200, dumps(request.run(account))
        try:
            account = self._account(request)
            if account.unsettled:
                run_due(account)
                account.flush()
                # What time brought stays, also when the request itself is refused.
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
                account = self._account(request)
            answer = self._answer_once(request, account, headers)
            db.execute("COMMIT")
            if account.platform is None:
                # A reset, the clock or webhooks that are fetched reach into connected accounts.
                mine = f"{account.key}/"
                self._accounts = {k: one for k, one in self._accounts.items() if not k.startswith(mine)}
            return answer
        except BaseException:
            self._file.roll_back()
            self._accounts = {}
            raise

    def _name_intent(self, error: StripeError, request: Request) -> None:
        """What is wrong with a call on an intent comes with the intent, as it is after the call."""
        kind = request.route.intent
        if kind and error.status == 400:
            account = self._account(request)
            account.version = request.version
            if found := account.find(request.ids[0], kind):
                error.error[kind] = account.view(found)

    def _version_of(self, key: str) -> str:
        """The version of a request that names none."""
        with self._lock, self._file:
            return self._open(key).api_version

    def _check_connected(self, key: str, named: str, shown_key: str) -> str:
        """The connected account that a request names; empty where it is about the key's own.

        Raises StripeError, 403, for an account that is not connected to it.
        """
        if not named:
            return ""
        with self._lock, self._file:
            platform = self._open(key)
            platform.shown_key = shown_key
            if named == stripe_accounts.own_id(platform):
                return ""
            return str(stripe_accounts.find_connected(platform, named)["id"])

    def _account(self, request: Request) -> Account:
        """The account that a request is about, at its beginning."""
        account = self._open(request.key)
        if request.connected:
            account = self._open(f"{request.key}/{request.connected}", account)
        account.shown_key = request.shown_key
        request.at, request.revision = account.time, account.revision
        return account

    def _open(self, key: str, platform: Account | None = None) -> Account:
        """The account of a key, or a connected one of its `platform`."""
        version = self._file.version()
        if version != self._version or len(self._accounts) > _ACCOUNTS:
            self._version = version
            self._accounts = {}
        account = self._accounts.get(key)
        if account is None:
            account = self._accounts[key] = Account(self._file.db, key, TABLES, self._api_version, platform)
        else:
            account.platform = platform
            account.begin()
        account.address, account.traffic = self.address, self.traffic
        account.webhooks_to = self.reach.webhooks_to
        return account

    def _answer_once(self, request: Request, account: Account, headers: dict[str, str]) -> tuple[int, str]:
        """Run the request, or give the answer that its idempotency key got before."""
        key = request.idempotency_key
        standing = dumps(account.faults) if account.faults else ""
        mark = idempotency.fingerprint(request.path, request.mark) if key else ""
        known = idempotency.replay(account, key, mark) if key else None
        answer: Object | None = None
        if known:
            headers["Idempotent-Replayed"] = "true"
            status, text, headers["Original-Request"] = known
        else:
            status, answer, remember = self._run(request, account)
        if request.may_fail(account):
            faults.lose_answer(account, request)
        if (request.writes and not known) or (standing and dumps(account.faults) != standing):
            account.flush()
        if answer is not None:
            text = account.text(answer)
            if key and remember:
                idempotency.remember(account, key, mark, request.id, status, text)
        return status, text

    def _run(self, request: Request, account: Account) -> tuple[int, Object, bool]:
        """(status, answer, whether an idempotency key keeps them)."""
        try:
            return 200, request.run(account), True
        except StripeError as error:
            if not error.keep:
                raise
            return error.status, error.body(), error.remember
