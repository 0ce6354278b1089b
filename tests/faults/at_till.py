"""A till as a program's own: one reader and one payment."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import new_payment, new_reader
from tests.simulator.serving import Served


def over_http(served: Served, monkeypatch) -> None:
    monkeypatch.setenv("IRL_API_BASE", served.url)
    # The client's own pause before it tries again.
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_: 0)


class Till:
    """One reader and one payment."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self.reader = new_reader(client).id
        self.payment = new_payment(client).id

    def process(self, **config: bool) -> stripe.terminal.Reader:
        params = {"payment_intent": self.payment, **({"process_config": config} if config else {})}
        return self.client.v1.terminal.readers.process_payment_intent(self.reader, params)

    def present(self) -> stripe.terminal.Reader:
        return self.client.v1.test_helpers.terminal.readers.present_payment_method(self.reader)

    def cancel(self) -> stripe.terminal.Reader:
        return self.client.v1.terminal.readers.cancel_action(self.reader)

    def look(self) -> stripe.terminal.Reader:
        return self.client.v1.terminal.readers.retrieve(self.reader)

    def status(self) -> str:
        """Of the payment."""
        return self.client.v1.payment_intents.retrieve(self.payment).status

    def code(self, call, *args) -> str | None:
        """The code of the error that the call gets."""
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call(*args)
        return caught.value.code

    def payments(self) -> list[str]:
        return [payment.id for payment in self.client.v1.payment_intents.list().data]
