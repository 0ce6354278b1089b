"""The cart on the reader's screen: shown as it was sent, and charged for by nobody."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.screen import reader_screen

LATTE = {"description": "Caramel latte", "amount": 659, "quantity": 1}
DONUTS = {"description": "Dozen donuts", "amount": 1239, "quantity": 1}
CART = {"currency": "usd", "line_items": [LATTE, DONUTS], "tax": 100, "total": 1998}


@pytest.fixture
def show(client, reader):
    def set_reader_display(**cart):
        params = {"type": "cart", "cart": {**CART, **cart}}
        return client.v1.terminal.readers.set_reader_display(reader, params)

    return set_reader_display


def test_cart_stays_until_it_is_replaced_or_canceled(client, reader, show, events):
    shown = show()
    assert (shown.action.type, shown.action.status) == ("set_reader_display", "in_progress")
    assert shown.action.set_reader_display.to_dict() == {"type": "cart", "cart": CART}
    assert "cart with 2 lines, total $19.98" in reader_screen(shown).alt
    changed = show(line_items=[LATTE], tax=None, total=659).action.set_reader_display.cart
    assert changed.to_dict() == {"currency": "usd", "line_items": [LATTE], "tax": None, "total": 659}
    assert client.v1.terminal.readers.retrieve(reader).action.status == "in_progress"
    assert client.v1.terminal.readers.cancel_action(reader).action is None
    events.check([], reader)


def test_cart_takes_the_place_of_a_waiting_payment(client, reader, show, payment):
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    assert show().action.type == "set_reader_display"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    assert client.v1.payment_intents.retrieve(payment).status == "requires_payment_method"
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    # The payment's own amount, whatever the cart said.
    assert client.v1.payment_intents.retrieve(payment).amount_capturable == 1000


@pytest.mark.parametrize(
    "cart",
    [
        {"total": 0},
        {"total": 5},
        {"total": -100},
        {"tax": 0},
        {"line_items": [{**LATTE, "amount": 0}]},
        {"line_items": [{**LATTE, "quantity": 3}]},
        {"currency": "jpy"},
    ],
    ids=str,
)
def test_nobody_adds_up(show, cart):
    assert show(**cart).action.set_reader_display.cart.to_dict() == {**CART, **cart}


@pytest.mark.parametrize(
    "cart",
    [{"total": 19.98}, {"tax": 0.5}, {"line_items": [{**LATTE, "amount": 6.59}]}],
    ids=["total", "tax", "line"],
)
def test_fraction_is_accepted_and_leaves_the_screen_blank(show, cart):
    """The trap: the answer is 200, and the customer sees the splash screen."""
    shown = show(**cart)
    assert shown.action.status == "in_progress"
    assert shown.action.set_reader_display.cart.to_dict() == {**CART, **cart}
    assert "splash screen" in reader_screen(shown).alt
    assert "Total" not in reader_screen(shown).svg


def test_screen_without_a_cart(client, reader):
    shown = client.v1.terminal.readers.set_reader_display(reader, {"type": "cart"})
    assert shown.action.set_reader_display.to_dict() == {"type": "cart", "cart": None}
    assert reader_screen(shown).svg


@pytest.mark.parametrize(
    ("cart", "code", "param"),
    [
        ({"total": "much"}, None, "cart[total]"),
        ({"total": ""}, "parameter_invalid_empty", "cart[total]"),
        ({"line_items": [{**LATTE, "amount": "1,00"}]}, None, "cart[line_items][0][amount]"),
        (
            {"line_items": [LATTE, {**DONUTS, "quantity": 1.5}]},
            "parameter_invalid_integer",
            "cart[line_items][1][quantity]",
        ),
        (
            {"line_items": [{"amount": 1, "quantity": 1}]},
            "parameter_missing",
            "cart[line_items][0][description]",
        ),
        ({"line_items": [{**LATTE, "name": "x"}]}, "parameter_unknown", "cart[line_items][0][name]"),
        ({"currency": "xxx"}, None, "cart[currency]"),
        ({"currency": ""}, "parameter_invalid_empty", "cart[currency]"),
    ],
)
def test_carts_that_are_refused(client, reader, show, cart, code, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        show(**cart)
    assert (caught.value.code, caught.value.param) == (code, param)
    assert client.v1.terminal.readers.retrieve(reader).action is None


@pytest.mark.parametrize("missing", ["currency", "line_items", "total"])
def test_what_a_cart_needs(client, reader, missing):
    cart = {name: value for name, value in CART.items() if name != missing}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.readers.set_reader_display(reader, {"type": "cart", "cart": cart})
    assert (caught.value.code, caught.value.param) == ("parameter_missing", f"cart[{missing}]")


def test_there_are_only_carts(client, reader):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.readers.set_reader_display(reader, {"type": "movie"})
    assert caught.value.param == "type"
