"""A list that follows by itself: lines come, change and go, and what somebody has opened stays open.

One widget draws all lines, so that a busy program leaves no widgets behind. It knows no Stripe object: it
shows the rows it is told, and asks for a line's detail when somebody opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

MOST_OPEN = 20  # lines that are open at a time; then the one that was opened first is closed


class Row(NamedTuple):
    """One line: plain text, which the page shows as text. `at` is when it happened, Unix seconds; it is what
    the line is sorted by among others. `tone` is "good", "bad", "wait" or ''; `kind` names what it is."""

    id: str
    kind: str
    at: float
    time: str
    mark: str
    title: str
    outcome: str
    tone: str = ""
    note: str = ""
    origin: str = ""

    def shown(self) -> dict[str, str]:
        """What the page needs of it."""
        row = {name: str(value) for name, value in self._asdict().items() if name not in ("at", "origin")}
        return {**row, "from": self.origin}


class Detail(NamedTuple):
    """What an opened line says: names and values; (title, text, note) to read and to copy; and (name, label)
    of what can be pressed."""

    facts: Sequence[tuple[str, str]] = ()
    samples: Sequence[tuple[str, str, str]] = ()
    actions: Sequence[tuple[str, str]] = ()

    def shown(self) -> dict[str, list[list[str]]]:
        """What the page needs of it."""
        return {name: [list(each) for each in value] for name, value in self._asdict().items()}


class LiveList(anywidget.AnyWidget):
    """`show` rows, newest first. `detail_of(id)` is asked what an opened line says, None for nothing;
    `pressed(name, id)` is called for what is pressed in it."""

    _esm = Path(__file__).with_name("live_list.js").read_text("utf-8")
    label = traitlets.Unicode("").tag(sync=True)
    empty = traitlets.Unicode("").tag(sync=True)
    rows: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    details: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        label: str,
        empty: str,
        detail_of: Callable[[str], Detail | None],
        pressed: Callable[[str, str], None] = lambda name, id: None,
    ) -> None:
        super().__init__(label=label, empty=empty)
        self._detail_of, self._pressed = detail_of, pressed
        self.on_msg(self._heard)

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others; those that are open are brought up to date."""
        shown = [row.shown() for row in rows]
        ids = {row.id for row in rows}
        with self.hold_sync():  # one message
            if shown != self.rows:
                self.rows = shown
            self._open([id for id in self.details if id in ids])

    def _open(self, ids: Sequence[str]) -> None:
        found = {id: self._detail_of(id) for id in ids[-MOST_OPEN:]}
        details = {id: detail.shown() for id, detail in found.items() if detail is not None}
        if details != self.details:
            self.details = details

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        """A message from the page: only what is shown there now can be opened and pressed."""
        said = content if isinstance(content, dict) else {}
        opened, closed, of, pressed = (str(said.get(name)) for name in ("open", "close", "of", "press"))
        known = {row["id"] for row in self.rows}
        if opened in known and opened not in self.details:
            self._open([*self.details, opened])
        if closed in self.details:
            self._open([id for id in self.details if id != closed])
        offered = [name for name, _ in self.details.get(of, {}).get("actions", ())]
        if pressed in offered:
            self._pressed(pressed, of)
