"""The day's payments, from the account: how each one ended, and what the shop has taken."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

import stripe

from ..account import stripe_client
from ..money import format_amount
from ..moved import old_names
from .order import Order

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

MOST = 100

# What is told of a payment, of which Stripe sends no more than the id or nothing unless it is asked to.
EXPAND = ("latest_charge.balance_transaction", "latest_charge.refunds")


def start_of_day(moment: float) -> int:
    """Midnight before a Unix time, where this computer stands."""
    return int(datetime.fromtimestamp(moment).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def payments_of_the_day(
    *, ahead: int = 0, client: stripe.StripeClient | None = None
) -> list[stripe.PaymentIntent]:
    """The PaymentIntents of today, newest first and at most 100, each with its `latest_charge` expanded, and
    the `balance_transaction` and the `refunds` of that.

    Today is that of a clock that is `ahead` of the machine's by so many seconds, or of a newer payment.

    https://docs.stripe.com/api/payment_intents/list
    """
    client = client or stripe_client()
    expand = [f"data.{name}" for name in EXPAND]
    listed = client.v1.payment_intents.list(params={"limit": MOST, "expand": expand}).data
    since = start_of_day(max([time.time() + ahead, *(payment.created for payment in listed[:1])]))
    return [payment for payment in listed if payment.created >= since]


def of_this_shop(payment: stripe.PaymentIntent) -> bool:
    """Whether the payment is for an order of this shop's products; other applications share the account."""
    return bool(Order.read(payment.description))


def charge_of(payment: stripe.PaymentIntent) -> stripe.Charge | None:
    """The charge, if it was expanded."""
    return payment.latest_charge if isinstance(payment.latest_charge, stripe.Charge) else None


def refunded(payment: stripe.PaymentIntent) -> int:
    """What went back of a payment, in the smallest unit."""
    charge = charge_of(payment)
    return charge.amount_refunded if charge is not None else 0


def failed_refunds(payment: stripe.PaymentIntent) -> list[stripe.Refund]:
    """The refunds that the card's bank has sent back, some time after they had succeeded, newest first: the
    shop has that money again, and owes it to the customer.

    https://docs.stripe.com/refunds#failed-refunds
    """
    return [refund for refund in _refunds(payment) if refund.status == "failed"]


def failed_since(
    before: Iterable[stripe.PaymentIntent], now: Iterable[stripe.PaymentIntent]
) -> list[stripe.Refund]:
    """The refunds that have failed since these payments were looked at before; of a payment oldest first."""
    known = {payment.id: {refund.id for refund in failed_refunds(payment)} for payment in before}
    return [
        refund
        for payment in now
        if payment.id in known
        for refund in reversed(failed_refunds(payment))
        if refund.id not in known[payment.id]
    ]


def not_gone_back(payment: stripe.PaymentIntent) -> int:
    """What the customer was to get back, and has not: the refunds that have failed since one last went
    through, tries for the same money counted once; in the smallest unit."""
    failed = takewhile(lambda refund: refund.status == "failed", _refunds(payment))
    return min(sum(refund.amount for refund in failed), taken(payment))


def paid_words(payment: stripe.PaymentIntent) -> str:
    """What was paid, and what of it went back or could not, in words."""
    paid, left, owed = payment.amount_received, taken(payment), not_gone_back(payment)
    shown = {amount: format_amount(amount, payment.currency) for amount in (paid, left, owed)}
    said = f"paid: {shown[paid]}" + (
        f", of which {shown[left]} is left after refunds" if left != paid else ""
    )
    if owed:
        said += f"; the refund of {shown[owed]} has failed: give the money back another way"
    return said


def _refunds(payment: stripe.PaymentIntent) -> list[stripe.Refund]:
    """Newest first, the latest ten at most; none if they were not expanded."""
    listed = getattr(charge_of(payment), "refunds", None)
    return listed.data if listed is not None else []


def taken(payment: stripe.PaymentIntent) -> int:
    """What the shop has of this payment now, in the smallest unit."""
    return payment.amount_received - refunded(payment)


def fee(payment: stripe.PaymentIntent) -> int:
    """What Stripe keeps of this payment, in the smallest unit; 0 while that is not known."""
    charge = charge_of(payment)
    moved = charge.balance_transaction if charge is not None else None
    return moved.fee if isinstance(moved, stripe.BalanceTransaction) else 0


def outcome(payment: stripe.PaymentIntent) -> str:
    """How a payment ended, in a word or two for the shop."""
    if payment.status == "succeeded":
        back = refunded(payment)
        if not_gone_back(payment):
            return "Refund failed"
        return "Paid" if not back else "Refunded" if back >= payment.amount_received else "Partly refunded"
    if payment.status == "requires_capture":
        return "Held"
    if payment.status == "canceled":
        charge = charge_of(payment)
        return "Released" if charge is not None and charge.status == "succeeded" else "Canceled"
    return "Declined" if payment.last_payment_error else "Not paid"


def card_of(payment: stripe.PaymentIntent) -> str:
    """The card that paid, "Visa •••• 4242"; '' for none."""
    charge = charge_of(payment)
    details = charge.payment_method_details if charge is not None else None
    card = getattr(details, details.type, None) if details is not None else None
    if card is None or not getattr(card, "last4", None):
        return ""
    return f"{(card.brand or 'card').replace('_', ' ').title()} •••• {card.last4}"
