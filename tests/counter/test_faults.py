"""What can go wrong, at a counter that goes to the reader that asks."""

from __future__ import annotations

from irl_helpers import faults, setup
from irl_helpers.collect import create_payment
from irl_helpers.panels import CounterPanel
from tests.counter.at_counter import at, program


def test_a_switch_stays_with_its_reader_when_the_counter_goes_to_another():
    _, readers, first = program()
    cafe = setup.own_reader("Café counter").id

    async def move(panel: CounterPanel) -> None:
        switches = panel.fault_switches
        assert switches is not None
        assert switches.where.value == "At Café counter:"
        for kind in ("command_lost", "answer_lost"):
            switches.boxes[kind].value = True
            await panel.settled()
        assert {fault.kind: fault.limits.get("reader") for fault in faults.active()} == {
            "command_lost": cafe,
            "answer_lost": None,
        }
        # The client asks again by itself: no answer came, and it is one payment that is asked for.
        readers.process_payment_intent(
            first, params={"payment_intent": create_payment(1250).id}, options={"max_network_retries": 3}
        )
        await panel.look()
        assert (panel.reader_id, panel.state, switches.where.value) == (first, "waiting", "At Counter:")
        assert [kind for kind, box in switches.boxes.items() if box.value] == []
        assert ">At Café counter: the command times out, and the reader did not get it (once more)<" in (
            switches.others.says.value
        )
        switches.others.end_faults.click()
        await panel.settled()
        assert faults.active() == []

    at(move)
