"""The keyboard is not left in nowhere when a button that was pressed is disabled."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers import setup
from irl_helpers.panels import CollectPanel
from irl_helpers.panels.keyboard_focus import KeyboardFocus
from irl_helpers.point_of_sale import PointOfSale, open_shop


@pytest.fixture
def focused(monkeypatch):
    """The labels of the buttons that the keyboard goes on to, wherever the page has it by then."""
    found = []
    monkeypatch.setattr(
        KeyboardFocus, "go_on_to", lambda _, button, __=False: found.append(button.description)
    )
    return found


def by_hand(button):
    """As the page presses it."""
    button._handle_custom_msg({"event": "click"}, [])


def test_the_keyboard_goes_on_to_the_button_that_makes_sense_next(focused):
    async def sell():
        setup.own_reader("Till")
        panel = CollectPanel()
        for button in (panel.process, panel.simulate, panel.capture, panel.restart, panel.refresh):
            by_hand(button)
            await panel.settled()
        assert panel.error == ""

    asyncio.run(sell())
    assert focused == ["Simulate Payment", "Capture", "Restart", "Process", "Refresh"]


def test_a_press_by_code_moves_nobodys_focus(focused):
    async def sell():
        setup.own_reader("Till")
        panel = CollectPanel()
        panel.process.click()
        await panel.settled()
        panel.simulate.click()
        await panel.settled()

    asyncio.run(sell())
    assert focused == []


def test_a_second_button_takes_the_focus_with_it(focused):
    async def sell():
        setup.own_reader("Till")
        panel = CollectPanel()
        by_hand(panel.process)
        by_hand(panel.refresh)
        await panel.settled()

    asyncio.run(sell())
    assert focused == ["Refresh"]


def test_a_cancel_on_the_glass_leaves_the_keyboard_with_the_till(focused):
    async def give_up():
        setup.own_reader("Till")
        panel = CollectPanel()
        panel.customer_can_cancel.value = True
        panel.process.click()
        await panel.settled()
        panel.screen._handle_custom_msg({"touch": "cancel"}, [])
        await panel.settled()
        assert (panel.state, panel.error) == ("failed", "")

    asyncio.run(give_up())
    assert focused == ["Process"]


def test_what_is_pressed_in_the_day_keeps_the_page_where_it_is(monkeypatch):
    sent = []
    monkeypatch.setattr(KeyboardFocus, "send", lambda _, content: sent.append(content))

    async def sell_and_refund():
        till = PointOfSale(open_shop())
        till.ask_for_tip.value = False
        till.first_product.click()
        for name in ("charge", "simulate", "capture"):
            by_hand(getattr(till, name))
            await till.settled()
        by_hand(till.day_view.buttons["Refund", till.payment_intent_id])
        await till.settled()
        before = len(sent)
        by_hand(till.drawer.confirm)
        await till.settled()
        assert till.state == "refunded"
        assert sent[before - 2]["intoSight"]
        assert sent[before:] == [{"widget": till.drawer.close.model_id, "intoSight": False}]

    asyncio.run(sell_and_refund())
