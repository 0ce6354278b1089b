"""The counter of a shop: what the point of sale looks like, and what it knows of the account.

What its buttons do is in `point_of_sale.py`. What is paid is read from the account and never remembered here:
a page that is loaded again finds the sale where it was.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

import ipywidgets as W
import stripe

from ..account import account_status, stripe_client
from ..connect import list_readers
from ..money import format_amount
from ..panels.customer import CustomerPanel, offered_tips
from ..panels.fold import Fold
from ..panels.layout import row
from ..recovery import payment_shown, state_of
from ..screen import reader_screen
from ..tips import tip_of
from .day import outcome, payments_of_the_day
from .day_view import DayView
from .order import CURRENCY, Order
from .order_view import OrderView
from .receipt import receipt
from .shop import NAME, order_shown


class Seen(NamedTuple):
    """What the till knows of the account."""

    readers: list[stripe.terminal.Reader]
    intent: stripe.PaymentIntent | None
    tips: dict[str, Any]
    day: list[stripe.PaymentIntent]


class Counter(CustomerPanel):
    """The base of the point of sale: `order` is what was tapped, `payment_intent_id` the sale's.

    A subclass makes the buttons that `BUTTONS` names, says in `_change_order` what a tap on a product does
    and in `_day_button` what the day's table does, and calls `arrange`.
    """

    STATES: ClassVar[dict[str, str]] = {
        "no_reader": "no card reader is online",
        "ready": "ready for the next customer: tap a product",
        "ordering": "the customer sees the order on the reader",
        "in_flight": "waiting for the customer's card",
        "declined": "the card was declined: charge again, change the order, or cancel the sale",
        "failed": "the reader could not finish: charge again, change the order, or cancel the sale",
        "open": "the reader has stopped asking: change the order, charge again, or cancel the sale",
        "authorized": "approved: capture the money to finish the sale",
        "succeeded": "paid",
        "refunded": "refunded: the money goes back to the card",
        "canceled": "canceled: nothing was charged",
    }
    TONES: ClassVar[dict[str, str]] = {**CustomerPanel.TONES, "no_reader": "bad"}
    NEXT: ClassVar[tuple[str, ...]] = ("simulate", "capture", "new_order", "charge", "first_product")
    BUTTONS = ("charge", "capture", "new_order", "change", "give_up", "release", "clear")
    OVER = ("succeeded", "refunded", "canceled")

    def __init__(self, reader: stripe.terminal.Reader | None = None) -> None:
        super().__init__()
        self.order = Order()
        self.payment_intent_id: str | None = None
        self._own = reader.id if reader is not None else None
        self._seen: Seen | None = None
        self._sale = uuid4().hex
        self._stage: str | None = None
        self._past: str | None = None  # the payment whose receipt was asked for
        self.order_view = OrderView(self._change_order)
        self.first_product = next(iter(self.order_view.products.values()))
        self._open.add(self.first_product)
        self.day_view = DayView(self._day_button)
        self.ask_for_tip = W.Checkbox(description="Ask for a tip", value=True, indent=False)
        self._receipt = W.HTML()
        self.simulate.description, self.simulate.button_style = "Tap the card", "primary"
        self.tip.observe(lambda _: self.show_stage(self._stage), "value")

    def _change_order(self, order: Order) -> None:
        raise NotImplementedError

    def _day_button(self, action: str, payment_intent_id: str) -> W.Button:
        raise NotImplementedError

    def arrange(self, *controls: W.Widget) -> None:
        super().arrange(*controls)
        title = W.HTML(f"<h2>{NAME}</h2><small>{escape(account_status().partition(' · ')[0])}</small>")
        top = W.HBox([title, row(self.reader, self.refresh)]).add_class("irl-pos-top")
        products = W.VBox([W.HTML("<h3>Products</h3>"), self.order_view.menu]).add_class("irl-pos-products")
        buttons = [getattr(self, name) for name in self.BUTTONS]
        order = W.VBox([
            W.HTML("<h3>Order</h3>"), self.order_view.lines, self._receipt, self.ask_for_tip,
            row(*buttons).add_class("irl-pos-actions"), self._alert, self._notice, self.customer,
        ]).add_class("irl-pos-order")  # fmt: skip
        reader = W.VBox([self.screen]).add_class("irl-pos-reader")
        sale = W.HBox([products, order, reader]).add_class("irl-pos-sale")
        folds = [fold.view for fold in self.folds()]
        style = W.HTML(f"<style>{_css()}</style>").add_class("irl-style")
        self.view.add_class("irl-pos")
        self.view.children = [
            self.view.children[0], style, top, self._state_line, sale, self.day_view.view, *folds,
        ]  # fmt: skip

    def folds(self) -> list[Fold]:
        return [Fold("what happened", self._log_view), *super().folds()]

    # -- what is

    @property
    def current_reader(self) -> stripe.terminal.Reader | None:
        return self._readers.get(self.reader.value or self._own)

    def reader_name(self, reader: stripe.terminal.Reader) -> str:
        """Cashiers know no ids; two readers of one name are told apart by them all the same."""
        alone = [each.label for each in self._readers.values()].count(reader.label) == 1
        return reader.label if alone else super().reader_name(reader)

    def in_flight(self) -> bool:
        return self.state == "in_flight"

    def read(self) -> Seen:
        client, readers = stripe_client(), list_readers()
        chosen = self.reader.value or self._own
        reader = next((each for each in readers if each.id == chosen), None)
        payment = self.payment_intent_id or (_asked(reader) if reader is not None else None)
        intent, tips = None, {}
        if payment is not None:
            intent = client.v1.payment_intents.retrieve(payment, params={"expand": ["latest_charge"]})
            if state_of(reader, intent) == "in_flight":
                tips = offered_tips(reader, intent.currency)
        return Seen(readers, intent, tips, payments_of_the_day())

    def show(self, seen: Seen) -> None:
        first, self._seen = self._seen is None, seen
        self.fill(
            seen.readers, self._own or next((r.id for r in seen.readers if r.status != "offline"), None)
        )
        self._own = self.reader.value or self._own
        reader, intent = self.current_reader, self._sale_of(seen)
        if first and reader is not None and not self.order:
            self.order = order_shown(reader)
        self.state, before = self._state(reader, intent), self.state
        if self.state != before:
            self._stage = None
        self.tips = seen.tips
        self.serve(reader if self.state == "in_flight" else None, intent)
        self._show_actions(reader)
        self._show_order_and_receipt()
        self.day_view.show(seen.day, None if self.state in self.OVER else self.payment_intent_id)
        self.reader.disabled = self.state == "in_flight"
        self.show_stage(self._stage)

    def _sale_of(self, seen: Seen) -> stripe.PaymentIntent | None:
        """The sale that goes on; one that the reader asks for, or whose money is held, is taken up."""
        intent = seen.intent
        if intent is None or self.payment_intent_id is not None:
            return intent
        if intent.status not in ("requires_payment_method", "requires_capture"):
            self._seen = seen._replace(intent=None)
            return None
        self.payment_intent_id, self.order = intent.id, Order.read(intent.description)
        self.say(f"The sale goes on: {intent.id}, {format_amount(intent.amount, intent.currency)}.")
        return intent

    def _state(self, reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None) -> str:
        state = state_of(reader, intent)
        if state == "ready" and self.order:
            return "ordering"
        return "refunded" if intent is not None and outcome(intent) == "Refunded" else state

    def meaning(self) -> str:
        reader, intent = self.current_reader, self._seen.intent if self._seen else None
        if self.state == "declined" and reader is not None and reader.action is not None:
            return f"{reader.action.failure_message} Charge again, change the order, or cancel the sale"
        if self.state == "succeeded" and intent is not None:
            return f"paid: {format_amount(intent.amount_received, intent.currency)}"
        return super().meaning()

    def _show_actions(self, reader: stripe.terminal.Reader | None) -> None:
        online = reader is not None and reader.status != "offline"
        state, due = self.state, self._due()
        self.charge.description = f"Charge {due}" if due else "Charge"
        self.capture.description = f"Capture {due}"
        shown = {
            "charge": state in ("ready", "ordering", "declined", "failed", "open", "no_reader"),
            "change": state == "in_flight",
            "give_up": state in self.UNPAID,
            "clear": state == "ordering",
            "capture": state == "authorized",
            "release": state == "authorized",
            "new_order": state in self.OVER,
        }
        for name, sense in shown.items():
            getattr(self, name).layout.display = "" if sense else "none"
        self.ask_for_tip.layout.display = self.charge.layout.display
        self.enable(refresh=True, **shown)
        self.enable(charge=shown["charge"] and online and bool(due))
        simulated = reader is not None and reader.device_type.startswith("simulated_")
        self.customer.layout.display = "" if simulated and state == "in_flight" else "none"

    def _due(self) -> str:
        """What the customer pays, written out; '' for nothing."""
        intent = self._seen.intent if self._seen else None
        if intent is not None and (self.state in ("in_flight", "authorized", *self.OVER) or not self.order):
            return format_amount(intent.amount, intent.currency)
        return format_amount(self.order.total, CURRENCY) if self.order else ""

    def _show_order_and_receipt(self) -> None:
        seen = self._seen
        intent = seen.intent
        past = next((payment for payment in seen.day if payment.id == self._past), None)
        on_receipt = past or (intent if self.state in self.OVER[:2] else None)
        self._receipt.value = receipt(on_receipt, NAME) if on_receipt is not None else ""
        self.order_view.lines.layout.display = "none" if on_receipt is not None else ""
        editable = self.state not in ("in_flight", "authorized", "no_reader")
        tip = tip_of(intent) or 0 if intent is not None else 0
        total = intent.amount if intent is not None and not self.order else None
        open_lines = editable and self.state not in self.OVER
        self.order_view.show(self.order, products=editable, lines=open_lines, tip=tip, total=total)

    def show_stage(self, stage: str | None) -> None:
        reader, intent = self.current_reader, self._seen.intent if self._seen else None
        if reader is None:
            self.draw(None)
            return
        asks = self.state == "in_flight"
        stage = stage or ("tip" if asks and self.asks_for_tip else None)
        shown: Any = intent
        if asks and self.tips and self.tip.value > 0:
            # The reader adds the tip that was chosen; the PaymentIntent has it once the card is read.
            shown = {**intent.to_dict(), "amount": intent.amount + self.tip.value}
        self.draw(reader_screen(reader, shown, stage=stage, tips=self.tips or None))


def _asked(reader: stripe.terminal.Reader) -> str | None:
    """The payment that a reader asks for, or has just been paid."""
    failed = reader.action is not None and reader.action.status == "failed"
    return None if failed else payment_shown(reader)


@cache
def _css() -> str:
    return Path(__file__).with_name("point_of_sale.css").read_text("utf-8")
