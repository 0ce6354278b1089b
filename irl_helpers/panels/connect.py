"""The panel of part 2: which readers there are, and the one this till works with."""

from __future__ import annotations

from typing import Any, ClassVar

import ipywidgets as W
import stripe

from ..account import call, note, noted
from ..connect import CHOSEN, find_by_id, is_online, list_readers
from ..screen import reader_screen
from .action import Action
from .layout import row
from .panel import Panel
from .reader_choice import ReaderChoice

NO_READERS = (
    '<span role="status">No readers yet. Add one to your account in '
    '<a href="01_setup.ipynb">part 1</a>, then press Refresh.</span>'
)


class ConnectPanel(Panel):
    """Choose one of the online readers, in `reader`; of offline ones it says so, and what to do."""

    STATES: ClassVar[dict[str, str]] = {
        "no_readers": "this account has no readers yet",
        "none_online": "there are readers, and none of them is online",
        "not_chosen": "no reader is chosen yet",
        "chosen_offline": "the reader that is chosen is offline",
        "connected": "a reader is chosen",
    }
    TONES: ClassVar[dict[str, str]] = {"none_online": "bad", "chosen_offline": "bad", "connected": "good"}
    ACTIONS = (Action("refresh", "Refresh", lambda panel: panel.ask_again(), None),)

    def __init__(self) -> None:
        super().__init__()
        self._readers: list[stripe.terminal.Reader] = []
        self._noted: str | None = None
        self._choice = ReaderChoice(self._choose, or_none=True)
        self.way_on = W.HTML()
        self.differs.append(self.way_on)
        self.adopt(reader=self._choice.dropdown)
        self.arrange(row(self._choice.dropdown, self.buttons["refresh"]), self.way_on)

    def mark(self) -> Any:
        """A cell may choose another one, and the account knows nothing of that."""
        revision = super().mark()
        return None if revision is None else (revision, noted(CHOSEN))

    def read(self) -> list[stripe.terminal.Reader]:
        return list_readers()

    def show(self, seen: list[stripe.terminal.Reader]) -> None:
        self._readers = seen
        self._noted = noted(CHOSEN)
        self._choice.fill(seen, self._noted)
        self._show_choice()

    @property
    def _chosen(self) -> stripe.terminal.Reader | None:
        return find_by_id(self._readers, self._noted)

    def _show_choice(self) -> None:
        chosen, offline = self._chosen, [reader for reader in self._readers if not is_online(reader)]
        if len(self._readers) == len(offline):
            self.state = "none_online" if self._readers else "no_readers"
        elif chosen is None:
            self.state = "not_chosen"
        else:
            self.state = "connected" if is_online(chosen) else "chosen_offline"
        self.way_on.value = NO_READERS if self.state == "no_readers" else ""
        shown = chosen or (offline[0] if self.state == "none_online" else None)
        self.draw(reader_screen(shown) if shown else None)

    def shown_readers(self) -> list[stripe.terminal.Reader]:
        return self._readers

    def meaning(self) -> str:
        reader = self._chosen
        if reader is None or self.state == "none_online":
            return super().meaning()
        return f"{reader.label} is chosen" + ("" if is_online(reader) else ", and is offline")

    def _choose(self, reader_id: str) -> None:
        try:
            note(CHOSEN, reader_id or None)
        except OSError as problem:
            self.messages.fail(f"The choice could not be kept: {problem}")
            return
        self._noted = reader_id or None
        self._show_choice()
        self.show_state()
        reader = self._chosen
        self.say(f"Connected to {reader.label} ({reader.id})." if reader else "No reader is chosen any more.")

    async def ask_again(self) -> None:
        """Ask for the readers again."""
        readers = await call(list_readers)
        self.say(f"Readers retrieved: {len(readers)}.")
