"""What several checks say about a payment."""

from __future__ import annotations

import stripe

from ..money import format_amount
from .account_contents import AccountContents
from .result import Claim, Point, free_of


def captured(amount: int) -> Claim[stripe.PaymentIntent]:
    """The money was taken, `amount` in the smallest unit."""

    def trouble(payment: stripe.PaymentIntent) -> str:
        if payment.status != "succeeded":
            return _UNPAID.get(payment.status, f"its status is {payment.status}")
        if payment.amount_received != amount:
            received = format_amount(payment.amount_received, payment.currency)
            return f"only {received} of it, and the rest was released for good: begin again"
        return ""

    return "captured", trouble


_UNPAID = {
    "requires_capture": "the bank holds the money, and you do not have it yet: what takes it?",
    "requires_payment_method": "nothing was paid: a reader asks for it, and then a card is presented",
    "canceled": "it was canceled and cannot be paid any more: begin again",
}


def no_hold_left(account: AccountContents, payment: stripe.PaymentIntent | None, *amounts: int) -> Point:
    """No payment of these amounts waits to be captured; not said while there is no `payment` at all."""
    found = (each for amount in amounts for each in account.payments(amount))
    held = next((each for each in found if each.status == "requires_capture"), None)
    trouble = ""
    if held is not None:
        shown = format_amount(held.amount, held.currency)
        trouble = (
            f"{shown} of somebody's money is on hold, and payment_intents.list finds it: take or release it"
        )
    said = " or ".join(format_amount(amount, "usd") for amount in amounts)
    return free_of(f"no authorization of {said} left uncaptured", payment, trouble)
