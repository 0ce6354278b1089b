"""Webhooks on their way: written with the events of a request, sent later by the served simulator.

In process nobody sends them, but they can be fetched. Times are the account's, so that advancing its clock
brings a retry.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from . import faults
from .account import Account, Object
from .loopback import TO_FETCH
from .webhook_signature import signature

# How long to wait after the first, second, … failed attempt; after the last one it is given up.
RETRY_AFTER = (1, 5, 30, 5 * 60, 60 * 60, 6 * 60 * 60, 24 * 60 * 60)
# Nobody else takes a delivery within this time (seconds, by the machine's clock), which is longer than any
# attempt; if its sender dies, another takes it then.
LEASE = 60
_BATCH = 100

# The delays, in seconds, after which one event is sent to an endpoint: usually once, at once.
Delays = list[float]

# What a fault makes of the delays of the event that it strikes.
FAULTS: dict[str, Callable[[Object, Delays], Delays]] = {
    "webhook_lost": lambda fault, delays: [],
    "webhook_doubled": lambda fault, delays: delays * 2,
    "webhook_late": lambda fault, delays: [delay + fault["seconds"] for delay in delays],
    "webhook_shuffled": lambda fault, delays: [
        delay + fault["seconds"] * random.Random(f"{fault['seed']}:{fault['drawn']}").random()
        for delay in delays
    ],
}


class Delivery(NamedTuple):
    """One event to send to one endpoint; `body` is its JSON text as sent, `at` when it was taken."""

    id: int
    account: int
    """The endpoint's account; `origin` is the event's, which may be connected to it."""
    origin: int
    event: str
    endpoint: str
    url: str
    secret: str
    body: str
    at: float
    tries: int


def plan(account: Account, events: list[Object]) -> None:
    """Write a delivery for every event and every endpoint that wants it, as the faults direct."""
    endpoints = listening(account)
    if not endpoints:
        return
    rows = []
    for event in events:
        wanted = [(owner.number, one["id"]) for owner, one in endpoints if wants(one, event)]
        event["pending_webhooks"] = len(wanted)
        if not wanted:
            continue
        delays = [0.0]
        for kind, change in FAULTS.items():
            if fault := faults.strike(account, kind):
                delays = change(fault, delays)
        rows += [
            (owner, account.number, event["id"], endpoint, account.time + delay)
            for owner, endpoint in wanted
            for delay in delays
        ]
    # At the same moment, in the order in which they happened: ids count up.
    account.db.executemany(
        "INSERT INTO deliveries (account, origin, event, endpoint, at) VALUES (?, ?, ?, ?, ?)", rows
    )


def wants(endpoint: Object, event: Object) -> bool:
    """Whether an endpoint is to be told of events of this type."""
    return not {"*", event["type"]}.isdisjoint(endpoint["enabled_events"])


def listening(account: Account) -> list[tuple[Account, Object]]:
    """The endpoints that are told of this account's events, each with the account that it belongs to: its own
    ones, and its platform's for connected accounts."""
    if not account.platform and not account.every("webhook_endpoint"):
        return []
    owners = [(account, False), *([(account.platform, True)] if account.platform else [])]
    return [
        (owner, one)
        for owner, connect in owners
        for one in owner.every("webhook_endpoint")
        if one["status"] == "enabled" and owner.inner(one).get("connect", False) == connect
    ]


def forget(account: Account, endpoint: Object) -> None:
    """Send nothing more to an endpoint."""
    gone = account.db.execute(
        "DELETE FROM deliveries WHERE account = ? AND endpoint = ? RETURNING event",
        (account.number, endpoint["id"]),
    ).fetchall()
    _let_go(account.db, [event for (event,) in gone])


# Nobody's account: there an event is that is forgotten, and is yet to be delivered.
_NOBODY = 0
_STILL_DUE = (
    "EXISTS (SELECT 1 FROM accounts a JOIN deliveries d ON d.account = a.id AND d.event = objects.id)"
)


def keep_what_is_due(account: Account, events: Sequence[str]) -> None:
    """Before the account forgets these events: keep those whose deliveries are still due."""
    account.db.executemany(
        f"UPDATE objects SET account = {_NOBODY} WHERE account = ? AND id = ? AND {_STILL_DUE}",
        [(account.number, event) for event in events],
    )


def _let_go(db: sqlite3.Connection, events: Sequence[str]) -> None:
    """Of events that were only kept to be delivered: nothing more is due."""
    db.executemany(
        f"DELETE FROM objects WHERE account = {_NOBODY} AND id = ? AND NOT {_STILL_DUE}",
        [(event,) for event in events],
    )


# Each endpoint's first delivery that is due, unless one is on its way: that keeps their order, and leaves a
# receiver that hangs with one. A moment far ahead was written before the machine's clock was set back.
_ON_ITS_WAY = f"taken_until > 0 AND taken_until > :now AND taken_until < :now + {2 * LEASE}"
_NEXT = f"""
FROM accounts a
CROSS JOIN objects e ON e.account = a.id AND e.id > 'we_' AND e.id < 'we`'
CROSS JOIN deliveries d ON d.id = (
    SELECT id FROM deliveries WHERE account = a.id AND endpoint = e.id AND at <= :now + a.clock_offset
    ORDER BY at, id LIMIT 1
)
WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE account = a.id AND endpoint = e.id AND {_ON_ITS_WAY})
AND json_extract(e.body, '$.url') IS NOT '{TO_FETCH}'
"""
_COLUMNS = "d.id, d.account, coalesce(d.origin, d.account), d.event, d.endpoint, d.tries + 1"


def waiting(db: sqlite3.Connection, now: float) -> bool:
    """Whether anything is due at `now`, the machine's time, and not on its way already."""
    return db.execute(f"SELECT 1 {_NEXT} LIMIT 1", {"now": now}).fetchone() is not None


def claim(db: sqlite3.Connection, now: float, most: int) -> list[Delivery]:
    """The next delivery of up to `most` endpoints, oldest first; nobody else gets them for `LEASE` seconds.

    Those whose event or endpoint is gone are forgotten.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS}, :now + a.clock_offset {_NEXT} ORDER BY d.at, d.id LIMIT :most",
        {"now": now, "most": most},
    ).fetchall()
    claimed = _readable(db, rows)
    db.executemany(
        "UPDATE deliveries SET taken_until = ?, tries = ? WHERE id = ?",
        [(now + LEASE, delivery.tries, delivery.id) for delivery in claimed],
    )
    return claimed


def _readable(
    db: sqlite3.Connection, rows: list[tuple[int, int, int, str, str, int, float]]
) -> list[Delivery]:
    """What to send, without what cannot be sent any more: that is forgotten."""
    found = []
    for id, account, origin, event, endpoint, tries, at in rows:
        body = _body(db, origin, event)
        target = _body(db, account, endpoint)
        settings = json.loads(target[0]) if target else {}
        if body is None or target is None or target[1] is None or settings.get("status") != "enabled":
            db.execute("DELETE FROM deliveries WHERE id = ?", (id,))
            _let_go(db, [event])
            continue
        secret = json.loads(target[1])["secret"]
        text = _text(*body, settings["api_version"])
        found.append(Delivery(id, account, origin, event, endpoint, settings["url"], secret, text, at, tries))
    return found


def _text(body: str, others: str | None, version: str | None) -> str:
    """An event as it is sent: indented, in the version of its endpoint."""
    event = json.loads(body)
    data = json.loads(others or "{}").get(version)
    if data:
        event.update(api_version=version, data=data)
    return json.dumps(event, ensure_ascii=False, indent=2)


def _body(db: sqlite3.Connection, account: int, id: str) -> tuple[str, str | None] | None:
    row: tuple[str, str | None] | None = db.execute(
        f"SELECT body, inner FROM objects WHERE account IN (?, {_NOBODY}) AND id = ?", (account, id)
    ).fetchone()
    return row


def record(db: sqlite3.Connection, delivery: Delivery, arrived: bool) -> None:
    """It arrived, or is to be tried again later, or has been tried often enough.

    Nothing changes where somebody else has claimed it since.
    """
    if not arrived and delivery.tries <= len(RETRY_AFTER):
        db.execute(
            "UPDATE deliveries SET at = ?, taken_until = 0 WHERE id = ? AND tries = ?",
            (delivery.at + RETRY_AFTER[delivery.tries - 1], delivery.id, delivery.tries),
        )
        return
    ours = db.execute("DELETE FROM deliveries WHERE id = ? AND tries = ?", (delivery.id, delivery.tries))
    if arrived and ours.rowcount:
        _count_arrival(db, delivery)
    _let_go(db, [delivery.event])


def _count_arrival(db: sqlite3.Connection, delivery: Delivery) -> None:
    """One endpoint less has yet to get the event, unless its double is still to come."""
    twin = "SELECT 1 FROM deliveries WHERE account = ? AND event = ? AND endpoint = ?"
    if db.execute(twin, (delivery.account, delivery.event, delivery.endpoint)).fetchone():
        return
    db.execute(
        "UPDATE objects SET body = json_set(body, '$.pending_webhooks', "
        "max(0, json_extract(body, '$.pending_webhooks') - 1)) WHERE account = ? AND id = ?",
        (delivery.origin, delivery.event),
    )
    db.execute("UPDATE accounts SET revision = revision + 1 WHERE id = ?", (delivery.account,))


def fetch(account: Account, endpoint: str | None) -> list[Object]:
    """What is due now, for somebody who fetches it instead of having it sent; it has then arrived.

    Up to a hundred, oldest first; what a sender is sending at this moment is not among them.
    """
    rows = account.db.execute(
        f"SELECT {_COLUMNS}, :due FROM deliveries d WHERE account = :account AND at <= :due "
        f"AND endpoint = coalesce(:endpoint, endpoint) AND NOT ({_ON_ITS_WAY}) ORDER BY at, id "
        f"LIMIT {_BATCH}",
        {"account": account.number, "due": account.time, "endpoint": endpoint, "now": time.time()},
    ).fetchall()
    taken = _readable(account.db, rows)
    for delivery in taken:
        account.db.execute("DELETE FROM deliveries WHERE id = ?", (delivery.id,))
        _count_arrival(account.db, delivery)
    _let_go(account.db, [delivery.event for delivery in taken])
    account.reread()
    # Signed by the machine's clock, because the receiver checks against that.
    return [
        {
            "object": "_simulator.delivery",
            "url": one.url,
            "body": one.body,
            "signature": signature(one.body.encode(), one.secret, int(time.time())),
        }
        for one in taken
    ]
