"""A customer's tap as a test suite has it: the fixture's `tap`, on an account that has seen some already."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.testing.terminal import in_process
from tests.bench.rounds import ROUNDS, seconds
from tests.simulator.sale import new_payment


def tap_milliseconds(folder: Path) -> list[float]:
    """How long each of them took; the first is for warming up and does not count."""
    took = []
    with closing(Simulator(folder / "taps.sqlite")) as simulator:
        shop = in_process(simulator)
        for _ in range(ROUNDS + 1):
            asked = new_payment(shop.client).id
            shop.client.v1.terminal.readers.process_payment_intent(shop.reader.id, {"payment_intent": asked})
            took.append(seconds(shop.tap) * 1000)
    return took[1:]
