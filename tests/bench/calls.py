"""What is measured: single calls, and the series' sale in six."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import stripe

from tests.simulator.sale import new_payment, new_reader, pay

CALLS = ["retrieve", "create", "sale"]


class Shop(NamedTuple):
    """A reader that is ready for a customer, and a payment to look at."""

    client: stripe.StripeClient
    reader: str
    payment: str

    def retrieve(self) -> None:
        self.client.v1.payment_intents.retrieve(self.payment)

    def create(self) -> None:
        new_payment(self.client)

    def sale(self) -> None:
        """List readers, create, process, present, capture, cancel_action."""
        readers = self.client.v1.terminal.readers
        readers.list()
        pay(self.client, self.reader, new_payment(self.client).id)
        readers.cancel_action(self.reader)


def new_shop(client: stripe.StripeClient) -> Shop:
    return Shop(client, new_reader(client).id, new_payment(client).id)


def first_sale(client: stripe.StripeClient) -> None:
    """A sale on an empty account."""
    new_shop(client).sale()


# What localstripe has as well, in words that both understand.
PAYMENT: stripe.params.PaymentIntentCreateParams = {
    "amount": 1000,
    "currency": "usd",
    "capture_method": "manual",
}


def shared(client: stripe.StripeClient) -> dict[str, Callable[[], object]]:
    """The calls that the simulator and localstripe have in common, ready to be made."""
    payments = client.v1.payment_intents
    kept = payments.create(PAYMENT).id
    return {
        "create a payment": lambda: payments.create(PAYMENT),
        "retrieve it": lambda: payments.retrieve(kept),
        "update it": lambda: payments.update(kept, {"metadata": {"table": "4"}}),
        "create and cancel one": lambda: payments.cancel(payments.create(PAYMENT).id),
        "list payments": lambda: payments.list({"limit": 10}),
        "list charges": lambda: client.v1.charges.list({"limit": 10}),
        "list refunds": lambda: client.v1.refunds.list({"limit": 10}),
    }
