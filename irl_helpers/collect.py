"""Part 3: take a payment. One sale is one PaymentIntent, from the first prompt to the captured money.

https://docs.stripe.com/terminal/payments/collect-card-payment?terminal-sdk-platform=server-driven
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import stripe

from .account import stripe_client
from .arguments import checked
from .cards import DEFAULT_CARD, card_number
from .moved import old_names
from .recovery import action_status, call_or_look, find_payment, payment_asked_for, payment_shown

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)


@checked
def create_payment(
    amount: int,
    currency: str = "usd",
    *,
    sale: str | None = None,
    description: str | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.PaymentIntent:
    """A PaymentIntent for one sale: `{"id": "pi_…", "status": "requires_payment_method", …}`.

    `amount` is in the currency's smallest unit. `capture_method` is manual: the card is only authorized, and
    `capture_payment` takes the money. `sale` is any text that names this sale and no other. With it, the call
    can be repeated within 24 hours if its answer was lost: it returns the same PaymentIntent, with the amount
    of the latest call, and never makes a second one. The other calls need no such key, because a
    PaymentIntent can be paid, captured and canceled only once. `description` says what is bought.
    Raises stripe.InvalidRequestError (`amount_too_small`, `amount_too_large`, …).

    https://docs.stripe.com/api/payment_intents/create
    """
    client = client or stripe_client()
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": amount,
        "currency": currency,
        "allowed_payment_method_types": ["card_present"],
        "capture_method": "manual",
    }
    if description is not None:
        params["description"] = description
    if sale is None:
        return client.v1.payment_intents.create(params=params)
    params["metadata"] = {"sale": sale}
    try:
        intent = client.v1.payment_intents.create(
            params=params, options={"idempotency_key": f"{sale}-create"}
        )
        answer = intent.last_response
        if answer is None or "idempotent-replayed" not in answer.headers:
            return intent
        # The key brings back the answer as it was then.
        intent = client.v1.payment_intents.retrieve(intent.id)
    except stripe.IdempotencyError:
        # It was made with another amount, and that answer was lost.
        found = find_payment(sale, client=client)
        if found is None:
            raise
        intent = found
    if (intent.amount, intent.currency) == (amount, currency):
        return intent
    return client.v1.payment_intents.update(intent.id, params={"amount": amount, "currency": currency})


class ReaderTaken(ValueError):
    """The reader asks for another payment, which would be replaced."""


@checked
def process_payment(
    reader_id: str,
    payment_intent_id: str,
    *,
    replace: bool = True,
    customer_can_cancel: bool = False,
    skip_tipping: bool = False,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Reader:
    """Ask the customer for the payment. Comes back at once: `reader.action.status` is "in_progress".

    Whatever the reader showed before is replaced. With `replace=False`, a payment that another till is asking
    for is not replaced: ReaderTaken is raised. With `customer_can_cancel` there is a cancel button on the
    device; with `skip_tipping` the reader asks for no tip. The reader shows the amount that the PaymentIntent
    has now: to change it, cancel the reader's action first, then process the payment again.

    Raises stripe.InvalidRequestError: `intent_invalid_state` unless the PaymentIntent is in
    requires_payment_method (it may be paid: look), `terminal_reader_busy` (the bank is being asked, or the
    reader is updating itself: wait, and do not cancel), `terminal_reader_offline`, one without a code when an
    app drives the reader (`recovery.driven_by_app`), and `terminal_reader_timeout` only when the reader does
    not show the payment, because it may take a command without confirming it. It is safe to try again after
    each, as long as it is the same PaymentIntent.

    https://docs.stripe.com/api/terminal/readers/process_payment_intent
    """
    client = client or stripe_client()
    readers = client.v1.terminal.readers
    if not replace:
        reader = readers.retrieve(reader_id)
        ours = payment_shown(reader) == payment_intent_id
        if not ours and (other := payment_asked_for(reader, client=client)):
            raise ReaderTaken(f"{reader.label} asks for another payment: {other}.")
    params: stripe.params.terminal.ReaderProcessPaymentIntentParams = {"payment_intent": payment_intent_id}
    config: stripe.params.terminal.ReaderProcessPaymentIntentParamsProcessConfig = {}
    if customer_can_cancel:
        config["enable_customer_cancellation"] = True
    if skip_tipping:
        config["skip_tipping"] = True
    if config:
        params["process_config"] = config

    def asked() -> stripe.terminal.Reader | None:
        reader = readers.retrieve(reader_id)
        # An action that failed may be an earlier one.
        shown = payment_shown(reader) == payment_intent_id and action_status(reader) != "failed"
        return reader if shown else None

    return call_or_look(lambda: readers.process_payment_intent(reader_id, params=params), asked)


@checked
def simulate_payment(
    reader_id: str,
    card: str = DEFAULT_CARD,
    *,
    tip: int | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Reader:
    """The customer presents a test card to a simulated reader. `reader.action.status` says how it went: a
    decline is an action that failed, not an exception.

    `card` is a test card's number, or Stripe's name for it such as "charge_declined"; `tip`, in the smallest
    unit, is what the customer adds if the reader asks for a tip. Raises ValueError for any other card,
    stripe.InvalidRequestError when the reader is not simulated, or asks for no card or no tip.

    https://docs.stripe.com/api/terminal/readers/present_payment_method
    """
    client = client or stripe_client()
    params: stripe.params.test_helpers.terminal.ReaderPresentPaymentMethodParams = {
        "type": "card_present",
        "card_present": {"number": card_number(card)},
    }
    if tip is not None:
        params["amount_tip"] = tip
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader_id, params=params)


@checked
def capture_payment(
    payment_intent_id: str, amount: int | None = None, *, client: stripe.StripeClient | None = None
) -> stripe.PaymentIntent:
    """Take the money that the authorization holds: the PaymentIntent is then "succeeded".

    `amount`, in the smallest unit, takes less than was authorized and releases the rest. Capture within two
    days of the authorization; after that the hold is gone. A sale is done when this returns, and not before.
    Raises stripe.InvalidRequestError (`payment_intent_unexpected_state`, `amount_too_large`).

    https://docs.stripe.com/api/payment_intents/capture
    """
    client = client or stripe_client()
    params: stripe.params.PaymentIntentCaptureParams = {}
    if amount is not None:
        params["amount_to_capture"] = amount
    intents = client.v1.payment_intents

    def captured() -> stripe.PaymentIntent | None:
        intent = intents.retrieve(payment_intent_id)
        return intent if intent.status == "succeeded" and amount in (None, intent.amount_received) else None

    return call_or_look(lambda: intents.capture(payment_intent_id, params=params), captured)
