"""What panels that work with a reader share: the choice of one that is online."""

from __future__ import annotations

import ipywidgets as W
import stripe

from .layout import field
from .panel import Panel


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
