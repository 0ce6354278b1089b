"""An order adds up, can be read from a PaymentIntent's description, and never meets a test decline."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irl_helpers.point_of_sale.order import MENU, PRODUCTS, TAX_PERCENT, Order
from irl_helpers.point_of_sale.shop import TIPS
from irl_helpers.simulator.declines import AMOUNT_ENDINGS

ORDERS = st.dictionaries(st.sampled_from(sorted(PRODUCTS)), st.integers(1, 9999), max_size=8).map(Order)


@given(ORDERS)
def test_what_is_written_can_be_read(order):
    assert list(Order.read(str(order)).counts.items()) == list(order.counts.items())


@pytest.mark.parametrize(
    "text", [None, "", "A haircut", "2 × Haircut", "2 Latte", "0 × ", "1 × Latte, 1 × Haircut", "1 × Latte, "]
)
def test_any_other_text_is_no_order(text):
    assert not Order.read(text)


@given(ORDERS)
def test_an_order_adds_up_on_the_till_and_on_the_reader(order):
    cart = order.cart()
    assert sum(line["amount"] for line in cart["line_items"]) == order.subtotal
    assert cart["total"] == order.total == order.subtotal + cart["tax"]
    assert abs(cart["tax"] * 100 - order.subtotal * TAX_PERCENT) <= 50
    for line in cart["line_items"]:
        assert line["amount"] == PRODUCTS[line["description"]].price * line["quantity"]


def test_one_more_and_one_less():
    order = Order().more("Latte").more("Sandwich").more("Latte")
    assert str(order) == "2 × Latte, 1 × Sandwich"
    assert str(order.less("Latte")) == "1 × Latte, 1 × Sandwich"
    assert str(order.less("Sandwich").less("Tea")) == "2 × Latte"
    assert not order.less("Latte").less("Latte").less("Sandwich")


def test_nothing_that_is_sold_is_declined_for_its_amount():
    names = [product.name for product in MENU]
    for count in (1, 2, 3):
        for chosen in combinations_with_replacement(names, count):
            order = Order()
            for name in chosen:
                order = order.more(name)
            for tip in (0, *TIPS):
                assert (order.total + tip) % 100 not in AMOUNT_ENDINGS, (str(order), tip)
