"""The day's payments, from the account: how each one ended, and what the shop has taken."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import stripe

from ..account import stripe_client
from ..moved import old_names
from .order import Order

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

MOST = 100


def start_of_day(moment: float) -> int:
    """Midnight before a Unix time, where this computer stands."""
    return int(datetime.fromtimestamp(moment).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def payments_of_the_day(*, client: stripe.StripeClient | None = None) -> list[stripe.PaymentIntent]:
    """The PaymentIntents of today, newest first and at most 100, each with its `latest_charge` expanded, and
    the `balance_transaction` of that.

    Today is the machine's, or that of the newest payment where the account's clock is ahead.

    https://docs.stripe.com/api/payment_intents/list
    """
    client = client or stripe_client()
    expand = ["data.latest_charge.balance_transaction"]
    listed = client.v1.payment_intents.list(params={"limit": MOST, "expand": expand}).data
    since = start_of_day(max([time.time(), *(payment.created for payment in listed[:1])]))
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
