"""Time goes forward as it is told to, and brings what is due."""

from __future__ import annotations

import sqlite3
import time

import pytest
import stripe

from irl_helpers import clock, faults
from irl_helpers.account import AccountError, reset_account, stripe_client
from tests.simulator.sale import new_payment, new_reader


@pytest.fixture
def client() -> stripe.StripeClient:
    return stripe_client()


def authorized(client: stripe.StripeClient) -> stripe.PaymentIntent:
    """A payment that only waits for its capture."""
    reader, payment = new_reader(client), new_payment(client)
    client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader.id)
    return client.v1.payment_intents.retrieve(payment.id, {"expand": ["latest_charge"]})


def test_the_clock_starts_with_the_machine_s_and_goes_on_by_itself():
    assert 0 <= clock.now() - int(time.time()) <= 1
    assert clock.now() <= clock.now()


STEPS = [
    ({"seconds": 59}, 59),
    ({"minutes": 2}, 120),
    ({"hours": 24}, 86_400),
    ({"days": 2}, 172_800),
    ({"days": 1, "hours": 1, "minutes": 1, "seconds": 1}, 90_061),
    ({"minutes": 1, "seconds": -30}, 30),
    ({}, 0),
]


@pytest.mark.parametrize(("step", "seconds"), STEPS)
def test_it_moves_by_what_is_said(step, seconds):
    before = clock.now()
    assert seconds <= clock.advance(**step) - before <= seconds + 1
    assert seconds <= clock.now() - before <= seconds + 2


@pytest.mark.parametrize("step", [{"seconds": -1}, {"days": -1, "hours": 23}])
def test_it_never_goes_back(step):
    before = clock.now()
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(**step)
    assert clock.now() - before <= 1


def test_it_moves_by_whole_seconds_and_ten_years_at_most(client):
    with pytest.raises(TypeError):
        clock.advance(hours=0.5)
    with pytest.raises(stripe.InvalidRequestError):
        clock.advance(days=4000)
    assert clock.now() - int(time.time()) <= 1


def test_what_is_made_later_is_dated_later(client):
    reader, early = new_reader(client), new_payment(client)
    clock.advance(hours=3)
    late = new_payment(client)
    assert 3 * 3600 <= late.created - early.created <= 3 * 3600 + 1
    assert early.created == client.v1.payment_intents.retrieve(early.id).created
    [newest] = client.v1.events.list({"limit": 1}).data
    assert newest.created == late.created
    assert abs(client.v1.terminal.readers.retrieve(reader.id).last_seen_at // 1000 - clock.now()) <= 1
    listed = client.v1.payment_intents.list({"created": {"gt": early.created}})
    assert [payment.id for payment in listed.data] == [late.id]


def test_an_authorization_that_nobody_captures_ends_after_two_days(client):
    payment = authorized(client)
    until = payment.latest_charge.payment_method_details.card_present.capture_before
    clock.advance(seconds=until - clock.now() - 10)
    assert client.v1.payment_intents.retrieve(payment.id).status == "requires_capture"
    clock.advance(seconds=10)
    ended = client.v1.payment_intents.retrieve(payment.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "expired")
    assert (ended.amount_capturable, ended.amount_received) == (0, 0)
    # Dated when it was due, not when somebody looked.
    assert until - payment.created in (2 * 86_400, 2 * 86_400 + 1)
    assert ended.canceled_at == until
    events = client.v1.events.list().data[:2]
    assert [event.type for event in events] == ["charge.expired", "payment_intent.canceled"]
    assert {event.created for event in events} == {until}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.capture(payment.id)
    assert caught.value.code == "payment_intent_unexpected_state"


def test_a_captured_payment_does_not_end(client):
    payment = authorized(client)
    client.v1.payment_intents.capture(payment.id)
    clock.advance(days=3)
    assert client.v1.payment_intents.retrieve(payment.id).status == "succeeded"


def test_a_collected_card_waits_for_its_confirmation_for_30_seconds(client):
    reader, payment = new_reader(client).id, new_payment(client).id
    client.v1.terminal.readers.collect_payment_method(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    clock.advance(seconds=28)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, client.v1.payment_intents.retrieve(payment).status) == (
        "in_progress",
        "requires_confirmation",
    )
    clock.advance(seconds=2)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code) == ("failed", "collect_payment_method_timeout")
    [newest] = client.v1.events.list({"limit": 1}).data
    assert newest.type == "terminal.reader.action_failed"
    assert client.v1.charges.list().data == []


def test_a_form_that_nobody_touches_ends_after_two_minutes(client):
    reader = new_reader(client).id
    question = {"type": "email", "custom_text": {"title": "Your address"}}
    client.v1.terminal.readers.collect_inputs(reader, {"inputs": [question]})
    clock.advance(seconds=118)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    clock.advance(seconds=2)
    action = client.v1.terminal.readers.retrieve(reader).action
    assert (action.status, action.failure_code) == ("failed", "collect_inputs_timeout")
    [newest] = client.v1.events.list({"limit": 1}).data
    assert newest.type == "terminal.reader.action_failed"


def test_an_idempotency_key_is_kept_for_24_hours(client):
    sale = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}

    def create() -> str:
        return client.v1.payment_intents.create(sale, {"idempotency_key": "sale 1"}).id

    first = create()
    clock.advance(hours=23, minutes=59)
    assert create() == first
    clock.advance(minutes=1)
    assert create() != first


def test_events_that_are_no_longer_shown_make_room(client, account_file):
    old = new_payment(client)
    [first] = client.v1.events.list({"type": "payment_intent.created"}).data
    clock.advance(days=31)
    # Room is made every five hundred writes, so that no request has to wait for it.
    for _ in range(500):
        newest = new_payment(client)
    with sqlite3.connect(account_file) as db:
        ids = {id for (id,) in db.execute("SELECT id FROM objects")}
    db.close()
    assert first.id not in ids
    assert old.id in ids
    kept = client.v1.events.list({"type": "payment_intent.created", "limit": 100})
    assert kept.data[0].data.object.id == newest.id
    assert len(list(kept.auto_paging_iter())) == 500


def test_a_reset_sets_it_back_to_now():
    clock.advance(days=5)
    reset_account()
    assert clock.now() - int(time.time()) <= 1


def test_in_stripe_s_test_mode_nothing_pretends_to_pass(monkeypatch):
    def send(*_, **__):
        raise AssertionError("something was sent")

    monkeypatch.setattr(stripe.RequestsClient, "request", send)
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    for function in (clock.now, lambda: clock.advance(days=1)):
        with pytest.raises(AccountError, match="Only the offline account can make time pass"):
            function()


def test_faults_stay_while_time_passes(client):
    with faults.server_error(count=3):
        clock.advance(days=1)
        with pytest.raises(stripe.APIError):
            new_payment(client)
