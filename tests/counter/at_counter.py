"""Work at a counter: another program's calls, and what its page sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import stripe

from irl_helpers import setup
from irl_helpers.account import stripe_client
from irl_helpers.panels import CounterPanel

VISA, WITH_PIN, INTERAC = "4242424242424242", "4001000360000005", "4506445006931933"


def at(work: Callable[[CounterPanel], Awaitable[None]]) -> CounterPanel:
    """Do something at a counter, and look at it afterwards."""

    async def run() -> CounterPanel:
        panel = CounterPanel()
        await work(panel)
        await panel.look()
        panel.close()
        assert panel.error == ""
        return panel

    return asyncio.run(run())


def heard(screen: Any, **content: str) -> None:
    """What the page sends."""
    screen.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def program() -> tuple[stripe.StripeClient, Any, str]:
    """Another program's client, its calls on readers, and the id of its reader."""
    client = stripe_client()
    return client, client.v1.terminal.readers, setup.own_reader("Counter").id


async def hold(panel: CounterPanel, number: str = VISA) -> None:
    await panel.look()
    heard(panel.screen, hold=number)
    await panel.settled()


async def touch(panel: CounterPanel, *places: str) -> None:
    for place in places:
        await panel.look()
        assert place in [area["name"] for area in panel.screen.areas]
        heard(panel.screen, touch=place)
        await panel.settled()


def status(id: str) -> str:
    return str(stripe_client().v1.payment_intents.retrieve(id).status)


async def nothing(panel: CounterPanel) -> None:
    """Only look."""


def listed(panel: CounterPanel, name: str) -> list[dict[str, str]]:
    return list(getattr(panel.lists, name).rows)


async def written_down(panel: CounterPanel, seen: Callable[[], bool]) -> None:
    """Look until the served simulator has written it down, in a batch, about every second."""
    for _ in range(1000):
        await panel.look()
        if seen():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(listed(panel, "requests"))
