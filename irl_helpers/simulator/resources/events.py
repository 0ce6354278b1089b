"""Events: what happened, for 30 days. https://docs.stripe.com/api/events"""

from __future__ import annotations

from typing import Any

from .. import errors, webhook_deliveries
from ..account import Account, Object
from ..paging import page

KIND = "event"
KEPT_SECONDS = 30 * 24 * 60 * 60
_MOST_TYPES = 20
# How many old events a request forgets at most.
_STEP = 100
# SQL on the events' rows, each with its values.
Conditions = list[tuple[str, list[Any]]]
Events = list[Object]


def retrieve(account: Account, params: Object, id: str) -> Object:
    event = account.get(id, KIND, "event", in_path=True)
    if event["created"] < account.now - KEPT_SECONDS:
        raise errors.no_such(KIND, id, "event", in_path=True)
    return event


def list(account: Account, params: Object) -> Object:
    """Newest first; `type` may end in or contain `*`, `types` are up to twenty names."""
    conditions: Conditions = [("created >= ?", [account.now - KEPT_SECONDS])]
    type, types = params.get("type"), params.get("types")
    if type and types:
        raise errors.invalid("You may pass either type or types, but not both.", "types")
    if types and len(types) > _MOST_TYPES:
        raise errors.invalid(f"You may pass up to {_MOST_TYPES} types.", "types")
    if type and "*" in type:
        conditions.append(("ref1 GLOB ?", [type.replace("[", "[[]").replace("?", "[?]")]))
    elif type or types:
        names = types or [type]
        conditions.append((f"ref1 IN ({', '.join('?' * len(names))})", names))
    if "delivery_success" in params:
        delivered = "=" if params["delivery_success"] else ">"
        conditions.append((f"json_extract(body, '$.pending_webhooks') {delivered} 0", []))
    return page(account, KIND, "/v1/events", params, conditions=conditions)


def forget_old(account: Account, events: Events) -> None:
    """Make room, a step with each request: the oldest events that are no longer shown."""
    oldest = "FROM objects WHERE account = ? AND id > 'evt_' AND id < 'evt`' ORDER BY id LIMIT"
    shown_since = account.now - KEPT_SECONDS
    if account.oldest_event is None:
        first = account.db.execute(f"SELECT created {oldest} 1", (account.number,)).fetchone()
        account.oldest_event = first[0] if first else account.now
    if account.oldest_event < shown_since:
        account.oldest_event = None
        found = account.db.execute(f"SELECT id, created {oldest} {_STEP}", (account.number,)).fetchall()
        old = [id for id, created in found if created < shown_since]
        webhook_deliveries.keep_what_is_due(account, old)
        account.forget(old)
