"""Customers: whose cards are kept. https://docs.stripe.com/api/customers"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..ids import random_text
from ..metadata import merge
from ..paging import page
from ..previous_attributes import previous_attributes
from ..search import NUMBER, TEXT
from ..search import search as search_for
from . import payment_methods

KIND = "customer"
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_ALWAYS = (
    "balance", "description", "email", "invoice_prefix", "name", "next_invoice_sequence", "phone",
    "preferred_locales",
)  # fmt: skip
# Only there once they were given.
_OPTIONAL = ("business_name", "individual_name")
_LONGEST_EMAIL = 512
_SEARCHED = {"created": NUMBER, "email": TEXT, "name": TEXT, "phone": TEXT}


def create(account: Account, params: Object) -> Object:
    customer = account.add(
        "cus",
        KIND,
        address=None,
        balance=0,
        created=account.now,
        currency=None,
        customer_account=None,
        default_source=None,
        delinquent=False,
        description=None,
        discount=None,
        email=None,
        invoice_prefix=random_text(8).upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        livemode=False,
        metadata={},
        name=None,
        next_invoice_sequence=1,
        phone=None,
        preferred_locales=[],
        shipping=None,
        tax_exempt="none",
        test_clock=None,
    )
    if name := params.get("payment_method"):
        method = payment_methods.attach(account, {"customer": customer["id"]}, name)
        settings = params.get("invoice_settings", {})
        if settings.get("default_payment_method") == name:
            settings["default_payment_method"] = method["id"]
    _set(account, customer, params)
    account.emit("customer.created", customer)
    return customer


def retrieve(account: Account, params: Object, id: str) -> Object:
    """Also a deleted one, as `{id, object, deleted: true}`."""
    return account.find(id, KIND) or account.get(id, KIND, "id", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    customer = account.get(id, KIND, "id", in_path=True)
    before = dict(customer)
    _set(account, customer, params)
    save(account, customer, before)
    return customer


def save(account: Account, customer: Object, before: Object) -> None:
    """Keep a changed customer; the event is sent if anything did change."""
    if replaced := previous_attributes(before, customer):
        account.save(customer)
        account.emit("customer.updated", customer, replaced)


def delete(account: Account, params: Object, id: str) -> Object:
    customer = account.get(id, KIND, "id", in_path=True)
    for method in account.select("payment_method", {"customer": id}):
        payment_methods.detach_from_customer(account, method)
    account.emit("customer.deleted", customer)
    return account.delete(customer)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/customers", params, ("email",))


def search(account: Account, params: Object) -> Object:
    return search_for(account, KIND, "/v1/customers/search", params, _SEARCHED)


def _set(account: Account, customer: Object, params: Object) -> None:
    for name in _ALWAYS:
        if name in params:
            customer[name] = None if params[name] == "" else params[name]
    for name in _OPTIONAL:
        if params.get(name) == "":
            customer.pop(name, None)
        elif name in params:
            customer[name] = params[name]
    if params.get("email"):
        _check_email(params["email"])
    if "tax_exempt" in params:
        customer["tax_exempt"] = params["tax_exempt"] or "none"
    if "address" in params:
        customer["address"] = _address(customer["address"], params["address"])
    if "shipping" in params:
        customer["shipping"] = _shipping(params["shipping"])
    if "invoice_settings" in params:
        given = {name: value or None for name, value in params["invoice_settings"].items()}
        if default := given.get("default_payment_method"):
            param = "invoice_settings[default_payment_method]"
            payment_methods.of_customer(account, customer["id"], default, param)
        customer["invoice_settings"] = {**customer["invoice_settings"], **given}
    customer["metadata"] = merge(customer["metadata"], params.get("metadata"))


def _address(current: Object | None, given: Object | str) -> Object | None:
    """The parts that are given change; '' takes the whole address away."""
    if isinstance(given, str) or not given:
        return None
    return {
        **dict.fromkeys(_ADDRESS),
        **(current or {}),
        **{name: value or None for name, value in given.items()},
    }


def _shipping(given: Object | str) -> Object | None:
    if isinstance(given, str) or not given:
        return None
    return {"name": given["name"], "phone": given.get("phone"), "address": _address(None, given["address"])}


def _check_email(email: str) -> None:
    name, _, domain = email.rpartition("@")
    if not name or not domain or " " in email or len(email) > _LONGEST_EMAIL:
        raise errors.invalid(f"Invalid email address: {email[:100]}", "email", "email_invalid")
