"""What goes wrong on demand.

A fault stands in the account until it is taken away, or has struck as often as its `count` says. It may be
limited to one reader, to one call, and to a share of the requests (`chance`, in percent, drawn from `seed`).
A fault that could never strike, because of how it is limited, is refused: it would look like safety.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from .account import Account, Object
from .errors import StripeError, invalid, reader_error
from .states import COMMANDS


class Kind(NamedTuple):
    """`where` a fault strikes: the reader itself, a command to it, one that asks the customer for something,
    a card presented, the way, a webhook.

    A `lasting` one holds from when it is set until it is taken away, so it has no count, chance or call.
    A `timed` one takes `seconds`.
    """

    where: str
    text: str
    lasting: bool = False
    timed: bool = False

    @property
    def limits(self) -> set[str]:
        """The parameters that this kind has."""
        limits = {"reader"} if self.lasting else {"count", "chance", "seed"} | _WHERE[self.where]
        return limits | {"seconds"} if self.timed else limits


_WHERE = {
    "command": {"reader", "call"},
    "prompt": {"reader", "call"},
    "present": {"reader"},
    "way": {"reader", "call"},
    "webhook": set(),
}


KINDS = {
    "reader_offline": Kind("reader", "the reader has had no signal for two minutes", lasting=True),
    "reader_unplugged": Kind(
        "reader", "the reader loses its signal now, and is offline in two minutes", lasting=True
    ),
    "reader_busy": Kind("reader", "the reader installs an update: every command finds it busy", lasting=True),
    "reader_driven_by_app": Kind(
        "reader", "an app drives the reader through an SDK: every command is refused", lasting=True
    ),
    "command_lost": Kind("command", "the command times out, and the reader did not get it"),
    "command_unconfirmed": Kind("command", "the command times out although the reader got it"),
    "customer_cancels": Kind("prompt", "the customer presses cancel on the device, if it is offered"),
    "slow_bank": Kind(
        "present", "the bank takes its time: the action stays in progress until this ends", lasting=True
    ),
    "connection_lost": Kind("present", "the reader loses its connection after the authorization"),
    "action_stuck": Kind("present", "the action stays in progress forever, and no event is sent"),
    "request_lost": Kind("way", "the network drops before the request arrives"),
    "answer_lost": Kind("way", "the network drops after the request was executed"),
    "slow_answer": Kind("way", "the answer takes `seconds` (served simulator only)", timed=True),
    "rate_limit": Kind("way", "429: too many requests"),
    "server_error": Kind("way", "500: something went wrong on Stripe's end"),
    "webhook_late": Kind("webhook", "events are delivered `seconds` late", timed=True),
    "webhook_lost": Kind("webhook", "events are never delivered"),
    "webhook_doubled": Kind("webhook", "every event is delivered twice"),
    "webhook_shuffled": Kind("webhook", "events arrive in another order, up to `seconds` late", timed=True),
}

_COMMANDS = {*COMMANDS, "confirm_payment_intent", "cancel_action"}


def check_limits(kind: str, params: Object, calls: Mapping[str, str]) -> None:
    """Raises StripeError for a limit that this kind does not have, or with which it could never strike.

    `calls` are all that a fault can be limited to, with their paths.
    """
    for name in params:
        if name != "kind" and name not in KINDS[kind].limits:
            raise invalid(f"{kind} cannot be limited by {name}.", name)
    named = params.get("call")
    if not named:
        return
    strikes = {"command": _command, "prompt": _prompt}.get(KINDS[kind].where, bool)
    struck = [call for call in calls if named in (call, call.rpartition(".")[2]) and strikes(call)]
    if params.get("reader"):
        struck = [call for call in struck if "/readers/*" in calls[call]]
    if not struck:
        raise invalid(f"{kind} never strikes a call '{named[:60]}', at least not with these limits.", "call")


def active(account: Account, kind: str, reader: str | None = None) -> Object | None:
    """The fault of this kind that holds for this reader, or None. Looking at it does not use it up."""
    for fault in account.faults:
        if fault["kind"] == kind and fault["reader"] in (None, reader):
            return fault
    return None


def strike(
    account: Account, kind: str, reader: str | None = None, call: str = "", *, look: bool = False
) -> Object | None:
    """The fault of this kind if it strikes now. Its count goes down, and at zero it is gone.

    A `look` only reads. Nothing is drawn for it unless the fault names its call: others who follow the
    account would change which cases the same seed picks.
    """
    for fault in account.faults:
        if fault["kind"] != kind or fault["reader"] not in (None, reader):
            continue
        if fault["call"] and fault["call"] not in (call, call.rpartition(".")[2]):
            continue
        if look and fault["chance"] < 100 and not fault["call"]:
            continue
        fault["drawn"] += 1
        if fault["chance"] < 100:
            draw = random.Random(f"{fault['seed']}:{fault['drawn']}").randrange(100)
            if draw >= fault["chance"]:
                continue
        fault["struck"] += 1
        if fault["count"] is not None:
            fault["count"] -= 1
            if fault["count"] == 0:
                account.faults.remove(fault)
        return fault
    return None


def before(account: Account, request: Any) -> None:
    """What strikes a request on its way, before it is executed. Raises StripeError, or marks the request."""
    call = request.route.call
    reader = _reader(request)
    look = not request.writes
    if strike(account, "request_lost", reader, call, look=look):
        request.drop = True
        raise StripeError("The request did not arrive.", status=503, keep=True, remember=False)
    if slow := strike(account, "slow_answer", reader, call, look=look):
        request.delay = slow["seconds"]
    if strike(account, "rate_limit", reader, call, look=look):
        raise StripeError(
            "Request rate limit exceeded. Learn more about rate limits here "
            "https://docs.stripe.com/rate-limits.",
            code="rate_limit",
            status=429,
            keep=True,
            remember=False,
        )
    if strike(account, "server_error", reader, call, look=look):
        raise StripeError(
            "An unknown error occurred. Please try again in a little while.",
            type="api_error",
            status=500,
            keep=True,
            remember=False,
        )
    if _command(call) and strike(account, "command_lost", reader, call):
        raise reader_error("terminal_reader_timeout", keep=True, remember=False)


def after(account: Account, request: Any) -> None:
    """What strikes a request once it has been executed. May raise StripeError."""
    call = request.route.call
    reader = _reader(request)
    if _command(call) and strike(account, "command_unconfirmed", reader, call):
        raise reader_error("terminal_reader_timeout", keep=True, remember=False)
    if reader and _prompt(call) and strike(account, "customer_cancels", reader, call):
        # At the next look, as when a person takes a moment to press the button.
        account.schedule(account.time, "press_cancel", reader)


def lose_answer(account: Account, request: Any) -> None:
    """What strikes an answer on its way back, also one that an idempotency key brings again."""
    if strike(account, "answer_lost", _reader(request), request.route.call, look=not request.writes):
        request.drop = True


def _command(call: str) -> str | None:
    """The name of a command to a reader, or None for any other call."""
    name = call.rpartition(".")[2]
    return name if name in _COMMANDS else None


def _prompt(call: str) -> str | None:
    """The name of a command that asks the customer for something, or None for any other call."""
    name = _command(call)
    return None if name in ("cancel_action", "set_reader_display") else name


def _reader(request: Any) -> str | None:
    return request.ids[0] if request.ids and request.ids[0].startswith("tmr_") else None
