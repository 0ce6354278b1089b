"""Which Stripe the calls go to: the offline account, or Stripe's test mode with a key.

Nothing else knows which it is. What differs between them is asked for here: `dashboard_url`,
`offline_controls`, `changes` and `call`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import stripe

from . import notes
from .browser_kernel import let_handlers_wait
from .direct_http_client import DirectHTTPClient
from .error_display import show_errors_in_notebooks
from .left_on import gone, left_on
from .request_log import LoggedHTTPClient, RequestLog
from .settings import Settings, SettingsError, programs_can_run, settings
from .simulator.account_file import IN_BROWSER, data_directory
from .simulator.auth import OFFLINE_KEY as OFFLINE_KEY
from .simulator.errors import StripeError
from .simulator.file_trouble import RESET_HELPS, AccountFileError
from .simulator.loopback import AnotherMachine, NotAnAddress, loopback
from .simulator.store import key_hash
from .simulator.traffic_log import UNRECORDED
from .simulator.versions import check_version

if TYPE_CHECKING:
    from .simulator import Simulator

P = ParamSpec("P")
T = TypeVar("T")

# Seconds until a call over the network is given up, and how often the client itself tries again.
TIMEOUT = 20
RETRIES = 2

_TEST_KEY = re.compile(r"[sr]k_test_[A-Za-z0-9_]+")
_DASHBOARD = {"pi": "payments", "ch": "payments", "cus": "customers", "tmr": "terminal/readers"}
_DASHBOARD |= {"tml": "terminal/locations", "seti": "setup_intents"}


class AccountError(ValueError):
    """The account cannot be used as it is set up, or cannot do this; the message says what to do."""


class OfflineControls:
    """The offline account's own controls: what no real Stripe has, under `/_simulator/`.

    `in_process` says that no network lies between, so that no answer can be slow.
    """

    def __init__(self, client: stripe.StripeClient, in_process: bool) -> None:
        self._client = client
        self.in_process = in_process

    def request(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        """`request("post", "faults", kind="reader_offline")`: the control's answer as a dict.

        Raises stripe.InvalidRequestError when the control refuses it.
        """
        answer: dict[str, Any] = json.loads(
            self._client.raw_request(method, f"/_simulator/{path}", **params).body
        )
        return answer


class _Account:
    """What is kept of an account: `base` is '' for Stripe and in process, `file` and `simulator` None over
    the network."""

    def __init__(self, settings: Settings) -> None:
        if not programs_can_run():
            _check_tab(settings)
        if settings.key:
            _check_key(settings.key)
        self.key = settings.key or OFFLINE_KEY
        self.base = _checked_base(settings.base) if settings.base else ""
        self.file = None if settings.key or settings.base else settings.file
        self.in_process = self.file is not None
        self.offline = self.in_process or bool(self.base)
        self.log = RequestLog()
        self._api_version = _checked_version(settings.api_version) if settings.api_version else ""
        self.simulator: Simulator | None = None
        base = self.base
        self.client = stripe.StripeClient(
            self.key,
            http_client=LoggedHTTPClient(self._transport(), self.log, UNRECORDED if base else ""),
            # All of them: some calls would go to another address, and the key with them.
            base_addresses={"api": base, "connect": base, "files": base, "meter_events": base}
            if base
            else {},
            max_network_retries=RETRIES,
        )
        if self.offline:
            # It would leave a file in the user's home, and report on requests that Stripe never saw.
            stripe.enable_telemetry = False
        self._id = key_hash(f"{base} {self.key}" if self.file is None else self.key)
        old = self.file or data_directory() / self._id[:16]
        if found := notes.claim(old.with_suffix(".notes.json")):
            self.with_notes(notes.adopt, found)

    def _transport(self) -> stripe.HTTPClient:
        if self.base:
            return DirectHTTPClient(TIMEOUT)
        if self.file is None:
            # The client's own choice for its `…_async` methods; the library has no public name for it.
            from stripe._http_client import new_http_client_async_fallback

            return stripe.RequestsClient(
                timeout=TIMEOUT, async_fallback_client=new_http_client_async_fallback()
            )
        # Only now: a served simulator, or Stripe itself, needs none of it.
        from .simulator import Simulator, SimulatorHTTPClient

        if IN_BROWSER:
            let_handlers_wait()
        try:
            self.simulator = Simulator(self.file, self._api_version)
        except AccountFileError as problem:
            raise AccountError(str(problem)) from problem
        return SimulatorHTTPClient(self.simulator, AccountError)

    def with_notes(
        self,
        function: Callable[Concatenate[sqlite3.Connection, str, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`function(db, id, …)`, one of those in `notes`, where the notes about this account are.

        Raises AccountError when their file cannot be used.
        """
        try:
            if self.simulator is None:
                with notes.opened(data_directory() / "notes.sqlite") as db:
                    return function(db, self._id, *args, **kwargs)
            run = self.simulator.read if function is notes.find else self.simulator.write
            return run(function, self._id, *args, **kwargs)
        except AccountFileError as problem:
            raise AccountError(str(problem)) from problem


def stripe_client() -> stripe.StripeClient:
    """The official client, on the account that the environment or `.env` names; offline without either.

    The same client each time, as long as the settings stay the same. Nothing is sent yet. In IPython an error
    of Stripe's is shown in three lines from now on.
    Raises AccountError for a live key, a publishable key or anything else that is no test key, for an
    `IRL_API_BASE` that is not on this machine, and for an account file that cannot be used.
    """
    account = _account()
    show_errors_in_notebooks(account.log)
    return account.client


def account_status() -> str:
    """A line that says which account the calls go to. It never contains a key.

    Offline it also says what was left on in the account, if anything was: in a second line how much
    ("2 faults on · clock 8 days ahead"), below it each fault, and what ends it; and in a browser that keeps
    nothing, why.
    """
    name = "offline account" if _account().offline else "Stripe test mode"
    lines = [f"Account: {name} · Stripe API {stripe.api_version} · stripe {stripe.VERSION}"]
    return "\n".join([*lines, *_not_kept_lines(), *_left_on_lines()])


def where_kept() -> str:
    """In words where the offline account is kept: in which file, by the browser, or why nowhere."""
    account = _account()
    if account.file is None:
        return "kept by the simulator that IRL_API_BASE names"
    if programs_can_run():
        return f"kept in {account.file}"
    return (account.simulator and account.simulator.not_kept) or "kept by this browser"


def _not_kept_lines() -> list[str]:
    simulator = _account().simulator
    return [simulator.not_kept] if simulator and simulator.not_kept else []


def _left_on_lines() -> list[str]:
    try:
        now, controls = changes(), offline_controls()
        if now is None or controls is None or not now.left_on:
            return []
        faults = controls.request("get", "faults")["data"] if now.faults else []
    except stripe.APIConnectionError:
        return ["It does not answer: is the simulator running that IRL_API_BASE names?"]
    lines = [now.left_on, *(f"- {fault['kind']}: {fault['text']}" for fault in faults)]
    if now.faults:
        lines.append("End the faults: from irl_helpers import faults; faults.clear()")
    if now.ahead > 0:
        lines.append(
            "Time goes forward only. Begin anew: from irl_helpers import account; account.reset_account()"
        )
    return lines


def reset_account() -> str:
    """Empty the offline account: no readers, no payments, no faults, the clock back to now. Returns a
    sentence that says what is gone.

    A file that went wrong is set aside, as `….damaged`, and an empty one begins in its place. Raises
    AccountError in Stripe's test mode, where the Dashboard can delete test data.
    """
    try:
        controls = offline_controls()
    except AccountError as problem:
        if not _set_aside(problem):
            raise
        controls = offline_controls()
    if controls is None:
        raise AccountError(
            "Only the offline account can be reset. In the Dashboard of your test mode: Developers, "
            "then Delete all test data."
        )
    done = controls.request("post", "reset")
    _account().with_notes(notes.forget)
    return gone(done["objects"], done["faults"], done["ahead"])


def request_log() -> RequestLog:
    """What was asked of this account, by every cell and button of this kernel."""
    return _account().log


class CurlTarget(NamedTuple):
    """Where curl reaches an account: `user` is written for a shell, `note` says what else it needs."""

    address: str
    user: str
    note: str = ""


def curl_target() -> CurlTarget:
    """How curl reaches this account. A key that is somebody's own stays in the shell's STRIPE_SECRET_KEY."""
    account = _account()
    user = f"{OFFLINE_KEY}:" if account.key == OFFLINE_KEY else '"$STRIPE_SECRET_KEY:"'
    if not account.in_process:
        return CurlTarget(account.base or "https://api.stripe.com", user)
    from .simulator.reach import PORT

    when = "while make serve runs"
    if not programs_can_run():
        when = "on your machine, while make serve runs there: it cannot reach this browser tab"
    return CurlTarget(f"http://127.0.0.1:{PORT}", user, when)


def dashboard_url(id: str) -> str | None:
    """Where Stripe's Dashboard shows the object with this id; None offline, and for what has no page."""
    page = _DASHBOARD.get(id.partition("_")[0])
    return f"https://dashboard.stripe.com/test/{page}/{id}" if page and not _account().offline else None


def offline_controls() -> OfflineControls | None:
    """What makes things fail and time pass; None where that is not ours to decide, in Stripe's test mode."""
    account = _account()
    return OfflineControls(account.client, account.in_process) if account.offline else None


def has_offline_controls() -> bool:
    """Whether there are any, also where the account cannot be used: then there are none."""
    try:
        return offline_controls() is not None
    except AccountError:
        return False


def offline_only(what: str) -> OfflineControls:
    """The offline account's controls, for those who need them to `what` ("make time pass: …").

    Raises AccountError, which says that only the offline account can do so, in Stripe's test mode.
    """
    controls = offline_controls()
    if controls is None:
        raise AccountError(
            f"Only the offline account can {what}. Take STRIPE_SECRET_KEY out of .env to work offline."
        )
    return controls


def own_file(what: str) -> Simulator:
    """Who has the offline account's file. Raises AccountError where this notebook has none, which says what
    cannot be done here ("exported")."""
    simulator = _account().simulator
    if simulator is None:
        raise AccountError(
            f"Only the offline account in a file can be {what}. Take STRIPE_SECRET_KEY and IRL_API_BASE out "
            "of .env to work with it."
        )
    return simulator


class Changes(NamedTuple):
    """`revision` grows with every change to an account; `faults` are on in it, its clock is `ahead` by so
    many seconds."""

    revision: int
    faults: int
    ahead: int

    @property
    def left_on(self) -> str:
        """What somebody may have forgotten, in words; '' for nothing."""
        return left_on(self.faults, self.ahead)


def changes() -> Changes | None:
    """Whether anything has happened to the account, cheap to ask for; None in Stripe's test mode."""
    controls = offline_controls()
    if controls is None:
        return None
    now = controls.request("get", "changes")
    return Changes(now["revision"], now["faults"], now["ahead"])


def revision() -> int | None:
    """The revision among its `changes`; None in Stripe's test mode."""
    now = changes()
    return now.revision if now else None


async def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that talks to the account without holding up the page: over the network it runs in
    a thread, in process at once. What it raises is raised here."""
    if _account().in_process or IN_BROWSER:
        return function(*args, **kwargs)
    return await asyncio.to_thread(function, *args, **kwargs)


def note(name: str, value: str | None) -> None:
    """Remember something about this account for the next notebook; Stripe is not told. None forgets."""
    _account().with_notes(notes.keep, name, value)


def noted(name: str) -> str | None:
    """What `note` remembered, in this notebook or another; None for nothing."""
    return _account().with_notes(notes.find, name)


def _account() -> _Account:
    try:
        return _open(settings())
    except SettingsError as problem:
        raise AccountError(str(problem)) from None


@lru_cache(maxsize=1)
def _open(settings: Settings) -> _Account:
    return _Account(settings)


def _set_aside(problem: AccountError) -> bool:
    """Begin an empty account file where one that went wrong keeps the account from being opened at all."""
    trouble = problem.__cause__
    if not isinstance(trouble, AccountFileError) or trouble.kind not in RESET_HELPS:
        return False
    from .simulator.file_in_use import set_aside

    try:
        set_aside(settings().file)
    except AccountFileError as another:
        raise AccountError(str(another)) from another
    return True


def _check_tab(settings: Settings) -> None:
    """Raises AccountError for what leads out of a browser tab; the message never repeats a key or address."""
    for name, value, why in (
        ("STRIPE_SECRET_KEY", settings.key, "a secret key has no place in a web page, not even a test key"),
        ("IRL_API_BASE", settings.base, "a browser tab cannot reach a simulator on your machine"),
    ):
        if value:
            raise AccountError(
                f"{name} is set, and {why}. In a browser tab the notebooks work offline only. Take it out: "
                f"import os; os.environ[{name!r}] = ''. To use it, run the notebooks on your machine: make "
                "lab. Nothing was sent."
            )


def _check_key(key: str) -> None:
    """Raises AccountError for anything but a test key; the message never repeats the key."""
    if _TEST_KEY.fullmatch(key):
        return
    if key.startswith(("sk_live_", "rk_live_")):
        why = (
            "STRIPE_SECRET_KEY is a live key, and these notebooks refuse it: they would move real money. Use "
            "the key of your test mode"
        )
    elif key.startswith("pk_"):
        why = "STRIPE_SECRET_KEY is a publishable key. Use the secret key of your test mode"
    else:
        why = "STRIPE_SECRET_KEY is not a key of Stripe's test mode. Use one"
    raise AccountError(
        f"{why} (sk_test_… or rk_test_…, from https://dashboard.stripe.com/test/apikeys), or remove the line "
        "to work offline. Nothing was sent."
    )


def _checked_version(version: str) -> str:
    """A version of Stripe's API. Raises AccountError for what never was one."""
    try:
        return check_version(version)
    except StripeError:
        raise AccountError(
            f"IRL_API_VERSION is {version[:40]!r}, and Stripe's API has no such version. Name one such as "
            "2020-08-27, or leave it out."
        ) from None


def _checked_base(base: str) -> str:
    """Where the simulator is that `base` names. Raises AccountError for what is not on this machine."""
    why = "is not an address like http://127.0.0.1:12111"
    try:
        found = loopback(base)
        if found.target == "/":
            return found.origin
    except NotAnAddress:
        pass
    except AnotherMachine:
        why = "names another machine"
    # Never the address itself in the message: it may carry a password.
    raise AccountError(
        f"IRL_API_BASE {why}. It is for a simulator that runs on this machine (start one with "
        "`python -m irl_helpers.serve`); leave it out for the offline account. Nothing was sent."
    )
