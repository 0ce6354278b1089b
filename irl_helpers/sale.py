"""One sale at a till, without a widget: which payment it is, how far it has got, what is possible now.

A `Sale` is told what a look at the account found, and everything else follows from that: it never remembers
what a call was meant to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

import stripe

from .account import stripe_client
from .arguments import checked
from .cancel import (
    Reason,
    cancel_payment,
    cancel_reader_action,
    change_amount,
    give_up_sale,
)
from .collect import capture_payment, create_payment, process_payment, simulate_payment
from .connect import ReaderInUse, find_by_id, is_online, is_simulated, list_readers
from .recovery import action_status, is_over, is_paid, payment_shown
from .request_log import unlogged
from .tips import offered_tips

STATES = {
    "no_reader": "no online reader is chosen",
    "ready": "nothing is being paid",
    "in_flight": "the reader asks for a card",
    "declined": "the card was declined, and the payment can be processed again",
    "failed": "the reader could not finish, and the payment can be processed again",
    "open": "the reader asks for nothing, and the payment is still open",
    "authorized": "the money is held, and waits to be captured",
    "succeeded": "the payment is captured",
    "canceled": "the payment is canceled",
}
"""Every state of a sale, and what it means."""

IN_VAIN = "the reader still asks for a payment that is over"
"""What a sale's state leaves out: the reader could not be told."""

NOT_TOLD = {
    "in_progress": "the reader was not told, and still waits for the bank",
    "failed": "the reader was not told, and shows that it failed",
}
"""The same of a payment that is paid, by how the reader's action for it stands."""

UNPAID = ("in_flight", "declined", "failed", "open")
"""There is a PaymentIntent, and it can still be paid."""

Needs = Mapping[str, str]
"""The states in which something makes sense, each with the fact it needs there: "" for none, "online" for a
reader that is, "showing" for a reader whose screen shows something, "in_vain" for one that can be told that
the payment which it asks for is over."""


def when(*states: str, need: str = "") -> Needs:
    """These states, each with the same need: `when("ready", "open", need="online")`."""
    return dict.fromkeys(states, need)


POSSIBLE: Mapping[str, Needs] = {
    "process": when("ready", "declined", "failed", "open", need="online"),
    "present": when("in_flight"),
    "capture": when("authorized"),
    "cancel_reader_action": when(*STATES, need="showing"),
    "cancel_payment": when("declined", "failed", "open", "authorized"),
    "give_up": {**when(*UNPAID, "authorized"), "ready": "showing", "canceled": "in_vain"},
    "restart": when("succeeded", "canceled"),
}
"""What can be done with a sale, by the methods of `Sale`, and when it makes sense."""


class Seen(NamedTuple):
    """What one look found: all readers, and the sale's payment, or the one its reader shows.

    `tips` are the rules of the tips that the reader offers while it asks, {} if it offers none.
    """

    readers: list[stripe.terminal.Reader]
    intent: stripe.PaymentIntent | None = None
    tips: Mapping[str, Any] = MappingProxyType({})


@checked
def state_of(reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None) -> str:
    """How far a sale has got, from the two objects alone: one of `STATES`.

    The PaymentIntent decides. What a reader says about its action is only news about a payment, and may be
    late, lost or about another one.
    """
    if intent is None:
        return "ready" if is_online(reader) else "no_reader"
    if intent.status in ("succeeded", "canceled"):
        return intent.status
    if intent.status == "requires_capture":
        return "authorized"
    action = reader.action if reader is not None else None
    if action is None or reader is None or payment_shown(reader) != intent.id:
        return "open"
    if action.status == "in_progress":
        return "in_flight"
    if action.status == "succeeded":
        return "open"
    error = intent.last_payment_error
    return "declined" if error is not None and error.code == action.failure_code else "failed"


class Sale:
    """A sale at a reader; with `reader_id` at that one, else at the one chosen in part 2 or the first online.
    At rest the latter follows when another one is chosen there; in the middle of a sale it does not move.

    - `payment_intent_id`: None before there is a payment
    - `reader_id`: the reader it is at, also while that is offline
    - `seen`: what the last look found
    - `state`: one of `STATES`; `possible`: which of `POSSIBLE` make sense now
    - `stage`: what no Stripe object carries but the sale knows, as in `reader_screen`, or None

    `look` asks the account, and may run in a thread; `see` takes what it found.
    """

    def __init__(self, reader_id: str | None = None, currency: str = "usd") -> None:
        self.payment_intent_id: str | None = None
        self._at = ReaderInUse(reader_id)
        self.currency = self._own_currency = currency
        self.seen = Seen([])
        self._authorizing = False
        self._key = uuid4().hex  # names this sale, so that it is never created twice
        self._tips: Mapping[str, Any] = {}
        self._tips_are_of: str | None = None
        self._over: stripe.PaymentIntent | None = None  # what the last look found, if it is paid or canceled

    # -- how it is

    @property
    def reader_id(self) -> str | None:
        """The reader it is at; to set it is to go to another one."""
        return self._at.id

    @reader_id.setter
    def reader_id(self, reader_id: str | None) -> None:
        self._at.id = reader_id

    @property
    def reader(self) -> stripe.terminal.Reader | None:
        """The reader as the last look saw it; None when there is none, or it was deleted."""
        return find_by_id(self.seen.readers, self.reader_id)

    @property
    def intent(self) -> stripe.PaymentIntent | None:
        """The PaymentIntent as the last look saw it."""
        return self.seen.intent

    @property
    def state(self) -> str:
        """One of `STATES`."""
        return state_of(self.reader, self.intent)

    @property
    def facts(self) -> dict[str, bool]:
        """What `Needs` can ask for, and whether it is so."""
        reader = self.reader
        return {
            "": True,
            "online": is_online(reader),
            "showing": reader is not None and reader.action is not None and self.stage != "splash",
            "in_vain": self.asks_in_vain,
        }

    @property
    def stage(self) -> str | None:
        """As in `reader_screen`: "authorizing" while the bank is asked; "splash" while there is no sale, and
        the reader's action has ended before: no result is left standing for the next customer."""
        going_on = self.intent is not None and self.intent.status != "canceled"
        if not going_on and self.reader is not None and is_over(self.reader):
            return "splash"
        return "authorizing" if self._authorizing else None

    @property
    def asks_in_vain(self) -> bool:
        """Whether the reader still asks for a payment that is paid or canceled, and can be told now: when
        that happened, it could not be."""
        reader, over = self.reader, self._over
        if reader is None or over is None or not is_online(reader):
            return False
        return payment_shown(reader) == over.id and action_status(reader) == "in_progress"

    @property
    def not_told(self) -> str:
        """That its reader does not know of a payment that is paid, in words; '' where it does."""
        reader, intent = self.reader, self.intent
        if reader is None or intent is None or not is_paid(intent) or payment_shown(reader) != intent.id:
            return ""
        return NOT_TOLD.get(action_status(reader) or "", "")

    @property
    def asks_for_card(self) -> bool:
        """Whether the reader takes a card: for this payment, or in vain for one that was canceled."""
        if self.state == "in_flight":
            return self.stage != "authorizing"
        return self.asks_in_vain and not is_paid(self._over)

    @property
    def on_screen(self) -> stripe.PaymentIntent | None:
        """The payment that the reader shows, if it is the sale's or one that is over."""
        return self.intent or self._over

    @property
    def possible(self) -> frozenset[str]:
        """Which of `POSSIBLE` make sense now."""
        state, facts = self.state, self.facts
        return frozenset(name for name, needs in POSSIBLE.items() if state in needs and facts[needs[state]])

    @property
    def tips(self) -> Mapping[str, Any]:
        """The tips that the reader offers while it asks for this payment: rules as in `tipping_rules`."""
        return self.seen.tips if self.state == "in_flight" else {}

    @property
    def simulated(self) -> bool:
        """Whether a program, and not a person, presents the card at this reader."""
        return is_simulated(self.reader)

    # -- looking

    def look(
        self,
        payments: Iterable[stripe.PaymentIntent] = (),
        *,
        expand: Sequence[str] = (),
        unfinished: Collection[str] = (),
    ) -> Seen:
        """Ask for the readers, and for the payment unless it is among those `payments`; nothing here changes.

        A reader that failed shows what is over, but for the payments whose ids are `unfinished`.
        Only for a payment that another program handed to this reader the offered tips are asked for as well.
        """
        readers = list_readers()
        reader = find_by_id(readers, self._at.among(readers, busy=self.payment_intent_id is not None))
        intent_id = self.payment_intent_id or _asked(reader, unfinished)
        if intent_id is None:
            return Seen(readers)
        intent = next((each for each in payments if each.id == intent_id), None)
        if intent is None:
            params: stripe.params.PaymentIntentRetrieveParams = {"expand": list(expand)} if expand else {}
            intent = stripe_client().v1.payment_intents.retrieve(intent_id, params=params)
        if reader is None or not is_simulated(reader) or state_of(reader, intent) != "in_flight":
            return Seen(readers, intent)
        known = self._tips_are_of == intent.id
        return Seen(readers, intent, self._tips if known else offered_tips(reader, intent.currency))

    def see(self, seen: Seen) -> bool:
        """Take what a look found. True if a payment was taken up: one that this reader asks for already, or
        that can still be finished there."""
        before = self.state
        self._at.see(seen.readers, busy=self.payment_intent_id is not None)
        intent, taken_up = seen.intent, False
        over = intent is not None and (is_paid(intent) or intent.status == "canceled")
        self._over = intent if over else None
        if intent is not None and self.payment_intent_id is None:
            taken_up = intent.status in ("requires_payment_method", "requires_capture")
            if taken_up:
                self.payment_intent_id, self.currency = intent.id, intent.currency
            else:
                seen = seen._replace(intent=None)
        self.seen = seen
        if self.state != before:
            self._authorizing = False
        in_flight = self.state == "in_flight" and intent is not None
        self._tips, self._tips_are_of = seen.tips, intent.id if in_flight and intent is not None else None
        return taken_up

    # -- what can be done with it

    def process(
        self,
        amount: int,
        *,
        description: str | None = None,
        replace: bool = True,
        customer_can_cancel: bool = False,
        skip_tipping: bool = False,
    ) -> tuple[str, stripe.terminal.Reader]:
        """Ask the customer for `amount`, in the smallest unit: the PaymentIntent is created, or changed where
        it differs, and handed to the reader, as by `process_payment`.

        ("created", "changed" or "", the reader). Raises what those calls raise.
        """
        intent, done = self.intent, ""
        if self.payment_intent_id is None:
            intent = create_payment(amount, self.currency, sale=self._key, description=description)
            self.payment_intent_id, done = intent.id, "created"
        wanted = (amount, description or (intent and intent.description))
        if intent is None or (intent.amount, intent.description) != wanted:
            change_amount(self.payment_intent_id, amount, description=description)
            done = done or "changed"
        reader = process_payment(
            self._reader(),
            self.payment_intent_id,
            replace=replace,
            customer_can_cancel=customer_can_cancel,
            skip_tipping=skip_tipping,
        )
        with unlogged():  # the device knows by itself; here the customer's side has to
            self._tips = offered_tips(reader, self.currency) if is_simulated(reader) else {}
        self._tips_are_of = self.payment_intent_id
        return done, reader

    def present(self, card: str, tip: int | None = None) -> stripe.terminal.Reader:
        """The customer presents a test card, as by `simulate_payment`; the reader's action says how it
        went. While it is still in progress, the bank is being asked."""
        reader = simulate_payment(self._reader(), card, tip=tip)
        if reader.action is not None and reader.action.status == "in_progress":
            self._authorizing = True
        return reader

    def capture(self) -> stripe.PaymentIntent:
        """Take the money that is held, as by `capture_payment`."""
        return capture_payment(self._payment())

    def cancel_reader_action(self) -> stripe.terminal.Reader:
        """Clear the reader's screen, as the call of that name does; another till's payment is left alone."""
        return cancel_reader_action(self._reader(), payment_intent_id=self.payment_intent_id)

    def cancel_payment(self) -> stripe.PaymentIntent:
        """Give up the payment, as the call of that name does; the reader's screen stays as it is."""
        return cancel_payment(self._payment())

    def give_up(self, reason: Reason | None = None) -> stripe.PaymentIntent:
        """Both of these, as `give_up_sale` does: look at the status of what is returned."""
        return give_up_sale(self.reader_id, self._payment(), reason)

    def restart(self) -> None:
        """Begin the next sale at the same reader."""
        self.payment_intent_id, self._key, self.currency = None, uuid4().hex, self._own_currency
        self.seen, self._authorizing = self.seen._replace(intent=None), False

    def _reader(self) -> str:
        if self.reader_id is None:
            raise ValueError("Choose a reader first.")
        return self.reader_id

    def _payment(self) -> str:
        if self.payment_intent_id is None:
            raise ValueError("There is no payment yet.")
        return self.payment_intent_id


def _asked(reader: stripe.terminal.Reader | None, unfinished: Collection[str]) -> str | None:
    """The PaymentIntent that a reader asks for, or that has just been paid there, or has failed there and
    is unfinished; None for none."""
    if reader is None or reader.action is None:
        return None
    shown = payment_shown(reader)
    return shown if reader.action.status != "failed" or shown in unfinished else None
