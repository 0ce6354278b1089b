"""The simulator's own controls, under `/_simulator/`: clearly not Stripe's."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from . import errors
from .account import Account, Object
from .ids import new_id


class NoParams(TypedDict):
    pass


class FaultParams(TypedDict):
    kind: str
    reader: NotRequired[str]


def changes(account: Account, params: Object) -> Object:
    """`{"revision": n}`: n grows with every write to the account."""
    return {"object": "_simulator.changes", "revision": account.revision}


def reset(account: Account, params: Object) -> Object:
    """Empty the account: no objects, no faults, no events, the clock back to now."""
    account.clear()
    return {"object": "_simulator.reset", "done": True}


def list_faults(account: Account, params: Object) -> Object:
    return {"object": "list", "data": account.faults, "has_more": False, "url": "/_simulator/faults"}


def add_fault(account: Account, params: Object) -> Object:
    if reader := params.get("reader"):
        account.get(reader, "terminal.reader", "reader")
    fault = {
        "id": new_id("fault"),
        "object": "_simulator.fault",
        "kind": params["kind"],
        "reader": reader,
        "since": account.time,
    }
    account.faults.append(fault)
    return fault


def delete_fault(account: Account, params: Object, id: str) -> Object:
    for fault in account.faults:
        if fault["id"] == id:
            account.faults.remove(fault)
            return {**fault, "deleted": True}
    raise errors.no_such("fault", id, "fault", in_path=True)


ROUTES = [
    ("GET", "/_simulator/changes", NoParams, changes),
    ("POST", "/_simulator/reset", NoParams, reset),
    ("GET", "/_simulator/faults", NoParams, list_faults),
    ("POST", "/_simulator/faults", FaultParams, add_fault),
    ("DELETE", "/_simulator/faults/*", NoParams, delete_fault),
]
