"""Refunds on the reader, for Interac: the customer presents the card again."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import new_payment, new_reader, pay

INTERAC = {"type": "interac_present"}
PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "terminal.reader.action_succeeded",
]


def pay_interac(client, reader, amount=1000):
    """A payment in Canadian dollars, captured at once."""
    payment = client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "cad",
            "allowed_payment_method_types": ["card_present", "interac_present"],
        }
    )
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader, INTERAC)
    return client.v1.payment_intents.retrieve(payment.id)


@pytest.fixture
def paid(client, reader):
    return pay_interac(client, reader)


def ask(client, reader, **params):
    return client.v1.terminal.readers.refund_payment(reader, params).action


def present(client, reader, card=None):
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, card or {}).action


def charge_of(client, payment):
    return client.v1.charges.retrieve(payment.latest_charge)


def test_refund_in_person(client, reader, paid, events):
    config = {"enable_customer_cancellation": True}
    action = ask(
        client,
        reader,
        payment_intent=paid.id,
        amount=400,
        metadata={"why": "cold"},
        refund_payment_config=config,
        refund_application_fee=False,
    )
    assert (action.type, action.status) == ("refund_payment", "in_progress")
    assert action.refund_payment.to_dict() == {
        "payment_intent": paid.id,
        "amount": 400,
        "metadata": {"why": "cold"},
        "refund_payment_config": config,
        "refund_application_fee": False,
    }
    assert charge_of(client, paid).amount_refunded == 0
    action = present(client, reader)
    assert action.status == "succeeded"
    refund = client.v1.refunds.retrieve(action.refund_payment.refund)
    assert (refund.amount, refund.currency, refund.status, refund.charge, refund.payment_intent) == (
        400,
        "cad",
        "succeeded",
        paid.latest_charge,
        paid.id,
    )
    assert refund.metadata.to_dict() == {"why": "cold"}
    assert refund.payment_method == paid.payment_method
    assert charge_of(client, paid).amount_refunded == 400
    told = ["refund.created", "charge.refunded", "terminal.reader.action_succeeded"]
    events.check([*PAID, *told], paid.id, reader)


def test_all_that_is_left(client, reader, paid):
    ask(client, reader, charge=paid.latest_charge, amount=300)
    present(client, reader, INTERAC)
    action = ask(client, reader, charge=paid.latest_charge)
    assert action.refund_payment.to_dict() == {"charge": paid.latest_charge, "amount": 700}
    present(client, reader, INTERAC)
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        ask(client, reader, charge=paid.latest_charge)
    assert caught.value.code == "charge_already_refunded"


def test_expanding(client, reader, paid):
    ask(client, reader, payment_intent=paid.id)
    present(client, reader)
    expand = ["action.refund_payment.refund.charge", "action.refund_payment.payment_intent"]
    shown = client.v1.terminal.readers.retrieve(reader, {"expand": expand}).action.refund_payment
    assert shown.refund.charge.amount_refunded == 1000
    assert shown.payment_intent.id == paid.id


@pytest.mark.parametrize("amount", [401, 405, 455, 465, 475])
def test_declined_by_the_bank(client, reader, paid, amount, events):
    ask(client, reader, payment_intent=paid.id, amount=amount)
    action = present(client, reader)
    assert (action.status, action.failure_code) == ("failed", "card_declined")
    assert action.failure_message
    assert "refund" not in action.refund_payment
    assert client.v1.refunds.list({"payment_intent": paid.id}).data == []
    assert charge_of(client, paid).amount_refunded == 0
    events.check([*PAID, "terminal.reader.action_failed"], paid.id, reader)


@pytest.mark.parametrize("amount", [402, 403, 400, 499])
def test_other_amounts_are_refunded(client, reader, paid, amount):
    ask(client, reader, payment_intent=paid.id, amount=amount)
    assert present(client, reader).status == "succeeded"


@pytest.mark.parametrize("named", ["payment_intent", "charge"])
def test_other_cards_are_refunded_without_a_card(client, reader, named):
    payment = pay(client, reader, new_payment(client).id)
    ids = {"payment_intent": payment.id, "charge": payment.latest_charge}
    with pytest.raises(stripe.InvalidRequestError, match="must be interac_present type") as caught:
        ask(client, reader, **{named: ids[named]})
    assert (caught.value.http_status, caught.value.param) == (400, None)
    assert client.v1.refunds.create({"payment_intent": payment.id}).status == "succeeded"


def test_interac_is_refunded_on_the_reader_alone(client, paid):
    with pytest.raises(stripe.InvalidRequestError, match="in person"):
        client.v1.refunds.create({"payment_intent": paid.id})


@pytest.mark.parametrize(
    ("params", "status", "param"),
    [
        ({"charge": "ch_nobody"}, 400, "charge"),
        ({"payment_intent": "pi_nobody"}, 400, "payment_intent"),
        ({}, 400, None),
        ({"amount": 0}, 400, "amount"),
        ({"amount": 1001}, 400, "amount"),
        ({"amount": 1, "metadata": {"k" * 41: "v"}}, 400, f"metadata[{'k' * 40}]"),
    ],
)
def test_refused_refunds(client, reader, paid, params, status, param):
    if "amount" in params:
        params = {**params, "payment_intent": paid.id}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        ask(client, reader, **params)
    assert (caught.value.http_status, caught.value.param) == (status, param)


def test_the_wrong_card(client, reader, paid):
    ask(client, reader, payment_intent=paid.id)
    visa = {"type": "card_present", "card_present": {"number": "4242424242424242"}}
    with pytest.raises(stripe.InvalidRequestError, match="only interac_present") as caught:
        present(client, reader, visa)
    assert caught.value.param == "card_present[number]"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        present(client, reader, {**INTERAC, "amount_tip": 100})
    assert caught.value.param == "amount_tip"
    assert present(client, reader).status == "succeeded"


@pytest.mark.parametrize(("first", "code"), [(1000, "charge_already_refunded"), (700, "amount_too_large")])
def test_two_readers_refund_the_same(client, reader, paid, first, code):
    other = new_reader(client).id
    ask(client, reader, payment_intent=paid.id, amount=500)
    ask(client, other, payment_intent=paid.id, amount=first)
    present(client, other)
    action = present(client, reader)
    assert (action.status, action.failure_code) == ("failed", code)
    assert charge_of(client, paid).amount_refunded == first


@pytest.mark.parametrize("offered", [True, False])
def test_customer_cancels(client, reader, paid, press_cancel, offered):
    config = {"enable_customer_cancellation": offered}
    ask(client, reader, payment_intent=paid.id, refund_payment_config=config)
    if not offered:
        with pytest.raises(stripe.InvalidRequestError, match="no cancel button"):
            press_cancel(reader)
        return
    press_cancel(reader)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code) == ("failed", "customer_canceled")
    assert charge_of(client, paid).amount_refunded == 0


def test_canceled_by_the_till(client, reader, paid, events):
    ask(client, reader, payment_intent=paid.id)
    assert client.v1.terminal.readers.cancel_action(reader).action is None
    assert charge_of(client, paid).amount_refunded == 0
    events.check(PAID, paid.id, reader)


def test_connection_lost_after_the_refund(client, reader, paid, fault):
    ask(client, reader, payment_intent=paid.id)
    fault("connection_lost", count=1)
    assert present(client, reader).failure_code == "connection_error"
    assert charge_of(client, paid).refunded is True
