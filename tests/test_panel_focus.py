"""The keyboard is not left in nowhere when a button that was pressed is disabled."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers import setup
from irl_helpers.panels import CollectPanel
from irl_helpers.panels.keyboard_focus import KeyboardFocus


@pytest.fixture
def focused(monkeypatch):
    """The labels of the buttons that the keyboard goes on to, wherever the page has it by then."""
    found = []
    monkeypatch.setattr(KeyboardFocus, "go_on_to", lambda _, button, __: found.append(button.description))
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
