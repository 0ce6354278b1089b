"""Part 2: which readers there are, and the one this till works with.

In a server-driven integration nothing is opened or kept alive: to be connected is to know the reader's id.
https://docs.stripe.com/terminal/payments/connect-reader?terminal-sdk-platform=server-driven
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any, ClassVar

import ipywidgets as W
import stripe

from .account import call, note, noted, stripe_client
from .panels.layout import field, row
from .panels.panel import Panel
from .screen import reader_screen

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


class ReaderPanel(Panel):
    """The base of panels that work with a reader: `reader`, a drop-down of online ones, and `refresh`."""

    def __init__(self) -> None:
        super().__init__()
        self._readers: dict[str, stripe.terminal.Reader] = {}
        self._filling = False
        self.reader = field(W.Dropdown, "Reader")
        self.refresh = self.button("Refresh", self._refresh, tooltip="Ask for the readers again")
        self.enable(refresh=True)  # also when the first look fails

    def fill(self, readers: list[stripe.terminal.Reader], chosen: str | None) -> None:
        """Offer the readers that are online, and keep or take up the chosen one if it is among them."""
        self._readers = {reader.id: reader for reader in readers}
        online = [reader for reader in readers if reader.status != "offline"]
        options = [
            ("Choose a reader…", ""),
            *((self.reader_name(reader), reader.id) for reader in online),
        ]
        current, ids = self.reader.value, dict(options).values()
        self._filling = True  # new options choose the first of them
        if list(self.reader.options) != options:
            # Only then: a drop-down that is open would close.
            self.reader.options = options
        self.reader.value = next((id for id in (current, chosen) if id and id in ids), "")
        self._filling = False

    def reader_name(self, reader: stripe.terminal.Reader) -> str:
        """What the drop-down calls a reader."""
        return f"{reader.label} ({reader.id})"

    async def _refresh(self) -> None:
        """Nothing but the look that follows every press."""


class ConnectPanel(ReaderPanel):
    """Choose one of the online readers; offline ones are listed with when they were last seen."""

    STATES: ClassVar[dict[str, str]] = {
        "no_readers": "this account has no readers yet",
        "none_online": "there are readers, and none of them is online",
        "not_chosen": "no reader is chosen yet",
        "connected": "a reader is chosen",
    }
    TONES: ClassVar[dict[str, str]] = {"none_online": "bad", "connected": "good"}

    def __init__(self) -> None:
        super().__init__()
        self._others = W.HTML()
        self.reader.observe(self._choose, "value")
        self.arrange(row(self.reader, self.refresh), self._others)

    def read(self) -> tuple[list[stripe.terminal.Reader], stripe.terminal.Reader | None]:
        return list_readers(), chosen_reader()

    def show(self, seen: tuple[list[stripe.terminal.Reader], stripe.terminal.Reader | None]) -> None:
        readers, chosen = seen
        self.fill(readers, chosen.id if chosen else None)
        offline = [reader for reader in readers if reader.status == "offline"]
        if self.reader.value:
            self.state = "connected"
        elif len(readers) > len(offline):
            self.state = "not_chosen"
        else:
            self.state = "none_online" if readers else "no_readers"
        self._others.value = self._explanation(offline)
        self.enable(refresh=True)
        shown = self._readers.get(self.reader.value) or next(iter(offline), None)
        self.draw(reader_screen(shown) if shown else None)

    def _explanation(self, offline: list[stripe.terminal.Reader]) -> str:
        if self.state == "no_readers":
            return (
                '<span role="status">No readers yet. Add one to your account in '
                '<a href="01_setup.ipynb">part 1</a>, then press Refresh.</span>'
            )
        rows = "".join(
            f"<li>{escape(reader.label)} ({escape(reader.id)}): offline, last seen {last_seen(reader)}</li>"
            for reader in offline
        )
        return f'<div role="status"><ul>{rows}</ul></div>' if rows else ""

    def meaning(self) -> str:
        reader = self._readers.get(self.reader.value)
        return f"{reader.label} is chosen" if self.state == "connected" and reader else super().meaning()

    def _choose(self, change: dict[str, Any]) -> None:
        if self._filling:
            return
        reader = self._readers.get(change["new"])
        try:
            note(CHOSEN, reader.id if reader else None)
        except OSError as problem:
            self.fail(f"The choice could not be kept: {problem}")
            return
        self.state = "connected" if reader else "not_chosen"
        self.show_state()
        self.say(f"Connected to {reader.label} ({reader.id})." if reader else "No reader is chosen any more.")
        self.draw(reader_screen(reader) if reader else None)

    async def _refresh(self) -> None:
        readers = await call(list_readers)
        self.say(f"Readers retrieved: {len(readers)}.")
