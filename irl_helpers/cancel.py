"""Part 4: stop a payment that is in flight, and decide what to do with it.

Canceling the reader's action and canceling the PaymentIntent are two different things. After the first, the
reader no longer asks the customer for anything, but the payment is still open.
From which statuses Stripe allows it: `PAYMENT_INTENT["cancel"]` in `simulator/states.py`. When a till offers
it: `POSSIBLE` in `sale.py`.
https://docs.stripe.com/api/terminal/readers/cancel_action
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import stripe

from .account import stripe_client
from .arguments import checked
from .moved import old_names
from .recovery import call_or_look, out_of_reach, payment_shown

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

Reason = Literal["duplicate", "fraudulent", "requested_by_customer", "abandoned"]


@checked
def cancel_reader_action(
    reader_id: str,
    *,
    payment_intent_id: str | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Reader:
    """Back to the splash screen: `reader.action` is then None, whatever the reader was doing.

    This clears a cart too, and does no harm to a reader that is idle. The PaymentIntent is *not* canceled.
    With a `payment_intent_id`, the payment of another till at the same reader is left alone: look at
    `reader.action`.

    Raises stripe.InvalidRequestError: `terminal_reader_busy` while the bank is asked (wait for what it says),
    `terminal_reader_offline`, and `terminal_reader_timeout` only when the action is still there.

    https://docs.stripe.com/api/terminal/readers/cancel_action
    """
    client = client or stripe_client()
    readers = client.v1.terminal.readers
    if payment_intent_id is not None:
        reader = readers.retrieve(reader_id)
        if payment_shown(reader) not in (None, payment_intent_id):
            return reader

    def cleared() -> stripe.terminal.Reader | None:
        reader = readers.retrieve(reader_id)
        return reader if reader.action is None else None

    return call_or_look(lambda: readers.cancel_action(reader_id), cleared)


@checked
def change_amount(
    payment_intent_id: str,
    amount: int,
    *,
    description: str | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.PaymentIntent:
    """The same sale at another price, in the smallest unit, and with another `description`, if one is given:
    what was bought. Process it again: a reader that is waiting still
    shows the old one. Raises stripe.InvalidRequestError (`payment_intent_unexpected_state`) once it is paid.

    https://docs.stripe.com/api/payment_intents/update
    """
    client = client or stripe_client()
    params: stripe.params.PaymentIntentUpdateParams = {"amount": amount}
    if description is not None:
        params["description"] = description
    return client.v1.payment_intents.update(payment_intent_id, params=params)


@checked
def cancel_payment(
    payment_intent_id: str, reason: Reason | None = None, *, client: stripe.StripeClient | None = None
) -> stripe.PaymentIntent:
    """Give up a payment for good: nobody can pay it any more, and money that is held is released.

    Raises stripe.InvalidRequestError (`payment_intent_unexpected_state`) if it was already canceled, or if it
    was captured, which only a refund can undo.

    https://docs.stripe.com/api/payment_intents/cancel
    """
    client = client or stripe_client()
    params: stripe.params.PaymentIntentCancelParams = {"cancellation_reason": reason} if reason else {}
    intents = client.v1.payment_intents

    def canceled() -> stripe.PaymentIntent | None:
        intent = intents.retrieve(payment_intent_id)
        return intent if intent.status == "canceled" else None

    return call_or_look(lambda: intents.cancel(payment_intent_id, params=params), canceled)


@checked
def give_up_sale(
    reader_id: str | None,
    payment_intent_id: str,
    reason: Reason | None = None,
    *,
    client: stripe.StripeClient | None = None,
) -> stripe.PaymentIntent:
    """Stop the reader, if it shows this payment, and give up the payment: both halves of "Cancel".

    Look at the status of what is returned. "canceled": nobody can pay, and nothing is held. "succeeded": the
    payment was captured before, and only a refund can undo that.

    Raises stripe.InvalidRequestError (`terminal_reader_busy`) when the customer was faster and the bank is
    being asked: then nothing is canceled. Wait until the reader has the answer, and decide again. A reader
    that cannot be reached, or that an app drives, does not keep the payment open; when it is back, clear its
    screen. Neither does one that was deleted, nor None: there is no reader then.
    """
    client = client or stripe_client()
    shown = reader_id and payment_shown(client.v1.terminal.readers.retrieve(reader_id))
    if reader_id and shown == payment_intent_id:
        try:
            cancel_reader_action(reader_id, client=client)
        except stripe.InvalidRequestError as problem:
            if not out_of_reach(problem):
                raise
    try:
        return cancel_payment(payment_intent_id, reason, client=client)
    except stripe.InvalidRequestError as problem:
        if problem.code != "payment_intent_unexpected_state":
            raise
        return client.v1.payment_intents.retrieve(payment_intent_id)
