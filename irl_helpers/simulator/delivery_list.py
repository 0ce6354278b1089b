"""How the newest events are delivered, for whoever looks; and the way to send one again.

The deliveries themselves are `webhook_deliveries`.
"""

from __future__ import annotations

import re
import time

from . import errors
from .account import Account, Object
from .webhook_deliveries import wants

_LISTED = 20  # events
# What Stripe's libraries say, in each language, where a signature is not what it should be.
_UNVERIFIED = re.compile(r"signature|tolerance zone|webhook secret", re.IGNORECASE)


def listed(account: Account) -> list[Object]:
    """How the newest events are delivered, newest first: one entry for each delivery that is still to be
    made, and one for each event and endpoint of this account without any.

    `state` is "due" (now, or in `seconds`), "on its way", "delivered", or "never comes". `tries` are those
    that a served simulator made, newest first.
    """
    endpoints = [one for one in account.every("webhook_endpoint") if one["status"] == "enabled"]
    account.traffic.flush()
    found = []
    for event in account.select("event", limit=_LISTED):
        rows = account.db.execute(
            "SELECT endpoint, at, taken_until FROM deliveries WHERE account = ? AND event = ? "
            "ORDER BY at, id",
            (account.number, event["id"]),
        ).fetchall()
        lost = event["pending_webhooks"] > len({endpoint for endpoint, _, _ in rows})
        for one in endpoints:
            if event["created"] < one["created"] or not wants(one, event):
                continue
            waits = [(at, taken) for endpoint, at, taken in rows if endpoint == one["id"]]
            entry = _entry(account, event, one)
            found += [
                {
                    **entry,
                    "state": "on its way" if taken > time.time() else "due",
                    "seconds": max(0, round(at - account.time)),
                    "next_try": round(at),
                }
                for at, taken in waits
            ]
            if not waits:
                found.append({**entry, "state": "never comes" if lost else "delivered"})
    return found


def _entry(account: Account, event: Object, endpoint: Object) -> Object:
    return {
        "id": f"{event['id']}:{endpoint['id']}",
        "object": "_simulator.webhook",
        "event": event["id"],
        "type": event["type"],
        "about": event["data"]["object"].get("id"),
        "created": event["created"],
        "endpoint": endpoint["id"],
        "url": endpoint["url"],
        "state": "",
        "seconds": 0,
        "next_try": None,
        "tries": [
            {
                "at": int(each.at),
                "seconds": each.seconds,
                "signature": each.signature,
                "status": each.status,
                "answer": each.answer,
                "unverified": bool(
                    each.status and 400 <= each.status < 500 and _UNVERIFIED.search(each.answer)
                ),
            }
            for each in account.traffic.file.tries(account.number, event["id"], endpoint["id"])
        ],
    }


def send_again(account: Account, id: str) -> Object:
    """Send an event to an endpoint again, or now instead of later; `id` is that of an entry in `listed`.

    Whoever serves the account sends it. Raises StripeError, 404, where there is no such event or endpoint.
    """
    event_id, _, endpoint_id = id.partition(":")
    event = account.get(event_id, "event", "id", in_path=True)
    endpoint = account.get(endpoint_id, "webhook_endpoint", "id", in_path=True)
    if endpoint["status"] != "enabled":
        raise errors.StripeError(f"{endpoint_id} is disabled: nothing is sent to it.")
    waits = account.db.execute(
        "SELECT id, taken_until FROM deliveries WHERE account = ? AND event = ? AND endpoint = ? "
        "ORDER BY at, id LIMIT 1",
        (account.number, event_id, endpoint_id),
    ).fetchone()
    state = "due"
    if waits is None:
        account.db.execute(
            "INSERT INTO deliveries (account, origin, event, endpoint, at) VALUES (?, ?, ?, ?, ?)",
            (account.number, account.number, event_id, endpoint_id, account.time),
        )
        event["pending_webhooks"] += 1
        account.save(event)
    elif waits[1] > time.time():
        state = "on its way"
    else:
        account.db.execute("UPDATE deliveries SET at = ? WHERE id = ?", (account.time, waits[0]))
    return {**_entry(account, event, endpoint), "state": state, "next_try": account.now}
