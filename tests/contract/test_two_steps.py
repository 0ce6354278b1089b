"""Collect a card, look at it, confirm it: what each step leaves, and what time does to a collected card."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import new_payment, new_reader

MASTERCARD = {"type": "card_present", "card_present": {"number": "5555555555554444"}}
DECLINED = {"type": "card_present", "card_present": {"number": "4000000000009995"}}
COLLECTED = ["payment_intent.created", "terminal.reader.action_updated"]
NOT_COLLECTED = "The reader has not collected a payment method for this PaymentIntent."


def collect(client, reader, payment, card=None, **config):
    params = {"payment_intent": payment} | ({"collect_config": config} if config else {})
    client.v1.terminal.readers.collect_payment_method(reader, params)
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, card or {})


def confirm(client, reader, payment, card=None):
    client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, card or {})


def status(client, payment):
    return client.v1.payment_intents.retrieve(payment).status


def test_collected_card_can_be_looked_at(client, reader, payment, events):
    action = collect(client, reader, payment, MASTERCARD).action
    assert (action.type, action.status) == ("collect_payment_method", "in_progress")
    method = action.collect_payment_method.payment_method
    assert (method.type, method.card_present.brand, method.card_present.last4) == (
        "card_present",
        "mastercard",
        "4444",
    )
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.payment_method) == ("requires_confirmation", method.id)
    assert (intent.latest_charge, intent.amount_capturable) == (None, 0)
    events.check(["payment_intent.created", "terminal.reader.action_updated"], payment, reader)


def test_confirming(client, reader, payment, events):
    method = collect(client, reader, payment, MASTERCARD).action.collect_payment_method.payment_method
    given = {"payment_intent": payment, "confirm_config": {"return_url": "https://shop.example/back"}}
    action = client.v1.terminal.readers.confirm_payment_intent(reader, given).action
    assert (action.type, action.status) == ("confirm_payment_intent", "in_progress")
    assert action.confirm_payment_intent.to_dict() == given
    action = client.v1.test_helpers.terminal.readers.present_payment_method(reader).action
    assert (action.type, action.status) == ("confirm_payment_intent", "succeeded")
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    assert (intent.status, intent.amount_capturable, intent.payment_method) == (
        "requires_capture",
        1000,
        method.id,
    )
    assert intent.latest_charge.payment_method == method.id
    assert intent.latest_charge.payment_method_details.card_present.last4 == "4444"
    told = [
        *COLLECTED,
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "terminal.reader.action_succeeded",
    ]
    events.check(told, payment, reader)
    assert client.v1.payment_intents.capture(payment).status == "succeeded"


def test_reader_confirms_by_itself_in_a_moment(client, reader, payment, later):
    collect(client, reader, payment, MASTERCARD)
    client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    for call in ("cancel_action", "set_reader_display"):
        params = {"type": "cart"} if call == "set_reader_display" else {}
        with pytest.raises(stripe.InvalidRequestError) as caught:
            getattr(client.v1.terminal.readers, call)(reader, params)
        assert caught.value.code == "terminal_reader_busy"
    later(4)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "succeeded"
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    assert intent.latest_charge.payment_method_details.card_present.brand == "mastercard"


def test_card_presented_while_confirming_takes_the_place_of_the_collected_one(client, reader, payment):
    collected = collect(client, reader, payment, MASTERCARD).action.collect_payment_method.payment_method
    confirm(client, reader, payment, DECLINED)
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    assert (intent.status, intent.last_payment_error.decline_code) == (
        "requires_payment_method",
        "insufficient_funds",
    )
    assert intent.latest_charge.payment_method != collected.id


def test_declined_and_collected_again(client, reader, payment, events):
    collect(client, reader, payment, DECLINED)
    events.check(COLLECTED, payment, reader)  # the bank has not been asked
    action = confirm(client, reader, payment).action
    assert (action.status, action.failure_code) == ("failed", "card_declined")
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    told = ["charge.failed", "payment_intent.payment_failed", "terminal.reader.action_failed"]
    events.check([*COLLECTED, *told], payment, reader)
    collect(client, reader, payment)
    assert confirm(client, reader, payment).action.status == "succeeded"


@pytest.mark.parametrize("end", ["cancel_action", "set_reader_display", "delete"])
def test_collection_that_is_given_up(client, reader, payment, end):
    collect(client, reader, payment)
    params = {"set_reader_display": [{"type": "cart"}]}.get(end, [])
    getattr(client.v1.terminal.readers, end)(reader, *params)
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    again = new_reader(client).id
    collect(client, again, payment)
    assert confirm(client, again, payment).action.status == "succeeded"


def test_reader_is_removed_while_it_confirms(client, reader, payment):
    collect(client, reader, payment)
    client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    client.v1.terminal.readers.delete(reader)
    assert status(client, payment) == "requires_payment_method"


def test_customer_cancels_before_a_card_is_read(client, reader, payment, press_cancel):
    params = {"payment_intent": payment, "collect_config": {"enable_customer_cancellation": True}}
    client.v1.terminal.readers.collect_payment_method(reader, params)
    press_cancel(reader)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code) == ("failed", "customer_canceled")
    assert status(client, payment) == "requires_payment_method"


def test_thirty_seconds_and_thirty_minutes(client, reader, payment, later, events):
    collect(client, reader, payment, MASTERCARD)
    later(29)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    later(1)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code, action.failure_message) == (
        "failed",
        "collect_payment_method_timeout",
        "collect payment method was timed out",
    )
    events.check([*COLLECTED, "terminal.reader.action_failed"], payment, reader)
    assert status(client, payment) == "requires_confirmation"
    later(29 * 60)
    assert confirm(client, reader, payment).action.status == "succeeded"
    charge = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]}).latest_charge
    assert charge.payment_method_details.card_present.brand == "mastercard"


def test_card_is_forgotten_after_thirty_minutes(client, reader, payment, later):
    collect(client, reader, payment, MASTERCARD)
    later(30 * 60)
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    with pytest.raises(stripe.InvalidRequestError, match=NOT_COLLECTED):
        client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    assert client.v1.terminal.readers.retrieve(reader).action.status == "failed"


def test_an_earlier_collection_does_not_end_a_later_one(client, reader, payment, later):
    collect(client, reader, payment)
    later(20)
    client.v1.terminal.readers.cancel_action(reader)
    collect(client, reader, payment)
    later(20)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    assert status(client, payment) == "requires_confirmation"


def test_an_earlier_collection_does_not_forget_a_later_one(client, reader, payment, later):
    collect(client, reader, payment)
    client.v1.terminal.readers.cancel_action(reader)
    later(15 * 60)
    collect(client, reader, payment, MASTERCARD)
    later(15 * 60 + 1)
    assert confirm(client, reader, payment).action.status == "succeeded"


def test_an_earlier_confirmation_does_not_end_a_later_one(client, reader, payment, later):
    collect(client, reader, payment)
    confirm(client, reader, payment)
    later(2)
    other = new_payment(client).id
    collect(client, reader, other)
    client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": other})
    later(2)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    later(2)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "succeeded"


@pytest.mark.parametrize("state", ["idle", "waiting", "processed", "other payment"])
def test_nothing_to_confirm(client, reader, payment, state):
    if state == "waiting":
        client.v1.terminal.readers.collect_payment_method(reader, {"payment_intent": payment})
    if state == "processed":
        client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
        client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    if state == "other payment":
        collect(client, reader, new_payment(client).id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    assert (caught.value.user_message, caught.value.code) == (NOT_COLLECTED, None)


def test_canceled_meanwhile(client, reader, payment):
    collect(client, reader, payment)
    client.v1.payment_intents.cancel(payment)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    assert (caught.value.code, caught.value.param) == ("intent_invalid_state", "payment_intent")
    assert client.v1.terminal.readers.cancel_action(reader).action is None
    assert status(client, payment) == "canceled"


@pytest.mark.parametrize("change", ["update", "cancel"])
def test_changed_while_confirming(client, reader, payment, change):
    collect(client, reader, payment)
    client.v1.terminal.readers.confirm_payment_intent(reader, {"payment_intent": payment})
    params = {"update": [{"amount": 2000}]}.get(change, [])
    getattr(client.v1.payment_intents, change)(payment, *params)
    action = client.v1.test_helpers.terminal.readers.present_payment_method(reader).action
    assert (action.status, action.failure_code) == ("failed", "intent_invalid_state")
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.status, intent.latest_charge) == (
        {"update": "requires_payment_method", "cancel": "canceled"}[change],
        None,
    )


def test_amount_may_be_changed_between_the_steps(client, reader, payment):
    """A shop that looks at the card may give its brand a discount."""
    collect(client, reader, payment, MASTERCARD)
    client.v1.payment_intents.update(payment, {"amount": 900})
    confirm(client, reader, payment)
    assert client.v1.payment_intents.capture(payment).amount_received == 900


def test_collecting_is_not_processing(client, reader, payment):
    """A payment whose card is collected is not taken by another reader; this one starts again."""
    collect(client, reader, payment)
    other = new_reader(client).id
    for call in ("process_payment_intent", "collect_payment_method"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            getattr(client.v1.terminal.readers, call)(other, {"payment_intent": payment})
        assert caught.value.code == "intent_invalid_state"
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    assert status(client, payment) == "requires_payment_method"


def test_config_is_echoed_and_consent_stays_out(client, reader, payment):
    action = collect(
        client, reader, payment, enable_customer_cancellation=True, allow_redisplay="always"
    ).action
    assert action.collect_payment_method.collect_config.to_dict() == {"enable_customer_cancellation": True}
    other = collect(client, reader, payment).action
    assert "collect_config" not in other.collect_payment_method


def test_expanding_the_payment(client, reader, payment):
    collect(client, reader, payment)
    shown = client.v1.terminal.readers.retrieve(
        reader, {"expand": ["action.collect_payment_method.payment_intent.payment_method"]}
    )
    intent = shown.action.collect_payment_method.payment_intent
    assert intent.payment_method.id == shown.action.collect_payment_method.payment_method.id


# -- tips ------------------------------------------------------------------------------------------------


@pytest.fixture
def tipping(simulated, client):
    # Not at Stripe: it is the account's own configuration.
    default = client.v1.terminal.configurations.list({"is_account_default": True}).data[0]
    rules = {"percentages": [15, 20, 25]}
    client.v1.terminal.configurations.update(default.id, {"tipping": {"usd": rules}})


@pytest.mark.usefixtures("tipping")
@pytest.mark.parametrize(("end", "amount"), [("confirm", 1150), ("decline", 1000), ("cancel_action", 1000)])
def test_tip_is_asked_for_when_the_card_is_collected(client, reader, payment, end, amount):
    card = DECLINED if end == "decline" else MASTERCARD
    collect(client, reader, payment, {**card, "amount_tip": 150})
    intent = client.v1.payment_intents.retrieve(payment)
    assert (intent.amount, intent.amount_details.tip.amount) == (1150, 150)
    if end == "cancel_action":
        client.v1.terminal.readers.cancel_action(reader)
    else:
        confirm(client, reader, payment)
    intent = client.v1.payment_intents.retrieve(payment)
    assert intent.amount == amount
    assert intent.amount_details.tip.to_dict() == ({"amount": 150} if end == "confirm" else {})
    assert intent.amount_capturable == (amount if end == "confirm" else 0)


@pytest.mark.usefixtures("tipping")
def test_no_tip_while_confirming(client, reader, payment):
    collect(client, reader, payment)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        confirm(client, reader, payment, {"amount_tip": 150})
    assert caught.value.param == "amount_tip"


@pytest.mark.usefixtures("tipping")
def test_new_amount_below_the_tip(client, reader, payment):
    collect(client, reader, payment, {"amount_tip": 500})
    client.v1.payment_intents.update(payment, {"amount": 400})
    client.v1.terminal.readers.cancel_action(reader)
    assert client.v1.payment_intents.retrieve(payment).amount == 1


# -- faults ----------------------------------------------------------------------------------------------


def test_slow_bank_is_asked_by_the_confirmation_alone(client, reader, payment, later, fault):
    fault("slow_bank")
    collect(client, reader, payment, MASTERCARD)
    assert status(client, payment) == "requires_confirmation"
    assert confirm(client, reader, payment).action.status == "in_progress"
    later(3600)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    fault(None)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "succeeded"
    assert status(client, payment) == "requires_capture"
