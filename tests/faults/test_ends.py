"""A fault ends with its block, at a press, or where a notebook finds it left on."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import faults, setup
from irl_helpers.account import reset_account
from tests.simulator.sale import new_payment, new_reader, pay


def test_a_fault_ends_with_its_block_whatever_happens_in_it(till):
    with pytest.raises(ZeroDivisionError), faults.reader_busy(till.reader):
        raise ZeroDivisionError
    assert faults.active() == []
    with faults.reader_busy(till.reader):
        faults.clear()
        assert faults.active() == []
    with faults.reader_busy():
        reset_account()
        new_reader(till.client)
    with faults.server_error(count=1) as fault:
        new_payment(till.client)
        assert faults.active() == []
    fault.stop()
    # It ends no fault that somebody else began.
    with faults.reader_busy() as mine, faults.reader_busy():
        mine.stop()
        mine.stop()
        assert len(faults.active()) == 1
    assert faults.active() == []


def test_a_fault_is_a_switch(till):
    fault = faults.reader_busy(till.reader)
    fault.stop()
    assert till.process().action.status == "in_progress"
    assert fault.start() is fault.start()
    assert len(faults.active()) == 1
    assert till.code(till.process) == "terminal_reader_busy"
    [same] = faults.active()
    same.stop()
    assert till.process().action.status == "in_progress"
    fault.stop()


def test_what_stands_is_listed_as_it_was_written(till):
    with (
        faults.reader_offline(till.reader) as first,
        faults.command_lost(till.reader, call="cancel_action", count=3, seed=7, chance=50) as second,
        faults.webhook_late() as third,
    ):
        listed = [(fault.kind, fault.limits, fault.text) for fault in faults.active()]
        assert listed == [(fault.kind, fault.limits, fault.text) for fault in (first, second, third)]
        assert repr(first) == f"reader_offline(reader={till.reader!r})"
        assert second.text == "the command times out, and the reader did not get it"
    faults.command_lost(count=2).start()
    with pytest.raises(stripe.InvalidRequestError):
        till.process()
    assert faults.active()[0].limits == {"count": 1}
    faults.clear()
    assert faults.active() == []


def test_the_customer_of_a_fault_in_a_block_pays_as_usual_after_it(till):
    with faults.command_lost(), faults.answer_lost(), faults.slow_bank():
        pass
    assert pay(till.client, till.reader, till.payment).status == "succeeded"


def test_a_notebook_ends_the_faults_that_would_strike_its_readers(capsys):
    ours, theirs = setup.own_reader("Counter 1"), setup.own_reader("Elsewhere")
    left = [faults.reader_busy(theirs.id), faults.webhook_lost()]
    ended = [faults.request_lost(), faults.reader_offline(ours.id), faults.command_lost()]
    for fault in (*left, *ended):
        fault.start()
    faults.clear_for("Counter 1")
    assert {fault.kind for fault in faults.active()} == {fault.kind for fault in left}
    said = capsys.readouterr().out.splitlines()
    assert sorted(line.partition(": ")[0] for line in said) == sorted(
        f"Ended a fault that was left on here. {fault.kind}" for fault in ended
    )
    faults.clear_for("Counter 1")
    assert capsys.readouterr().out == ""


def test_in_stripe_s_test_mode_there_are_none_to_end(monkeypatch, capsys):
    def send(*_, **__):
        raise AssertionError("something was sent")

    monkeypatch.setattr(stripe.RequestsClient, "request", send)
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    faults.clear_for("Counter 1")
    assert capsys.readouterr().out == ""
