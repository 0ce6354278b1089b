"""What a test holds: a shop's account with its reader, the customer in front of it, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import stripe

from ..cards import card_number
from ..faults import KINDS
from ..http_client import SimulatorHTTPClient
from ..ids import random_text
from ..loopback import TO_FETCH
from ..seed import plant
from ..simulator import Simulator


class Webhook(NamedTuple):
    """A webhook as an application's endpoint gets it: the `body`, and its `Stripe-Signature`."""

    body: str
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        """The event in the body, not verified: for that, see `stripe.Webhook.construct_event`."""
        event: dict[str, Any] = json.loads(self.body)
        return event


class Terminal:
    """A shop that takes cards: `client` is the official client of its account, `reader` its reader, which is
    simulated, and `key` opens the account. `webhook_secret` is what webhooks are signed with."""

    def __init__(self, client: stripe.StripeClient, key: str, reader: str | None = None) -> None:
        self.client = client
        self.key = key
        self.clock = Clock(self._control)
        self.faults = Faults(self._control)
        hook = client.v1.webhook_endpoints.create({"url": TO_FETCH, "enabled_events": ["*"]})
        self.webhook_secret = str(hook.secret)
        self._hook = hook.id
        readers = client.v1.terminal.readers
        simulated: stripe.params.terminal.ReaderCreateParams = {"registration_code": "simulated-wpe"}
        self.reader = readers.retrieve(reader) if reader else readers.create(simulated)
        self._tip: int | None = None

    def tap(self, card: str = "visa", *, reader: str | None = None) -> stripe.terminal.Reader:
        """The customer holds a card to the reader; the reader afterwards, whose action says what came of it.

        `card` is the number of one of Stripe's test cards or its name, such as "charge_declined".
        `reader` is the id of another reader than the shop's first. Raises ValueError for any other card, and
        stripe.InvalidRequestError when the reader does not ask for one.
        https://docs.stripe.com/terminal/references/testing#simulated-test-cards
        """
        tip, self._tip = self._tip, None
        presented: stripe.params.test_helpers.terminal.ReaderPresentPaymentMethodParams = {
            "card_present": {"number": card_number(card)}
        }
        if tip is not None:
            presented["amount_tip"] = tip
        readers = self.client.v1.test_helpers.terminal.readers
        return readers.present_payment_method(reader or self.reader.id, presented)

    def tip(self, amount: int) -> None:
        """The customer chooses a tip, in the smallest unit, before the next tap; that is refused when the
        reader does not ask for one."""
        self._tip = amount

    def press_cancel(self, *, reader: str | None = None) -> None:
        """The customer presses cancel. Raises stripe.InvalidRequestError unless the reader offers it."""
        self._control("post", f"readers/{reader or self.reader.id}/press_cancel")

    def webhooks(self) -> list[Webhook]:
        """The webhooks that have come since the last look, oldest first, up to a hundred; signed with
        `webhook_secret`. Those that a fault delays are there once the clock has reached them."""
        due = self._control("post", "deliveries", endpoint=self._hook)
        return [Webhook(one["body"], one["signature"]) for one in due["data"]]

    def _control(self, method: str, name: str, **params: Any) -> dict[str, Any]:
        answer = self.client.raw_request(method, f"/_simulator/{name}", **params)
        found: dict[str, Any] = json.loads(answer.body)
        return found


Control = Callable[..., dict[str, Any]]


class Clock:
    """The account's time, which goes at the machine's pace."""

    def __init__(self, control: Control) -> None:
        self._control = control

    @property
    def now(self) -> int:
        """Unix time in seconds, as in `created`."""
        return int(self._control("get", "clock")["now"])

    def advance(self, **by: float) -> None:
        """Let time pass, as in `advance(days=2, seconds=1)`; the names are those of `datetime.timedelta`.
        What is due by then has happened when the next call is answered."""
        self._control("post", "clock", advance=round(timedelta(**by).total_seconds()))


class Fault:
    """Something that goes wrong from now on: until the end of a `with` block, until `stop()`, or until it has
    happened `count` times."""

    def __init__(self, control: Control, kind: str, limits: dict[str, Any]) -> None:
        self._control = control
        self._id = control("post", "faults", kind=kind, **limits)["id"]

    def stop(self) -> None:
        """End it; a bank that was slow answers now. One that has ended already stays so."""
        if any(one["id"] == self._id for one in self._control("get", "faults")["data"]):
            self._control("delete", f"faults/{self._id}")

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()


class Faults:
    """`faults.answer_lost(call="payment_intents.create", count=1)`: a function for each kind in the README.

    It takes what limits the fault (`reader`, `call`, `count`, `chance` with `seed`) and how many `seconds`
    the slow ones take. Without a `call`, what the test itself does may be struck as well.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def __getattr__(self, kind: str) -> Callable[..., Fault]:
        if kind not in KINDS:
            raise AttributeError(f"There is no fault {kind!r}, only {', '.join(KINDS)}.")
        return lambda **limits: Fault(self._control, kind, limits)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *KINDS]

    def clear(self) -> None:
        """End all of them."""
        self._control("delete", "faults")


def in_process(simulator: Simulator, seed: Any = None) -> Terminal:
    """A new account of the simulator, with what the seed says. Raises SeedError."""
    key, reader = _planted(simulator, seed)
    client = stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator), max_network_retries=2)
    return Terminal(client, key, reader)


def over_http(simulator: Simulator, address: str, seed: Any = None) -> Terminal:
    """The same, where the simulator is served at this address. Raises SeedError."""
    key, reader = _planted(simulator, seed)
    client = stripe.StripeClient(
        key, base_addresses={"api": address, "files": address}, max_network_retries=2
    )
    return Terminal(client, key, reader)


def _planted(simulator: Simulator, seed: Any) -> tuple[str, str | None]:
    """(the key of a new account, the id of the first reader that the seed puts there)"""
    key = f"sk_test_{random_text(16)}"
    readers = [] if seed is None else plant(simulator, key, seed)["readers"]
    return key, readers[0] if readers else None
