"""A Stripe that is slow, silent or gone: the panel says so in place, and stays usable."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from irl_helpers import account, faults, opened_account, setup
from irl_helpers.panels import CollectPanel, presses, watch
from tests.simulator.serving import serve


async def longest_pause(until: asyncio.Future) -> float:
    """Seconds for which nothing else could go on, at the most: what a person feels as freezing."""
    longest = 0.0
    while not until.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - before)
    return longest


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The account over HTTP, as in Stripe's test mode."""
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        yield served


@pytest.fixture
def silent(monkeypatch):
    """An API that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("IRL_API_BASE", f"http://127.0.0.1:{listening.getsockname()[1]}")
        monkeypatch.setattr(opened_account, "TIMEOUT", 0.2)
        monkeypatch.setattr(opened_account, "RETRIES", 0)
        yield


def test_a_slow_answer_freezes_nothing(served, monkeypatch):
    monkeypatch.setattr(presses, "PATIENCE", 0.2)

    async def press():
        setup.own_reader("Till")
        panel = CollectPanel("12.50")
        with faults.slow_answer(call="payment_intents.create", count=1, seconds=2):
            panel.process.click()
            pause = asyncio.ensure_future(longest_pause(panel.presses.tasks[panel.process]))
            await asyncio.sleep(0.5)
            assert (panel.process.icon, panel.process.disabled) == ("spinner spin", True)
            assert "Process is waiting for Stripe" in panel.messages.notice.value
            # Everything else goes on.
            panel.process.click()
            panel.refresh.click()
            await asyncio.wait_for(panel.presses.tasks[panel.refresh], 1.2)
            assert panel.state == "ready"
            await panel.settled()
            assert await pause < 0.3
        assert (panel.state, panel.error, panel.messages.notice.value) == ("in_flight", "", "")
        assert len(account.stripe_client().v1.payment_intents.list().data) == 1

    asyncio.run(press())


def test_an_answer_that_comes_at_once_is_waited_for_without_a_word(served):
    async def press():
        setup.own_reader("Till")
        panel = CollectPanel("12.50")
        panel.process.click()
        await asyncio.sleep(0)
        assert panel.messages.notice.value == ""
        await panel.settled()
        assert (panel.state, panel.messages.notice.value) == ("in_flight", "")

    asyncio.run(press())


def test_older_looks_never_show_after_newer_ones(served):
    async def look():
        setup.own_reader("Till")
        panel = CollectPanel("12.50")
        order = []
        read, show = panel.read, panel.show
        pauses = [0.3, 0.0]

        def slow_read():
            order.append("read")
            time.sleep(pauses.pop(0))
            return read()

        panel.read = slow_read
        panel.show = lambda seen: (order.append("show"), show(seen))
        await asyncio.gather(panel.look(), panel.look())
        assert order == ["read", "show", "read", "show"]

    asyncio.run(look())


def test_an_api_that_never_answers_is_said_with_what_to_do(silent):
    panel = CollectPanel()
    assert panel.error.startswith("No answer from Stripe: it did not answer in time.")
    assert "press Refresh" in panel.error
    assert 'role="alert"' in panel.messages.alert.value
    assert not panel.refresh.disabled
    assert panel.process.disabled

    async def press():
        began = time.perf_counter()
        panel.refresh.click()
        pause = asyncio.ensure_future(longest_pause(panel.presses.tasks[panel.refresh]))
        await panel.settled()
        assert await pause < 0.15
        assert time.perf_counter() - began < 3

    asyncio.run(press())
    assert panel.error.startswith("No answer from Stripe")


def test_a_stripe_that_is_away_is_said_once_and_forgiven_when_it_is_back(served, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(opened_account, "RETRIES", 0)

    async def follow():
        setup.own_reader("Till")
        panel = CollectPanel()
        panel._repr_mimebundle_()
        with monkeypatch.context() as gone, socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # and does not listen
            gone.setenv("IRL_API_BASE", f"http://127.0.0.1:{nobody.getsockname()[1]}")
            await asyncio.sleep(0.5)
            assert "it could not be reached" in panel.error
            assert len(panel.log) == 1
        await asyncio.sleep(0.5)
        assert (panel.error, panel.messages.alert.value, panel.state) == ("", "", "ready")
        assert len(panel.log) == 1
        panel.close()

    asyncio.run(follow())
