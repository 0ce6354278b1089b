"""The finished point of sale: what each of its buttons does, over the functions of the four parts.

How it looks, and what it knows of the account, is in `counter.py`.
"""

from __future__ import annotations

from uuid import uuid4

import ipywidgets as W
import stripe

from ..account import call
from ..cancel import cancel_reader_action, give_up_sale
from ..collect import capture_payment, create_payment, process_payment, simulate_payment
from ..money import format_amount
from ..refund import refund_payment
from .counter import Counter
from .day import outcome
from .order import CURRENCY, Order
from .shop import order_shown, set_order, show_order


class PointOfSale(Counter):
    """A café's till: tap products, charge, capture; refund what was sold today.

    `PointOfSale(reader)` begins with that reader; another can be chosen. Inputs: `ask_for_tip`, and those of
    `CustomerPanel`. Buttons: `order_view.products[name]`, `charge`, `change`, `give_up`, `clear`, `capture`,
    `release`, `new_order`, and in the day's table `day_view.buttons[action, payment_intent_id]`. `order` is
    what was tapped, `payment_intent_id` the sale's, None before there is one.
    """

    def __init__(self, reader: stripe.terminal.Reader | None = None) -> None:
        super().__init__(reader)
        self.charge = self.button("Charge", self._charge, style="primary")
        self.change = self.button("Change the order", self._change)
        self.give_up = self.button("Cancel the sale", self._give_up)
        self.clear = self.button("Clear", self._clear)
        self.capture = self.button("Capture", self._capture, style="success")
        self.release = self.button("Release the money", self._give_up)
        self.new_order = self.button("New order", self._new_order, style="primary")
        self._mirror = self.button("Show the order", self._show_order)  # pressed by every change of it
        self.arrange()

    def _change_order(self, order: Order) -> None:
        """A product was tapped, or a line's sign: shown at once, and then on the reader."""
        self._touch()
        self._past = None
        if self.state in self.OVER:
            [(tapped, _)] = order.counts.items() - self.order.counts.items()
            order = Order().more(tapped)
            self._forget_sale()
        self.forgive()
        self.order = order
        self.show(self._seen)
        self.show_state()
        self._mirror_order()

    def _mirror_order(self) -> None:
        """Let the reader follow the order; taps that come meanwhile are shown together, as the next order."""
        running, reader = self._tasks.get(self._mirror), self.current_reader
        if running is not None:
            running.add_done_callback(lambda _: self._mirror_order())
        elif self.reader.value and order_shown(reader) != self.order:
            self._run(self._mirror, self._show_order)

    async def _show_order(self) -> None:
        await call(show_order, self.reader.value, self.order)

    def _forget_sale(self) -> None:
        self.payment_intent_id, self.order, self._sale = None, Order(), uuid4().hex
        self._seen = self._seen._replace(intent=None)

    async def _charge(self) -> None:
        intent, order = self._seen.intent, self.order
        if self.payment_intent_id is None:
            intent = await call(create_payment, order.total, CURRENCY, sale=self._sale)
            self.payment_intent_id = intent.id
        if order and (intent.amount, intent.description) != (order.total, str(order)):
            intent = await call(set_order, intent.id, order)
        reader = await call(
            process_payment, self.reader.value, intent.id,
            replace=False, customer_can_cancel=True, skip_tipping=not self.ask_for_tip.value,
        )  # fmt: skip
        self.say(f"{reader.label} asks for {format_amount(intent.amount, intent.currency)}: {intent.id}.")

    async def present(self, card: str, tip: int | None) -> None:
        reader = await call(simulate_payment, self.reader.value, card, tip=tip)
        if reader.action.status == "failed":
            self.say(f"{reader.action.failure_message} ({reader.action.failure_code})")
        elif reader.action.status == "in_progress":
            self._stage = "authorizing"
            self.say("The card was read, and the bank has not answered yet.")
        else:
            self.say(f"Approved: {self.payment_intent_id}.")

    async def _change(self) -> None:
        await call(cancel_reader_action, self.reader.value, payment_intent_id=self.payment_intent_id)
        self.say("The reader has stopped asking.")

    async def _give_up(self) -> None:
        intent = await call(
            give_up_sale, self.reader.value or self._own, self.payment_intent_id, "requested_by_customer"
        )
        self.say(f"{outcome(intent)}: {intent.id}.")

    async def _clear(self) -> None:
        self.order = Order()
        await self._show_order()

    async def _capture(self) -> None:
        intent = await call(capture_payment, self.payment_intent_id)
        self.say(f"Captured {format_amount(intent.amount_received, intent.currency)}: {intent.id}.")

    async def _new_order(self) -> None:
        payment, self._past = self.payment_intent_id, None
        self._forget_sale()
        if self.reader.value:
            await call(cancel_reader_action, self.reader.value, payment_intent_id=payment)

    # -- the day's table

    def _day_button(self, action: str, payment_intent_id: str) -> W.Button:
        work = {
            "Refund": self._refund, "Capture": self._capture_past, "Receipt": self._show_receipt,
            "Release": self._cancel_past, "Cancel": self._cancel_past,
        }[action]  # fmt: skip
        button = self.button(action, lambda: work(payment_intent_id))
        button.disabled = False
        self._open.add(button)
        return button

    async def _refund(self, payment_intent_id: str) -> None:
        refund = await call(refund_payment, payment_intent_id)
        self.say(f"Refunded {format_amount(refund.amount, refund.currency)}: {payment_intent_id}.")

    async def _capture_past(self, payment_intent_id: str) -> None:
        intent = await call(capture_payment, payment_intent_id)
        self.say(f"Captured {format_amount(intent.amount_received, intent.currency)}: {intent.id}.")

    async def _cancel_past(self, payment_intent_id: str) -> None:
        reader = self.reader.value or self._own
        intent = await call(give_up_sale, reader, payment_intent_id, "requested_by_customer")
        self.say(f"{outcome(intent)}: {intent.id}.")

    async def _show_receipt(self, payment_intent_id: str) -> None:
        self._past = None if self._past == payment_intent_id else payment_intent_id
