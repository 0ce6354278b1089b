"""Give money back that was captured: all of it, or a part.

A payment that was not captured has nothing to give back: cancel it instead, and the hold is released.
Offline, `simulator/resources/refunds.py` answers.
https://docs.stripe.com/refunds
"""

from __future__ import annotations

import stripe

from .account import stripe_client
from .arguments import checked
from .recovery import call_or_look


@checked
def refund_payment(
    payment_intent_id: str, amount: int | None = None, *, client: stripe.StripeClient | None = None
) -> stripe.Refund:
    """Give the customer the money back, onto the card: `{"id": "re_…", "status": "succeeded", …}`.

    `amount`, in the smallest unit, refunds a part; without it, all that is not refunded yet goes back. If no
    answer comes, the account is asked whether it was done, so that no amount is given back twice.
    The card's bank can still send it back, days later: the refund's `status` is "failed" then, and the
    customer has to get the money another way.
    Raises stripe.InvalidRequestError (`charge_already_refunded`; or the payment was never captured).

    https://docs.stripe.com/api/refunds/create
    """
    client = client or stripe_client()
    params: stripe.params.RefundCreateParams = {"payment_intent": payment_intent_id}
    if amount is not None:
        params["amount"] = amount
    before = {refund.id for refund in _refunds(payment_intent_id, client)}

    def refunded() -> stripe.Refund | None:
        return next((each for each in _refunds(payment_intent_id, client) if each.id not in before), None)

    return call_or_look(lambda: client.v1.refunds.create(params=params), refunded)


def _refunds(payment_intent_id: str, client: stripe.StripeClient) -> list[stripe.Refund]:
    return client.v1.refunds.list(params={"payment_intent": payment_intent_id, "limit": 100}).data
