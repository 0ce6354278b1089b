"""A drawer under one of the day's payments: its receipt, and the question how much of it goes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import ipywidgets as W
import stripe

from ..money import format_amount, parse_amount, typed_amount
from ..panels.fields import on_enter
from ..panels.layout import field, row
from ..panels.presses import Presses
from .day import taken
from .receipt import receipt

Refund = Callable[[str, int], Awaitable[None]]


class Drawer:
    """`view` is the widget, shown while something is in it.

    `refund(payment_intent_id, amount)` is awaited when the refund is confirmed, with the amount in the
    smallest unit. Buttons: `confirm`, `close`; input: `amount` to give back, all of it at first.
    """

    def __init__(self, presses: Presses, shop: str, refund: Refund) -> None:
        self._shop, self._refund = shop, refund
        self._payment: stripe.PaymentIntent | None = None
        self._asks = False
        self.receipt, self.question = W.HTML(), W.HTML()
        self.amount = field(W.Text, "Amount", keys="decimal")
        self.confirm = presses.button("Give it back", self._confirm, style="danger")
        self.close = presses.button("Close", self._close)
        self.close.allow(True)
        self.confirm.followers = [self.close]
        on_enter(self.amount, self.confirm)
        self._form = W.VBox([self.question, self.amount]).add_class("irl-refund")
        asked = W.VBox([self._form, row(self.confirm, self.close)]).add_class("irl-asked")
        self.view = W.HBox([asked, self.receipt]).add_class("irl-drawer")
        self.put(None)

    @property
    def payment_intent_id(self) -> str | None:
        """The payment that lies in it; None while it is closed."""
        return self._payment.id if self._payment is not None else None

    def put(self, payment: stripe.PaymentIntent | None, *, ask: bool = False) -> None:
        """Open it with a payment's receipt, None to close it; `ask` how much of it goes back."""
        if ask and payment is not None and (not self._asks or payment.id != self.payment_intent_id):
            self.amount.value = typed_amount(taken(payment), payment.currency)
        self._payment, self._asks = payment, ask and payment is not None and taken(payment) > 0
        self.view.layout.display = "" if payment is not None else "none"
        self.receipt.value = receipt(payment, self._shop) if payment is not None else ""
        self.confirm.allow(self._asks)
        self._form.layout.display = self.confirm.layout.display = "" if self._asks else "none"
        if payment is not None:
            left = format_amount(taken(payment), payment.currency)
            self.question.value = f"<b>Refund this payment?</b> Up to {left} can go back to the card."

    def renew(self, payments: list[stripe.PaymentIntent]) -> None:
        """Show the payment as it is now; nothing where it is not among these: it is another day."""
        if self._payment is not None:
            found = next((each for each in payments if each.id == self._payment.id), None)
            self.put(found, ask=self._asks)

    async def _close(self) -> None:
        self.put(None)

    async def _confirm(self) -> None:
        payment = self._payment
        if payment is None:
            return
        amount = parse_amount(self.amount.value, payment.currency)
        left = taken(payment)
        if amount > left:
            raise ValueError(f"Only {format_amount(left, payment.currency)} of this payment can go back.")
        await self._refund(payment.id, amount)
        self._asks = False
