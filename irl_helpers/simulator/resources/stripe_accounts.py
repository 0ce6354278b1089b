"""Accounts: the one that a key opens, and those connected to it. https://docs.stripe.com/api/accounts

What is made under a connected account (`Stripe-Account`) is not found without it, nor under another.
"""

from __future__ import annotations

import hashlib

from .. import errors, money
from ..account import Account, Object
from ..countries import CURRENCIES
from ..metadata import merge
from ..paging import page
from . import account_body

KIND = "account"
_COUNTRY = "US"
# What is merged into the account as it is given.
_MERGED = ("business_profile", "settings")
# Kept as they are given.
_KEPT = ("business_type", "email")
_ON_THEIR_ACCOUNT = (
    "; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should "
    "retry this request on that connected account. Learn more at "
    "https://stripe.com/docs/connect/authentication"
)
_ON_THE_PLATFORM = (
    "; OAuth key or Stripe-Account header was used but API request was provided with a platform-owned "
    "payment method ID. Please ensure that the provided payment method matches the specified account."
)


def own_id(account: Account) -> str:
    """The id of the account that a request is about; the same in every process, and after a reset."""
    return account.connected or _made_of("acct_1", account.key, 15)


def application(account: Account) -> str | None:
    """What made the objects of a connected account; None for one's own."""
    return _made_of("ca_", account.platform.key, 32) if account.platform else None


def _made_of(prefix: str, key: str, length: int) -> str:
    return prefix + hashlib.sha256(f"{prefix} {key}".encode()).hexdigest()[:length]


def own(account: Account) -> Object:
    """The account that a request is about."""
    kept = (account.platform or account).find(own_id(account), KIND)
    return kept or account_body.own(own_id(account), _COUNTRY, "usd", "")


def country(account: Account) -> str:
    """Where the account that a request is about is at home, without making up the rest of it."""
    # Most accounts keep nothing about themselves.
    if not account.platform and not account.every(KIND):
        return _COUNTRY
    found: str = own(account)["country"]
    return found


def retrieve_current(account: Account, params: Object) -> Object:
    return own(account)


def retrieve(account: Account, params: Object, id: str) -> Object:
    return own(account) if id == own_id(account) else find_connected(account, id)


def find_connected(account: Account, id: str) -> Object:
    """The connected account with this id. Raises StripeError, 403, when there is none."""
    found = account.find(id, KIND)
    if found is None or found.get("deleted"):
        raise errors.no_access(account.shown_key, id)
    return found


def create(account: Account, params: Object) -> Object:
    """At Stripe it would have to be told about its owner first; here its capabilities are active at once."""
    type = params.get("type") or _type(params.get("controller") or {})
    country = check_country(params.get("country") or own(account)["country"])
    made = account.add_named(
        account_body.connected(account.new_id("acct"), type, country, CURRENCIES[country], account.now)
    )
    if given := params.get("controller"):
        made["controller"] = _merged(made["controller"], given)
        made["type"] = "none"
    _set(made, params)
    return made


def update(account: Account, params: Object, id: str) -> Object:
    if id == own_id(account):
        raise errors.StripeError(
            "You cannot use this method on your own account: you may only use it on connected accounts."
        )
    found = find_connected(account, id)
    _set(found, params)
    account.save(found)
    return found


def delete(account: Account, params: Object, id: str) -> Object:
    if id == own_id(account):
        raise errors.StripeError(
            "You cannot use this method on your own account: you may only use it on connected accounts."
        )
    return account.delete(find_connected(account, id))


def list(account: Account, params: Object) -> Object:
    """The connected accounts; one's own is not among them."""
    return page(account, KIND, "/v1/accounts", params, conditions=[("id != ?", [own_id(account)])])


def change_own(account: Account, params: Object) -> Object:
    """Another country, name or default currency; a country brings its currency along."""
    before = own(account)
    country = check_country(params.get("country") or before["country"])
    moved = country != before["country"]
    currency = params.get("default_currency") or (
        CURRENCIES[country] if moved else before["default_currency"]
    )
    name = params.get("name", before["business_profile"]["name"] or "")
    changed = account_body.own(
        before["id"], country, money.check_currency(currency, "default_currency"), name
    )
    if account.find(before["id"]):
        before.update(changed)
        account.save(before)
        return before
    return account.add_named(changed)


def check_country(country: str) -> str:
    """The country, if one can have an account there."""
    if country.upper() not in CURRENCIES:
        raise errors.invalid(
            f"Country '{country[:20]}' is unknown. Try using a 2-character alphanumeric country code "
            "instead, such as 'US', 'EG', or 'GB'.",
            "country",
            "country_unsupported",
        )
    return country.upper()


def hint(account: Account, id: str) -> str:
    """Where a PaymentMethod that is not in this account may be; what "No such PaymentMethod" ends in."""
    if account.platform:
        return _ON_THE_PLATFORM if account.platform.find(id, "payment_method") else ""
    others = [one for one in account.every(KIND) if one["id"] != own_id(account)]
    return _ON_THEIR_ACCOUNT if others else ""


def _type(controller: Object) -> str:
    """The type of account that this controller is most like."""
    dashboard = (controller.get("stripe_dashboard") or {}).get("type", "full")
    return {"express": "express", "none": "custom"}.get(dashboard, "standard")


def _set(made: Object, params: Object) -> None:
    for name in _KEPT:
        if name in params:
            made[name] = params[name] or None
    for name in _MERGED:
        if name in params:
            made[name] = _merged(made[name], params[name])
    if "default_currency" in params:
        made["default_currency"] = money.check_currency(params["default_currency"], "default_currency")
    if "capabilities" in params:
        wanted = {name: given.get("requested") for name, given in params["capabilities"].items()}
        active = {name: "active" for name, requested in wanted.items() if requested}
        kept = {name: state for name, state in made["capabilities"].items() if wanted.get(name) is not False}
        made["capabilities"] = {**kept, **active}
        made["charges_enabled"] = "card_payments" in made["capabilities"]
    made["metadata"] = merge(made["metadata"], params.get("metadata"))


def _merged(current: Object, given: Object) -> Object:
    """With what is given in place of what was there, part by part; '' takes away."""
    merged = dict(current)
    for name, value in given.items():
        inner = merged.get(name)
        if isinstance(value, dict) and isinstance(inner, dict):
            merged[name] = _merged(inner, value)
        else:
            merged[name] = value if value != "" else None
    return merged
