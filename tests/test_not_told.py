"""Where a reader knows less than the account, or asks for something else: panels say what is so."""

from __future__ import annotations

import pytest

from irl_helpers import faults
from irl_helpers.account import stripe_client
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.connect import list_readers
from irl_helpers.panels import CancelPanel, CollectPanel, SaveCardPanel
from irl_helpers.panels.counter import CounterPanel
from irl_helpers.panels.customer import AWAY, ELSEWHERE
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.sale import NOT_TOLD
from irl_helpers.setup import register_reader
from tests.test_asks_in_vain import TILLS, action

CARD = "4242424242424242"
WAITS = NOT_TOLD["in_progress"]


@pytest.fixture(params=TILLS)
def panel(request, reader):
    """One whose payment was approved, and whose reader got stuck over it."""
    panel = request.param()
    for name in TILLS[request.param]:
        getattr(panel, name).click()
    with faults.action_stuck(reader.id):
        panel.screen._handle_custom_msg({"hold": CARD}, [])
    assert (panel.state, action(reader)) == ("authorized", "in_progress")
    return panel


def asks_for_nothing(panel, then=None):
    assert "processing" in panel.picture.alt
    assert panel.picture.areas == ()
    first = f"press {then}" if then else "one that you press is only chosen"
    assert panel.screen.lead == f"The reader is not asking for a card: {first}."


def test_headline_log_and_picture_say_the_same(panel, reader):
    assert panel.meaning() == f"the money is held, and waits to be captured; {WAITS}"
    assert panel.log[-1] == "The card was read, and the reader has no answer yet."
    asks_for_nothing(panel, then="Capture")
    assert panel.simulate.disabled
    panel.capture.click()
    assert panel.meaning() == f"the payment is captured; {WAITS}: press Restart"
    asks_for_nothing(panel, then="Restart")
    panel.restart.click()
    assert (panel.error, panel.state, action(reader)) == ("", "ready", None)
    assert WAITS not in panel.meaning()


def test_an_approval_that_the_reader_shows_as_failed(reader):
    panel = CollectPanel()
    panel.process.click()
    with faults.connection_lost(reader.id):
        panel.simulate.click()
    assert "could not be reached" in panel.picture.alt
    assert panel.log[-1] == "The reader's action failed: Could not connect to Stripe. (connection_error)"
    assert panel.meaning() == f"the money is held, and waits to be captured; {NOT_TOLD['failed']}"
    panel.capture.click()
    assert panel.meaning() == f"the payment is captured; {NOT_TOLD['failed']}: press Restart"
    panel.restart.click()
    assert (panel.state, panel.meaning()) == ("ready", "nothing is being paid")
    assert "splash" in panel.picture.alt


@pytest.mark.parametrize(
    ("kind", "button", "then"),
    [
        (CollectPanel, "cancel", (None, "canceled")),
        (CancelPanel, "cancel_payment", ("in_progress", "canceled")),
        (CancelPanel, "cancel", (None, "authorized")),
    ],
)
def test_the_held_money_can_be_given_back_and_the_reader_freed(reader, kind, button, then):
    panel = kind()
    panel.process.click()
    with faults.action_stuck(reader.id):
        panel.simulate.click()
    getattr(panel, button).click()
    assert (panel.error, action(reader), panel.state) == ("", *then)


def test_the_point_of_sale_frees_the_reader_with_the_next_order(account_file):
    till = PointOfSale(open_shop())
    [reader] = list_readers()
    till.ask_for_tip.value = False
    till.order_view.products["Latte"].click()
    till.charge.click()
    with faults.action_stuck(reader.id):
        till.customer.simulate.click()
    assert till.meaning() == f"approved: capture the money to finish the sale; {WAITS}"
    asks_for_nothing(till, then="Capture $5.50")
    till.capture.click()
    assert till.meaning() == f"paid: $5.50; {WAITS}: press New order"
    till.new_order.click()
    assert (till.error, action(reader)) == ("", None)


@pytest.mark.parametrize(
    ("fault", "stands", "shows"),
    [
        (faults.action_stuck, "in_progress", "processing"),
        (faults.connection_lost, "failed", "could not be reached"),
    ],
)
def test_a_card_that_is_saved_is_not_asked_for_again(reader, fault, stands, shows):
    panel = SaveCardPanel()
    panel.save.click()
    with fault(reader.id):
        panel.simulate.click()
    assert (panel.state, action(reader)) == ("saved", stands)
    assert panel.meaning() == f"the card is saved, and can be charged later; {NOT_TOLD[stands]}"
    assert shows in panel.picture.alt
    assert panel.picture.areas == ()
    panel.restart.click()
    assert (panel.error, panel.state, panel.meaning()) == ("", "ready", "no card is being saved")
    assert "splash" in panel.picture.alt


PANELS = {SaveCardPanel: "save", CollectPanel: "process", PointOfSale: "charge"}


@pytest.mark.parametrize("kind", PANELS)
def test_while_the_bank_is_asked_every_panel_says_so(account_file, kind):
    open_shop()
    [reader] = list_readers()
    panel = kind()
    if kind is PointOfSale:
        panel.ask_for_tip.value = False
        panel.order_view.products["Latte"].click()
    getattr(panel, PANELS[kind]).click()
    fault = faults.slow_bank(reader.id)
    fault.start()
    panel.refresh.click()
    panel.screen._handle_custom_msg({"touch": "tip:0"}, [])  # where it asks for one
    panel.screen._handle_custom_msg({"hold": CARD}, [])
    assert panel.log[-1] == "The card was read, and the reader has no answer yet."
    assert panel.meaning() == "the card was read, and the bank is asked"
    asks_for_nothing(panel)
    fault.stop()
    panel.refresh.click()
    assert panel.state in ("saved", "authorized")
    assert panel.log[-1].startswith(("Approved: pi_", "The card was read for seti_"))


def test_the_counter_shows_that_the_card_was_read(reader):
    counter = CounterPanel()
    payment = create_payment(1250)
    process_payment(reader.id, payment.id)
    with faults.action_stuck(reader.id):
        simulate_payment(reader.id)
    counter.refresh.click()
    assert counter.state == "authorizing"
    asks_for_nothing(counter)
    stripe_client().v1.terminal.readers.cancel_action(reader.id)
    counter.refresh.click()
    assert counter.state == "idle"


def test_another_tills_payment_cannot_be_paid_from_here(reader):
    """The reader asks for it, but this panel's customer is not the one it asks."""
    panel = CancelPanel()
    panel.process.click()
    panel.cancel.click()
    process_payment(reader.id, create_payment(900).id)
    panel.refresh.click()
    assert panel.state == "open"
    assert "tap" in panel.picture.alt
    assert panel.picture.areas == ()
    assert panel.screen.lead == ELSEWHERE
    panel.screen._handle_custom_msg({"hold": CARD}, [])
    assert ELSEWHERE in panel.messages.notice.value
    assert action(reader) == "in_progress"


def test_a_till_that_goes_to_a_busy_reader_shows_what_that_asks_for(account_file):
    till = PointOfSale(open_shop())
    [reader] = list_readers()
    other = register_reader("simulated-wpe", reader.location, "Table 4")
    till.order_view.products["Latte"].click()
    till.charge.click()
    till.give_up.click()
    assert till.state == "canceled"
    payment = create_payment(2400)
    process_payment(other.id, payment.id)
    till.reader.value = other.id
    till.refresh.click()
    assert (till.state, till.payment_intent_id) == ("in_flight", payment.id)
    assert "$24.00" in till.picture.alt
    assert str(till.order) == ""


def test_a_customer_who_walks_away_while_a_tip_is_asked_for_is_said_to_be_gone(account_file):
    till = PointOfSale(open_shop())
    till.order_view.products["Latte"].click()
    till.charge.click()
    assert till.screen.lead.startswith("The customer chooses a tip first")
    till.walk_away.click()
    assert till.screen.lead == f"{AWAY} Choose a tip, and she is back."
    till.screen._handle_custom_msg({"touch": "tip:200"}, [])
    assert till.screen.lead.startswith("Press a card")
    till.walk_away.click()
    assert till.screen.lead == f"{AWAY} Press a card, and she is back and pays."
    till.screen._handle_custom_msg({"hold": CARD}, [])
    assert till.state == "authorized"


def test_a_card_that_is_taken_out_is_said_to_be(reader):
    panel = CollectPanel()
    panel.process.click()
    panel.screen._handle_custom_msg({"hold": "4001007020000002"}, [])
    panel.screen._handle_custom_msg({"touch": "back"}, [])
    assert panel.log[-1] == "The customer takes the card out."
