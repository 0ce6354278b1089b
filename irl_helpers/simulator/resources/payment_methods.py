"""PaymentMethods: the card that paid, and cards that are kept. https://docs.stripe.com/api/payment_methods"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..cards import Card, card_facts
from ..declines import card_error, decide_saving
from ..errors import StripeError
from ..metadata import merge
from ..online_cards import check_expiry
from ..paging import page
from ..previous_attributes import previous_attributes
from . import kept_cards
from .charges import NO_BILLING

KIND = "payment_method"
_LISTED = ("customer", "type", "allow_redisplay")


def add_present(account: Account, card: Card, type: str, read_method: str) -> Object:
    """The PaymentMethod of a card at a reader: `card_present` or `interac_present`. Not chargeable online."""
    facts = card_facts(card)
    details = {
        **facts,
        "networks": {"available": [card.brand], "preferred": None},
        "read_method": read_method,
    }
    if type == "card_present":
        details["offline"] = None
    else:
        del details["brand_product"]
    return account.add(
        "pm",
        KIND,
        billing_details=dict(NO_BILLING),
        created=account.now,
        customer=None,
        customer_account=None,
        livemode=False,
        metadata={},
        type=type,
        **{type: details},
    )


def create(account: Account, params: Object) -> Object:
    if "payment_method" in params:
        raise errors.invalid("The simulator shares no cards with connected accounts.", "payment_method")
    if "customer" in params:
        raise StripeError(
            "You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please instead "
            "create the PaymentMethod and then attach it using the attachment method of the PaymentMethods "
            "API."
        )
    type = params.get("type") or ("card" if "card" in params else None)
    if type is None:
        raise errors.missing("type")
    if type != "card":
        raise errors.invalid(f"The simulator keeps cards only, no {type}.", "type")
    if "card" not in params:
        raise errors.missing("card")
    method = kept_cards.typed_in(account, params["card"])
    method["allow_redisplay"] = params.get("allow_redisplay", "unspecified")
    method["billing_details"] = _billing(method["billing_details"], params.get("billing_details", {}))
    method["metadata"] = merge({}, params.get("metadata"))
    return method


def retrieve(account: Account, params: Object, id: str) -> Object:
    """Also a new one, by a name such as `pm_card_visa`."""
    return kept_cards.named(account, id, "payment_method", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    method = account.get(id, KIND, "payment_method", in_path=True)
    if not method["customer"]:
        raise StripeError("You must save this PaymentMethod to a customer before you can update it.")
    before = dict(method)
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    if "billing_details" in params:
        method["billing_details"] = _billing(method["billing_details"], params["billing_details"])
    if given := params.get("card"):
        details = method["card"]
        month, year = check_expiry(
            given.get("exp_month", details["exp_month"]),
            given.get("exp_year", details["exp_year"]),
            account.time,
        )
        method["card"] = {**details, "exp_month": month, "exp_year": year}
    method["metadata"] = merge(method["metadata"], params.get("metadata"))
    account.save(method)
    if replaced := previous_attributes(before, method):
        account.emit("payment_method.updated", method, replaced)
    return method


def attach(account: Account, params: Object, id: str) -> Object:
    if "customer" not in params:
        raise StripeError("Must provide customer or customer_account.", code="parameter_missing")
    customer = account.get(params["customer"], "customer", "customer")
    method = kept_cards.named(account, id, "payment_method", in_path=True)
    if method["customer"] == customer["id"]:
        return method
    check_keepable(account, method, "payment_method")
    if reason := decide_saving(kept_cards.card_of(method["card"])):
        raise card_error(reason, "")
    attach_to_customer(account, method, customer["id"])
    return method


def detach(account: Account, params: Object, id: str) -> Object:
    method = account.get(id, KIND, "payment_method", in_path=True)
    if not method["customer"]:
        raise StripeError(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    customer = account.require(method["customer"], "customer")
    detach_from_customer(account, method)
    if customer["invoice_settings"]["default_payment_method"] == id:
        before = dict(customer)
        customer["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": None}
        account.save(customer)
        account.emit("customer.updated", customer, previous_attributes(before, customer))
    return method


def list(account: Account, params: Object) -> Object:
    if customer := params.get("customer"):
        account.get(customer, "customer", "customer")
    return page(account, KIND, "/v1/payment_methods", params, _LISTED)


def list_of_customer(account: Account, params: Object, id: str) -> Object:
    account.get(id, "customer", "customer", in_path=True)
    return page(account, KIND, f"/v1/customers/{id}/payment_methods", params, _LISTED, customer=id)


def retrieve_of_customer(account: Account, params: Object, id: str, method_id: str) -> Object:
    account.get(id, "customer", "customer", in_path=True)
    return of_customer(account, id, method_id, "payment_method", in_path=True)


def of_customer(account: Account, customer: str, id: str, param: str, *, in_path: bool = False) -> Object:
    """The customer's PaymentMethod with this id. Raises StripeError for any other."""
    method = account.find(id, KIND)
    if method is None or method["customer"] != customer:
        raise StripeError(
            f"The customer does not have a payment method with the ID {id}. The payment method must be "
            "attached to the customer.",
            code="resource_missing",
            param=param,
            status=404 if in_path else 400,
        )
    return method


def check_keepable(account: Account, method: Object, param: str) -> None:
    """Raises StripeError when the PaymentMethod cannot be kept for a customer."""
    if method["customer"]:
        raise errors.invalid(
            "The payment method you provided has already been attached to a customer.", param
        )
    if method["type"] != "card":
        raise errors.invalid(
            f"A {method['type']} PaymentMethod cannot be attached to a customer. Attach the generated_card "
            "that saving the card at a reader makes.",
            param,
        )
    check_unused(account, method, param)


def check_unused(account: Account, method: Object, param: str) -> None:
    """Raises StripeError if it was used without a customer, and so cannot be used again."""
    if account.inner(method).get("used"):
        raise errors.invalid(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, shared with a connected account without Customer attachment, or was detached from "
            "a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it "
            "to a Customer first.",
            param,
        )


def attach_to_customer(account: Account, method: Object, customer: str) -> None:
    """Attach the card; its event is sent."""
    method["customer"] = customer
    kept_cards.run_checks(account, method)
    account.save(method)
    account.emit("payment_method.attached", method)


def use_up(account: Account, method: Object) -> None:
    """A card that nobody keeps is good for one use."""
    account.inner(method)["used"] = True
    account.save(method)


def detach_from_customer(account: Account, method: Object) -> None:
    """The card is the customer's no longer, and cannot be used again. Its event is sent."""
    before = {"customer": method["customer"]}
    method["customer"] = None
    use_up(account, method)
    account.emit("payment_method.detached", method, before)


def _billing(current: Object, given: Object) -> Object:
    billing = {**current, **{name: value or None for name, value in given.items()}}
    if given.get("address"):
        given_address = {name: value or None for name, value in given["address"].items()}
        billing["address"] = {**NO_BILLING["address"], **(current["address"] or {}), **given_address}
    return billing
