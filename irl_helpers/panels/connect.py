"""Part 2 as a panel: which readers there are, and the one this till works with."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import ipywidgets as W
import stripe

from ..account import call, note
from ..connect import CHOSEN, chosen_reader, last_seen, list_readers
from ..screen import reader_screen
from .layout import row
from .reader_choice import ReaderPanel


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
