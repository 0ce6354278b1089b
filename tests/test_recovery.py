"""What each call does when its answer does not come: it looks at the account, and says what it finds."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import cancel, clock, collect, faults, recovery, setup
from irl_helpers.account import stripe_client
from irl_helpers.panels import CancelPanel, CollectPanel
from irl_helpers.sale import state_of


@pytest.fixture
def client() -> stripe.StripeClient:
    return stripe_client()


@pytest.fixture
def reader(client) -> str:
    return setup.own_reader("Till").id


def held(reader: str) -> str:
    """A payment that waits to be captured."""
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    collect.simulate_payment(reader)
    return payment


def payments(client) -> list[stripe.PaymentIntent]:
    return list(client.v1.payment_intents.list().data)


DOUBTFUL = {
    faults.command_lost: True,
    faults.command_unconfirmed: True,
    faults.reader_unplugged: True,
    faults.request_lost: True,
    faults.answer_lost: True,
    faults.server_error: True,
    faults.reader_offline: False,
    faults.reader_busy: False,
    faults.reader_driven_by_app: False,
    faults.rate_limit: False,
}


@pytest.mark.parametrize(("fault", "doubtful"), DOUBTFUL.items())
def test_which_errors_leave_it_open_whether_it_was_done(reader, client, fault, doubtful):
    payment = collect.create_payment(1250).id
    with fault(), pytest.raises(stripe.StripeError) as caught:
        client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    assert recovery.in_doubt(caught.value) is doubtful


def test_a_reader_that_an_app_drives_is_known_by_its_message(reader, client):
    payment, other = collect.create_payment(1250).id, setup.own_reader("Other").id
    with faults.reader_driven_by_app(reader):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            collect.process_payment(reader, payment)
        assert (caught.value.code, recovery.driven_by_app(caught.value)) == (None, True)
        collect.process_payment(other, payment)
    assert collect.simulate_payment(other).action.status == "succeeded"


@pytest.mark.parametrize(
    ("fault", "away"),
    [
        (faults.reader_offline, True),
        (faults.reader_unplugged, True),
        (faults.reader_driven_by_app, True),
        (faults.reader_busy, False),
    ],
)
def test_a_sale_is_given_up_although_its_reader_is_out_of_reach(reader, fault, away):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    with fault(reader):
        if away:
            assert cancel.give_up_sale(reader, payment).status == "canceled"
            return
        with pytest.raises(stripe.InvalidRequestError):
            cancel.give_up_sale(reader, payment)


# -- one sale, one PaymentIntent


def test_a_lost_create_is_found_again_by_its_sale(client):
    with faults.answer_lost(call="payment_intents.create"), pytest.raises(stripe.APIConnectionError):
        collect.create_payment(1250, sale="table 7")
    [lost] = payments(client)
    assert recovery.find_payment("table 7").id == lost.id
    assert recovery.find_payment("table 8") is None
    assert collect.create_payment(1250, sale="table 7").id == lost.id
    assert len(payments(client)) == 1


def test_a_lost_create_at_another_amount_is_the_same_payment_at_that_amount(client):
    first = collect.create_payment(1250, sale="table 7")
    for amount in (1500, 1250):
        again = collect.create_payment(amount, sale="table 7")
        assert (again.id, again.amount) == (first.id, amount)
    assert [payment.amount for payment in payments(client)] == [1250]


def test_what_the_key_brings_again_is_not_older_than_the_payment(client, reader):
    payment = collect.create_payment(1250, sale="table 7").id
    collect.process_payment(reader, payment)
    collect.simulate_payment(reader)
    collect.capture_payment(payment)
    assert collect.create_payment(1250, sale="table 7").status == "succeeded"


# -- the reader


def test_a_command_that_the_reader_took_is_taken(reader):
    payment = collect.create_payment(1250).id
    with faults.command_unconfirmed():
        assert collect.process_payment(reader, payment).action.status == "in_progress"
        assert cancel.cancel_reader_action(reader).action is None


@pytest.mark.parametrize("fault", [faults.command_lost, faults.request_lost])
def test_a_command_that_it_did_not_take_is_an_error(reader, client, fault):
    payment = collect.create_payment(1250).id
    with fault(call="process_payment_intent"), pytest.raises(stripe.StripeError):
        collect.process_payment(reader, payment)
    collect.process_payment(reader, payment)
    with fault(call="cancel_action"), pytest.raises(stripe.StripeError):
        cancel.cancel_reader_action(reader)
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"


def test_an_action_that_failed_before_is_no_answer(reader):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    collect.simulate_payment(reader, "charge_declined")
    with faults.command_lost(), pytest.raises(stripe.InvalidRequestError) as caught:
        collect.process_payment(reader, payment)
    assert caught.value.code == "terminal_reader_timeout"


def test_the_payment_that_a_reader_shows(reader, client):
    payment = collect.create_payment(1250).id
    readers = client.v1.terminal.readers
    assert recovery.payment_shown(readers.retrieve(reader)) is None
    collect.process_payment(reader, payment)
    assert recovery.payment_shown(readers.retrieve(reader)) == payment
    expanded = readers.retrieve(reader, {"expand": ["action.process_payment_intent.payment_intent"]})
    assert recovery.payment_shown(expanded) == payment
    readers.collect_payment_method(reader, {"payment_intent": payment})
    assert recovery.payment_shown(readers.retrieve(reader)) == payment
    readers.set_reader_display(reader, {"type": "cart", "cart": CART})
    assert recovery.payment_shown(readers.retrieve(reader)) is None


CART = {
    "currency": "usd",
    "line_items": [{"description": "Latte", "amount": 450, "quantity": 1}],
    "total": 450,
}


def test_two_tills_at_one_reader_leave_each_other_s_payments_alone(reader, client):
    mine, other = (collect.create_payment(amount).id for amount in (1250, 9900))
    collect.process_payment(reader, other)
    with pytest.raises(collect.ReaderTaken, match=other):
        collect.process_payment(reader, mine, replace=False)
    left = cancel.cancel_reader_action(reader, payment_intent_id=mine)
    assert recovery.payment_shown(left) == other
    assert cancel.give_up_sale(reader, mine).status == "canceled"
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    collect.simulate_payment(reader)
    # What is over keeps nobody from asking for the next payment.
    mine = collect.create_payment(1250).id
    assert recovery.payment_shown(collect.process_payment(reader, mine, replace=False)) == mine
    assert cancel.cancel_reader_action(reader, payment_intent_id=mine).action is None
    client.v1.terminal.readers.set_reader_display(reader, {"type": "cart", "cart": CART})
    assert cancel.cancel_reader_action(reader, payment_intent_id=mine).action is None


@pytest.mark.parametrize("panel", [CollectPanel, CancelPanel])
def test_a_panel_does_not_stop_another_till_s_payment(reader, panel, client):
    till = panel()
    till.process.click()
    other = collect.create_payment(9900).id
    collect.process_payment(reader, other)
    till.refresh.click()
    assert till.state == "open"
    till.cancel.click()
    assert any(f"left alone: {other}" in line for line in till.log)
    assert recovery.payment_shown(client.v1.terminal.readers.retrieve(reader)) == other


def test_a_device_shows_a_cancel_button_where_it_is_asked_for(reader, client):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment, customer_can_cancel=True)
    faults.press_cancel(reader)
    shown = client.v1.terminal.readers.retrieve(reader)
    assert state_of(shown, client.v1.payment_intents.retrieve(payment)) == "failed"


# -- the money


@pytest.mark.parametrize(("amount", "received"), [(None, 1250), (1000, 1000)])
def test_a_capture_whose_answer_was_lost_is_a_sale(reader, client, amount, received):
    payment = held(reader)
    with faults.answer_lost(call="capture"):
        paid = collect.capture_payment(payment, amount)
    assert (paid.status, paid.amount_received) == ("succeeded", received)


def test_a_capture_that_did_not_arrive_is_none(reader, client):
    payment = held(reader)
    with faults.request_lost(call="capture"), pytest.raises(stripe.APIConnectionError):
        collect.capture_payment(payment)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_capture"


def test_a_cancel_whose_answer_was_lost_is_one(reader):
    payment = held(reader)
    with faults.answer_lost(call="payment_intents.cancel"):
        gone = cancel.cancel_payment(payment, "abandoned")
    assert (gone.status, gone.amount_capturable) == ("canceled", 0)
    payment = held(reader)
    with faults.request_lost(call="payment_intents.cancel"), pytest.raises(stripe.APIConnectionError):
        cancel.cancel_payment(payment)


# -- giving a sale up


def test_a_sale_in_flight_is_given_up_on_both_sides(reader, client):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    assert cancel.give_up_sale(reader, payment, "abandoned").cancellation_reason == "abandoned"
    assert client.v1.terminal.readers.retrieve(reader).action is None
    assert cancel.give_up_sale(reader, payment).status == "canceled"


def test_a_hold_is_released(reader):
    gone = cancel.give_up_sale(reader, held(reader))
    assert (gone.status, gone.amount_capturable) == ("canceled", 0)


def test_what_is_paid_stays_paid_and_is_said(reader):
    payment = held(reader)
    collect.capture_payment(payment)
    assert cancel.give_up_sale(reader, payment).status == "succeeded"


def test_while_the_bank_is_asked_nothing_is_given_up(reader, client):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    with faults.slow_bank():
        collect.simulate_payment(reader)
        with pytest.raises(stripe.InvalidRequestError) as caught:
            cancel.give_up_sale(reader, payment)
        assert caught.value.code == "terminal_reader_busy"
    assert client.v1.payment_intents.retrieve(payment).status == "requires_capture"
    assert cancel.give_up_sale(reader, payment).status == "canceled"


@pytest.mark.parametrize("fault", [faults.reader_offline, faults.reader_unplugged, faults.command_lost])
def test_a_reader_out_of_reach_does_not_keep_the_payment_alive(reader, client, fault):
    payment = collect.create_payment(1250).id
    collect.process_payment(reader, payment)
    with fault():
        assert cancel.give_up_sale(reader, payment).status == "canceled"
    # It still asks, and nobody can pay.
    assert collect.simulate_payment(reader).action.failure_code == "intent_invalid_state"
    assert client.v1.payment_intents.retrieve(payment).amount_received == 0


# -- the close of the day


def test_yesterday_s_open_payments_are_found(reader, client):
    uncaptured, unfinished = held(reader), collect.create_payment(900).id
    paid, gone = held(reader), collect.create_payment(800).id
    collect.capture_payment(paid)
    cancel.cancel_payment(gone)
    clock.advance(hours=12)
    today = clock.now()
    in_flight = collect.create_payment(700).id
    found = recovery.find_open_payments(until=today)
    assert [payment.id for payment in found] == [unfinished, uncaptured]
    assert [payment.id for payment in recovery.find_open_payments(since=today)] == [in_flight]
    assert len(recovery.find_open_payments()) == 3
    for payment in found:
        cancel.cancel_payment(payment.id, "abandoned")
    assert recovery.find_open_payments(until=today) == []
