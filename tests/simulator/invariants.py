"""What holds of an account at any time, whatever was asked of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

from irl_helpers.simulator.account import Object
from irl_helpers.simulator.states import (
    DISPUTE,
    DISPUTE_CLOSED,
    DISPUTE_STATUSES,
    PAYMENT_INTENT,
    PAYMENT_INTENT_STATUSES,
    REFUND,
    REFUND_STATUSES,
    SETUP_INTENT,
    SETUP_INTENT_STATUSES,
)

from . import ledger
from .kept import parsed

MOVES = {
    kind: {(before, after) for call in table.values() for before, after in call.items()}
    for kind, table in (
        ("payment_intent", PAYMENT_INTENT),
        ("setup_intent", SETUP_INTENT),
        ("refund", REFUND),
        ("dispute", DISPUTE),
    )
}
STATUSES = {
    "payment_intent": PAYMENT_INTENT_STATUSES,
    "setup_intent": SETUP_INTENT_STATUSES,
    "refund": REFUND_STATUSES,
    "dispute": DISPUTE_STATUSES,
    "charge": ("succeeded", "failed"),
}
# Said once of an object at most.
_ONCE = (
    "payment_intent.created",
    "payment_intent.canceled",
    "payment_intent.succeeded",
    "setup_intent.created",
    "setup_intent.succeeded",
    "setup_intent.canceled",
    "charge.succeeded",
    "charge.failed",
    "charge.captured",
    "charge.expired",
    "charge.dispute.created",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "refund.created",
    "refund.failed",
    "customer.created",
    "customer.deleted",
)


def read(db: Any, key_hash: str) -> dict[str, Object]:
    """Every object of an account, deleted ones included, by id and so in their order."""
    rows = db.execute(
        "SELECT o.id, o.body FROM objects o JOIN accounts a ON a.id = o.account WHERE a.key_hash = ? "
        "ORDER BY o.id",
        (key_hash,),
    )
    return {id: parsed(body) for id, body in rows}


def check(objects: dict[str, Object]) -> None:
    """Raises AssertionError with what does not hold."""
    of = defaultdict(list)
    for id, obj in objects.items():
        assert obj["id"] == id
        assert not obj.get("livemode"), id
        if not obj.get("deleted"):
            of[obj["object"]].append(obj)
            assert obj.get("status") in STATUSES.get(obj["object"], (obj.get("status"),)), obj
    for intent in of["payment_intent"]:
        _check_payment(intent, objects)
    for charge in of["charge"]:
        _check_charge(charge, objects, of["refund"])
    for reader in of["terminal.reader"]:
        _check_reader(reader, objects)
    for setup in of["setup_intent"]:
        attempt = objects[setup["latest_attempt"]] if setup["latest_attempt"] else None
        assert attempt is None or attempt["setup_intent"] == setup["id"], setup
        assert setup["status"] != "succeeded" or attempt["status"] == "succeeded", setup
        assert (setup["last_setup_error"] is None) or attempt["status"] == "failed", setup
    _check_events(of["event"], objects)


def _check_payment(intent: Object, objects: dict[str, Object]) -> None:
    status, amount = intent["status"], intent["amount"]
    charge = objects[intent["latest_charge"]] if intent["latest_charge"] else None
    assert amount > 0, intent
    assert intent["amount_capturable"] == (amount if status == "requires_capture" else 0), intent
    assert bool(intent["amount_received"]) == (status == "succeeded"), intent
    assert (intent["canceled_at"] is not None) == (status == "canceled"), intent
    if status in ("requires_capture", "succeeded"):
        assert charge, intent
        assert charge["status"] == "succeeded", intent
        assert charge["captured"] == (status == "succeeded"), intent
        assert charge["amount_captured"] == intent["amount_received"], intent
        assert charge["payment_method"] == intent["payment_method"], intent
        assert intent["last_payment_error"] is None, intent
    if charge:
        assert charge["object"] == "charge", intent
        assert charge["payment_intent"] == intent["id"], intent
        assert charge["currency"] == intent["currency"] or charge["status"] == "failed", intent
        if charge["status"] == "failed":
            assert status not in ("requires_capture", "succeeded"), intent
        elif status == "canceled":
            assert not charge["captured"], intent
    assert (intent["next_action"] is not None) == (status == "requires_action"), intent
    # Nobody was charged where the cardholder did not pass, or could not be asked.
    if (error := intent["last_payment_error"]) and "charge" in error:
        assert objects[error["charge"]]["status"] == "failed", intent


def authorized(charge: Object) -> int:
    """The most that may be captured of a charge."""
    details = charge["payment_method_details"][charge["payment_method_details"]["type"]]
    amount = details.get("amount_authorized")
    amount = charge["amount"] if amount is None else amount
    return amount + max(amount // 2, 5000) if details.get("overcapture_supported") is True else amount


def _check_charge(charge: Object, objects: dict[str, Object], refunds: list[Object]) -> None:
    assert charge["captured"] or not charge["amount_captured"], charge
    assert charge["amount_captured"] <= authorized(charge), charge
    assert charge["paid"] == (charge["status"] == "succeeded") == (charge["failure_code"] is None), charge
    assert objects[charge["payment_method"]]["object"] == "payment_method", charge
    assert objects[charge["payment_intent"]]["object"] == "payment_intent", charge
    given_back = sum(
        refund["amount"]
        for refund in refunds
        if refund["charge"] == charge["id"] and refund["status"] not in ("failed", "canceled")
    )
    taken = ledger.taken(charge, objects)
    assert charge["amount_refunded"] == given_back <= taken, charge
    assert charge["refunded"] == (0 < taken == charge["amount_refunded"]), charge
    disputed = any(
        charge["id"] == one.get("charge") for one in objects.values() if one["object"] == "dispute"
    )
    assert charge["disputed"] == disputed, charge
    assert (charge["receipt_url"] is not None) == charge["paid"], charge


def _check_reader(reader: Object, objects: dict[str, Object]) -> None:
    action = reader["action"]
    if action is None:
        return
    fields = action[action["type"]]
    details = set(action) - {"type", "status", "failure_code", "failure_message", "api_error"}
    assert details == {action["type"]}, "one live action"
    assert action["status"] in ("in_progress", "succeeded", "failed"), action
    assert (action["failure_code"] is not None) == (action["status"] == "failed"), action
    for name, kind in (("payment_intent", "payment_intent"), ("setup_intent", "setup_intent")):
        if name in fields:
            assert objects[fields[name]]["object"] == kind, action


def _check_events(events: list[Object], objects: dict[str, Object]) -> None:
    """They tell the same story as the objects: each thing once, moves along the tables, the end as it is."""
    told = Counter()
    stories = defaultdict(list)
    for event in events:
        obj, kind = event["data"]["object"], event["type"].rpartition(".")[0]
        told[event["type"], obj["id"]] += 1
        if kind != "terminal.reader":
            stories[obj["id"]].append(obj)
    for (type, id), times in told.items():
        assert times == 1 or type not in _ONCE, (type, id, times)
    for id, story in stories.items():
        now = objects[id]
        kind = now["object"]
        for before, after in pairwise([*story, now]):
            if kind in MOVES and before["status"] != after["status"]:
                assert reachable(kind, before["status"], after["status"]), (before, after)
    for id, obj in objects.items():
        for type, state in STORY.get(obj["object"], {}).items():
            if not obj.get("deleted"):
                assert (told[type, id] == 1) == state(obj), (type, obj)


# kind -> {event: whether it must have been sent of an object that is now like this}
STORY = {
    "payment_intent": {
        "payment_intent.created": lambda one: True,
        "payment_intent.succeeded": lambda one: one["status"] == "succeeded",
        "payment_intent.canceled": lambda one: one["status"] == "canceled",
    },
    "setup_intent": {
        "setup_intent.created": lambda one: True,
        "setup_intent.succeeded": lambda one: one["status"] == "succeeded",
        "setup_intent.canceled": lambda one: one["status"] == "canceled",
    },
    "charge": {
        "charge.succeeded": lambda one: one["status"] == "succeeded",
        "charge.failed": lambda one: one["status"] == "failed",
    },
    "dispute": {
        "charge.dispute.created": lambda one: True,
        "charge.dispute.closed": lambda one: one["status"] in DISPUTE_CLOSED,
        "charge.dispute.funds_withdrawn": lambda one: bool(one["balance_transactions"]),
        "charge.dispute.funds_reinstated": lambda one: one["status"] == "won",
    },
    "refund": {
        "refund.created": lambda one: True,
        "refund.failed": lambda one: one["status"] == "failed",
    },
}


def reachable(kind: str, before: str, after: str) -> bool:
    """Whether an object may have come from one status to another, in one move or in several."""
    seen, edge = {before}, {before}
    while edge:
        edge = {then for status, then in MOVES[kind] if status in edge} - seen
        seen |= edge
    return after in seen
