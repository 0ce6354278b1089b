"""Part 2: which readers there are, and the one this till works with.

In a server-driven integration nothing is opened or kept alive: to be connected is to know the reader's id.
https://docs.stripe.com/terminal/payments/connect-reader?terminal-sdk-platform=server-driven
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import stripe

from .account import note, noted, stripe_client
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

CHOSEN = "chosen_reader"  # what the account's notes call it


def list_readers(
    *,
    location: str | None = None,
    status: str | None = None,
    device_type: str | None = None,
    client: stripe.StripeClient | None = None,
) -> list[stripe.terminal.Reader]:
    """All readers of the account, newest first, however many pages that takes.

    `location` is a location's id, `status` "online" or "offline", `device_type` such as
    "simulated_wisepos_e"; a filter that is None does not filter.
    Raises stripe.InvalidRequestError for a value that Stripe does not know.

    https://docs.stripe.com/api/terminal/readers/list
    """
    filters = {"location": location, "status": status, "device_type": device_type}
    params: Any = {"limit": 100} | {name: value for name, value in filters.items() if value is not None}
    client = client or stripe_client()
    return list(client.v1.terminal.readers.list(params=params).auto_paging_iter())


def choose_reader(reader_id: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader:
    """Work with this reader from now on, in every notebook of this account.

    Raises stripe.InvalidRequestError (`resource_missing`) when there is no such reader, ValueError when it
    was deleted; the choice made before then stays.

    https://docs.stripe.com/api/terminal/readers/retrieve
    """
    client = client or stripe_client()
    reader = client.v1.terminal.readers.retrieve(reader_id)
    if getattr(reader, "deleted", False):
        raise ValueError(f"{reader_id} was deleted. Choose another reader, or register one (part 1).")
    note(CHOSEN, reader.id)
    return reader


def chosen_reader(*, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader | None:
    """The reader that was chosen, as it is now; None when none was, or when it is gone.

    https://docs.stripe.com/api/terminal/readers/retrieve
    """
    reader_id = noted(CHOSEN)
    if reader_id is None:
        return None
    client = client or stripe_client()
    try:
        reader = client.v1.terminal.readers.retrieve(reader_id)
    except stripe.InvalidRequestError as problem:
        if problem.code != "resource_missing":
            raise
        return None
    return None if getattr(reader, "deleted", False) else reader


def last_seen(reader: stripe.terminal.Reader) -> str:
    """When a reader last had a connection: "2026-11-24 16:02 UTC", or "never"."""
    seen = reader.last_seen_at
    return f"{datetime.fromtimestamp(seen / 1000, UTC):%Y-%m-%d %H:%M} UTC" if seen else "never"
