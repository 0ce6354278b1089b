"""What a payment's amount is made of: line items, tax, shipping and a discount.

https://docs.stripe.com/payments/payment-line-items
"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..ids import random_text
from ..paging import list_object, page_of

KIND = "payment_intent_amount_details_line_item"
AT_MOST = 200
_ITEM = {
    "discount_amount": None, "payment_method_options": None, "product_code": None, "tax": None,
    "unit_of_measure": None,
}  # fmt: skip
_PARTS = {"shipping": ("amount", "from_postal_code", "to_postal_code"), "tax": ("total_tax_amount",)}


def take(account: Account, intent: Object, params: Object, amount: int) -> None:
    """Keep the call's `amount_details`, if it has any; `amount` is what they must add up to.

    Raises StripeError where they do not, unless the call does without that check.
    """
    given = params.get("amount_details")
    if not given:
        return
    details = dict(intent["amount_details"])
    for name in ("discount_amount", "shipping", "tax"):
        if name in given:
            details.pop(name, None)
            if given[name]:
                details[name] = _part(name, given[name])
    if "line_items" in given:
        account.inner(intent)["line_items"] = _items(given["line_items"] or [])
    details.pop("error", None)
    if error := _error(details, items_of(account, intent), amount):
        if given.get("enforce_arithmetic_validation", True):
            raise errors.invalid(error["message"], "amount_details", error["code"])
        details["error"] = error
    intent["amount_details"] = details


def items_of(account: Account, intent: Object) -> Items:
    """The line items of a PaymentIntent, in their order."""
    found: Items = account.inner(intent).get("line_items", [])
    return found


def amount_details_line_items(account: Account, params: Object, id: str) -> Object:
    """The line items, page by page."""
    intent = account.get(id, "payment_intent", "intent", in_path=True)
    return page_of(items_of(account, intent), _url(intent), params)


def shown(account: Account, intent: Object) -> Object:
    """`amount_details.line_items`, which is only shown when it is expanded."""
    items = items_of(account, intent)
    return list_object(_url(intent), items[:10], len(items) > 10)


Items = list[Object]


def _url(intent: Object) -> str:
    return f"/v1/payment_intents/{intent['id']}/amount_details_line_items"


def _items(given: Items) -> Items:
    if len(given) > AT_MOST:
        raise errors.invalid(
            f"A PaymentIntent can have up to {AT_MOST} line items.", "amount_details[line_items]"
        )
    return [_item(one, f"amount_details[line_items][{place}]") for place, one in enumerate(given)]


def _item(given: Object, path: str) -> Object:
    for name, least in (("quantity", 1), ("unit_cost", 0), ("discount_amount", 1)):
        if given.get(name, least) < least:
            raise errors.invalid(
                f"This value must be greater than or equal to {least}.",
                f"{path}[{name}]",
                "parameter_invalid_integer",
            )
    item: Object = {
        "id": f"uli_{random_text(14)}",
        "object": "payment_intent_amount_details_line_item",
        **_ITEM,
        **given,
    }
    return item


def _part(name: str, given: Object | int) -> Object | int:
    """A part as the object shows it: null where nothing was given, or an empty value."""
    if isinstance(given, int):
        return given
    return {field: None if given.get(field) == "" else given.get(field) for field in _PARTS[name]}


def _error(details: Object, items: Items, amount: int) -> Object | None:
    """Why the parts do not make the whole; None where they do, or where there are no items to add up."""
    tax = _amount(details, "tax", "total_tax_amount") + sum(
        _amount(item, "tax", "total_tax_amount") for item in items
    )
    discount = (details.get("discount_amount") or 0) + sum(item["discount_amount"] or 0 for item in items)
    shipping, tip = _amount(details, "shipping", "amount"), _amount(details, "tip", "amount")
    if not items:
        if max(tax + shipping, discount) <= amount:
            return None
        code = "amount_details_tax_shipping_discount_greater_than_amount"
        return {
            "code": code,
            "message": (
                "The tax, shipping and discount in `amount_details` are greater than the `amount` "
                f"({amount})."
            ),
        }
    total = sum(item["unit_cost"] * item["quantity"] for item in items) + tax + shipping + tip - discount
    if total == amount:
        return None
    return {
        "code": "amount_details_amount_mismatch",
        "message": (
            f"The total value of `amount_details` ({total}) does not match the `amount` ({amount}). Make "
            "sure that the total value of `line_items` matches the amount to charge, taking into account "
            "any discounts, tax, and shipping. See https://docs.stripe.com/payments/payment-line-items"
        ),
    }


def _amount(obj: Object, part: str, name: str) -> int:
    return (obj.get(part) or {}).get(name) or 0
