"""Mail and telephone orders: a number typed into the reader pays, or is saved; and where it may not be."""

from __future__ import annotations

import pytest

from tests.contract.errors import refused

pytestmark = pytest.mark.offline_only("Stripe turns this on by request")
TYPED = {"number": "4242424242424242", "exp_month": 3, "exp_year": 2035, "cvc": "123"}


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"name": "Ada"}).id


def new_order(client, *types, **params):
    return client.v1.payment_intents.create(
        {"amount": 1005, "currency": "usd", "allowed_payment_method_types": [*types], **params}
    ).id


def process(client, reader, payment, moto=True, **config):
    if moto:
        config["moto"] = True
    return client.v1.terminal.readers.process_payment_intent(
        reader, {"payment_intent": payment, "process_config": config}
    )


def type_in(client, reader, **changed):
    return client.v1.test_helpers.terminal.readers.present_payment_method(
        reader, {"type": "card", "card": TYPED | changed}
    )


def test_order_is_paid(client, reader):
    payment = new_order(client, "card")
    waiting = process(client, reader, payment, enable_customer_cancellation=True)
    config = waiting.action.process_payment_intent.process_config
    assert config.to_dict() == {"enable_customer_cancellation": True}
    done = type_in(client, reader)
    assert (done.action.status, done.action.failure_code) == ("succeeded", None)
    paid = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge", "payment_method"]})
    # The amount's last digits decline at a reader, and decide nothing here.
    assert (paid.status, paid.amount_received) == ("succeeded", 1005)
    details = paid.latest_charge.payment_method_details
    assert (details.type, details.card.moto, details.card.last4) == ("card", True, "4242")
    assert (paid.payment_method.type, paid.payment_method.card.exp_year) == ("card", 2035)
    assert client.v1.refunds.create({"payment_intent": payment}).amount == 1005


def test_order_is_held(client, reader):
    payment = new_order(client, "card", capture_method="manual")
    process(client, reader, payment)
    type_in(client, reader)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_capture"
    assert client.v1.payment_intents.capture(payment).status == "succeeded"


def test_order_is_declined(client, reader):
    payment = new_order(client, "card")
    process(client, reader, payment)
    action = type_in(client, reader, number="4000000000009995").action
    assert (action.status, action.failure_code) == ("failed", "card_declined")
    failed = client.v1.payment_intents.retrieve(payment)
    assert (failed.status, failed.last_payment_error.decline_code) == (
        "requires_payment_method",
        "insufficient_funds",
    )
    assert client.v1.charges.retrieve(failed.latest_charge).status == "failed"


def test_order_keeps_the_card(client, reader, customer):
    payment = new_order(client, "card", customer=customer, setup_future_usage="off_session")
    process(client, reader, payment, allow_redisplay="always")
    type_in(client, reader)
    [card] = client.v1.customers.payment_methods.list(customer).data
    assert (card.id, card.allow_redisplay) == (
        client.v1.payment_intents.retrieve(payment).payment_method,
        "always",
    )


def test_without_any_number_the_first_test_card_is_typed_in(client, reader):
    payment = new_order(client, "card")
    process(client, reader, payment)
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    charge = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]}).latest_charge
    assert charge.payment_method_details.card.last4 == "4242"


def test_number_instead_of_a_card(client, reader):
    payment = new_order(client, "card_present", "card")
    process(client, reader, payment, moto=False)
    assert type_in(client, reader).action.status == "succeeded"


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "card[number]"),
        ({"number": "4506445006931933"}, "card_declined", "card[number]"),
        ({"exp_month": 13}, "invalid_expiry_month", "card[exp_month]"),
        ({"exp_year": 2001}, "invalid_expiry_year", "card[exp_year]"),
        ({"cvc": "x"}, "invalid_cvc", "card[cvc]"),
    ],
)
def test_what_cannot_be_typed_in(client, reader, changed, code, param):
    payment = new_order(client, "card")
    process(client, reader, payment)
    error = refused(type_in, client, reader, **changed)
    assert (error.code, error.param) == (code, param)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"


def test_where_it_may_not_be(client, reader):
    present = client.v1.test_helpers.terminal.readers.present_payment_method
    assert refused(process, client, reader, new_order(client, "card_present")).param == "payment_intent"
    assert refused(process, client, reader, new_order(client, "card"), moto=False).param == "payment_intent"
    process(client, reader, new_order(client, "card_present"), moto=False)
    assert refused(type_in, client, reader).param == "type"
    process(client, reader, new_order(client, "card", "card_present"))
    assert refused(present, reader, {"type": "card_present"}).param == "type"
    assert refused(present, reader, {"type": "card", "card": TYPED, "amount_tip": 1}).param == "amount_tip"
    payment = new_order(client, "card", "card_present")
    process(client, reader, payment, moto=False)
    assert refused(present, reader, {"type": "card"}).code == "parameter_missing"
    client.v1.terminal.readers.collect_payment_method(reader, {"payment_intent": payment})
    assert refused(type_in, client, reader).param == "type"


def test_card_is_saved(client, reader, customer):
    intent = client.v1.setup_intents.create({"allowed_payment_method_types": ["card"], "customer": customer})
    params = {"setup_intent": intent.id, "allow_redisplay": "limited", "process_config": {"moto": True}}
    client.v1.terminal.readers.process_setup_intent(reader, params)
    assert type_in(client, reader).action.status == "succeeded"
    saved = client.v1.setup_intents.retrieve(intent.id, {"expand": ["latest_attempt"]})
    [card] = client.v1.customers.payment_methods.list(customer).data
    assert (saved.status, saved.payment_method, card.allow_redisplay) == ("succeeded", card.id, "limited")
    assert saved.latest_attempt.payment_method_details.card.moto is True


def test_card_that_is_not_saved(client, reader, customer):
    intent = client.v1.setup_intents.create({"allowed_payment_method_types": ["card"], "customer": customer})
    params = {"setup_intent": intent.id, "allow_redisplay": "limited", "process_config": {"moto": True}}
    client.v1.terminal.readers.process_setup_intent(reader, params)
    action = type_in(client, reader, number="4000000000000002").action
    assert (action.status, action.failure_code) == ("failed", "setup_intent_authentication_failure")
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_slow_bank(client, reader, fault):
    payment = new_order(client, "card")
    process(client, reader, payment)
    fault("slow_bank")
    assert type_in(client, reader).action.status == "in_progress"
    fault(None)
    assert client.v1.payment_intents.retrieve(payment).status == "succeeded"
