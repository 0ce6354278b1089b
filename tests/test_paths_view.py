"""The state diagrams in a panel: where payment and reader are, where they came from, what is open."""

from __future__ import annotations

import asyncio
import re

import pytest

from irl_helpers import collect, faults, setup
from irl_helpers.account import stripe_client
from irl_helpers.panels import CancelPanel, CollectPanel
from irl_helpers.panels.paths_view import PathsView


def said(view):
    found = re.search(r'alt="([^"]*)"', view.value)
    return found[1] if found else view.value


def states_fold(panel):
    return next(fold for fold in panel.folds if fold.what == "the states")


@pytest.mark.parametrize("kind", [CollectPanel, CancelPanel])
def test_the_diagrams_follow_a_sale(reader, kind):
    panel = kind("12.50")
    states_fold(panel).button.value = True
    payment, till = panel.till.paths.payment_view, panel.till.paths.reader_view
    assert said(payment) == "There is no PaymentIntent yet."
    assert said(till).startswith("Reader now idle; open calls: set_reader_display")
    panel.process.click()
    assert said(payment).startswith(
        "PaymentIntent now requires_payment_method (needs a card); open calls: update"
    )
    assert "Reader now waits for a card, before idle; open calls: present_payment_method" in said(till)
    panel.simulate.click()
    assert "PaymentIntent now requires_capture" in said(payment)
    assert "before requires_payment_method; open calls: capture leads to succeeded" in said(payment)
    panel.capture.click()
    assert "now succeeded (paid), before requires_capture" in said(payment)
    # The next sale has a past of its own.
    assert "idle" not in till.value.partition("<img")[0]
    panel.restart.click()
    # The panel says that the reader is idle, and its Reader still has the action.
    assert till.value.startswith("The reader is idle, and still has its last action.")
    assert "Reader now succeeded" in said(till)
    assert said(payment) == "There is no PaymentIntent yet."
    panel.process.click()
    assert "before" not in said(payment)


def test_what_happened_before_they_were_opened_is_known(reader):
    panel = CollectPanel("12.50")
    panel.process.click()
    collect.simulate_payment(reader.id)
    asyncio.run(panel.look())
    assert panel.till.paths.payment_view.value == ""
    states_fold(panel).button.value = True
    assert "before requires_payment_method" in said(panel.till.paths.payment_view)
    states_fold(panel).button.value = False
    before = panel.till.paths.payment_view.value
    panel.capture.click()
    assert panel.till.paths.payment_view.value == before


def test_the_bank_that_is_asked_is_in_the_diagram_and_in_the_words(reader):
    panel = CollectPanel("12.50")
    states_fold(panel).button.value = True
    panel.process.click()
    with faults.slow_bank(reader.id):
        panel.simulate.click()
        assert "Reader now asks the bank, before waits for a card" in said(panel.till.paths.reader_view)
        assert "the bank is asked" in panel.messages.state_line.value
        assert panel.simulate.disabled
    asyncio.run(panel.look())
    assert panel.state == "authorized"
    assert stripe_client().v1.payment_intents.retrieve(panel.payment_intent_id).status == "requires_capture"


def test_another_reader_has_a_past_of_its_own(reader):
    other = setup.register_reader("simulated-wpe", reader.location, "Other")
    asking = collect.process_payment(reader.id, collect.create_payment(1250).id)
    view = PathsView()
    view.fold.button.value = True
    view.see(reader, None)
    view.see(asking, None)
    assert "before idle" in said(view.reader_view)
    view.see(other, None)
    assert "now idle" in said(view.reader_view)
    assert "before" not in said(view.reader_view)
