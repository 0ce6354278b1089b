"""A reader that was out of reach when its payment was canceled asks on when it is back: the panels say so,
and each way on ends it."""

from __future__ import annotations

import pytest

from irl_helpers import faults
from irl_helpers.account import stripe_client
from irl_helpers.cancel import give_up_sale
from irl_helpers.collect import ReaderTaken, create_payment, process_payment
from irl_helpers.connect import list_readers
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel
from irl_helpers.point_of_sale import PointOfSale, open_shop
from irl_helpers.sale import IN_VAIN

TILLS = {CollectPanel: ("process",), CancelPanel: ("process",), CartPanel: ("add", "process")}


@pytest.fixture(params=TILLS)
def panel(request, reader):
    """One whose payment was canceled while its reader was offline, which is online again."""
    panel = request.param()
    for name in TILLS[request.param]:
        getattr(panel, name).click()
    with faults.reader_offline(reader.id):
        give_up_sale(reader.id, panel.payment_intent_id)
    panel.refresh.click()
    assert panel.state == "canceled"
    assert action(reader) == "in_progress"
    return panel


def action(reader):
    action = stripe_client().v1.terminal.readers.retrieve(reader.id).action
    return action and action.status


def test_it_is_said_and_cancel_ends_it(panel, reader):
    cancel = panel.cancel
    assert panel.meaning() == f"{IN_VAIN}: press {cancel.description}"
    assert not cancel.disabled
    cancel.click()
    assert (panel.error, action(reader)) == ("", None)
    assert IN_VAIN not in panel.meaning()
    assert "splash" in panel.picture.alt


def test_restart_ends_it(panel, reader):
    panel.restart.click()
    assert (panel.error, action(reader), panel.state) == ("", None, "ready")
    assert "splash" in panel.picture.alt


def test_a_card_that_is_held_to_it_is_not_charged(panel, reader):
    assert "tap" in panel.picture.alt
    assert panel.screen.lead.startswith("Press a card")
    panel.screen._handle_custom_msg({"hold": "4242424242424242"}, [])
    assert (panel.state, action(reader)) == ("canceled", "failed")
    assert stripe_client().v1.charges.list().data == []
    assert "splash" in panel.picture.alt


def test_a_panel_that_comes_later_says_it_too(panel, reader):
    later = CollectPanel()
    assert (later.state, later.meaning()) == ("ready", f"{IN_VAIN}: press Cancel")
    later.cancel.click()
    assert (later.error, action(reader)) == ("", None)


def test_offline_it_is_said_that_the_reader_could_not_be_told(reader):
    panel = CollectPanel()
    panel.process.click()
    with faults.reader_offline(reader.id):
        panel.refresh.click()
        panel.cancel.click()
        assert panel.log[-1].endswith("could not be told, and may ask on when it is back.")


def test_another_tills_payment_is_not_replaced_but_one_that_is_over_is(reader):
    ours, theirs = create_payment(900), create_payment(800)
    process_payment(reader.id, theirs.id)
    with pytest.raises(ReaderTaken, match=theirs.id):
        process_payment(reader.id, ours.id, replace=False)
    with faults.reader_offline(reader.id):
        give_up_sale(reader.id, theirs.id)
    shown = process_payment(reader.id, ours.id, replace=False)
    assert shown.action.process_payment_intent.payment_intent == ours.id


@pytest.mark.parametrize("away", [False, True])
def test_the_point_of_sale_goes_on(account_file, away):
    """`away`: the reader is still offline when the next order is begun."""
    till = PointOfSale(open_shop())
    [reader] = list_readers()
    till.order_view.products["Latte"].click()
    till.charge.click()
    fault = faults.reader_offline(reader.id)
    fault.start()
    till.refresh.click()
    till.give_up.click()
    assert (till.state, till.error) == ("canceled", "")
    if away:
        till.new_order.click()
    fault.stop()
    till.refresh.click()
    way_on = "tap a product, and it stops" if away else "press New order"
    assert till.meaning() == f"{IN_VAIN}: {way_on}"
    if not away:
        till.new_order.click()
        assert action(reader) is None
    till.order_view.products["Sandwich"].click()
    assert till.error == ""
    assert "cart" in till.picture.alt
    assert IN_VAIN not in till.meaning()
    till.charge.click()
    assert (till.state, till.error) == ("in_flight", "")
