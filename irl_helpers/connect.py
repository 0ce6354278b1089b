"""Part 2: which readers there are, and the one this till works with.

In a server-driven integration nothing is opened or kept alive: being connected means knowing the reader's id.
https://docs.stripe.com/terminal/payments/connect-reader?terminal-sdk-platform=server-driven
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import stripe

from .account import note, noted, stripe_client
from .arguments import checked
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

CHOSEN = "chosen_reader"  # what the account's notes call it


@checked
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


@checked
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


@checked
def chosen_reader(*, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader | None:
    """The chosen reader, as it is now; None if none was chosen, or if it is gone.

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


@checked
def is_online(reader: stripe.terminal.Reader | None) -> bool:
    """Whether there is a reader and it can be used; only Stripe's word "offline" says that it cannot."""
    return reader is not None and reader.status != "offline"


@checked
def is_simulated(reader: stripe.terminal.Reader | None) -> bool:
    """Whether there is a reader and no person stands at it: `simulate_payment` presents the cards there."""
    return reader is not None and reader.device_type.startswith("simulated_")


@checked
def find_by_id(
    readers: Iterable[stripe.terminal.Reader], reader_id: str | None
) -> stripe.terminal.Reader | None:
    """The reader with this id among those that were listed, or None."""
    return next((reader for reader in readers if reader.id == reader_id), None)


@checked
def reader_to_use(readers: Iterable[stripe.terminal.Reader], reader_id: str | None = None) -> str | None:
    """The id of the reader to work with, of those that were listed: the one with this id, else the one that
    was chosen, both also while they are offline; else the newest that is online. None for none of them."""
    listed = list(readers)
    known = (each for each in (reader_id, noted(CHOSEN)) if find_by_id(listed, each) is not None)
    online = (reader.id for reader in listed if is_online(reader))
    return next(known, None) or next(online, None)


class ReaderInUse:
    """Which reader a till works with, `id`: the one it was given, else the one chosen in part 2 or the first
    online. The latter follows when another one is chosen there, but not while it is busy at its reader."""

    def __init__(self, reader_id: str | None = None) -> None:
        self.id = reader_id
        self._follows = reader_id is None
        self._chosen: str | None = None  # in part 2, when this was at rest last

    def among(self, readers: Iterable[stripe.terminal.Reader], *, busy: bool) -> str | None:
        """The id as it is with these readers; nothing here changes. One that is gone is replaced."""
        if busy and self.id:
            return self.id
        chosen = noted(CHOSEN)
        elsewhere = self._follows and self.id is not None and chosen != self._chosen
        return reader_to_use(readers, chosen if elsewhere else self.id)

    def see(self, readers: Iterable[stripe.terminal.Reader], *, busy: bool) -> None:
        """Take the reader among these."""
        if not (busy and self.id):
            self.id, self._chosen = self.among(readers, busy=busy), noted(CHOSEN)


@checked
def last_seen(reader: stripe.terminal.Reader) -> str:
    """When a reader last had a connection: "2026-11-24 16:02 UTC", or "never"."""
    seen = reader.last_seen_at
    return f"{datetime.fromtimestamp(seen / 1000, UTC):%Y-%m-%d %H:%M} UTC" if seen else "never"
