"""The reader as one can touch it: its picture, the places that can be touched, and the customer's wallet.

It shows what it is told, and tells what was touched. What a touch means is the `Customer`'s to know.

Why anywidget, and not ipywidgets' buttons laid over the picture: both were tried side by side, in JupyterLab
4.6, Notebook 7.6 and Voilà 0.5. Such buttons are made anew with each screen, and the keyboard's focus is gone
after every key. They know neither a drag nor a pen: no card can be dragged, and nothing signed. And a screen
is a dozen messages: from a press to the new picture 60 ms in the first two, against 34 and 23; in Voilà 20.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..cards import PIN, WALLET_NOTE, WalletCard
from ..screen import Picture

OFF_THE_GLASS = frozenset({"key:.", "key:clear"})
"""Keys that only a keyboard has, to type on a pad with an enter key: the point, and Escape."""

_STROKE = re.compile(r"M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})*")


class TouchScreen(anywidget.AnyWidget):
    """`value` is the picture as html; `areas` and `cards` are what lies over it and beside it; `lead` stands
    above the cards and says what to do now, `note` below them.

    `touched(name)` is called with the name of a `TouchArea`, `held(number)` with the number of a card that
    was held to the reader, `drawn(stroke)` with a line that was drawn where a signature is asked for: a path
    in units of which the field is 300 wide. `typed` is what stands in the place where one can type. All of it
    is done by `when_seen`, at once or when what is shown is known to be so.
    """

    _esm = Path(__file__).with_name("touch_screen.js").read_text("utf-8")
    value = traitlets.Unicode("").tag(sync=True)
    areas: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    cards: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    card = traitlets.Unicode("").tag(sync=True)
    lead = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode(WALLET_NOTE).tag(sync=True)
    typed = traitlets.Unicode("").tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._wallet: list[dict[str, str]] = []
        self._resting, self._next = "", ""
        self.lead_instead = ""
        """What is so at the reader, where the picture alone would mislead."""
        self._lead: str | None = None
        self.when_seen: Callable[[Callable[[], None]], None] = lambda act: act()
        self.touched: Callable[[str], None] | None = None
        self.held: Callable[[str], None] | None = None
        self.drawn: Callable[[str], None] | None = None
        self.on_msg(self._heard)

    def show(self, picture: Picture | None, *, touchable: bool = False) -> None:
        """Show a picture, None for none; `touchable` where no person stands at the reader."""
        areas = picture.areas if picture is not None and touchable else ()
        with self.hold_sync():  # one message
            self.cards = self._wallet if touchable else []
            self.value = picture.img() if picture is not None else ""
            self.areas = [area._asdict() for area in areas]
            self._lead = _lead([area.name for area in areas], picture.alt if picture is not None else "")
            self._say_lead()

    def rest(self, why: str) -> None:
        """Say instead of the `lead` why the picture may be of an earlier time; '' for no reason."""
        self._resting = why
        self._say_lead()

    def lead_on(self, button: str) -> None:
        """Say, while nothing can be done at the reader, which button comes first; '' for none."""
        self._next = button
        self._say_lead()

    def _say_lead(self) -> None:
        first = f"press {self._next}" if self._next else "one that you press is only chosen"
        said = f"The reader is not asking for a card: {first}." if self._lead is None else self._lead
        self.lead = self._resting or self.lead_instead or said

    def offer(self, cards: list[WalletCard]) -> None:
        """The cards of the wallet; they are shown next to a picture that can be touched."""
        self._wallet = [card._asdict() for card in cards]

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict):
            self.when_seen(lambda: self._act(content))

    def _act(self, content: dict[str, Any]) -> None:
        """A message from the page: only what is shown there now can be touched."""
        typed = content.get("typed")
        if isinstance(typed, str):
            with self._lock_property(typed=typed):  # not sent back: by now the page may be further
                self.typed = typed
        places = {area["name"] for area in self.areas}
        if "key:enter" in places:
            places |= OFF_THE_GLASS
        touch, hold, stroke = content.get("touch"), content.get("hold"), content.get("stroke")
        if self.touched is not None and isinstance(touch, str) and touch in places:
            self.touched(touch)
        if self.held is not None and any(card["number"] == hold for card in self.cards):
            self.held(str(hold))
        if (
            self.drawn is not None
            and "sign" in places
            and isinstance(stroke, str)
            and _STROKE.fullmatch(stroke)
        ):
            self.drawn(stroke)


def _lead(places: list[str], shown: str) -> str | None:
    """What to do while these places can be touched, and this is on the screen; None where there are none."""
    if "card" in places:
        return "Press a card, or drag it to the reader (by touch: once a long press has lifted it)."
    if "key:enter" in places and "pin" in shown.lower():
        return f"The PIN of test cards is {PIN} here."
    if "key:enter" in places and "type a tip" in shown:
        return "The customer types a tip, then ✓. ✕ goes back to the choice."
    if any(place.startswith("tip:") for place in places):
        return "The customer chooses a tip first, on the reader's screen. Then press a card."
    return "" if places else None
