"""Every status of a PaymentIntent and every call to it: what follows, or which error is given."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.errors import StripeError
from irl_helpers.simulator.states import PAYMENT_INTENT, PAYMENT_INTENT_STATUSES, payment_intent_move

# Statuses that no card brings about.
ELSEWHERE = {"processing"}


def process(client, reader, payment):
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})


def collect(client, reader, payment):
    client.v1.terminal.readers.collect_payment_method(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)


def ask(client, reader, payment):
    """A card whose bank wants to hear from the cardholder."""
    types = ["card", "card_present"]
    client.v1.payment_intents.update(payment, {"allowed_payment_method_types": types})
    client.v1.payment_intents.confirm(payment, {"payment_method": "pm_card_authenticationRequired"})


def authorize(client, reader, payment):
    process(client, reader, payment)
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)


def capture(client, reader, payment):
    authorize(client, reader, payment)
    client.v1.payment_intents.capture(payment)


def cancel(client, reader, payment):
    client.v1.payment_intents.cancel(payment)


ENTER = {
    "requires_payment_method": lambda client, reader, payment: None,
    "requires_confirmation": collect,
    "requires_action": ask,
    "requires_capture": authorize,
    "succeeded": capture,
    "canceled": cancel,
}
CALLS = {
    "update_amount": lambda client, reader, payment: client.v1.payment_intents.update(
        payment, {"amount": 1500}
    ),
    "process": process,
    "capture": lambda client, reader, payment: client.v1.payment_intents.capture(payment),
    "cancel": cancel,
}


def move(status, call):
    """(the status that follows, the error), one of them None."""
    try:
        return payment_intent_move(status, call), None
    except StripeError as error:
        return None, error.error


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", ENTER)
def test_status_and_call(client, reader, payment, status, call):
    ENTER[status](client, reader, payment)
    before = client.v1.payment_intents.retrieve(payment)
    assert before.status == status
    # Not the reader that collected the card: that one would let go of it first.
    other = client.v1.terminal.readers.create({"registration_code": "simulated-s700"}).id
    following, error = move(status, call)
    if error:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            CALLS[call](client, other, payment)
        assert caught.value.http_status == 400
        assert (caught.value.code, caught.value.param) == (error["code"], error.get("param"))
        assert caught.value.user_message == error["message"]
        assert client.v1.payment_intents.retrieve(payment).to_dict() == before.to_dict()
    else:
        CALLS[call](client, other, payment)
        assert client.v1.payment_intents.retrieve(payment).status == following


def test_every_status_is_entered():
    assert set(PAYMENT_INTENT_STATUSES) == {*ENTER, *ELSEWHERE}
    assert set(CALLS) <= set(PAYMENT_INTENT)


STORY = ["payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"]


@pytest.mark.parametrize("held", [True, False])
def test_canceling(client, reader, payment, events, held):
    if held:
        authorize(client, reader, payment)
    intent = client.v1.payment_intents.cancel(payment, {"cancellation_reason": "requested_by_customer"})
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("canceled", 0, 0)
    assert intent.cancellation_reason == "requested_by_customer"
    assert intent.canceled_at >= intent.created
    if held:
        charge = client.v1.charges.retrieve(intent.latest_charge)
        # Releasing a hold makes no Refund, and the charge does not call itself refunded.
        assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, False, 0)
        assert client.v1.refunds.list({"payment_intent": payment}).data == []
    events.check([*(STORY if held else STORY[:1]), "payment_intent.canceled"], payment)


@pytest.mark.parametrize("amount", [1, 400, 1000])
def test_capturing_a_part_releases_the_rest(client, reader, payment, amount, events):
    authorize(client, reader, payment)
    intent = client.v1.payment_intents.capture(payment, {"amount_to_capture": amount})
    assert (intent.status, intent.amount, intent.amount_received, intent.amount_capturable) == (
        "succeeded",
        1000,
        amount,
        0,
    )
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount, charge.amount_captured, charge.captured) == (1000, amount, True)
    assert charge.amount_refunded == 0
    events.check([*STORY, "charge.captured", "payment_intent.succeeded"], payment)


@pytest.mark.parametrize(
    ("amount", "code", "param", "message"),
    [
        (0, "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."),
        (-1, None, "amount_to_capture", "Invalid non-negative integer"),
        (
            99_999_999,
            "amount_too_large",
            None,
            "The payment could not be captured because the requested capture",
        ),
        ("ten", "parameter_invalid_integer", "amount_to_capture", "Invalid integer: ten"),
    ],
)
def test_amounts_that_cannot_be_captured(client, reader, payment, amount, code, param, message):
    authorize(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.capture(payment, {"amount_to_capture": amount})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (
        400,
        code,
        param,
    )
    assert caught.value.user_message.startswith(message)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_capture"


def test_hold_is_released_after_two_days(target, client, reader, payment, later, events):
    authorize(client, reader, payment)
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    details = intent.latest_charge.payment_method_details.card_present
    assert abs(details.capture_before - intent.latest_charge.created - 2 * 86_400) <= 1
    later(2 * 86_400 - 5)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_capture"
    later(10)
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.cancellation_reason, intent.amount_capturable) == (
        "canceled",
        "expired",
        0,
    )
    # What comes by itself follows the account's own version.
    given_back = ["refund.created", "charge.refunded"] if target.api_version < "2025-03-31" else []
    events.check([*STORY, "payment_intent.canceled", "charge.expired", *given_back], payment)


def test_payment_that_was_never_processed_does_not_expire(client, payment, later):
    later(400 * 86_400)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_payment_method"


@pytest.mark.parametrize("call", ["retrieve", "update", "capture", "cancel"])
def test_unknown_payment(client, call):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1.payment_intents, call)("pi_nobody")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert caught.value.user_message == "No such payment_intent: 'pi_nobody'"
