"""Readers: registering, naming, finding and removing them."""

from __future__ import annotations

import uuid

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment

SIMULATED = {
    "simulated-wpe": "simulated_wisepos_e",
    "simulated-s700": "simulated_stripe_s700",
    "simulated-s710": "simulated_stripe_s710",
    "simulated-v660p": "simulated_verifone_v660p",
}


@pytest.fixture
def location(client):
    return client.v1.terminal.locations.create({"display_name": "Shop", "address": ADDRESS}).id


@pytest.fixture
def readers(client):
    return client.v1.terminal.readers


def ids(readers, **filters):
    return [reader.id for reader in readers.list(filters).auto_paging_iter()]


@pytest.mark.parametrize("code", SIMULATED)
def test_new_reader(readers, location, code):
    reader = readers.create(
        {"registration_code": code, "location": location, "label": "Till", "metadata": {"till": "1"}}
    )
    assert (reader.object, reader.id[:4], reader.device_type) == ("terminal.reader", "tmr_", SIMULATED[code])
    assert (reader.label, reader.location, reader.action) == ("Till", location, None)
    assert (reader.status, reader.livemode) == ("online", False)
    assert reader.metadata.to_dict() == {"till": "1"}
    assert reader.last_seen_at > 1_600_000_000_000  # milliseconds
    assert str(uuid.UUID(reader.serial_number)) == reader.serial_number
    found = readers.retrieve(reader.id).to_dict()
    for name in reader.to_dict().keys() - {"last_seen_at"}:
        assert found[name] == reader.to_dict()[name]


def test_one_code_makes_many_readers(readers):
    one, two = (readers.create({"registration_code": "simulated-wpe"}) for _ in range(2))
    assert one.id != two.id
    assert one.serial_number != two.serial_number
    assert one.label == f"simulated-wpe-{one.serial_number}"
    assert (one.location, one.metadata.to_dict()) == (None, {})


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({}, "parameter_missing", "registration_code"),
        ({"registration_code": ""}, "parameter_invalid_empty", "registration_code"),
        ({"registration_code": "puppies-plug-could"}, None, "registration_code"),
        ({"location": "tml_nobody"}, "resource_missing", "location"),
        ({"color": "blue"}, "parameter_unknown", "color"),
    ],
)
def test_readers_that_are_refused(readers, params, code, param):
    given = {"registration_code": "simulated-wpe", **params} if params else {}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        readers.create(given)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


def test_update(readers, location):
    reader = readers.create({"registration_code": "simulated-wpe", "location": location, "label": "Till"})
    assert readers.update(reader.id, {"label": "Bar"}).label == "Bar"
    assert readers.update(reader.id, {"label": ""}).label == f"simulated-wpe-{reader.serial_number}"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        readers.update(reader.id, {"location": location})
    assert (caught.value.code, caught.value.param) == ("parameter_unknown", "location")


def test_delete(readers, location):
    reader = readers.create({"registration_code": "simulated-wpe", "location": location})
    assert readers.delete(reader.id).deleted is True
    assert readers.retrieve(reader.id).deleted is True
    assert ids(readers, location=location) == []
    for call in (readers.update, readers.delete, readers.cancel_action):
        with pytest.raises(stripe.InvalidRequestError, match=f"No such reader: '{reader.id}'") as caught:
            call(reader.id)
        assert caught.value.http_status == 404


CALLS = {
    "retrieve": {},
    "update": {},
    "delete": {},
    "cancel_action": {},
    "set_reader_display": {"type": "cart"},
    "process_payment_intent": {"payment_intent": "pi_nobody"},
    "collect_payment_method": {"payment_intent": "pi_nobody"},
    "confirm_payment_intent": {"payment_intent": "pi_nobody"},
    "process_setup_intent": {"setup_intent": "seti_nobody", "allow_redisplay": "always"},
    "refund_payment": {"payment_intent": "pi_nobody"},
    "collect_inputs": {"inputs": [{"type": "text", "custom_text": {"title": "Name"}}]},
}


@pytest.mark.parametrize("call", CALLS)
def test_unknown_reader(readers, call):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(readers, call)("tmr_nobody", CALLS[call])
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert caught.value.user_message == "No such reader: 'tmr_nobody'"


@pytest.mark.parametrize(
    "call", ["present_payment_method", "succeed_input_collection", "timeout_input_collection"]
)
def test_unknown_reader_of_a_helper(client, call):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1.test_helpers.terminal.readers, call)("tmr_nobody")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("call", "name", "param"),
    [
        ("process_payment_intent", "payment_intent", "payment_intent"),
        ("collect_payment_method", "payment_intent", "payment_intent"),
        ("confirm_payment_intent", "payment_intent", "payment_intent"),
        ("process_setup_intent", "setupintent", "setup_intent"),
        ("refund_payment", "payment_intent", "payment_intent"),
    ],
)
def test_unknown_object_of_a_command(readers, reader, call, name, param):
    id = CALLS[call][param]
    with pytest.raises(stripe.InvalidRequestError, match=f"No such {name}: '{id}'") as caught:
        getattr(readers, call)(reader, CALLS[call])
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (
        400,
        "resource_missing",
        param,
    )


@pytest.mark.parametrize(
    ("call", "params", "param"),
    [
        ("process_payment_intent", {}, "payment_intent"),
        ("collect_payment_method", {}, "payment_intent"),
        ("confirm_payment_intent", {}, "payment_intent"),
        ("process_setup_intent", {"allow_redisplay": "always"}, "setup_intent"),
        ("process_setup_intent", {"setup_intent": "seti_nobody"}, "allow_redisplay"),
        ("set_reader_display", {}, "type"),
    ],
)
def test_what_a_command_needs(readers, reader, call, params, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(readers, call)(reader, params)
    assert (caught.value.code, caught.value.param) == ("parameter_missing", param)


def test_filters(readers, location):
    elsewhere = readers.create({"registration_code": "simulated-wpe"})
    wisepos, s700 = (
        readers.create({"registration_code": code, "location": location})
        for code in ("simulated-wpe", "simulated-s700")
    )
    assert ids(readers, location=location) == [s700.id, wisepos.id]
    assert ids(readers, location=location, device_type="simulated_stripe_s700") == [s700.id]
    assert ids(readers, serial_number=wisepos.serial_number) == [wisepos.id]
    assert ids(readers, location=location, status="online", limit=1) == [s700.id, wisepos.id]
    assert ids(readers, location=location, status="offline") == []
    assert elsewhere.id not in ids(readers, location=location)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        readers.list({"status": "asleep"})
    assert caught.value.param == "status"


def test_filter_by_status(readers, location, fault):
    """Worked out at the moment of the call, page by page and in both directions."""
    made = [readers.create({"registration_code": "simulated-wpe", "location": location}).id for _ in range(6)]
    off = made[::2]
    for reader in off:
        fault("reader_offline", reader=reader)
    assert ids(readers, location=location, status="offline", limit=2) == off[::-1]
    assert ids(readers, location=location, status="online", limit=2) == made[1::2][::-1]
    page = readers.list({"location": location, "status": "offline", "limit": 1, "ending_before": off[0]})
    assert ([one.id for one in page.data], page.has_more) == ([off[1]], True)


def test_payment_must_allow_cards_at_a_reader(client, readers, reader):
    online = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    for call in ("process_payment_intent", "collect_payment_method"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            getattr(readers, call)(reader, {"payment_intent": online.id})
        assert (caught.value.http_status, caught.value.param) == (400, "payment_intent")
    assert readers.retrieve(reader).action is None


def test_payment_is_shown_by_its_id_and_its_config_only_if_given(client, readers, reader, payment):
    action = readers.process_payment_intent(reader, {"payment_intent": payment}).action
    assert action.to_dict() == {
        "api_error": None,
        "failure_code": None,
        "failure_message": None,
        "status": "in_progress",
        "type": "process_payment_intent",
        "process_payment_intent": {"payment_intent": payment},
    }
    config = {
        "enable_customer_cancellation": True,
        "return_url": "https://shop.example/back",
        "skip_tipping": False,
        "tipping": {"amount_eligible": 900},
    }
    params = {"payment_intent": payment, "process_config": {**config, "allow_redisplay": "limited"}}
    action = readers.process_payment_intent(reader, params).action
    assert action.process_payment_intent.process_config.to_dict() == config


def test_waiting_payment_is_replaced(client, readers, reader, payment, events):
    readers.process_payment_intent(reader, {"payment_intent": payment})
    other = new_payment(client, 700).id
    action = readers.process_payment_intent(reader, {"payment_intent": other}).action
    assert action.process_payment_intent.payment_intent == other
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_payment_method"
    assert client.v1.payment_intents.retrieve(other).status == "requires_capture"
    events.check(["payment_intent.created"], payment)


def test_two_readers_may_be_handed_one_payment(client, readers, reader, payment):
    """Whoever is faster is paid; the other's action fails."""
    other = readers.create({"registration_code": "simulated-wpe"}).id
    for one in (reader, other):
        readers.process_payment_intent(one, {"payment_intent": payment})
    helpers = client.v1.test_helpers.terminal.readers
    assert helpers.present_payment_method(other).action.status == "succeeded"
    action = helpers.present_payment_method(reader).action
    assert (action.status, action.failure_code) == ("failed", "intent_invalid_state")
    assert len(client.v1.charges.list({"payment_intent": payment}).data) == 1


def test_canceled_in_flight_changed_and_paid(client, readers, reader, payment, events):
    """The series' last part: the customer adds something while the reader waits."""
    readers.process_payment_intent(reader, {"payment_intent": payment})
    assert readers.cancel_action(reader).action is None
    assert client.v1.payment_intents.update(payment, {"amount": 2500}).status == "requires_payment_method"
    readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    assert client.v1.payment_intents.capture(payment).amount_received == 2500
    told = [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "terminal.reader.action_succeeded",
        "charge.captured",
        "payment_intent.succeeded",
    ]
    events.check(told, payment, reader)


def test_customer_cancels(client, readers, reader, payment, press_cancel, events):
    params = {"payment_intent": payment, "process_config": {"enable_customer_cancellation": True}}
    readers.process_payment_intent(reader, params)
    press_cancel(reader)
    action = readers.retrieve(reader).action
    assert (action.status, action.failure_code, action.failure_message) == (
        "failed",
        "customer_canceled",
        "This action could not be completed due to an error on the card reader.",
    )
    assert client.v1.payment_intents.retrieve(payment).status == "requires_payment_method"
    events.check(["payment_intent.created", "terminal.reader.action_failed"], payment, reader)
