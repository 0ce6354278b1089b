"""The till of parts 3 and 4 and of the exercises: a sale, its customer, an amount, and how they are shown.

Each of their panels has a `Till`, and a table of the actions it offers. What is done when a reader times out
is in `recovery.py`.
"""

from __future__ import annotations

import json
from html import escape
from typing import NamedTuple

import ipywidgets as W
import stripe

from ..account import Changes, call
from ..cards import amount_hint
from ..connect import is_online
from ..money import format_amount, parse_amount, typed_amount
from ..recovery import payment_shown
from ..sale import IN_VAIN, STATES, UNPAID, Sale, Seen
from ..screen import Picture
from ..simulator.money import MINIMUM
from .bank_answer import BankAnswer
from .customer import DOING, Customer
from .fault_switches import Standing
from .faults_fold import FaultsFold
from .fields import on_enter
from .form import ASKED
from .layout import field, hint, row
from .panel import Panel
from .paths_view import PathsView
from .reader_choice import ReaderChoice, moved_words
from .reader_words import failure_said
from .status_lines import status_lines

SMALLEST_SALE = 100
"""The series asks for 1.00 usd at least; Stripe's own minimum is lower."""

TONES = {"in_flight": "wait", "declined": "bad", "failed": "bad", "authorized": "wait", "succeeded": "good"}
"""The colors of a sale's states."""

NEXT = ("tip", "simulate", "capture", "process", "restart", "cancel", "refresh")
"""Where the keyboard goes next at a till: where a tip is asked for, nobody decides it by one more Enter."""


class TillSeen(NamedTuple):
    """What a till knows of the account: `now` says whether anything was left on in it, `faults` are those
    that stand, and what became of the webhooks that they struck."""

    sale: Seen
    now: Changes | None = None
    faults: Standing = Standing()


payment_intent_id = property(lambda panel: panel.till.sale.payment_intent_id)
"""For panels with a till: the sale's PaymentIntent, None before there is one."""


class Till:
    """Inputs: `reader`, `amount` (in the currency's usual unit, such as 12.50), `customer_can_cancel`, and
    those of the `Customer`. They are attributes of the panel, as its buttons are."""

    def __init__(self, panel: Panel, amount: str, currency: str) -> None:
        self._panel = panel
        self.sale = Sale(currency=currency)
        self.moved = W.HTML()
        self.choice = ReaderChoice(self._choose, moved=self.moved)
        self.customer = Customer(panel, self._present, self.show_stage)
        self.bank = BankAnswer(panel.say)
        self.amount = field(W.Text, "Amount", keys="decimal", value=amount, placeholder="12.50")
        self.hint = hint()
        self.customer_can_cancel = W.Checkbox(description="Cancel button on the reader", indent=False)
        self.status, self.result = W.HTML(), W.HTML()
        on_enter(self.amount, panel.buttons["process"])
        for box in (self.amount, self.customer.card, self.customer.tip):
            box.observe(lambda _: self._warn(), "value")
        self.paths = PathsView()
        panel.folds.append(self.paths.fold)
        self._faults = FaultsFold(panel)
        self.left_on, self.fault_switches = self._faults.left_on, self._faults.switches
        panel.adopt(
            reader=self.choice.dropdown,
            amount=self.amount,
            customer_can_cancel=self.customer_can_cancel,
            **self.customer.widgets,
        )

    def controls(self, *buttons: str) -> list[W.Widget]:
        """What the panel consists of, from top to bottom, with these of its buttons."""
        return [
            self.left_on,
            row(self.choice.dropdown, self._panel.buttons["refresh"]),
            self.moved,
            self.amount,
            self.hint,
            self.customer_can_cancel,
            row(*(self._panel.buttons[name] for name in buttons)),
            self.customer.view,
            self.status,
            self.result,
        ]

    # -- what is

    def read(self) -> TillSeen:
        """One look; may run in a thread."""
        now, seen = self._panel.now, self.sale.look()
        return TillSeen(seen, now, self._faults.read(now))

    def show(self, seen: TillSeen) -> None:
        """Show it all: what the panel's own table of actions needs is up to date then."""
        sale, before = self.sale, self.sale.reader_id
        if sale.see(seen.sale):
            self._say_taken_up()
        reader, intent, state = sale.reader, sale.intent, sale.state
        self.bank.seen(reader)
        self.choice.say_moved(moved_words(before, reader, seen.sale.readers), self._panel.say)
        self._panel.state = state
        self.customer.serve(reader if sale.asks_for_card else None, intent, sale.tips)
        self.customer.form.serve(reader)
        self.show_stage()
        self.choice.fill(seen.sale.readers, sale.reader_id)
        self._panel.offer(sale.facts)
        self.customer.view.layout.display = "" if sale.simulated else "none"
        self.choice.dropdown.disabled = state == "in_flight"
        fixed = state in ("in_flight", "authorized", "succeeded", "canceled")
        self.amount.disabled = self.customer_can_cancel.disabled = fixed
        self.status.value = status_lines(reader, intent, sale.stage)
        self.result.value = _result(intent) if state in ("succeeded", "canceled") else ""
        self.paths.see(reader, intent, sale.stage)
        self._faults.show(seen.now, seen.faults, sale.reader_id, seen.sale.readers)

    def show_stage(self, stage: str | None = None) -> None:
        """Draw the reader's screen, at a stage of `screen.STAGES`; without one, as the sale knows it."""
        self._panel.show_state()  # before the picture, which is large
        self._panel.draw(reader_picture(self.sale, self.customer, stage), touchable=self.sale.simulated)
        self._warn()

    def _say_taken_up(self) -> None:
        intent = self.sale.intent
        assert intent is not None
        self.amount.value = typed_amount(intent.amount, intent.currency)
        asks = intent.status == "requires_payment_method"
        what = "asks for a payment already" if asks else "has a payment that was not captured yet"
        self._panel.say(f"This reader {what}: {intent.id}, {format_amount(intent.amount, intent.currency)}.")

    def shown_readers(self) -> list[stripe.terminal.Reader | None]:
        """The sale's."""
        return [self.sale.reader]

    def meaning(self) -> str:
        """What the reader says of the sale, in words; '' for nothing special."""
        sale = self.sale
        if self.customer.form.asked:
            return ASKED
        if sale.state == "in_flight" and sale.stage == "authorizing":
            return DOING["authorizing"]
        if sale.state == "in_flight":
            return self.customer.doing
        if sale.state in ("declined", "failed"):
            return f"{failed(sale)} Press Process, and the reader asks again"
        if sale.not_told:
            way_on = ": press Restart" if sale.state == "succeeded" else ""
            return f"{STATES[sale.state]}; {sale.not_told}{way_on}"
        way_out = self._panel.buttons["cancel"].description
        return f"{IN_VAIN}: press {way_out}" if sale.asks_in_vain else ""

    def _warn(self) -> None:
        """Say what an amount will do while it is typed, and not only when a customer is waiting."""
        said = ""
        try:
            amount = parse_amount(self.amount.value, self.sale.currency)
        except ValueError as problem:
            said = str(problem) if self.amount.value else ""
        else:
            over = self.sale.state in ("authorized", "succeeded", "canceled")
            if self.sale.simulated and not over:
                # With the tip in it, as the bank sees it.
                said = amount_hint(amount + self.customer.tip_so_far, self.customer.paying)
        self.hint.value = f'<span class="irl-warn" role="status">{escape(said)}</span>' if said else ""

    # -- what the buttons do

    def _choose(self, reader_id: str) -> None:
        self.sale.reader_id = reader_id or None
        self._panel.watch.look_soon()

    async def process(self, amount: int | None = None) -> None:
        """Ask for the amount that was entered, or for this one in the smallest unit."""
        amount = self._checked_amount() if amount is None else amount
        done, reader = await call(
            self.sale.process, amount, customer_can_cancel=self.customer_can_cancel.value
        )
        payment, shown = self.sale.payment_intent_id, format_amount(amount, self.sale.currency)
        if done == "created":
            self._panel.say(f"Created {payment} for {shown}.")
        elif done:
            self._panel.say(f"Changed the amount of {payment} to {shown}.")
        status = reader.action.status if reader.action else "idle"
        self._panel.say(f"{reader.label} asks for {payment}: {status}.")

    def _checked_amount(self) -> int:
        """The amount in the smallest unit. Raises ValueError for what no sale can be made of; below Stripe's
        own minimum Stripe says it."""
        currency = self.sale.currency
        amount = parse_amount(self.amount.value, currency)
        if currency == "usd" and MINIMUM[currency] <= amount < SMALLEST_SALE:
            raise ValueError(f"The series sells from {format_amount(SMALLEST_SALE, currency)} on.")
        return amount

    async def _present(self, card: str, tip: int | None) -> None:
        reader = await call(self.sale.present, card, tip)
        self.bank.presented(reader, f"Approved: {self.sale.payment_intent_id}.")

    async def capture(self) -> None:
        """Take the money that is held."""
        intent = await call(self.sale.capture)
        self._panel.say(f"Captured {format_amount(intent.amount_received, intent.currency)}: {intent.id}.")

    async def cancel_reader_action(self) -> None:
        """Clear the reader's screen, unless it shows another till's payment."""
        self._say_shown(await call(self.sale.cancel_reader_action))

    def _say_shown(self, reader: stripe.terminal.Reader) -> None:
        """What is on the screen once this sale is off it."""
        other = payment_shown(reader)
        if reader.action is None:
            self._panel.say(f"{reader.label} is back at its splash screen.")
        elif other != self.sale.payment_intent_id:
            self._panel.say(f"{reader.label} shows another till's payment, which was left alone: {other}.")

    async def give_up(self) -> None:
        """Give up the sale, whatever it holds; with no sale, clear the reader's screen."""
        payment = self.sale.payment_intent_id
        if payment is None or self.sale.state == "canceled":
            await self.cancel_reader_action()
            return
        reader = self.sale.reader
        if reader is not None and payment_shown(reader) not in (None, payment):
            self._say_shown(reader)
        intent = await call(self.sale.give_up)
        if intent.status != "canceled":
            raise ValueError(f"{payment} was captured before, and only a refund can undo that.")
        self._panel.say(f"Canceled {payment}.")
        if reader is not None and payment_shown(reader) == payment and not is_online(reader):
            self._panel.say(f"{reader.label} could not be told, and may ask on when it is back.")

    async def stop_asking(self) -> None:
        """Clear the reader's screen; a payment that it asked for stays open."""
        asked = self.sale.state == "in_flight"
        await self.cancel_reader_action()
        if asked:
            payment = self.sale.payment_intent_id
            self._panel.say(f"{payment} is still open: change the amount and process it again, or cancel it.")

    async def restart(self) -> None:
        """Begin the next sale; a reader that asks for what is over stops."""
        if self.sale.asks_in_vain:
            await self.cancel_reader_action()
        self.sale.restart()

    async def leave(self) -> None:
        """Give up the sale, end the faults that strike its reader, and go back to the one that is chosen."""
        sale = self.sale
        for fault in self.fault_switches.read().faults if self.fault_switches else ():
            if fault.limits.get("reader") in (None, sale.reader_id):
                await call(fault.stop)
        await self._panel.look()
        if sale.payment_intent_id is not None and sale.state in (*UNPAID, "authorized"):
            await call(sale.give_up)
        elif sale.reader is not None and sale.reader.action is not None:
            await call(sale.cancel_reader_action)
        self.forget()

    def forget(self) -> None:
        """Begin anew, at the reader that is chosen."""
        self.sale.restart()
        self.sale.reader_id = None

    async def cancel_payment(self) -> None:
        """Give up the payment; the reader's screen stays as it is."""
        intent = await call(self.sale.cancel_payment)
        self._panel.say(f"Canceled {intent.id}.")


def reader_picture(sale: Sale, customer: Customer, stage: str | None = None) -> Picture | None:
    """What a sale's reader shows, None without one."""
    if sale.reader is None:
        return None
    asks = sale.state == "in_flight" or sale.asks_for_card
    return customer.picture(sale.reader, sale.on_screen, asks=asks, stage=stage or sale.stage, tips=sale.tips)


def failed(sale: Sale) -> str:
    """What `failure_said` says of the sale, as the beginning of a sentence."""
    said = failure_said(sale.reader, sale.intent)
    return said[:1].upper() + said[1:]


def _result(intent: stripe.PaymentIntent | None) -> str:
    """At the end of a sale: what Stripe says of it, and nothing else."""
    said = escape(json.dumps(intent.to_dict() if intent else None, indent=2, default=str))
    return f"<details><summary>The PaymentIntent as JSON</summary><pre>{said}</pre></details>"
