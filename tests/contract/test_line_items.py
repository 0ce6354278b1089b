"""What an amount is made of, item by item. C: docs.stripe.com/payments/payment-line-items."""

from __future__ import annotations

import pytest

from .errors import refused

CARD_PRESENT = {"currency": "usd", "allowed_payment_method_types": ["card_present"]}
COFFEE = {"product_name": "Coffee", "product_code": "C1", "quantity": 2, "unit_cost": 450}
CAKE = {
    "product_name": "Cake",
    "quantity": 1,
    "unit_cost": 400,
    "discount_amount": 100,
    "payment_method_options": {"card_present": {"commodity_code": "50181900"}},
}
TAXED = {"product_name": "Tea", "quantity": 1, "unit_cost": 300, "tax": {"total_tax_amount": 30}}
# amount_details -> the amount that they come to
ADDS_UP = [
    ({"line_items": [COFFEE]}, 900),
    ({"line_items": [COFFEE, CAKE]}, 1200),
    ({"line_items": [COFFEE, TAXED], "shipping": {"amount": 500, "to_postal_code": "94111"}}, 1730),
    ({"line_items": [COFFEE], "tax": {"total_tax_amount": 90}, "discount_amount": 90}, 900),
]


def create(client, details, amount, **more):
    return client.v1.payment_intents.create(
        {**CARD_PRESENT, "amount": amount, "amount_details": details, **more}
    )


@pytest.mark.parametrize(("details", "amount"), ADDS_UP)
def test_items_are_kept_and_listed(client, details, amount):
    payment = create(client, details, amount)
    assert "line_items" not in payment.amount_details
    listed = client.v1.payment_intents.amount_details_line_items.list(payment.id)
    assert listed.url == f"/v1/payment_intents/{payment.id}/amount_details_line_items"
    assert [item.product_name for item in listed.data] == [
        one["product_name"] for one in details["line_items"]
    ]
    for item, given in zip(listed.data, details["line_items"], strict=True):
        assert item.id.startswith("uli_")
        assert item.to_dict().items() >= {**given, "tax": given.get("tax")}.items()
    shown = client.v1.payment_intents.retrieve(payment.id, {"expand": ["amount_details.line_items"]})
    assert [item.id for item in shown.amount_details.line_items.data] == [item.id for item in listed.data]


@pytest.mark.parametrize(("details", "amount"), ADDS_UP)
def test_items_must_come_to_the_amount(client, details, amount):
    error = refused(create, client, details, amount + 100)
    assert error.code == "amount_details_amount_mismatch"
    assert f"`amount_details` ({amount}) does not match the `amount` ({amount + 100})" in str(error)
    payment = create(client, {**details, "enforce_arithmetic_validation": False}, amount + 100)
    assert payment.amount_details.error.code == error.code


@pytest.mark.parametrize("part", [{"tax": {"total_tax_amount": 1001}}, {"discount_amount": 1001}])
def test_no_part_is_greater_than_the_amount(client, part):
    error = refused(create, client, part, 1000)
    assert error.code == "amount_details_tax_shipping_discount_greater_than_amount"
    assert create(client, part, 1001).amount_details.to_dict().items() >= part.items()


def test_items_are_replaced_and_cleared(client):
    payment = create(client, {"line_items": [COFFEE], "tax": {"total_tax_amount": 0}}, 900)
    items = client.v1.payment_intents.amount_details_line_items
    client.v1.payment_intents.update(
        payment.id, {"amount": 300, "amount_details": {"line_items": [CAKE], "tax": ""}}
    )
    assert [item.product_name for item in items.list(payment.id).data] == ["Cake"]
    cleared = client.v1.payment_intents.update(payment.id, {"amount_details": {"line_items": ""}})
    assert items.list(payment.id).data == []
    assert "tax" not in cleared.amount_details


def test_items_come_with_the_capture(client, reader, payment):
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    capture = client.v1.payment_intents.capture
    given = {"amount_to_capture": 900, "amount_details": {"line_items": [CAKE]}}
    assert refused(capture, payment, given).code == "amount_details_amount_mismatch"
    given["amount_details"] = {"line_items": [COFFEE]}
    assert capture(payment, given).amount_received == 900
    assert len(client.v1.payment_intents.amount_details_line_items.list(payment).data) == 1


def test_pages(client):
    names = [f"Item {number}" for number in range(7)]
    one = {"quantity": 1, "unit_cost": 100}
    payment = create(client, {"line_items": [{**one, "product_name": name} for name in names]}, 700)
    items = client.v1.payment_intents.amount_details_line_items
    first = items.list(payment.id, {"limit": 3})
    assert ([item.product_name for item in first.data], first.has_more) == (names[:3], True)
    assert [item.product_name for item in first.auto_paging_iter()] == names
    last = items.list(payment.id, {"limit": 5, "starting_after": first.data[-1].id})
    assert ([item.product_name for item in last.data], last.has_more) == (names[3:], False)
    back = items.list(payment.id, {"limit": 2, "ending_before": last.data[-1].id})
    assert ([item.product_name for item in back.data], back.has_more) == (names[4:6], True)
    assert refused(items.list, payment.id, {"starting_after": "uli_nobody"}).code == "resource_missing"
    assert refused(items.list, "pi_nobody").http_status == 404


@pytest.mark.parametrize(
    ("item", "param"),
    [
        ({**COFFEE, "quantity": 0}, "amount_details[line_items][0][quantity]"),
        ({**COFFEE, "unit_cost": -1}, "amount_details[line_items][0][unit_cost]"),
        ({"quantity": 1, "unit_cost": 1}, "amount_details[line_items][0][product_name]"),
    ],
)
def test_impossible_item(client, item, param):
    assert refused(create, client, {"line_items": [item]}, 900).param == param


def test_two_hundred_items_at_most(client):
    one = {"product_name": "Mint", "quantity": 1, "unit_cost": 1}
    assert create(client, {"line_items": [one] * 200}, 200).amount == 200
    assert refused(create, client, {"line_items": [one] * 201}, 201).param == "amount_details[line_items]"
