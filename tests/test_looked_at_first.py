"""Each widget that a press changes is a message to the page: what somebody looks at is sent first."""

from __future__ import annotations

import asyncio

import ipywidgets as W
import pytest

from irl_helpers import setup
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, SaveCardPanel
from irl_helpers.panels.layout import everything_in
from irl_helpers.point_of_sale import PointOfSale, open_shop

# panel, what is pressed in it, one after the other
PRESSES = [
    (CollectPanel, "process simulate capture restart"),
    (CancelPanel, "process cancel cancel_payment restart"),
    (CartPanel, "add process simulate capture restart"),
    (SaveCardPanel, "save simulate charge restart"),
    (PointOfSale, "first_product charge simulate capture new_order"),
]


@pytest.fixture
def sent(monkeypatch):
    """The widgets that send what has changed in them, one after the other."""
    found = []
    send = W.Widget._send

    def noted(widget, message, *rest, **more):
        if message.get("method") == "update":
            found.append(widget)
        return send(widget, message, *rest, **more)

    monkeypatch.setattr(W.Widget, "_send", noted)
    return found


@pytest.mark.parametrize(("kind", "presses"), PRESSES, ids=lambda each: getattr(each, "__name__", ""))
def test_the_state_and_the_picture_are_sent_before_all_else(kind, presses, sent):
    async def press_all():
        panel = kind(open_shop()) if kind is PointOfSale else kind()
        if kind is PointOfSale:
            panel.ask_for_tip.value = False
        for name in presses.split():
            button = panel.buttons[name] if name in panel.buttons else getattr(panel, name)
            there = list(everything_in(panel.view))
            sent.clear()
            button.click()
            await panel.settled()
            assert panel.error == ""
            if name == "first_product":
                continue  # the order is shown at once, and then on the reader
            # The button shows that it works, and a customer who has not chosen a tip gives none. What is made
            # by the press, such as a row of the day, cannot be held back.
            by_the_work = (button, getattr(panel, "tip", None))
            seen = [each for each in sent if each in there and each not in by_the_work]
            seen = [each for each in seen if not isinstance(each, W.Box)]
            first = [each for each in seen if each in (panel.messages.state_line, panel.screen)]
            assert first, name
            assert seen[: len(first)] == first, (name, seen[: len(first)])
            twice = [each for each in seen[len(first) :] if seen.count(each) > 1]
            assert not twice, (name, twice)

    setup.own_reader("Till")
    asyncio.run(press_all())
