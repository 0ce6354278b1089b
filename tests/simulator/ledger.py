"""What holds of an account's money at any time: nothing comes from nowhere, and nothing is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from irl_helpers.simulator.account import Object

# What a dispute in this state has moved, in units of its amount: taken, and given back.
_MOVED = {"won": [-1, 1], "needs_response": [-1], "under_review": [-1], "lost": [-1]}


def read(db: Any, key_hash: str) -> Counter[str]:
    """The balance of an account, by currency, pending money included."""
    rows = db.execute(
        "SELECT currency, sum(amount) FROM funds JOIN accounts ON id = account WHERE key_hash = ? "
        "GROUP BY currency",
        (key_hash,),
    )
    return Counter(dict(rows))


def check(objects: dict[str, Object], balance: Counter[str]) -> None:
    """Raises AssertionError with what does not hold."""
    of = defaultdict(list)
    for obj in objects.values():
        of[obj["object"]].append(obj)
    moved = defaultdict(list)
    net: Counter[str] = Counter()
    fees: Counter[str] = Counter()
    for one in of["balance_transaction"]:
        assert one["net"] == one["amount"] - one["fee"], one
        assert one["fee"] == sum(fee["amount"] for fee in one["fee_details"]), one
        assert one["currency"] == objects[one["source"]]["currency"], one
        moved[one["source"]].append(one["amount"])
        net[one["currency"]] += one["net"]
        fees[one["currency"]] += one["fee"]
    assert net == balance, "the balance is the sum of its transactions"

    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for charge in of["charge"]:
        _check_charge(charge, objects, moved[charge["id"]])
        came[charge["currency"]] += taken(charge, objects) if charge["balance_transaction"] else 0
    for refund in of["refund"]:
        back = refund["status"] in ("failed", "canceled")
        signs = [] if refund["balance_transaction"] is None else [-1, 1] if back else [-1]
        assert moved[refund["id"]] == [sign * refund["amount"] for sign in signs], refund
        assert signs or not objects[refund["charge"]]["captured"], refund
        assert ("failure_balance_transaction" in refund) == back, refund
        went[refund["currency"]] -= sum(moved[refund["id"]])
    for dispute in of["dispute"]:
        signs = _MOVED.get(dispute["status"], [])
        assert moved[dispute["id"]] == [sign * dispute["amount"] for sign in signs], dispute
        assert [objects[id]["source"] for id in dispute["balance_transactions"]] == [dispute["id"]] * len(
            signs
        )
        assert dispute["is_charge_refundable"] == (sum(signs) == 0), dispute
        went[dispute["currency"]] -= sum(moved[dispute["id"]])
    for currency in came | went | fees | net:
        assert came[currency] == went[currency] + fees[currency] + net[currency], "money in, out and kept"


def taken(charge: Object, objects: dict[str, Object]) -> int:
    """What a charge took at first: in old versions more than was captured, since the rest was refunded."""
    if charge["balance_transaction"]:
        amount: int = objects[charge["balance_transaction"]]["amount"]
        return amount
    captured: int = charge["amount_captured"]
    return captured or (charge["amount"] if charge["amount_refunded"] else 0)


def _check_charge(charge: Object, objects: dict[str, Object], moved: list[int]) -> None:
    if charge["balance_transaction"]:
        assert objects[charge["balance_transaction"]]["source"] == charge["id"], charge
        assert charge["captured"], charge
        assert len(moved) == 1, charge
        assert moved[0] >= charge["amount_captured"], charge
    else:
        assert moved == [], charge
        later = objects[charge["payment_intent"]]["capture_method"] == "automatic_async"
        assert later or not charge["captured"], charge
