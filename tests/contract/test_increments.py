"""Raising an authorization: by how much, how often, with which cards, and what a declined try leaves."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.resources.increments import AT_MOST
from tests.contract.errors import refused
from tests.simulator.sale import new_payment


def hold(client, reader, number=None, asked=True):
    """$10.00, held."""
    payment = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
            "payment_method_options": {"card_present": {"request_incremental_authorization_support": asked}},
        }
    )
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id})
    card = {"type": "card_present", "card_present": {"number": number}} if number else {}
    client.v1.test_helpers.terminal.readers.present_payment_method(reader, card)
    return payment.id


def test_more_is_held_and_captured(client, reader, events):
    payment = hold(client, reader)
    raised = client.v1.payment_intents.increment_authorization(
        payment, {"amount": 1500, "description": "dessert", "metadata": {"table": "4"}}
    )
    assert (raised.status, raised.amount, raised.amount_capturable) == ("requires_capture", 1500, 1500)
    assert (raised.description, raised.metadata.to_dict()) == ("dessert", {"table": "4"})
    charge = client.v1.charges.retrieve(raised.latest_charge)
    assert (charge.amount, charge.payment_method_details.card_present.amount_authorized) == (1500, 1500)
    expected = ["payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"]
    expected += ["charge.updated", "payment_intent.amount_capturable_updated"]
    [updated] = [one for one in events.check(expected, payment) if one.type == "charge.updated"]
    assert updated.data.previous_attributes.amount == 1000
    assert client.v1.payment_intents.capture(payment).amount_received == 1500


def test_declined_try_changes_nothing(client, reader, events):
    payment = hold(client, reader)
    before = client.v1.payment_intents.retrieve(payment).to_dict()
    charge = client.v1.charges.retrieve(before["latest_charge"]).to_dict()
    said = [event.id for event in events.about(payment)]
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.increment_authorization(payment, {"amount": 2005, "description": "wine"})
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    assert caught.value.error.charge == charge["id"]
    assert client.v1.payment_intents.retrieve(payment).to_dict() == before
    assert client.v1.charges.retrieve(charge["id"]).to_dict() == charge
    assert [event.id for event in events.about(payment)] == said
    assert client.v1.payment_intents.increment_authorization(payment, {"amount": 2000}).amount == 2000


def test_ten_tries(client, reader):
    payment = hold(client, reader)
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.increment_authorization(payment, {"amount": 1101})
    for step in range(1, AT_MOST):
        client.v1.payment_intents.increment_authorization(payment, {"amount": 1000 + 100 * step})
    error = refused(client.v1.payment_intents.increment_authorization, payment, {"amount": 5000})
    assert "10 times" in error.user_message
    assert client.v1.payment_intents.retrieve(payment).amount == 1900


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 1000}, None, "amount"),
        ({"amount": 999}, None, "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({}, "parameter_missing", "amount"),
    ],
)
def test_amount_that_is_refused(client, reader, params, code, param):
    payment = hold(client, reader)
    error = refused(client.v1.payment_intents.increment_authorization, payment, params)
    assert (error.http_status, error.code, error.param) == (400, code, param)


@pytest.mark.parametrize(
    ("number", "asked"), [(None, False), ("3566002020360505", True)], ids=["not asked for", "jcb"]
)
def test_unsupported(client, reader, number, asked):
    payment = hold(client, reader, number, asked)
    error = refused(client.v1.payment_intents.increment_authorization, payment, {"amount": 2000})
    assert "incremental_authorization_supported" in error.user_message


def test_statuses(client, reader):
    payment = new_payment(client).id
    increment = client.v1.payment_intents.increment_authorization
    assert refused(increment, payment, {"amount": 2000}).code == "payment_intent_unexpected_state"
    captured = client.v1.payment_intents.capture(hold(client, reader)).id
    assert refused(increment, captured, {"amount": 2000}).code == "payment_intent_unexpected_state"
    assert refused(increment, "pi_nobody", {"amount": 2000}).http_status == 404
