"""Which reader the counter shows."""

from __future__ import annotations

from irl_helpers import faults, setup
from irl_helpers.account import stripe_client
from irl_helpers.cards import card_number
from irl_helpers.collect import create_payment
from irl_helpers.connect import choose_reader
from irl_helpers.panels import CounterPanel
from tests.counter.at_counter import VISA, at, hold, program

NO_MONEY = card_number("charge_declined_insufficient_funds")


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
    assert (panel.state, panel.new_reader.label.value) == ("idle", "")


def test_a_label_registers_one_only_where_there_is_none():
    assert CounterPanel("Counter 1").state == "idle"
    CounterPanel("Counter 2")
    assert [reader.label for reader in stripe_client().v1.terminal.readers.list().data] == ["Counter 1"]


def test_trouble_at_the_first_look_is_shown_and_not_raised():
    with faults.rate_limit():
        panel = CounterPanel("Counter 1")
    assert "Too many requests" in panel.error or "rate_limit" in panel.error
    assert panel.state == ""


def cart(readers, reader: str, total: int = 450) -> None:
    """A program shows what is bought."""
    line = {"description": "Tea", "amount": total, "quantity": 1}
    shown = {"currency": "usd", "total": total, "line_items": [line]}
    readers.set_reader_display(reader, params={"type": "cart", "cart": shown})


def test_a_cart_left_on_another_reader_hides_no_sale_and_no_end_of_one():
    _, readers, left = program()
    cafe = setup.own_reader("Café").id
    cart(readers, left)

    async def sell(panel):
        assert panel.reader_id == cafe
        for card, state in ((NO_MONEY, "failed"), (VISA, "succeeded")):
            readers.process_payment_intent(cafe, params={"payment_intent": create_payment(1250).id})
            await hold(panel, card)
            for _ in range(2):
                await panel.look()
                assert (panel.reader_id, panel.state) == (cafe, state)
        readers.process_payment_intent(left, params={"payment_intent": create_payment(900).id})
        await panel.look()
        assert (panel.reader_id, panel.state) == (left, "waiting")
        assert panel.log[-1] == "The counter goes to Counter now."

    at(sell)


def test_it_begins_with_the_reader_that_was_named():
    _, readers, first = program()
    second = setup.own_reader("Another").id
    cart(readers, second)
    choose_reader(second)
    assert CounterPanel("Counter").reader_id == first
    readers.process_payment_intent(second, params={"payment_intent": create_payment(1250).id})
    assert CounterPanel("Counter").reader_id == second


def test_it_stays_where_it_is_told_to_and_goes_on_when_let_go():
    _, readers, first = program()
    second = setup.own_reader("Another").id

    async def stay(panel):
        assert panel.reader_id == second
        panel.stay.value = True  # with the reader that is shown already
        readers.process_payment_intent(first, params={"payment_intent": create_payment(1250).id})
        await panel.look()
        await panel.look()
        assert panel.reader_id == second
        panel.stay.value = False
        await panel.look()
        assert panel.reader_id == first
        panel.reader.value = second
        assert panel.stay.value

    at(stay)


def test_a_look_that_began_before_a_choice_does_not_undo_it():
    _, _, first = program()
    second = setup.own_reader("Another").id

    async def choose(panel):
        seen = panel.read()
        panel.reader.value = first
        panel.show(seen)
        assert panel.reader_id == first
        await panel.look()
        assert (panel.reader_id, panel.reader.value) == (first, first)
        assert second != first

    at(choose)
