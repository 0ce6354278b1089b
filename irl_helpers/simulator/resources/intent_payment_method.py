"""The PaymentMethod of an intent that no reader read: what PaymentIntents and SetupIntents both check."""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..errors import StripeError
from . import kept_cards, payment_methods

# How a card is called that belongs to a customer whom the intent does not name; code and param of the error.
_SUPPLIED = {
    "payment_intent": ("The `payment_method` parameter supplied {}", "parameter_missing", "source"),
    "setup_intent": ("The payment method supplied ({})", None, None),
}
_NAMES = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}


def find_usable(account: Account, id: str, intent: Object) -> Object:
    """The PaymentMethod with this id for this intent. Raises StripeError where the two do not fit."""
    method = kept_cards.named(account, id, "payment_method")
    check_usable(account, method, intent)
    return method


def chosen(account: Account, intent: Object) -> Object:
    """The card with which the intent is confirmed. Raises StripeError where it has none that fits."""
    check_chosen(intent)
    method = account.require(intent["payment_method"], "payment_method")
    check_usable(account, method, intent)
    return method


def check_chosen(intent: Object) -> None:
    """Raises StripeError unless the intent has a PaymentMethod with which it can be confirmed."""
    if intent["payment_method"]:
        return
    name = _NAMES[intent["object"]]
    how = (
        f"To confirm the {name} with {intent['customer']}, specify a payment method attached to this "
        "customer along with the customer ID."
        if intent["customer"]
        else f"You can either update the {name} with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken."
    )
    raise StripeError(
        f"You cannot confirm this {name} because it's missing a payment method. {how}",
        code=f"{intent['object']}_unexpected_state",
    )


def check_usable(account: Account, method: Object, intent: Object) -> None:
    """Raises StripeError unless this intent can be confirmed with this PaymentMethod."""
    id, type = method["id"], method["type"]
    name = _NAMES[intent["object"]]
    if type != "card":
        raise errors.invalid(
            f"A {type} PaymentMethod can only be used by the reader that the card was presented to.",
            "payment_method",
        )
    if type not in intent["payment_method_types"]:
        raise errors.invalid(
            f"The PaymentMethod provided ({type}) is not allowed for this {name}. Please attach a "
            f"PaymentMethod of one of the following types: {', '.join(intent['payment_method_types'])}. "
            f'Alternatively update the allowed payment_method_types for this {name} to include "{type}".',
            "payment_method",
        )
    if method["customer"] and not intent["customer"]:
        supplied, code, param = _SUPPLIED[intent["object"]]
        raise StripeError(
            f"{supplied.format(id)} belongs to the Customer {method['customer']}. Please include the "
            f"Customer in the `customer` parameter on the {name}.",
            code=code,
            param=param,
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise errors.invalid(
            f"The PaymentMethod {id} does not belong to the Customer you supplied "
            f"{intent['customer']}. Please use this PaymentMethod with the Customer that it belongs to "
            "instead.",
            "payment_method",
        )
    payment_methods.check_unused(account, method, "payment_method")


def attach_to_customer(account: Account, method: Object, customer: str | None) -> None:
    """Attach the card to the intent's customer, if there is one and it is not attached yet."""
    owner = account.find(customer or "")
    if owner and not owner.get("deleted") and not method["customer"]:
        payment_methods.attach_to_customer(account, method, owner["id"])
