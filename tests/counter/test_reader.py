"""Which reader the counter shows."""

from __future__ import annotations

from irl_helpers import faults, setup
from irl_helpers.account import stripe_client
from irl_helpers.collect import create_payment
from irl_helpers.panels import CounterPanel
from tests.counter.at_counter import at, program


def test_the_reader_that_asks_is_shown_until_one_is_chosen():
    _, readers, first = program()
    second = setup.own_reader("Another").id
    payments = [create_payment(1250).id for _ in range(2)]

    async def follow(panel):
        assert panel.reader_id == second
        readers.process_payment_intent(first, params={"payment_intent": payments[0]})
        await panel.look()
        assert panel.reader_id == first
        panel.reader.value = second
        readers.process_payment_intent(first, params={"payment_intent": payments[1]})
        await panel.look()
        assert panel.reader_id == second

    at(follow)


def test_without_a_reader_one_is_registered_here():
    async def register(panel):
        assert (panel.state, panel.screen.value) == ("no_reader", "")
        panel.new_reader.label.value = " Till "
        panel.new_reader.register.click()
        await panel.settled()

    panel = at(register)
    assert panel.reader_id == setup.find_reader("Till").id
    assert panel.state == "idle"


def test_a_label_registers_one_only_where_there_is_none():
    assert CounterPanel("Counter 1").state == "idle"
    CounterPanel("Counter 2")
    assert [reader.label for reader in stripe_client().v1.terminal.readers.list().data] == ["Counter 1"]


def test_trouble_at_the_first_look_is_shown_and_not_raised():
    with faults.rate_limit():
        panel = CounterPanel("Counter 1")
    assert "Too many requests" in panel.error or "rate_limit" in panel.error
    assert panel.state == ""
