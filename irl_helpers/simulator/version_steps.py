"""What older API versions answer: the newest shape, taken back step by step.

Only what Stripe took away or changed is here. What it added is answered in every version, old ones too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .account import Account, Object
from .paging import list_object
from .resources import refunds

_SHOWN = 10


class Step(NamedTuple):
    """Before the version `until`, an object of this `kind` is answered as `change` makes it: a copy, for
    (account, object, version)."""

    until: str
    kind: str
    change: Callable[[Account, Object, str], Object]


def _with(**fields: object) -> Callable[[Account, Object, str], Object]:
    """Fields that are no longer there, with what they had for a shop without subscriptions."""
    return lambda account, obj, version: obj if obj.get("deleted") else {**obj, **fields}


def _automatic(account: Account, intent: Object, version: str) -> Object:
    """A hold that ran out was called `automatic`."""
    return {**intent, "cancellation_reason": "automatic"} if _ran_out(intent) else intent


def _ran_out(intent: Object) -> bool:
    return bool(intent["cancellation_reason"] == "expired")


def _charges(account: Account, intent: Object, version: str) -> Object:
    """All attempts to pay were in the PaymentIntent, not only the latest."""
    found = account.select("charge", {"payment_intent": intent["id"]})
    latest = account.find(intent["latest_charge"] or "")
    if latest and latest not in found:
        found.insert(0, latest)
    shown = [account.view(charge, version) for charge in found[:_SHOWN]]
    return {**intent, "charges": _counted(f"/v1/charges?payment_intent={intent['id']}", shown, len(found))}


def _refunds(account: Account, charge: Object, version: str) -> Object:
    """The refunds were in the charge without asking."""
    return {**charge, "refunds": refunds.of_charge(account, charge)}


def _lists(account: Account, customer: Object, version: str) -> Object:
    """A customer's cards and subscriptions were lists in it; this simulator has none of either."""
    if customer.get("deleted"):
        return customer
    url = f"/v1/customers/{customer['id']}"
    lists = {name: _counted(f"{url}/{name}", [], 0) for name in ("sources", "subscriptions", "tax_ids")}
    gone = {"account_balance": 0, "tax_info": None, "tax_info_verification": None}
    return {**customer, **lists, **gone}


def _counted(url: str, data: list[Object], count: int) -> Object:
    return {**list_object(url, data, count > len(data)), "total_count": count}


# Newest first: each step begins where the one before it has ended.
STEPS = [
    Step("2025-03-31", "payment_intent", _with(invoice=None)),
    Step("2025-03-31", "payment_intent", _automatic),
    Step("2025-03-31", "charge", _with(invoice=None)),
    Step("2022-11-15", "payment_intent", _charges),
    Step("2022-11-15", "charge", _refunds),
    Step("2022-11-15", "customer", _with(default_currency=None)),
    Step("2020-08-27", "customer", _lists),
]
# (kind, field) -> (the version until which such a list was there, what is in it): `expand` goes through it.
LISTS = {
    ("payment_intent", "charges"): ("2022-11-15", "charge"),
    ("charge", "refunds"): ("2022-11-15", "refund"),
}
SHAPED_UNTIL = max(step.until for step in STEPS)


def shape(account: Account, obj: Object, version: str) -> Object:
    """The object as this version answers it."""
    for step in STEPS:
        if step.kind == obj["object"] and version < step.until:
            obj = step.change(account, obj, version)
    return obj
