"""SetupIntents: saving a card at a reader or online, the tries this takes, what each status allows."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.cards import CARDS
from irl_helpers.simulator.states import SETUP_INTENT
from tests.contract.errors import refused
from tests.simulator.sale import new_payment

AT_READER = {"allowed_payment_method_types": ["card_present"]}
ONLINE = {"allowed_payment_method_types": ["card"]}


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"name": "Ada"}).id


def process(client, reader, intent, allow_redisplay="always", **config):
    params = {"setup_intent": intent, "allow_redisplay": allow_redisplay}
    if config:
        params["process_config"] = config
    return client.v1.terminal.readers.process_setup_intent(reader, params)


def present(client, reader, number=None):
    card = {"type": "card_present", "card_present": {"number": number}} if number else {}
    return client.v1.test_helpers.terminal.readers.present_payment_method(reader, card)


# -- at the reader -------------------------------------------------------------------------------------


def test_card_is_saved(client, reader, customer, events):
    intent = client.v1.setup_intents.create({**AT_READER, "customer": customer})
    assert (intent.status, intent.usage, intent.latest_attempt) == (
        "requires_payment_method",
        "off_session",
        None,
    )
    assert intent.payment_method_types == ["card_present"]
    waiting = process(client, reader, intent.id, "limited")
    assert waiting.action.status == "in_progress"
    assert waiting.action.process_setup_intent.to_dict() == {"setup_intent": intent.id}
    assert client.v1.setup_intents.retrieve(intent.id).status == "requires_payment_method"

    done = present(client, reader)
    assert (done.action.type, done.action.status) == ("process_setup_intent", "succeeded")
    saved = client.v1.setup_intents.retrieve(
        intent.id,
        {
            "expand": [
                "latest_attempt.payment_method_details.card_present.generated_card",
                "payment_method",
                "customer",
            ]
        },
    )
    assert (saved.status, saved.payment_method.type) == ("succeeded", "card_present")
    attempt = saved.latest_attempt
    assert (attempt.status, attempt.setup_error, attempt.setup_intent) == ("succeeded", None, intent.id)
    assert attempt.payment_method == saved.payment_method.id
    generated = attempt.payment_method_details.card_present.generated_card
    assert done.action.process_setup_intent.generated_card == generated.id
    assert (generated.type, generated.customer, generated.allow_redisplay) == ("card", customer, "limited")
    assert generated.card.generated_from.setup_attempt == attempt.id
    assert generated.card.fingerprint == saved.payment_method.card_present.fingerprint
    listed = client.v1.customers.payment_methods.list(customer, {"type": "card"})
    assert [method.id for method in listed.data] == [generated.id]
    expected = [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "terminal.reader.action_succeeded",
    ]
    events.check(expected, intent.id, generated.id, reader)


def test_without_a_customer_it_waits_to_be_attached(client, reader, customer):
    intent = client.v1.setup_intents.create(AT_READER)
    process(client, reader, intent.id)
    generated = present(client, reader).action.process_setup_intent.generated_card
    assert client.v1.payment_methods.retrieve(generated).customer is None
    assert client.v1.payment_methods.attach(generated, {"customer": customer}).customer == customer


APPROVED = [card for card in CARDS.values() if card.outcome == "approved" and card.brand != "interac"]


@pytest.mark.parametrize("card", APPROVED, ids=lambda card: card.name)
def test_which_networks_generate_a_card(client, reader, card):
    intent = client.v1.setup_intents.create(AT_READER)
    process(client, reader, intent.id)
    action = present(client, reader, card.number).action
    assert action.status == "succeeded"
    generated = action.process_setup_intent.to_dict().get("generated_card")
    assert bool(generated) == (card.brand in ("visa", "mastercard", "amex", "discover"))
    [attempt] = client.v1.setup_attempts.list({"setup_intent": intent.id}).data
    assert attempt.payment_method_details.card_present.generated_card == generated


ERRORS = [card for card in CARDS.values() if card.outcome != "approved"]


@pytest.mark.parametrize("card", ERRORS, ids=lambda card: card.name)
def test_error_cards_fail(client, reader, customer, card, events):
    intent = client.v1.setup_intents.create({**AT_READER, "customer": customer})
    process(client, reader, intent.id)
    action = present(client, reader, card.number).action
    assert (action.status, action.failure_code) == ("failed", "setup_intent_authentication_failure")
    assert "generated_card" not in action.process_setup_intent
    failed = client.v1.setup_intents.retrieve(intent.id, {"expand": ["latest_attempt"]})
    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    assert failed.last_setup_error.payment_method.type == "card_present"
    assert failed.latest_attempt.status == "failed"
    assert failed.latest_attempt.setup_error.code == failed.last_setup_error.code
    assert client.v1.customers.payment_methods.list(customer).data == []
    expected = ["setup_intent.created", "setup_intent.setup_failed", "terminal.reader.action_failed"]
    events.check(expected, intent.id, reader)


def test_second_try_succeeds(client, reader):
    intent = client.v1.setup_intents.create(AT_READER).id
    for number in ("4000000000000002", None):
        process(client, reader, intent)
        present(client, reader, number)
    saved = client.v1.setup_intents.retrieve(intent)
    assert (saved.status, saved.last_setup_error) == ("succeeded", None)
    attempts = client.v1.setup_attempts.list({"setup_intent": intent}).data
    assert [attempt.status for attempt in attempts] == ["succeeded", "failed"]
    assert saved.latest_attempt == attempts[0].id
    later = client.v1.setup_attempts.list({"setup_intent": intent, "starting_after": attempts[0].id})
    assert [attempt.id for attempt in later.data] == [attempts[1].id]


def test_cancel_action_leaves_the_setup_intent(client, reader):
    intent = client.v1.setup_intents.create(AT_READER).id
    process(client, reader, intent)
    assert client.v1.terminal.readers.cancel_action(reader).action is None
    assert client.v1.setup_intents.retrieve(intent).status == "requires_payment_method"


def test_customer_presses_cancel(client, reader, press_cancel):
    intent = client.v1.setup_intents.create(AT_READER).id
    action = process(client, reader, intent, enable_customer_cancellation=True).action
    config = action.process_setup_intent.process_config
    assert config.enable_customer_cancellation is True
    press_cancel(reader)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code) == ("failed", "customer_canceled")


def test_setup_intent_canceled_while_the_reader_waits(client, reader):
    intent = client.v1.setup_intents.create(AT_READER).id
    process(client, reader, intent)
    client.v1.setup_intents.cancel(intent)
    action = present(client, reader).action
    assert (action.status, action.failure_code) == ("failed", "intent_invalid_state")
    assert client.v1.setup_attempts.list({"setup_intent": intent}).data == []


def test_deleted_customer_gets_no_card(client, reader, customer):
    intent = client.v1.setup_intents.create({**AT_READER, "customer": customer}).id
    process(client, reader, intent)
    client.v1.customers.delete(customer)
    generated = present(client, reader).action.process_setup_intent.generated_card
    assert client.v1.payment_methods.retrieve(generated).customer is None


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"setup_intent": "seti_nobody", "allow_redisplay": "always"}, "resource_missing", "setup_intent"),
        ({"setup_intent": "seti_nobody"}, "parameter_missing", "allow_redisplay"),
        ({"allow_redisplay": "always"}, "parameter_missing", "setup_intent"),
        ({"setup_intent": "seti_nobody", "allow_redisplay": "never"}, None, "allow_redisplay"),
    ],
)
def test_process_refuses(client, reader, params, code, param):
    error = refused(client.v1.terminal.readers.process_setup_intent, reader, params)
    assert (error.http_status, error.code, error.param) == (400, code, param)


def test_reader_needs_card_present(client, reader):
    intent = client.v1.setup_intents.create(ONLINE).id
    assert refused(process, client, reader, intent).param == "setup_intent"


def test_interac_is_left_out(client):
    types = ["card_present", "interac_present"]
    assert client.v1.setup_intents.create({"allowed_payment_method_types": types}).payment_method_types == [
        "card_present"
    ]
    error = refused(client.v1.setup_intents.create, {"allowed_payment_method_types": ["interac_present"]})
    assert error.param == "allowed_payment_method_types"


# -- online --------------------------------------------------------------------------------------------


def test_confirm_online(client, customer, events):
    intent = client.v1.setup_intents.create(
        {**ONLINE, "customer": customer, "payment_method": "pm_card_visa"}
    )
    assert intent.status == "requires_confirmation"
    saved = client.v1.setup_intents.confirm(intent.id, {"expand": ["latest_attempt", "payment_method"]})
    assert saved.status == "succeeded"
    assert saved.payment_method.customer == customer
    assert saved.latest_attempt.payment_method_details.card.last4 == "4242"
    expected = ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"]
    events.check(expected, intent.id, saved.payment_method.id)


def test_created_and_confirmed_at_once(client, customer):
    params = {**ONLINE, "customer": customer, "payment_method": "pm_card_amex", "confirm": True}
    assert client.v1.setup_intents.create(params).status == "succeeded"


def test_declined_online(client, customer, events):
    intent = client.v1.setup_intents.create({**ONLINE, "customer": customer})
    with pytest.raises(stripe.CardError) as caught:
        client.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa_chargeDeclined"})
    error = caught.value
    assert (error.http_status, error.code) == (402, "card_declined")
    assert error.error.setup_intent.id == intent.id
    failed = client.v1.setup_intents.retrieve(intent.id)
    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert (failed.last_setup_error.code, failed.last_setup_error.decline_code) == (
        "card_declined",
        "generic_decline",
    )
    [attempt] = client.v1.setup_attempts.list({"setup_intent": intent.id}).data
    assert (attempt.id, attempt.status) == (failed.latest_attempt, "failed")
    events.check(["setup_intent.created", "setup_intent.setup_failed"], intent.id)
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_confirm_needs_a_card(client):
    error = refused(client.v1.setup_intents.confirm, client.v1.setup_intents.create(ONLINE).id)
    assert "it's missing a payment method" in error.user_message


def test_cards_that_do_not_fit(client, reader, customer):
    others = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    intents = client.v1.setup_intents
    stranger = client.v1.customers.create().id
    assert "belongs to" in refused(intents.create, {**ONLINE, "payment_method": others}).user_message
    error = refused(intents.create, {**ONLINE, "payment_method": others, "customer": stranger})
    assert "does not belong to" in error.user_message
    error = refused(intents.create, {**AT_READER, "payment_method": "pm_card_visa"})
    assert "is not allowed for this SetupIntent" in error.user_message
    payment = new_payment(client)
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id})
    present(client, reader)
    used = client.v1.payment_intents.retrieve(payment.id).payment_method
    error = refused(intents.create, {**ONLINE, "payment_method": used})
    assert error.param == "payment_method"
    assert "card_present" in error.user_message


# -- create, update, list ------------------------------------------------------------------------------


def test_update(client, customer):
    intent = client.v1.setup_intents.create(
        {**AT_READER, "description": "a", "metadata": {"a": "1", "b": "2"}}
    )
    changed = client.v1.setup_intents.update(
        intent.id,
        {"description": "b", "customer": customer, "metadata": {"a": ""}, **ONLINE},
    )
    assert (changed.description, changed.customer) == ("b", customer)
    assert (changed.metadata.to_dict(), changed.payment_method_types) == ({"b": "2"}, ["card"])
    assert client.v1.setup_intents.update(intent.id, {"payment_method": "pm_card_visa"}).status == (
        "requires_confirmation"
    )


def test_cancel(client, events):
    intent = client.v1.setup_intents.create(AT_READER).id
    canceled = client.v1.setup_intents.cancel(intent, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    events.check(["setup_intent.created", "setup_intent.canceled"], intent)


def test_list(client, customer):
    first = client.v1.setup_intents.create({**ONLINE, "customer": customer, "payment_method": "pm_card_visa"})
    client.v1.setup_intents.create(ONLINE)
    second = client.v1.setup_intents.create({**ONLINE, "customer": customer})

    def ids(params):
        return [intent.id for intent in client.v1.setup_intents.list(params).data]

    assert ids({"customer": customer}) == [second.id, first.id]
    assert ids({"payment_method": first.payment_method}) == [first.id]
    assert ids({"customer": customer, "created": {"lt": first.created}}) == []
    assert ids({"customer": customer, "starting_after": second.id}) == [first.id]
    expanded = client.v1.setup_intents.list({"customer": customer, "expand": ["data.payment_method"]}).data[1]
    assert expanded.payment_method.card.brand == "visa"


def test_older_version_takes_the_older_parameter(client):
    options = {"stripe_version": "2026-06-24.dahlia"}
    intent = client.v1.setup_intents.create({"payment_method_types": ["card_present"]}, options)
    assert (intent.payment_method_types, intent.allowed_payment_method_types) == (["card_present"], None)
    error = refused(client.v1.setup_intents.create, {"payment_method_types": ["card_present"]})
    assert error.code == "payment_method_types_no_longer_supported"


# -- the table -----------------------------------------------------------------------------------------

BOTH = {"allowed_payment_method_types": ["card", "card_present"]}
ASKED = {"payment_method": "pm_card_authenticationRequired"}


def reach(client, reader, status):
    """A SetupIntent in this status."""
    intents = client.v1.setup_intents
    if status == "requires_payment_method":
        return intents.create(BOTH).id
    if status == "canceled":
        return intents.cancel(intents.create(BOTH).id).id
    if status == "requires_action":
        return intents.create({**BOTH, **ASKED, "confirm": True}).id
    ready = intents.create({**BOTH, "payment_method": "pm_card_visa"}).id
    return intents.confirm(ready).id if status == "succeeded" else ready


CALLS = {
    "update_payment_method": lambda client, reader, id: client.v1.setup_intents.update(
        id, {"payment_method": "pm_card_visa"}
    ),
    "process": lambda client, reader, id: process(client, reader, id),
    "succeed": lambda client, reader, id: client.v1.setup_intents.confirm(
        id, {"payment_method": "pm_card_visa"}
    ),
    "fail": lambda client, reader, id: client.v1.setup_intents.confirm(
        id, {"payment_method": "pm_card_visa_chargeDeclined"}
    ),
    "cancel": lambda client, reader, id: client.v1.setup_intents.cancel(id),
    "require_action": lambda client, reader, id: client.v1.setup_intents.confirm(id, ASKED),
    "fail_action": lambda client, reader, id: client.raw_request(
        "post", f"/_simulator/setup_intents/{id}/authenticate", result="fail"
    ),
}


@pytest.mark.parametrize("call", SETUP_INTENT)
@pytest.mark.parametrize(
    "status",
    ["requires_payment_method", "requires_confirmation", "requires_action", "succeeded", "canceled"],
)
def test_every_status_and_call(client, reader, stripe_test_key, status, call):
    if stripe_test_key and call == "fail_action":
        pytest.skip("there the cardholder answers in a browser")
    id = reach(client, reader, status)
    assert client.v1.setup_intents.retrieve(id).status == status
    if status in SETUP_INTENT[call]:
        try:
            CALLS[call](client, reader, id)
        except stripe.CardError:
            assert call == "fail"
        assert client.v1.setup_intents.retrieve(id).status == SETUP_INTENT[call][status]
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        CALLS[call](client, reader, id)
    code = "intent_invalid_state" if call == "process" else "setup_intent_unexpected_state"
    assert caught.value.code == code
    assert client.v1.setup_intents.retrieve(id).status == status
