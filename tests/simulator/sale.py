"""The series' sale, as any test can run it on any client."""

from __future__ import annotations

import stripe

ADDRESS: stripe.params.terminal.LocationCreateParamsAddress = {
    "line1": "1 Main St",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "US",
}

# What `pay` makes happen, from the creation of the payment on.
SALE = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
    "terminal.reader.action_succeeded",
    "charge.captured",
    "payment_intent.succeeded",
]


def new_reader(client: stripe.StripeClient) -> stripe.terminal.Reader:
    """A simulated reader at a location of its own."""
    location = client.v1.terminal.locations.create({"display_name": "Shop", "address": ADDRESS})
    return client.v1.terminal.readers.create(
        {"registration_code": "simulated-wpe", "location": location.id, "label": "Till"}
    )


def new_payment(client: stripe.StripeClient, amount: int = 1000) -> stripe.PaymentIntent:
    """A card-present payment that is captured later; `amount` in cents."""
    return client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "usd",
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
        }
    )


def pay(client: stripe.StripeClient, reader: str, payment: str) -> stripe.PaymentIntent:
    """Process, present a card, capture."""
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    return client.v1.payment_intents.capture(payment)
