"""The day's payments, from the account: what became of each, and what the shop has taken."""

from __future__ import annotations

import time
from datetime import datetime

import stripe

from ..account import stripe_client
from ..look import in_doubt

MOST = 100


def start_of_day(moment: float) -> int:
    """Midnight before a Unix time, where this computer stands."""
    return int(datetime.fromtimestamp(moment).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def payments_of_the_day(*, client: stripe.StripeClient | None = None) -> list[stripe.PaymentIntent]:
    """The PaymentIntents of today, newest first and at most 100, each with its `latest_charge` expanded.

    Today is the machine's, or that of the newest payment where the account's clock is ahead.

    https://docs.stripe.com/api/payment_intents/list
    """
    client = client or stripe_client()
    listed = client.v1.payment_intents.list(params={"limit": MOST, "expand": ["data.latest_charge"]}).data
    since = start_of_day(max([time.time(), *(payment.created for payment in listed[:1])]))
    return [payment for payment in listed if payment.created >= since]


def refund_payment(
    payment_intent_id: str, amount: int | None = None, *, client: stripe.StripeClient | None = None
) -> stripe.Refund:
    """Give the customer the money back, onto the card: `{"id": "re_…", "status": "succeeded", …}`.

    `amount` in the smallest unit for a part of it; without one, all that was not refunded yet. When no answer
    came, the account is asked whether it was done; an amount that was given back is not given back again.
    Raises stripe.InvalidRequestError (`charge_already_refunded`; or the payment was never captured).

    https://docs.stripe.com/api/refunds/create
    """
    client = client or stripe_client()
    params: stripe.params.RefundCreateParams = {"payment_intent": payment_intent_id}
    if amount is not None:
        params["amount"] = amount
    before = {refund.id for refund in _refunds(payment_intent_id, client)}
    try:
        return client.v1.refunds.create(params=params)
    except stripe.StripeError as problem:
        if not in_doubt(problem):
            raise
        done = [refund for refund in _refunds(payment_intent_id, client) if refund.id not in before]
        if not done:
            raise
        return done[0]


def _refunds(payment_intent_id: str, client: stripe.StripeClient) -> list[stripe.Refund]:
    return client.v1.refunds.list(params={"payment_intent": payment_intent_id, "limit": 100}).data


def charge_of(payment: stripe.PaymentIntent) -> stripe.Charge | None:
    """The charge, if it was expanded."""
    return payment.latest_charge if isinstance(payment.latest_charge, stripe.Charge) else None


def refunded(payment: stripe.PaymentIntent) -> int:
    charge = charge_of(payment)
    return charge.amount_refunded if charge is not None else 0


def taken(payment: stripe.PaymentIntent) -> int:
    """What the shop has of this payment now, in the smallest unit."""
    return payment.amount_received - refunded(payment)


def tip_of(payment: stripe.PaymentIntent) -> int:
    details = getattr(payment, "amount_details", None)
    tip = getattr(details, "tip", None)
    return getattr(tip, "amount", None) or 0


def outcome(payment: stripe.PaymentIntent) -> str:
    """What became of a payment, in a word or two for the shop."""
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
