"""The counter's clock: it says in a sentence how far it is ahead, and time passes by its buttons."""

from __future__ import annotations

from irl_helpers.panels import CounterPanel
from tests.counter.at_counter import at


def test_the_clock_says_in_a_sentence_how_far_it_is_ahead():
    async def work(panel: CounterPanel) -> None:
        clock = panel.clock
        assert clock is not None
        assert ">The account's clock shows this machine's time." in clock.words.value
        for label, said in (("An hour", "1 hour"), ("Two days", "2 days")):
            clock.buttons[label].click()
            await panel.settled()
            assert f">The account's clock is {said} ahead." in clock.words.value

    at(work)
