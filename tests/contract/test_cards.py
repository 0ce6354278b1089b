"""Stripe's test cards at a reader: which are approved, which are declined and how that is told."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.cards import CARDS
from irl_helpers.simulator.declines import AMOUNT_ENDINGS
from tests.simulator.sale import new_payment

APPROVED = [card for card in CARDS.values() if card.outcome == "approved"]
DECLINED = {
    "4000000000000002": ("card_declined", "generic_decline", "Your card was declined."),
    "4000000000009995": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "4000000000009987": ("card_declined", "lost_card", "Your card was declined."),
    "4000000000009979": ("card_declined", "stolen_card", "Your card was declined."),
    "4000000000000069": ("expired_card", "expired_card", "Your card has expired."),
    "4000000000000119": (
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
}
ENDINGS = {
    1: ("card_declined", "call_issuer"),
    5: ("card_declined", "generic_decline"),
    55: ("card_declined", "incorrect_pin"),
    65: ("card_declined", "withdrawal_count_limit_exceeded"),
    75: ("card_declined", "pin_try_exceeded"),
}
PIN = {2: ("offline_pin_required", "offline_pin"), 3: ("online_or_offline_pin_required", "online_pin")}


def process(client, reader, payment):
    return client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})


def present(client, reader, number=None, type="card_present"):
    params = {"type": type, type: {"number": number}} if number else {}
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, params)


def pay(client, reader, payment, number=None):
    process(client, reader, payment)
    return present(client, reader, number).action


def latest(client, payment):
    """(the PaymentIntent, its latest charge)"""
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    return intent, intent.latest_charge


def new_mixed_payment(client, **params):
    """A payment in Canada, by any card that there is."""
    types = {"allowed_payment_method_types": ["card_present", "interac_present"]}
    return client.v1.payment_intents.create({"amount": 1000, "currency": "cad", **types, **params}).id


@pytest.mark.parametrize("card", APPROVED, ids=lambda card: card.name)
def test_approved(client, reader, card):
    payment = new_mixed_payment(client)
    action = pay(client, reader, payment, card.number)
    assert (action.status, action.failure_code, action.failure_message) == ("succeeded", None, None)
    intent, charge = latest(client, payment)
    type = "interac_present" if card.brand == "interac" else "card_present"
    assert (intent.status, intent.amount_received, charge.paid, charge.captured) == (
        "succeeded",
        1000,
        True,
        True,
    )
    details = charge.payment_method_details
    assert details.type == type
    facts = details[type]
    assert (facts.brand, facts.last4, facts.funding) == (card.brand, card.number[-4:], card.funding)
    assert (facts.reader, facts.network) == (reader, card.brand)
    assert facts.receipt.cardholder_verification_method == card.cvm
    method = client.v1.payment_methods.retrieve(intent.payment_method)
    assert (method.type, method[type].last4, charge.payment_method) == (type, card.number[-4:], method.id)


@pytest.mark.parametrize("number", DECLINED)
def test_declined(client, reader, payment, number, events):
    code, decline_code, message = DECLINED[number]
    action = pay(client, reader, payment, number)
    assert (action.status, action.failure_code, action.failure_message) == ("failed", code, message)
    assert action.api_error is None  # the reader's software is too old for it
    intent, charge = latest(client, payment)
    assert (intent.status, intent.payment_method, intent.amount_capturable) == (
        "requires_payment_method",
        None,
        0,
    )
    error = intent.last_payment_error
    assert (error.type, error.code, error.message, error.charge) == ("card_error", code, message, charge.id)
    assert error.to_dict().get("decline_code") == decline_code
    assert error.payment_method.card_present.last4 == number[-4:]
    assert error.doc_url == f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
    assert (charge.status, charge.paid, charge.failure_code, charge.failure_message) == (
        "failed",
        False,
        code,
        message,
    )
    assert (charge.outcome.type, charge.outcome.network_status) == ("issuer_declined", "declined_by_network")
    assert charge.outcome.reason == (decline_code or code)
    told = ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    events.check([*told, "terminal.reader.action_failed"], payment, reader)


def test_one_payment_for_all_tries(client, reader, payment):
    """A declined payment is processed again, and keeps its last error until it succeeds."""
    pay(client, reader, payment, "4000000000000002")
    first, failed = latest(client, payment)
    process(client, reader, payment)
    assert client.v1.payment_intents.retrieve(payment).last_payment_error == first.last_payment_error
    assert present(client, reader).action.status == "succeeded"
    intent, charge = latest(client, payment)
    assert (intent.status, intent.last_payment_error) == ("requires_capture", None)
    assert charge.id != failed.id
    listed = client.v1.charges.list({"payment_intent": payment}).data
    assert [one.id for one in listed] == [charge.id, failed.id]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("number", [None, "5555555555554444"])
def test_amounts_that_decline(client, reader, ending, number):
    payment = new_payment(client, 1000 + ending).id
    action = pay(client, reader, payment, number)
    code, decline_code = ENDINGS[ending]
    assert (action.status, action.failure_code) == ("failed", code)
    intent, _ = latest(client, payment)
    assert (intent.last_payment_error.code, intent.last_payment_error.decline_code) == (code, decline_code)
    # The same card pays another amount.
    client.v1.payment_intents.update(payment, {"amount": 1000})
    assert pay(client, reader, payment, number).status == "succeeded"


@pytest.mark.parametrize("ending", PIN)
def test_amounts_that_ask_for_a_pin(client, reader, ending):
    payment = new_payment(client, 1000 + ending).id
    code, cvm = PIN[ending]
    assert pay(client, reader, payment).failure_code == code
    intent, _ = latest(client, payment)
    assert (intent.last_payment_error.code, intent.last_payment_error.decline_code) == (code, code)
    assert pay(client, reader, payment).status == "succeeded"
    details = latest(client, payment)[1].payment_method_details.card_present
    assert (details.receipt.cardholder_verification_method, details.read_method) == (cvm, "contact_emv")


def test_yen_decline_by_their_last_two_digits(client, reader):
    assert 5 in AMOUNT_ENDINGS
    payment = client.v1.payment_intents.create(
        {"amount": 105, "currency": "jpy", "allowed_payment_method_types": ["card_present"]}
    )
    assert pay(client, reader, payment.id).failure_code == "card_declined"


@pytest.mark.parametrize("ending", [0, 4, 50, 99])
def test_other_amounts(client, reader, ending):
    assert pay(client, reader, new_payment(client, 1000 + ending).id).status == "succeeded"


@pytest.mark.parametrize(
    ("number", "code"), [("4000000000009995", "card_declined"), ("4001000360000005", None)]
)
def test_card_comes_before_the_amount(client, reader, number, code):
    assert pay(client, reader, new_payment(client, 1055).id, number).failure_code == code


@pytest.mark.parametrize(
    ("allowed", "last4"),
    [
        (["card_present"], "4242"),
        (["card_present", "interac_present"], "4242"),
        (["interac_present"], "1933"),
    ],
)
def test_card_that_is_presented_when_nothing_is_said(client, reader, allowed, last4):
    payment = new_mixed_payment(client, allowed_payment_method_types=allowed)
    assert pay(client, reader, payment).status == "succeeded"
    details = latest(client, payment)[1].payment_method_details
    assert details[details.type].last4 == last4


@pytest.mark.parametrize(
    ("number", "type", "param"),
    [
        ("4242424242424241", "card_present", "card_present[number]"),
        ("1", "card_present", "card_present[number]"),
        ("4506445006931933", "card_present", "card_present[number]"),
        ("4242424242424242", "interac_present", "interac_present[number]"),
        ("4506445006931933", "interac_present", "interac_present[number]"),
    ],
)
def test_cards_that_cannot_be_presented(client, reader, payment, number, type, param):
    process(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        present(client, reader, number, type)
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    assert present(client, reader).action.status == "succeeded"


def test_interac_is_captured_at_once(client, reader):
    """Also where other cards are only held: the network knows no other way."""
    options = {"card_present": {"capture_method": "manual_preferred"}}
    payment = new_mixed_payment(client, payment_method_options=options)
    pay(client, reader, payment, "4242424242424242")
    assert latest(client, payment)[0].status == "requires_capture"
    payment = new_mixed_payment(client, payment_method_options=options)
    process(client, reader, payment)
    present(client, reader, "4506445006931933", "interac_present")
    assert latest(client, payment)[0].status == "succeeded"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"amount": 2000}, "requires_payment_method"),
        ({"currency": "eur"}, "requires_payment_method"),
        (None, "canceled"),
    ],
)
def test_payment_that_was_changed_while_the_reader_waited(client, reader, payment, change, status):
    process(client, reader, payment)
    if change:
        client.v1.payment_intents.update(payment, change)
    else:
        client.v1.payment_intents.cancel(payment)
    action = present(client, reader).action
    assert (action.status, action.failure_code) == ("failed", "intent_invalid_state")
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.latest_charge) == (status, None)
