"""Make things go wrong at the till, on demand; offline account only.

```python
with faults.command_lost(reader.id, count=1):
    …                                   # the next command times out, and the reader did not get it

fault = faults.slow_bank(reader.id).start()     # the same as a switch
fault.stop()
```

A fault ends with its `with` block, whatever happens in it, or when it has struck `count` times. What
limits it:

- `reader`: the id of the only reader it strikes; otherwise all of them
- `call`: the only call it strikes, such as `"process_payment_intent"` or `"payment_intents.create"`
- `count`: how often it strikes
- `chance`: in how many of a hundred cases, drawn from `seed` (the same seed picks the same cases). Calls
  that only read are no cases, unless `call` names one: panels that follow the account would change the rest

In Stripe's test mode each function raises AccountError: a fault that does nothing would mislead.
"""

from __future__ import annotations

import contextlib
from typing import Any, TypedDict, Unpack

import stripe

from .account import AccountError, offline_controls, offline_only, stripe_client
from .arguments import checked

_WHY = "make things fail: what happens in Stripe's test mode is not ours to decide"


class Limits(TypedDict, total=False):
    """What else limits a fault; see above."""

    call: str
    count: int
    chance: int
    seed: int


class Fault:
    """Something that goes wrong between `start()` and `stop()`, or inside a `with` block.

    `kind` is its function's name, `limits` what it was limited to; `text` says what goes wrong.
    """

    def __init__(self, kind: str, **limits: Any) -> None:
        """Raises AccountError in Stripe's test mode."""
        self.kind = kind
        self.limits = {name: value for name, value in limits.items() if value is not None}
        self.text = ""
        self._id: str | None = None
        self._controls = offline_only(_WHY)

    def start(self) -> Fault:
        """Start it. If it has already started, it starts again.

        Raises stripe.InvalidRequestError for an unknown reader, and for limits with which it never strikes.
        """
        self.stop()
        fault = self._controls.request("post", "faults", kind=self.kind, **self.limits)
        self._id, self.text = fault["id"], fault["text"]
        return self

    def stop(self) -> None:
        """End it; a bank that was slow answers now. If it has already ended, nothing happens."""
        fault, self._id = self._id, None
        if fault:
            # Its count ran out, or the account was reset.
            with contextlib.suppress(stripe.InvalidRequestError):
                self._controls.request("delete", f"faults/{fault}")

    def __enter__(self) -> Fault:
        return self.start()

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        limits = ", ".join(f"{name}={value!r}" for name, value in self.limits.items())
        return f"{self.kind}({limits})"


def active() -> list[Fault]:
    """All active faults, oldest first; a count says how often each will still strike."""
    controls = offline_only(_WHY)
    return [_standing(fault) for fault in controls.request("get", "faults")["data"]]


def clear() -> None:
    """End all faults."""
    offline_only(_WHY).request("delete", "faults")


def clear_for(*labels: str) -> None:
    """End the faults that somebody left on and that would strike the readers with these labels, and print
    which they were. Webhooks' faults strike no reader, and stay. In Stripe's test mode there are none.
    """
    if offline_controls() is None or not (standing := active()):
        return
    ended = [fault for fault in standing if _strikes(fault, None)]
    for fault in ended:
        fault.stop()
    if len(ended) < len(standing):
        # Only now: what strikes everything would have struck this as well.
        readers = stripe_client().v1.terminal.readers.list(params={"limit": 100}).auto_paging_iter()
        ours = {reader.id for reader in readers if reader.label in labels}
        for fault in [fault for fault in standing if any(_strikes(fault, reader) for reader in ours)]:
            if fault not in ended:
                fault.stop()
                ended.append(fault)
    for fault in ended:
        print(f"Ended a fault that was left on here. {fault.kind}: {fault.text}")


def _strikes(fault: Fault, reader: str | None) -> bool:
    """Whether it strikes this reader; None is any reader at all."""
    return fault.limits.get("reader") == reader and not fault.kind.startswith("webhook_")


@checked
def press_cancel(reader: str) -> None:
    """The customer presses cancel on the device.

    Raises AccountError in Stripe's test mode. Raises stripe.InvalidRequestError unless the reader is waiting
    for the customer and its action has `enable_customer_cancellation`; without it there is no such button.
    """
    offline_only(_WHY).request("post", f"readers/{reader}/press_cancel")


# -- the reader


@checked
def reader_offline(reader: str | None = None) -> Fault:
    """The reader has had no signal for two minutes: its status is `offline`, and every command answers
    `terminal_reader_offline`. When this ends it is back, with the action it had."""
    return Fault("reader_offline", reader=reader)


@checked
def reader_unplugged(reader: str | None = None) -> Fault:
    """The reader loses its signal now: commands answer `terminal_reader_timeout`, and after two minutes (see
    `clock`) the reader is offline."""
    return Fault("reader_unplugged", reader=reader)


@checked
def reader_busy(reader: str | None = None) -> Fault:
    """The reader installs an update: every command answers `terminal_reader_busy`."""
    return Fault("reader_busy", reader=reader)


# -- a command to it


@checked
def reader_driven_by_app(reader: str | None = None) -> Fault:
    """An app drives the reader, through one of Stripe's SDKs: every command from here is refused, with an
    error that has no code (`recovery.driven_by_app` knows it)."""
    return Fault("reader_driven_by_app", reader=reader)


@checked
def command_lost(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The command answers `terminal_reader_timeout`, and the reader did not get it."""
    return Fault("command_lost", reader=reader, **limits)


@checked
def command_unconfirmed(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The command answers `terminal_reader_timeout` although the reader got it."""
    return Fault("command_unconfirmed", reader=reader, **limits)


@checked
def customer_cancels(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The customer presses cancel on the device as soon as the reader asks for something, if the action
    offers it (`enable_customer_cancellation`). With `press_cancel` you choose the moment."""
    return Fault("customer_cancels", reader=reader, **limits)


# -- the card and the bank


@checked
def slow_bank(reader: str | None = None) -> Fault:
    """The bank takes its time: the action stays in progress after the card was presented, and every command
    answers `terminal_reader_busy`, until this ends."""
    return Fault("slow_bank", reader=reader)


@checked
def connection_lost(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The reader loses its connection after the bank approved: the action fails with `connection_error`, and
    the PaymentIntent is authorized."""
    return Fault("connection_lost", reader=reader, **limits)


@checked
def action_stuck(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The bank approved, but the action stays in progress forever, and no event is sent."""
    return Fault("action_stuck", reader=reader, **limits)


# -- the way to Stripe and back


@checked
def request_lost(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The network drops before the request arrives. The client tries again by itself, twice; only a count of
    3 or more makes the call fail, with stripe.APIConnectionError."""
    return Fault("request_lost", reader=reader, **limits)


@checked
def answer_lost(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """The network drops after the request was executed. The client tries again as above, with the same
    idempotency key."""
    return Fault("answer_lost", reader=reader, **limits)


@checked
def slow_answer(reader: str | None = None, *, seconds: int = 3, **limits: Unpack[Limits]) -> Fault:
    """The answer really takes this many `seconds`. Served simulator only: in process nothing else could run
    in the meantime, so there it raises AccountError."""
    fault = Fault("slow_answer", reader=reader, seconds=seconds, **limits)
    if offline_only(_WHY).in_process:
        raise AccountError(
            "Slow answers need the served simulator: in process nothing else could run meanwhile. Start "
            "`python -m irl_helpers.serve`, and set IRL_API_BASE to the address that it prints."
        )
    return fault


@checked
def rate_limit(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """429: too many requests, stripe.RateLimitError. Nothing was executed."""
    return Fault("rate_limit", reader=reader, **limits)


@checked
def server_error(reader: str | None = None, **limits: Unpack[Limits]) -> Fault:
    """500: something went wrong on Stripe's end, stripe.APIError. The client tries again as above."""
    return Fault("server_error", reader=reader, **limits)


# -- webhooks: how events of this time are delivered, by the served simulator or to `webhooks.fetch`


def webhook_late(*, seconds: int = 3, **limits: Unpack[Limits]) -> Fault:
    """Events are delivered this many `seconds` late."""
    return Fault("webhook_late", seconds=seconds, **limits)


def webhook_lost(**limits: Unpack[Limits]) -> Fault:
    """Events are never delivered."""
    return Fault("webhook_lost", **limits)


def webhook_doubled(**limits: Unpack[Limits]) -> Fault:
    """Every event is delivered twice."""
    return Fault("webhook_doubled", **limits)


def webhook_shuffled(*, seconds: int = 3, **limits: Unpack[Limits]) -> Fault:
    """Events are delivered in another order, each up to this many `seconds` late."""
    return Fault("webhook_shuffled", seconds=seconds, **limits)


def _standing(fault: dict[str, Any]) -> Fault:
    standing = Fault(fault["kind"])
    standing.text, standing._id = fault["text"], fault["id"]
    shown = ["reader", "call", "count", "seconds", *(["chance", "seed"] if fault["chance"] < 100 else [])]
    standing.limits = {name: fault[name] for name in shown if fault[name] is not None}
    return standing
