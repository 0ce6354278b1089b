"""Faults of a reader and of its customer do what they say."""

from __future__ import annotations

import pytest

from irl_helpers import clock, faults
from tests.faults.at_till import Till


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.reader_offline, "terminal_reader_offline"),
        (faults.reader_busy, "terminal_reader_busy"),
        (faults.reader_unplugged, "terminal_reader_timeout"),
        (faults.reader_driven_by_app, None),
    ],
)
def test_a_reader_takes_no_command_until_it_is_back(till, fault, code):
    other = Till(till.client)
    till.process()
    with fault(till.reader):
        for command in (till.process, till.cancel):
            assert till.code(command) == code
        assert till.look().status == ("offline" if fault is faults.reader_offline else "online")
        assert other.process().action.status == "in_progress"
    assert till.look().status == "online"
    assert till.look().action.process_payment_intent.payment_intent == till.payment
    assert till.present().action.status == "succeeded"


def test_a_reader_without_a_signal_is_offline_after_two_minutes(till):
    with faults.reader_unplugged(till.reader):
        seen = till.look().last_seen_at
        clock.advance(seconds=118)
        assert (till.look().status, till.code(till.process)) == ("online", "terminal_reader_timeout")
        clock.advance(seconds=2)
        assert (till.look().status, till.code(till.process)) == ("offline", "terminal_reader_offline")
        assert till.look().last_seen_at == seen
    assert till.look().last_seen_at >= seen + 120_000


def test_an_offline_reader_was_last_seen_two_minutes_ago(till):
    seen = till.look().last_seen_at
    with faults.reader_offline(till.reader):
        asleep = till.look().last_seen_at
        assert -120_000 <= asleep - seen < -60_000
        clock.advance(seconds=60)
        assert till.look().last_seen_at == asleep
    assert till.look().last_seen_at >= seen + 60_000


def test_a_lost_command_changes_nothing(till):
    with faults.command_lost(till.reader, count=1):
        assert till.code(till.process) == "terminal_reader_timeout"
        assert till.look().action is None
        assert till.process().action.status == "in_progress"


def test_an_unconfirmed_command_has_arrived(till):
    with faults.command_unconfirmed(till.reader, call="process_payment_intent"):
        assert till.code(till.process) == "terminal_reader_timeout"
        assert till.look().action.process_payment_intent.payment_intent == till.payment
        assert till.cancel().action is None


def test_the_customer_cancels_where_it_is_offered(till):
    with faults.customer_cancels(till.reader, count=2):
        till.process()
        assert till.look().action.status == "in_progress"
        till.process(enable_customer_cancellation=True)
        action = till.look().action
        assert (action.status, action.failure_code) == ("failed", "customer_canceled")
    assert till.status() == "requires_payment_method"
    assert till.process(enable_customer_cancellation=True).action.status == "in_progress"
    assert till.look().action.status == "in_progress"


def test_the_customer_presses_cancel_at_a_moment_of_our_own(till):
    till.process()
    assert till.code(faults.press_cancel, till.reader) is None
    till.process(enable_customer_cancellation=True)
    faults.press_cancel(till.reader)
    assert till.look().action.failure_code == "customer_canceled"
    assert till.code(faults.press_cancel, "tmr_nobody") == "resource_missing"


def test_a_slow_bank_keeps_the_reader_busy_until_it_answers(till):
    till.process()
    fault = faults.slow_bank(till.reader).start()
    assert till.present().action.status == "in_progress"
    assert till.code(till.cancel) == "terminal_reader_busy"
    assert till.status() == "requires_payment_method"
    fault.stop()
    assert till.look().action.status == "succeeded"
    assert till.status() == "requires_capture"


def test_a_connection_lost_after_the_authorization_leaves_a_hold(till):
    till.process()
    with faults.connection_lost(till.reader):
        action = till.present().action
    assert (action.status, action.failure_code) == ("failed", "connection_error")
    assert till.status() == "requires_capture"


def test_a_stuck_action_says_nothing_though_the_bank_approved(till):
    till.process()
    with faults.action_stuck(till.reader):
        assert till.present().action.status == "in_progress"
    assert till.look().action.status == "in_progress"
    assert till.status() == "requires_capture"
    events = till.client.v1.events.list().data
    assert [event.type for event in events if event.type.startswith("terminal.reader")] == []
    assert till.cancel().action is None
