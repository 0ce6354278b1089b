"""A panel that nobody has touched for a while: whatever is touched, it follows the account again, and what
was done is about what is so now."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers.collect import create_payment, process_payment
from irl_helpers.panels import CollectPanel, watch

CARD = "4242424242424242"


async def asleep(monkeypatch):
    """A panel that stopped looking before another program asked for a payment at its reader."""
    with monkeypatch.context() as soon:
        soon.setattr(watch, "UNTOUCHED", 0.0)
        panel = CollectPanel()
        panel._repr_mimebundle_()
        while panel.watch.running:
            await asyncio.sleep(0.01)
    process_payment(panel.till.sale.reader_id, create_payment(4200).id)
    assert panel.state == "ready"
    return panel


async def settled(panel):
    while panel.watch._once_seen is not None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0)
    await panel.settled()


def test_a_card_is_held_to_what_the_reader_asks_for_now(reader, monkeypatch):
    async def work():
        panel = await asleep(monkeypatch)
        panel.screen._handle_custom_msg({"hold": CARD}, [])
        await settled(panel)
        assert (panel.state, panel.error, panel.watch.running) == ("authorized", "", True)
        panel.close()

    asyncio.run(work())


def test_what_is_done_meanwhile_waits_its_turn(reader, monkeypatch):
    async def work():
        panel = await asleep(monkeypatch)
        panel.screen._handle_custom_msg({"hold": "4001007020000002"}, [])
        for key in "1234":
            panel.screen._handle_custom_msg({"touch": f"key:{key}"}, [])
        await settled(panel)
        assert (panel.till.customer.stage, panel.till.customer.typed) == ("pin", "1234")
        panel.close()

    asyncio.run(work())


TOUCHES = {
    "a field": lambda panel: panel.amount._handle_custom_msg({"value": "3"}, []),
    "a choice": lambda panel: panel.card._handle_custom_msg({"label": "Visa …4242: approved"}, []),
    "a switch": lambda panel: panel.customer_can_cancel._handle_custom_msg({"value": True}, []),
    "a card": lambda panel: panel.screen._handle_custom_msg({"hold": CARD}, []),
    "a button": lambda panel: panel.refresh._handle_custom_msg({"event": "click"}, []),
    **{
        fold: lambda panel, place=place: setattr(panel.folds[place].button, "value", True)
        for place, fold in enumerate(("the requests", "the states", "what can go wrong"))
    },
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_is_touched_the_account_is_followed_again(reader, monkeypatch, touch):
    async def work():
        monkeypatch.setattr(watch, "LOOK_EVERY", 0.01)
        panel = await asleep(monkeypatch)
        assert panel.screen.lead.startswith("Untouched for ten minutes")
        TOUCHES[touch](panel)
        while panel.state == "ready":
            await asyncio.sleep(0.01)
        assert panel.watch.running
        assert panel.messages.notice.value == ""
        assert panel.screen.lead.startswith(("Press a card", "The reader is not asking"))
        panel.close()

    asyncio.run(work())
