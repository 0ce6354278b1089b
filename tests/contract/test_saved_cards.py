"""Cards that are saved while they pay at a reader, and charged later, without the customer."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.declines import AMOUNT_ENDINGS
from irl_helpers.simulator.online_cards import TOKENS
from irl_helpers.simulator.three_d_secure import TOKENS_ASKING
from tests.contract.errors import refused

ONLINE = {"amount": 2000, "currency": "usd", "allowed_payment_method_types": ["card"]}
SAVING = {
    "amount": 1000,
    "currency": "usd",
    "allowed_payment_method_types": ["card_present"],
    "capture_method": "manual",
    "setup_future_usage": "off_session",
}


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"name": "Ada"}).id


def save(client, customer, token="pm_card_visa"):
    return client.v1.payment_methods.attach(token, {"customer": customer}).id


def pay_and_save(client, reader, payment, number=None, allow_redisplay="always"):
    client.v1.terminal.readers.process_payment_intent(
        reader, {"payment_intent": payment, "process_config": {"allow_redisplay": allow_redisplay}}
    )
    card = {"type": "card_present", "card_present": {"number": number}} if number else {}
    client.v1.test_helpers.terminal.readers.present_payment_method(reader, card)
    return client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})


def generated_card(paid):
    return paid.latest_charge.payment_method_details.card_present.generated_card


# -- saving while charging -----------------------------------------------------------------------------


def test_card_is_saved_with_the_payment(client, reader, customer, events):
    payment = client.v1.payment_intents.create({**SAVING, "customer": customer})
    paid = pay_and_save(client, reader, payment.id, allow_redisplay="limited")
    assert paid.status == "requires_capture"
    charge = paid.latest_charge
    generated = client.v1.payment_methods.retrieve(generated_card(paid))
    assert (generated.type, generated.customer, generated.allow_redisplay) == ("card", customer, "limited")
    made_from = generated.card.generated_from
    assert (made_from.charge, made_from.setup_attempt) == (charge.id, None)
    assert made_from.payment_method_details.type == "card_present"
    assert made_from.payment_method_details.card_present.amount_authorized == 1000
    assert made_from.payment_method_details.card_present.generated_card is None
    assert paid.payment_method != generated.id
    [listed] = client.v1.customers.payment_methods.list(customer).data
    assert listed.id == generated.id
    expected = [
        "payment_intent.created",
        "payment_method.attached",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "terminal.reader.action_succeeded",
    ]
    events.check(expected, payment.id, generated.id, reader)


def test_without_a_customer_it_can_be_attached_later(client, reader, customer):
    paid = pay_and_save(client, reader, client.v1.payment_intents.create(SAVING).id)
    generated = generated_card(paid)
    assert client.v1.payment_methods.retrieve(generated).customer is None
    assert client.v1.payment_methods.attach(generated, {"customer": customer}).customer == customer


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("6280000360000978", "succeeded"),
        ("4711009900000316877", "requires_capture"),
        ("4000000000000002", "requires_payment_method"),
    ],
    ids=["single-branded eftpos", "single-branded girocard", "declined"],
)
def test_nothing_to_save(client, reader, customer, number, status):
    payment = client.v1.payment_intents.create({**SAVING, "customer": customer})
    paid = pay_and_save(client, reader, payment.id, number)
    assert paid.status == status
    assert generated_card(paid) is None
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_nothing_is_saved_unless_it_was_asked_for(client, reader, customer):
    params = {name: value for name, value in SAVING.items() if name != "setup_future_usage"}
    payment = client.v1.payment_intents.create({**params, "customer": customer})
    paid = pay_and_save(client, reader, payment.id)
    assert generated_card(paid) is None
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_saved_in_two_steps(client, reader, customer):
    payment = client.v1.payment_intents.create({**SAVING, "customer": customer}).id
    readers = client.v1.terminal.readers
    readers.collect_payment_method(
        reader, {"payment_intent": payment, "collect_config": {"allow_redisplay": "always"}}
    )
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    assert "reader" in refused(client.v1.payment_intents.confirm, payment).user_message
    error = refused(client.v1.payment_intents.confirm, payment, {"payment_method": "pm_card_visa"})
    assert error.code == "payment_intent_unexpected_state"
    readers.confirm_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    [generated] = client.v1.customers.payment_methods.list(customer).data
    assert generated.allow_redisplay == "always"


# -- charging a saved card -----------------------------------------------------------------------------


def test_off_session(client, reader, customer):
    first = client.v1.payment_intents.create({**SAVING, "customer": customer})
    pay_and_save(client, reader, first.id)
    [card] = client.v1.customers.payment_methods.list(customer).data
    paid = client.v1.payment_intents.create(
        {**ONLINE, "customer": customer, "payment_method": card.id, "off_session": True, "confirm": True}
    )
    assert (paid.status, paid.amount_received, paid.payment_method) == ("succeeded", 2000, card.id)
    charge = client.v1.charges.retrieve(paid.latest_charge)
    assert (charge.status, charge.captured, charge.customer) == ("succeeded", True, customer)
    details = charge.payment_method_details
    assert (details.type, details.card.last4, details.card.network) == ("card", "4242", "visa")
    assert client.v1.refunds.create({"payment_intent": paid.id}).status == "succeeded"


@pytest.mark.parametrize("ending", AMOUNT_ENDINGS)
def test_amounts_decide_nothing_online(client, ending):
    params = {**ONLINE, "amount": 1000 + ending, "payment_method": "pm_card_visa", "confirm": True}
    assert client.v1.payment_intents.create(params).status == "succeeded"


def test_step_by_step(client, customer, events):
    card = save(client, customer)
    payment = client.v1.payment_intents.create({**ONLINE, "customer": customer})
    assert payment.status == "requires_payment_method"
    assert "missing a payment method" in refused(client.v1.payment_intents.confirm, payment.id).user_message
    ready = client.v1.payment_intents.update(payment.id, {"payment_method": card})
    assert (ready.status, ready.payment_method) == ("requires_confirmation", card)
    assert client.v1.payment_intents.confirm(payment.id).status == "succeeded"
    events.check(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"], payment.id)
    again = refused(client.v1.payment_intents.confirm, payment.id)
    assert (again.code, "succeeded" in again.user_message) == ("payment_intent_unexpected_state", True)


def test_held_and_captured(client, customer, events):
    params = {**ONLINE, "customer": customer, "payment_method": save(client, customer), "confirm": True}
    held = client.v1.payment_intents.create({**params, "capture_method": "manual"})
    assert (held.status, held.amount_capturable) == ("requires_capture", 2000)
    charge = client.v1.charges.retrieve(held.latest_charge)
    assert charge.payment_method_details.card.capture_before == charge.created + 7 * 24 * 60 * 60
    expected = ["payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"]
    events.check(expected, held.id)
    captured = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 1500})
    assert (captured.status, captured.amount_received) == ("succeeded", 1500)
    assert "capture_before" not in client.v1.charges.retrieve(held.latest_charge).payment_method_details.card


def test_hold_by_the_options_expires_after_a_week(client, customer, later):
    held = client.v1.payment_intents.create(
        {
            **ONLINE,
            "payment_method": "pm_card_visa",
            "confirm": True,
            "payment_method_options": {"card": {"capture_method": "manual"}},
        }
    )
    assert held.status == "requires_capture"
    assert held.payment_method_options.card.capture_method == "manual"
    later(6 * 86_400)
    assert client.v1.payment_intents.retrieve(held.id).status == "requires_capture"
    later(86_400)
    expired = client.v1.payment_intents.retrieve(held.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "expired")


DECLINED = {
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "pm_card_visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": ("card_declined", "card_velocity_exceeded"),
    "pm_card_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card"),
    "pm_card_chargeDeclinedProcessingError": ("processing_error", "processing_error"),
    "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", "incorrect_cvc"),
}


@pytest.mark.parametrize("token", DECLINED)
def test_declined(client, token, events):
    code, decline_code = DECLINED[token]
    payment = client.v1.payment_intents.create({**ONLINE, "payment_method": token})
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.confirm(payment.id)
    error = caught.value
    assert (error.http_status, error.code) == (402, code)
    assert error.error.payment_intent.status == "requires_payment_method"
    assert error.error.payment_method.id == payment.payment_method
    failed = client.v1.payment_intents.retrieve(payment.id)
    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert (failed.latest_charge, failed.last_payment_error.charge) == (error.error.charge,) * 2
    assert failed.last_payment_error.code == code
    assert error.error.decline_code == failed.last_payment_error.decline_code == decline_code
    charge = client.v1.charges.retrieve(failed.latest_charge)
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, code)
    expected = ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    events.check(expected, payment.id)


def test_every_declining_token_is_tested():
    assert {token for token in TOKENS.keys() - TOKENS_ASKING.keys() if "Declined" in token} == set(DECLINED)


def test_card_that_was_saved_and_declines(client, customer):
    card = save(client, customer, "pm_card_chargeCustomerFail")
    params = {**ONLINE, "customer": customer, "payment_method": card, "off_session": True, "confirm": True}
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create(params)
    assert caught.value.code == "card_declined"
    failed = client.v1.payment_intents.retrieve(caught.value.error.payment_intent.id)
    assert failed.status == "requires_payment_method"
    assert client.v1.payment_intents.confirm(
        failed.id, {"payment_method": save(client, customer)}
    ).status == ("succeeded")


def test_failed_try_remembers_its_card(client, customer):
    card = save(client, customer, "pm_card_chargeCustomerFail")
    payment = client.v1.payment_intents.create({**ONLINE, "customer": customer, "payment_method": card})
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.confirm(payment.id)
    client.v1.payment_methods.detach(card)
    assert client.v1.payment_methods.retrieve(card).customer is None
    assert client.v1.payment_intents.retrieve(payment.id).last_payment_error.payment_method.id == card


def test_refund_that_fails(client, later):
    paid = client.v1.payment_intents.create(
        {**ONLINE, "payment_method": "pm_card_refundFail", "confirm": True}
    )
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    later(60)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"


def test_declined_answer_is_remembered(client):
    payment = client.v1.payment_intents.create({**ONLINE, "payment_method": "pm_card_visa_chargeDeclined"})
    charges = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            client.v1.payment_intents.confirm(payment.id, options={"idempotency_key": f"again {payment.id}"})
        charges.append(caught.value.error.charge)
    assert charges[0] == charges[1]
    assert len(client.v1.charges.list({"payment_intent": payment.id}).data) == 1


# -- cards that do not fit -----------------------------------------------------------------------------


def test_whose_card_it_is(client, customer):
    card = save(client, customer)
    stranger = client.v1.customers.create().id
    create = client.v1.payment_intents.create
    error = refused(create, {**ONLINE, "payment_method": card, "confirm": True})
    assert (error.param, "belongs to" in error.user_message) == ("source", True)
    error = refused(create, {**ONLINE, "payment_method": card, "customer": stranger, "confirm": True})
    assert "does not belong to" in error.user_message


def test_card_that_nobody_keeps_is_good_for_one_payment(client, customer):
    card = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}}).id
    params = {**ONLINE, "payment_method": card, "confirm": True}
    assert client.v1.payment_intents.create(params).status == "succeeded"
    assert "may not be used again" in refused(client.v1.payment_intents.create, params).user_message
    error = refused(client.v1.payment_methods.attach, card, {"customer": customer})
    assert "may not be used again" in error.user_message


def test_card_kept_for_later(client, customer):
    params = {**ONLINE, "payment_method": "pm_card_visa", "customer": customer, "confirm": True}
    paid = client.v1.payment_intents.create({**params, "setup_future_usage": "off_session"})
    [kept] = client.v1.customers.payment_methods.list(customer).data
    assert kept.id == paid.payment_method
    off_session = {**params, "setup_future_usage": "off_session", "off_session": True}
    error = refused(client.v1.payment_intents.create, off_session)
    assert (error.param, "on-session" in error.user_message) == ("off_session", True)


def test_reader_only_payment_takes_no_card(client):
    params = {**ONLINE, "allowed_payment_method_types": ["card_present"], "payment_method": "pm_card_visa"}
    error = refused(client.v1.payment_intents.create, {**params, "confirm": True})
    assert error.param == "payment_method"
    assert "is not allowed for this PaymentIntent" in error.user_message


def test_card_of_a_reader_cannot_pay_online(client, reader):
    paid = pay_and_save(client, reader, client.v1.payment_intents.create(SAVING).id)
    error = refused(client.v1.payment_intents.create, {**ONLINE, "payment_method": paid.payment_method})
    assert (error.param, "card_present" in error.user_message) == ("payment_method", True)


@pytest.mark.parametrize("name", ["off_session", "error_on_requires_action"])
def test_what_only_goes_with_confirm(client, name):
    assert refused(client.v1.payment_intents.create, {**ONLINE, name: True}).param == name


def test_mail_or_telephone_order(client):
    paid = client.v1.payment_intents.create(
        {
            **ONLINE,
            "payment_method": "pm_card_visa",
            "payment_method_options": {"card": {"moto": True}},
            "confirm": True,
            "expand": ["latest_charge"],
        }
    )
    assert paid.latest_charge.payment_method_details.card.moto is True
    assert "moto" not in paid.payment_method_options.card
