"""Which reader a panel works with: a drop-down of those that are online."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import ipywidgets as W
import stripe

from ..connect import find_by_id, is_online
from .layout import field

NONE_CHOSEN = ("Choose a reader…", "")


def id_and_label(reader: stripe.terminal.Reader, readers: Iterable[stripe.terminal.Reader]) -> str:
    """What the drop-down calls a reader: `label (id)`."""
    return f"{reader.label} ({reader.id})"


def label_alone(reader: stripe.terminal.Reader, readers: Iterable[stripe.terminal.Reader]) -> str:
    """For people who do not know ids; but ids tell two readers with the same label apart."""
    alone = [each.label for each in readers].count(reader.label) == 1
    return reader.label if alone else id_and_label(reader, readers)


def moved_words(
    before: str | None, reader: stripe.terminal.Reader | None, readers: Iterable[stripe.terminal.Reader]
) -> str:
    """That a panel works with another reader than before, and why; '' where that is not so."""
    if reader is None or before in (None, reader.id):
        return ""
    why = "it was chosen elsewhere" if find_by_id(readers, before) else "the one before is gone"
    return f"This panel works with {reader.label} now: {why}."


class ReaderChoice:
    """`dropdown` is the widget; `chosen(reader_id)` is called when a person or a program picks one, with ''
    for none: that can be picked only where a panel may do without (`or_none`). `moved`, where a panel lays
    one out below it, says that the panel went to another reader by itself, until somebody picks one."""

    def __init__(
        self,
        chosen: Callable[[str], None],
        name: Callable[[stripe.terminal.Reader, Iterable[stripe.terminal.Reader]], str] = id_and_label,
        *,
        or_none: bool = False,
        moved: W.HTML | None = None,
    ) -> None:
        self._moved = moved
        self._chosen, self._name, self._or_none = chosen, name, or_none
        self._filling = False
        self.dropdown = field(W.Dropdown, "Reader", options=[NONE_CHOSEN])
        self.dropdown.observe(self._choose, "value")

    def fill(self, readers: list[stripe.terminal.Reader], chosen: str | None) -> None:
        """Offer the readers that are online; the chosen one is shown as such if it is among them."""
        options = [(self._name(reader, readers), reader.id) for reader in readers if is_online(reader)]
        if self._or_none or chosen not in dict(options).values():
            options.insert(0, NONE_CHOSEN)
        self._filling = True  # new options choose the first of them
        if list(self.dropdown.options) != options:
            # Only then: a drop-down that is open would close.
            self.dropdown.options = options
        self.dropdown.value = chosen if chosen in dict(options).values() else ""
        self._filling = False

    def say_moved(self, words: str, say: Callable[[str], None]) -> None:
        """Show what `moved_words` found, and `say` it for the log; nothing where it is ''."""
        if words and self._moved is not None:
            self._moved.value = f'<div class="irl-notice" role="status">{escape(words)}</div>'
            say(words)

    def _choose(self, change: dict[str, Any]) -> None:
        if not self._filling:
            if self._moved is not None:
                self._moved.value = ""
            self._chosen(change["new"])
