"""The counter's clock: it says how far it is ahead and how it gets back, and time passes by its buttons."""

from __future__ import annotations

from irl_helpers.left_on import CLOCK_GOES_BACK
from irl_helpers.panels import CounterPanel
from tests.counter.at_counter import at


def test_the_clock_says_how_far_it_is_ahead_and_how_it_gets_back():
    async def work(panel: CounterPanel) -> None:
        clock = panel.clock
        assert clock is not None
        assert ">The account's clock shows this machine's time.<" in clock.words.value
        for label, said in (("An hour", "1 hour"), ("Two days", "2 days")):
            clock.buttons[label].click()
            await panel.settled()
            assert f">The account's clock is {said} ahead. {CLOCK_GOES_BACK}<" in clock.words.value
            assert panel.log[-1].startswith(label)

    at(work)
