"""What a till looks like and knows: the panels of parts 3 and 4, and of the exercises, build on it.

What its buttons do is theirs to say; here is what is read from the account and how it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

import ipywidgets as W
import stripe

from ..account import noted, stripe_client
from ..cards import amount_hint
from ..connect import CHOSEN, list_readers
from ..faults import Fault
from ..money import format_amount, parse_amount
from ..recovery import payment_shown, state_of
from ..screen import reader_screen
from .customer import CustomerPanel, offered_tips
from .fault_switches import FaultSwitches
from .fold import Fold
from .layout import facts, field, hint, row
from .paths_view import PathsView


class Seen(NamedTuple):
    """What a till knows of the account."""

    readers: list[stripe.terminal.Reader]
    intent: stripe.PaymentIntent | None
    tips: Mapping[str, Any] = MappingProxyType({})  # what the reader offers while it asks for this payment
    faults: Sequence[Fault] = ()  # those that stand, while the switches are shown


class Till(CustomerPanel):
    """The base of tills.

    Inputs: `reader`, `amount` (in the currency's usual unit, such as 12.50), `customer_can_cancel`, and those
    of `CustomerPanel`. Buttons: `process`, `capture`, `cancel`, `restart`, `refresh`, and those of
    `CustomerPanel`. `payment_intent_id` is the sale's, None before there is one. A payment that the reader
    already asks for, or that waits to be captured, is taken up.
    """

    STATES: ClassVar[dict[str, str]] = {
        "no_reader": "no online reader is chosen",
        "ready": "nothing is being paid",
        "in_flight": "the reader asks for a card",
        "declined": "the card was declined, and the payment can be processed again",
        "failed": "the reader could not finish, and the payment can be processed again",
        "open": "the reader does not ask any more, and the payment is still open",
        "authorized": "the money is held, and waits to be captured",
        "succeeded": "the payment is captured",
        "canceled": "the payment is canceled",
    }
    NEXT: ClassVar[tuple[str, ...]] = ("simulate", "capture", "process", "restart", "cancel", "refresh")

    def __init__(self, amount: str = "12.50", currency: str = "usd") -> None:
        super().__init__()
        self.payment_intent_id: str | None = None
        self.currency = currency
        self._seen = Seen([], None)
        self._stage: str | None = None
        self._last_reader: str | None = None
        self._sale = uuid4().hex
        self.amount = field(W.Text, "Amount", value=amount, placeholder="12.50")
        self._hint = hint()
        self.customer_can_cancel = W.Checkbox(description="Cancel button on the reader", indent=False)
        self._status = W.HTML()
        self._result = W.HTML()
        self.process = self.button("Process", self._process, style="primary")
        self.capture = self.button("Capture", self._capture, style="success")
        self.cancel = self.button("Cancel", self._cancel)
        self.restart = self.button("Restart", self._restart)
        self.amount.observe(lambda _: self._warn(), "value")
        self.card.observe(lambda _: self._warn(), "value")
        self.tip.observe(lambda _: self._chosen_tip(), "value")
        self.paths = PathsView()
        self.fault_switches = FaultSwitches(self.switch) if FaultSwitches.possible() else None
        self._faults_fold: Fold | None = None
        self.arrange(*self.controls())

    def controls(self) -> list[W.Widget]:
        """What the panel consists of, from top to bottom."""
        return [
            row(self.reader, self.refresh),
            self.amount,
            self._hint,
            self.customer_can_cancel,
            row(*self.till_buttons()),
            self.customer,
            self._status,
            self._result,
        ]

    def folds(self) -> list[Fold]:
        draw = self.paths.draw
        paths = Fold(
            "the states", self.paths.view, when_open=lambda: draw(True), when_closed=lambda: draw(False)
        )
        if self.fault_switches is None:
            return [*super().folds(), paths]
        self._faults_fold = Fold("what can go wrong", self.fault_switches.view, when_open=self.look_soon)
        return [*super().folds(), paths, self._faults_fold]

    def till_buttons(self) -> list[W.Button]:
        return [self.process, self.capture, self.cancel, self.restart]

    # -- what is

    @property
    def current_reader(self) -> stripe.terminal.Reader | None:
        """The reader that is chosen; one that went offline since cannot be, and is still the one."""
        return self._readers.get(self.reader.value or self._last_reader)

    def in_flight(self) -> bool:
        return self.state == "in_flight"

    def read(self) -> Seen:
        readers = list_readers()
        intent_id = self.payment_intent_id
        chosen = self.reader.value or _default(readers)
        reader = next((each for each in readers if each.id == chosen), None)
        if intent_id is None and reader is not None:
            intent_id = _asks_for(reader)
        intent = stripe_client().v1.payment_intents.retrieve(intent_id) if intent_id else None
        shown = self._faults_fold is not None and self._faults_fold.open
        faults = self.fault_switches.read() if shown else ()
        if intent is None or reader is None or state_of(reader, intent) != "in_flight":
            return Seen(readers, intent, faults=faults)
        seen = self._seen
        again = self.state == "in_flight" and seen.intent is not None and seen.intent.id == intent.id
        return Seen(readers, intent, seen.tips if again else offered_tips(reader, intent.currency), faults)

    def show(self, seen: Seen) -> None:
        self._seen = seen
        self.fill(seen.readers, _default(seen.readers))
        self._last_reader = self.reader.value or self._last_reader or noted(CHOSEN)
        intent, reader = seen.intent, self.current_reader
        online = reader is not None and reader.status != "offline"
        if intent is not None and self.payment_intent_id is None:
            self._take_up(intent)
        before, self.state = self.state, state_of(reader, self._seen.intent)
        if self.state != before:
            self._stage = None
        unpaid = self.state in self.UNPAID
        self.enable(
            refresh=True,
            process=online and (self.state == "ready" or (unpaid and self.state != "in_flight")),
            capture=self.state == "authorized",
            cancel=self.cancel_makes_sense(reader),
            restart=self.state in ("succeeded", "canceled"),
        )
        self.tips = dict(seen.tips)
        asking = self.state == "in_flight" and self._stage != "authorizing"
        self.serve(reader if asking else None, self._seen.intent)
        simulated = reader is not None and reader.device_type.startswith("simulated_")
        self.customer.layout.display = "" if simulated else "none"
        self.reader.disabled = self.state == "in_flight"
        self.amount.disabled = self.state in ("in_flight", "authorized", "succeeded", "canceled")
        self._status.value = self._lines(reader, self._seen.intent)
        self._result.value = self._outcome(self._seen.intent)
        self.customer_can_cancel.disabled = self.amount.disabled
        self.paths.see(reader, self._seen.intent, self._stage)
        if self.fault_switches is not None:
            self.fault_switches.show(list(seen.faults), reader.id if reader else None)
        self._warn()
        self.show_stage(self._stage)

    def show_stage(self, stage: str | None) -> None:
        reader = self.current_reader
        stage = stage or ("tip" if self.state == "in_flight" and self.asks_for_tip else None)
        self.draw(
            reader_screen(reader, self._seen.intent, stage=stage, tips=self.tips or None) if reader else None
        )

    def _chosen_tip(self) -> None:
        self._warn()
        self.show_stage(self._stage)

    def _warn(self) -> None:
        """Say what an amount will do while it is typed, not when a customer stands there."""
        reader = self.current_reader
        said = ""
        try:
            amount = parse_amount(self.amount.value, self.currency)
        except ValueError as problem:
            said = str(problem) if self.amount.value else ""
        else:
            # With the tip in it, as the bank sees it.
            amount += max(self.tip.value, 0) if self.tips else 0
            over = self.state in ("authorized", "succeeded", "canceled")
            if not over and reader is not None and reader.device_type.startswith("simulated_"):
                said = amount_hint(amount, self.card.value)
        self._hint.value = f'<span class="irl-warn" role="status">{escape(said)}</span>' if said else ""

    def cancel_makes_sense(self, reader: stripe.terminal.Reader | None) -> bool:
        """Whether there is a sale to give up, or something on the reader's screen to clear."""
        busy = reader is not None and reader.action is not None
        return self.state in (*self.UNPAID, "authorized") or (self.state == "ready" and busy)

    def _take_up(self, intent: stripe.PaymentIntent) -> None:
        """A payment that this reader asks for already, or whose money waits to be captured."""
        asks = intent.status == "requires_payment_method"
        if not asks and intent.status != "requires_capture":
            self._seen = self._seen._replace(intent=None)
            return
        self.payment_intent_id, self.currency = intent.id, intent.currency
        self.amount.value = _written(intent.amount, intent.currency)
        what = "asks for a payment already" if asks else "has a payment that was not captured yet"
        self.say(f"This reader {what}: {intent.id}, {format_amount(intent.amount, intent.currency)}.")

    def _lines(self, reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None) -> str:
        action = reader.action if reader is not None else None
        rows = [
            ("PaymentIntent", intent.id if intent else "none yet"),
            ("Its status", intent.status if intent else "none yet"),
            ("Reader action", f"{action.type}: {action.status}" if action else "none, the reader is idle"),
        ]
        return facts([(name, escape(value)) for name, value in rows])

    def meaning(self) -> str:
        reader = self.current_reader
        if self.state == "in_flight" and self._stage == "authorizing":
            return "the card was read, and the bank is asked"
        if self.state == "declined":
            said = reader.action.failure_message or "The card was declined."
            return f"{said} The payment can be processed again"
        if self.state == "failed" and reader.action.failure_code == "customer_canceled":
            return "the customer canceled on the reader, and the payment can be processed again"
        return super().meaning()

    def _outcome(self, intent: stripe.PaymentIntent | None) -> str:
        """At the end of a sale: what Stripe says of it, and nothing else."""
        if intent is None or self.state not in ("succeeded", "canceled"):
            return ""
        said = escape(json.dumps(intent.to_dict(), indent=2, default=str))
        return f"<details><summary>The PaymentIntent as JSON</summary><pre>{said}</pre></details>"

    # -- what the buttons do

    async def _process(self) -> None:
        raise NotImplementedError

    async def _capture(self) -> None:
        raise NotImplementedError

    async def _cancel(self) -> None:
        raise NotImplementedError

    async def _restart(self) -> None:
        self.payment_intent_id, self._sale = None, uuid4().hex


def _default(readers: list[stripe.terminal.Reader]) -> str | None:
    """The reader that was chosen in part 2, or the newest that is online."""
    online = (reader.id for reader in readers if reader.status != "offline")
    return noted(CHOSEN) or next(online, None)


def _asks_for(reader: stripe.terminal.Reader) -> str | None:
    """The PaymentIntent that a reader asks for, or has just been paid; None for none."""
    action = reader.action
    return payment_shown(reader) if action is not None and action.status != "failed" else None


def _written(amount: int, currency: str) -> str:
    """An amount as it is typed: 1250 -> "12.50"."""
    return "".join(each for each in format_amount(amount, currency) if each.isdigit() or each == ".")
