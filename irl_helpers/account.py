"""Which Stripe the calls go to: the offline account, or Stripe's test mode with a key.

Nothing else knows which it is. What differs between them is asked for here: `dashboard_url`,
`offline_controls`, `changes` and `call`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import stripe

from . import notes
from .allowed_settings import AccountError as AccountError
from .error_display import show_errors_in_notebooks
from .left_on import CLOCK_GOES_BACK, gone, left_on
from .opened_account import OpenedAccount
from .request_log import RequestLog
from .settings import Settings, SettingsError, programs_can_run, settings
from .simulator.account_file import IN_BROWSER
from .simulator.auth import OFFLINE_KEY as OFFLINE_KEY
from .simulator.file_trouble import RESET_HELPS, AccountFileError

if TYPE_CHECKING:
    from .simulator import Simulator

P = ParamSpec("P")
T = TypeVar("T")

_DASHBOARD = {"pi": "payments", "ch": "payments", "cus": "customers", "tmr": "terminal/readers"}
_DASHBOARD |= {"tml": "terminal/locations", "seti": "setup_intents"}


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


def stripe_client() -> stripe.StripeClient:
    """The official client, on the account that the environment or `.env` names; offline without either.

    The same client each time, as long as the settings stay the same. Nothing is sent yet. In IPython an error
    of Stripe's is shown in three lines from now on.
    Raises AccountError for a live key, a publishable key or anything else that is no test key, for an
    `IRL_API_BASE` that is not on this machine, and for an account file that cannot be used.
    """
    account = _account()
    show_errors_in_notebooks(account.log, account.client)
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
        lines.append(CLOCK_GOES_BACK)
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


def _account() -> OpenedAccount:
    try:
        return _open(settings())
    except SettingsError as problem:
        raise AccountError(str(problem)) from None


@lru_cache(maxsize=1)
def _open(settings: Settings) -> OpenedAccount:
    return OpenedAccount(settings)


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
