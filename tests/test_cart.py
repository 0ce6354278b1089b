"""The exercise about the cart: by call and by panel."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers import collect
from irl_helpers.account import stripe_client
from irl_helpers.cart import cart_of, show_cart, shown_lines, tax_on
from irl_helpers.panels import CartPanel

LINES = [("Latte", 900, 2), ("Croissant", 380, 1)]


def seen(panel):
    return panel.picture.alt


def test_the_total_is_added_up():
    assert cart_of(LINES, 102) == {
        "currency": "usd",
        "line_items": [
            {"description": "Latte", "amount": 900, "quantity": 2},
            {"description": "Croissant", "amount": 380, "quantity": 1},
        ],
        "tax": 102,
        "total": 1382,
    }


@pytest.mark.parametrize(("lines", "tax"), [([("Latte", 4.5, 1)], 0), ([("Latte", 450, 1)], 0.5)])
def test_a_float_is_refused_before_the_customer_sees_nothing(lines, tax):
    with pytest.raises(TypeError, match="float"):
        cart_of(lines, tax)


def test_what_is_shown_is_what_was_sent_until_the_next_command(client, till):
    shown = show_cart(till.id, cart_of(LINES, 102), client=client)
    assert (shown.action.type, shown.action.status) == ("set_reader_display", "in_progress")
    assert shown_lines(shown) == LINES
    assert shown_lines(show_cart(till.id, cart_of(LINES[:1]), client=client)) == LINES[:1]
    payment = collect.create_payment(900, client=client)
    assert shown_lines(collect.process_payment(till.id, payment.id, client=client)) == []


@pytest.mark.parametrize("spoil", [{"tax": 0.5}, {"total": 9.5}, {"currency": "eur"}])
def test_a_cart_that_cannot_be_shown_has_no_lines(reader, spoil):
    shown = show_cart(reader.id, cart_of(LINES) | spoil)
    assert shown_lines(shown) == []
    assert CartPanel().state == "ready"


def test_a_sale_by_buttons_from_the_first_thing_to_the_money(reader):
    panel = CartPanel()
    assert (panel.state, panel.process.disabled, panel.take_back.disabled) == ("ready", True, True)
    panel.add.click()
    panel.add.click()
    panel.goods.value = "Croissant"
    panel.add.click()
    assert panel.state == "cart"
    assert panel.lines == [("Latte", 900, 2), ("Croissant", 380, 1)]
    assert seen(panel) == "WisePOS E: cart with 2 lines, total $13.82"
    assert panel.amount.value == "$13.82"
    panel.process.click()
    assert panel.state == "in_flight"
    assert "$13.82" in seen(panel)
    assert panel.add.disabled
    panel.simulate.click()
    panel.capture.click()
    assert (panel.state, panel.error) == ("succeeded", "")
    [payment] = stripe_client().v1.payment_intents.list().data
    assert payment.amount_received == 1382
    panel.restart.click()
    assert (panel.state, panel.lines, panel.amount.value) == ("ready", [], "")


def test_what_was_rung_up_can_be_taken_back_and_cleared(reader):
    panel = CartPanel()
    for goods in ("Latte", "Latte", "Cheesecake"):
        panel.goods.value = goods
        panel.add.click()
    panel.take_back.click()
    assert panel.lines == [("Latte", 900, 2)]
    panel.take_back.click()
    assert (panel.error, panel.lines) == ("There is no Cheesecake in the cart.", [("Latte", 900, 2)])
    panel.goods.value = "Latte"
    panel.take_back.click()
    assert (panel.error, panel.lines) == ("", [("Latte", 450, 1)])
    panel.take_back.click()
    assert panel.state == "ready"
    assert "splash" in seen(panel)
    panel.add.click()
    panel.cancel.click()
    assert (panel.state, panel.error) == ("ready", "")
    assert "splash" in seen(panel)
    assert stripe_client().v1.payment_intents.list().data == []


def test_a_cart_that_is_there_already_is_taken_up(reader):
    show_cart(reader.id, cart_of(LINES))
    panel = CartPanel()
    assert (panel.state, panel.lines) == ("cart", LINES)


def test_without_a_reader_nothing_can_be_rung_up():
    panel = CartPanel()
    assert (panel.state, panel.add.disabled) == ("no_reader", True)


@pytest.mark.parametrize(("cents", "tax"), [(450, 36), (410, 33), (620, 50), (1006, 80), (1007, 81)])
def test_tax_is_in_whole_cents(cents, tax):
    assert tax_on(cents, 8) == tax


def test_a_card_that_is_declined_is_asked_for_again_at_the_same_total(reader):
    panel = CartPanel()
    panel.add.click()
    panel.process.click()
    panel.card.value = "4000000000000002"
    panel.simulate.click()
    assert (panel.state, panel.process.disabled, panel.add.disabled) == ("declined", False, True)
    panel.process.click()
    panel.card.value = "4242424242424242"
    panel.simulate.click()
    panel.capture.click()
    [payment] = stripe_client().v1.payment_intents.list().data
    assert (panel.state, payment.amount_received) == ("succeeded", 486)


def test_a_till_that_has_stopped_asking_can_ask_again(reader):
    panel = CartPanel()
    panel.add.click()
    panel.process.click()
    stripe_client().v1.terminal.readers.cancel_action(reader.id)
    panel.refresh.click()
    assert (panel.state, panel.process.disabled) == ("open", False)
    panel.process.click()
    assert (panel.state, panel.error) == ("in_flight", "")


def test_as_many_are_added_as_were_pressed_however_fast(reader):
    async def hurry():
        panel = CartPanel()
        for _ in range(5):
            panel.add.click()
            assert not panel.add.disabled
        await panel.settled()
        return panel

    panel = asyncio.run(hurry())
    assert (panel.lines, panel.error) == ([("Latte", 2250, 5)], "")
