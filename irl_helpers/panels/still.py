"""From a panel's widgets to its still picture: what a page without widgets shows in its place.

`screen/still.py` draws it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from typing import Any

import ipywidgets as W

from ..screen import Picture, panel_still
from ..screen.still_parts import (
    Button,
    Card,
    Check,
    Columns,
    Drawing,
    Facts,
    Field,
    Grid,
    Line,
    Part,
    Row,
    Stack,
)
from .touch_screen import TouchScreen

SEEN_CARDS = 6  # of the wallet, which scrolls
_SVG = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)" height="([\d.]+)"')
_TONES = {"irl-alert": "alert", "irl-badge": "badge", "irl-total": "heading"}
_TONES |= dict.fromkeys(("irl-notice", "irl-empty", "irl-warn"), "muted")
_HEADINGS = {"h2": "title", "h3": "heading", "h4": "heading", "b": "heading", "small": "muted"}
_BLOCKS = ("div", "p", "li", "tr", "summary", *_HEADINGS)


def still_of(name: str, view: W.Widget, differs: Collection[W.Widget] = ()) -> Picture:
    """The picture of a panel as it is now. `differs` are widgets that show what else the account holds: of an
    input among them the value is left out, and anything else altogether, so that the picture is the same in
    every account."""
    return panel_still(name, Stack(tuple(_parts(view, differs))))


def _parts(widget: W.Widget, differs: Collection[W.Widget]) -> Iterator[Part]:
    """What is seen of a widget: one part, or none."""
    if widget.layout.display == "none" or "irl-style" in widget._dom_classes:
        return
    known = widget not in differs
    if isinstance(widget, W.Dropdown):
        yield Field(widget.description, (widget.label or "") if known else "", True, not widget.disabled)
    elif isinstance(widget, W.Text):
        yield Field(widget.description, widget.value if known else "", False, not widget.disabled)
    elif not known:
        return
    elif isinstance(widget, W.Checkbox):
        yield Check(widget.description, widget.value, not widget.disabled)
    elif isinstance(widget, W.ToggleButton):
        yield Button(widget.description, "fold")
    elif isinstance(widget, W.Button):
        yield _button(widget)
    elif isinstance(widget, TouchScreen):
        yield from _touch_screen(widget)
    elif isinstance(widget, W.HTML):
        yield from _html(widget.value)
    elif isinstance(widget, W.Box):
        yield from _box(widget, differs)


def _button(button: W.Button) -> Button:
    sign = {"irl-less": "\N{MINUS SIGN}", "irl-more": "+"}.get("".join(button._dom_classes))
    return Button(sign or button.description, button.button_style, not button.disabled)


def _touch_screen(screen: TouchScreen) -> Iterator[Part]:
    yield from _html(screen.value)
    cards = [Card(each["brand"], each["digits"], each["words"], each["kind"]) for each in screen.cards]
    if screen.value and cards:
        yield Grid(tuple(cards[:SEEN_CARDS]), 108)
        yield Line(screen.note, "muted")


def _box(box: W.Box, differs: Collection[W.Widget]) -> Iterator[Part]:
    inside = tuple(part for child in box.children for part in _parts(child, differs))
    if not inside:
        return
    if isinstance(box, W.GridBox):
        yield Grid(inside, 90 if "irl-menu" in box._dom_classes else 190)
    elif isinstance(box, W.HBox) and any(isinstance(part, Stack) for part in inside):
        yield Columns(tuple(part if isinstance(part, Stack) else Stack((part,)) for part in inside))
    elif isinstance(box, W.HBox):
        yield Row(inside)
    else:
        yield Stack(inside, "irl-group" in box._dom_classes)


def _html(html: str) -> Iterator[Part]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    if reader.rows:
        yield Facts(tuple(reader.rows))
    yield from reader.parts


class _Reader(HTMLParser):
    """What stands in a panel's own html, a line for each block; of what is folded, only what it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self.rows: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []  # tags, each with its classes
        self._texts: list[str] = []
        self._tone = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        classes = (found.get("class") or "").split()
        if tag == "img":
            self._draw(found)
            return
        if tag == "br":
            return
        if tag in _BLOCKS:
            self.end_line()
        self._open.append((tag, " ".join(classes)))
        tones = [_TONES[name] for name in classes if name in _TONES]
        if "irl-state" in classes:
            tones = [classes[-1].removeprefix("irl-")]
        if tones or tag in _HEADINGS:
            self._tone = tones[-1] if tones else _HEADINGS[tag]
        self._texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        tags = [tag for tag, _ in self._open]
        if "details" in tags and "summary" not in tags:
            return
        self._texts = [*self._texts[:-1], (self._texts[-1:] or [""])[0] + text]

    def end_line(self) -> None:
        """What was read since the last line is one: a table of facts has its names and values in turns."""
        texts, tone = [text for text in map(str.strip, self._texts) if text], self._tone
        self._texts, self._tone = [], ""
        if not texts:
            return
        if any("irl-facts" in classes for _, classes in self._open):
            self._fact(" ".join(texts))
        elif len(texts) > 1:
            self.parts.append(Line(" ".join(texts[:-1]), tone, texts[-1]))
        else:
            self.parts.append(Line(texts[0], tone))

    def _fact(self, text: str) -> None:
        if self.rows and not self.rows[-1][1]:
            self.rows[-1] = (self.rows[-1][0], text)
        else:
            self.rows.append((text, ""))

    def _draw(self, found: dict[str, Any]) -> None:
        data = str(found.get("src")).partition(";base64,")[2]
        svg = b64decode(data).decode()
        size = _SVG.match(svg)
        if size:
            self.parts.append(Drawing(svg, found.get("alt") or "", float(size[1]), float(size[2])))
