"""Exercise: save a card that is presented to the reader, without charging it, and charge it later.

The card at the reader and the card that can be charged online are two PaymentMethods. The first has the type
`card_present` and cannot be used for anything else. Stripe makes the second, `generated_card`, from it.
https://docs.stripe.com/terminal/features/saving-payment-details/save-directly
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import stripe

from .account import stripe_client
from .arguments import checked
from .connect import is_online
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

Consent = Literal["always", "limited"]
"""What the customer agreed to: the card may be shown to her at every later purchase, or only be used for what
it was saved for."""


@checked
def own_customer(name: str, email: str, *, client: stripe.StripeClient | None = None) -> stripe.Customer:
    """The newest customer with this email address; created first if there is none: `{"id": "cus_…", …}`.

    https://docs.stripe.com/api/customers/list, https://docs.stripe.com/api/customers/create
    """
    client = client or stripe_client()
    found = client.v1.customers.list(params={"email": email, "limit": 1}).data
    return found[0] if found else client.v1.customers.create(params={"name": name, "email": email})


@checked
def create_setup(customer_id: str, *, client: stripe.StripeClient | None = None) -> stripe.SetupIntent:
    """A SetupIntent, which stands for saving one card:
    `{"id": "seti_…", "status": "requires_payment_method", …}`.

    Raises stripe.InvalidRequestError (`resource_missing`) when there is no such customer.

    https://docs.stripe.com/api/setup_intents/create
    """
    client = client or stripe_client()
    return client.v1.setup_intents.create(
        params={"allowed_payment_method_types": ["card_present"], "customer": customer_id}
    )


@checked
def process_setup(
    reader_id: str, setup_intent_id: str, consent: Consent, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Reader:
    """Ask the customer for a card to save. Comes back at once: `reader.action.status` is "in_progress".

    `consent` goes into `allow_redisplay`; without the customer's consent, do not save the card. Raises
    stripe.InvalidRequestError: `intent_invalid_state` unless the SetupIntent is in requires_payment_method,
    `terminal_reader_busy`, `terminal_reader_offline`, `terminal_reader_timeout`.

    https://docs.stripe.com/api/terminal/readers/process_setup_intent
    """
    client = client or stripe_client()
    return client.v1.terminal.readers.process_setup_intent(
        reader_id, params={"setup_intent": setup_intent_id, "allow_redisplay": consent}
    )


@checked
def generated_card(setup_intent_id: str, *, client: stripe.StripeClient | None = None) -> str | None:
    """The id of the PaymentMethod that can be charged online. None for the cards of some networks, although
    the SetupIntent has succeeded.

    https://docs.stripe.com/api/setup_intents/retrieve
    """
    client = client or stripe_client()
    params: stripe.params.SetupIntentRetrieveParams = {"expand": ["latest_attempt"]}
    return card_generated_by(client.v1.setup_intents.retrieve(setup_intent_id, params=params))


@checked
def card_generated_by(setup: stripe.SetupIntent) -> str | None:
    """The same for a SetupIntent retrieved with its `latest_attempt`; None until it has succeeded."""
    attempt = setup.latest_attempt
    if setup.status != "succeeded" or not isinstance(attempt, stripe.SetupAttempt):
        return None
    details = attempt.payment_method_details.card_present
    card = details.generated_card if details else None
    return card.id if isinstance(card, stripe.PaymentMethod) else card


@checked
def saved_cards(customer_id: str, *, client: stripe.StripeClient | None = None) -> list[stripe.PaymentMethod]:
    """The customer's cards that can be charged online, newest first, a hundred at most.

    https://docs.stripe.com/api/payment_methods/customer_list
    """
    client = client or stripe_client()
    params: stripe.params.CustomerPaymentMethodListParams = {"type": "card", "limit": 100}
    return list(client.v1.customers.payment_methods.list(customer_id, params=params).data)


@checked
def charge_saved_card(
    customer_id: str,
    payment_method_id: str,
    amount: int,
    currency: str = "usd",
    *,
    client: stripe.StripeClient | None = None,
) -> stripe.PaymentIntent:
    """Charge a saved card while the customer is not there: `{"status": "succeeded", …}`.

    `amount` is in the smallest unit. Raises stripe.CardError when the bank says no, and
    stripe.InvalidRequestError for a PaymentMethod that cannot be charged online or is another customer's.

    https://docs.stripe.com/api/payment_intents/create
    """
    client = client or stripe_client()
    return client.v1.payment_intents.create(
        params={
            "amount": amount,
            "currency": currency,
            "customer": customer_id,
            "allowed_payment_method_types": ["card"],
            "payment_method": payment_method_id,
            "off_session": True,
            "confirm": True,
        }
    )


SETUP_STATES = {
    "no_reader": "no online reader is chosen",
    "ready": "no card is being saved",
    "in_flight": "the reader asks for a card to save",
    "failed": "the card was refused, and nothing was saved: the reader can ask again, for another card",
    "open": "the reader asks for nothing, and no card was saved",
    "saved": "the card is saved, and can be charged later",
    "charged": "the saved card was charged",
    "not_saved": "the card was read, but cards of its network cannot be charged online",
    "canceled": "nothing was saved",
}
"""How far the saving of a card has got."""


@checked
def setup_state(
    reader: stripe.terminal.Reader | None,
    setup: stripe.SetupIntent | None,
    generated: str | None,
    payment: stripe.PaymentIntent | None = None,
) -> str:
    """One of `SETUP_STATES`, from the account alone; `generated` is what `generated_card` has found, and
    `payment` what was charged with it."""
    if setup is None:
        return "ready" if is_online(reader) else "no_reader"
    if setup.status == "canceled":
        return "canceled"
    if setup.status == "succeeded":
        if payment is not None and payment.status == "succeeded":
            return "charged"
        return "saved" if generated else "not_saved"
    action = reader.action if reader is not None else None
    details = getattr(action, "process_setup_intent", None)
    if action is None or details is None or details.setup_intent != setup.id:
        return "open"
    return {"in_progress": "in_flight", "failed": "failed"}.get(action.status, "open")
