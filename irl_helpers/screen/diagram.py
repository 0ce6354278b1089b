"""Boxes and arrows, the same for every state diagram.

The box where we are is filled, has a thick border and the word "now"; the one before has a dashed border and
the word "before". Grey arrows are the way, a dark one was taken, and those with a call's name are open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import palette
from .picture import Picture
from .svg import circle, label, line, path, plain_line, rectangle
from .text_fitting import fit, text_width

WIDTH = 700
EDGE = 16
_GROUND = "#f7f8fb"
_RAIL = "#b3b9c9"
_TAKEN = "#474d63"


@dataclass(frozen=True)
class Box:
    """A state: its words, its name in the API, and its place."""

    title: str
    name: str
    x: float
    y: float
    width: float
    height: float
    note: str = ""

    @property
    def center(self) -> float:
        """The x halfway between its left and right edges."""
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The y halfway between its upper and lower edges."""
        return self.y + self.height / 2


@dataclass
class Diagram:
    """Collects the shapes: arrows below, then the names of calls, then boxes and other words on top."""

    heading: str
    height: float
    aside: str = ""
    arrows: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    # -- boxes -----------------------------------------------------------------------------------------

    def box(self, box: Box, kind: str) -> None:
        """`kind` is "now", "before", "open" (a call leads there) or "other"."""
        fill, edge, width, ink, quiet = {
            "now": (palette.ACCENT, "#1f1a6b", 4, palette.PAPER, "#e4e3fb"),
            "before": (palette.PAPER, _TAKEN, 2, palette.INK, palette.MUTED),
            "open": (palette.PAPER, palette.ACCENT, 2, palette.INK, palette.MUTED),
        }.get(kind, (palette.PAPER, "#cbd0dc", 1.5, palette.MUTED, palette.MUTED))
        self.shapes.append(
            rectangle(
                box.x,
                box.y,
                box.width,
                box.height,
                12,
                fill=fill,
                stroke=edge,
                stroke_width=width,
                stroke_dasharray="6 4" if kind == "before" else None,
            )
        )
        self.said.append(f"{box.title} ({box.name})" + (f", {box.note}" if box.note else ""))
        self._words_in(box, ink, quiet, marked=kind in ("now", "before"))
        if kind in ("now", "before"):
            self._marker(box, kind)

    def _words_in(self, box: Box, ink: str, quiet: str, *, marked: bool) -> None:
        room = box.width - 14
        title, large = fit(
            plain_line(box.title), room, 16 if box.width > 130 else 15, lines=2, smallest=13, bold=True
        )
        name, small = fit(
            plain_line(box.name), room, 12, lines=3, smallest=12 if box.width > 100 else 10, mono=True
        )
        note, tiny = fit(plain_line(box.note), room, 12, lines=1, smallest=11)
        block = [(text, large, True, False, ink) for text in title]
        block += [(text, small, False, True, quiet) for text in name]
        block += [(text, tiny, False, False, quiet) for text in note]
        y = box.middle + (4 if marked else 0) - sum(row[1] * 1.25 for row in block) / 2
        for text, height, bold, mono, color in block:
            y += height * 1.25
            self.write(text, box.center, y - height * 0.32, height, bold=bold, mono=mono, color=color)

    def _marker(self, box: Box, kind: str) -> None:
        """The word on the box's upper edge, in its left corner, away from the arrows."""
        width = text_width(kind, 12, bold=True) + 16 + (14 if kind == "now" else 0)
        x, y = box.x + 10, box.y - 11
        dark = "#1f1a6b" if kind == "now" else _TAKEN
        self.shapes.append(rectangle(x, y, width, 21, 10.5, fill=palette.PAPER, stroke=dark, stroke_width=2))
        if kind == "now":
            self.shapes.append(circle(x + 13, y + 10.5, 4, fill=dark))
        self.write(kind, x + width - 9, y + 15, 12, bold=True, color=dark, anchor="end")

    # -- arrows ----------------------------------------------------------------------------------------

    def ahead(self, start: Box, end: Box, taken: bool = False) -> None:
        """Straight from one box to the next on its right."""
        self._arrow(f"M{start.right + 5:g} {start.middle:g}H{end.x - 9:g}", end.x - 5, end.middle, 0, taken)

    def down_to(self, start: Box, end: Box, taken: bool = False, shift: float = 0) -> None:
        """Down from a box, then right into one in the lower row."""
        x, y = start.center + shift, end.middle
        d = f"M{x:g} {start.bottom + 5:g}V{y - 12:g}q0 12 12 12H{end.x - 9:g}"
        self._arrow(d, end.x - 5, y, 0, taken)

    def open_down(self, start: Box, end: Box, call: str) -> None:
        """As `down_to`, open, with the call's name on the level part."""
        x, y = start.center, end.middle
        self._open(f"M{x:g} {start.bottom + 5:g}V{y - 12:g}q0 12 12 12H{end.x - 10:g}", end.x - 5, y, 0)
        self._call(call, max((x + end.x) / 2, x + 50), y)

    def open_over(self, start: Box, end: Box, call: str, level: int = 0) -> None:
        """An open arrow over the boxes in between; `level` 1 passes over one of level 0."""
        left, right, top = start.center + 8 - 18 * level, end.center - 8, start.y - 36 - 30 * level
        d = f"M{left:g} {start.y - 5:g}V{top + 12:g}q0-12 12-12H{right - 12:g}q12 0 12 12V{end.y - 11:g}"
        self._open(d, right, end.y - 6, 90)
        self._call(call, (left + right) / 2, top)

    def open_back(self, start: Box, end: Box, call: str, lane: float, shift: float, at: float) -> None:
        """An open arrow back to the left, along a lane between the rows; its name stands at `at`."""
        below = start.bottom < lane
        begin, turn = (start.bottom + 5, 10) if below else (start.y - 5, -10)
        x, back = start.center + shift + (0 if below else 26), end.center + shift
        down = f"M{x:g} {begin:g}V{lane - turn:g}q0 {turn}-10 {turn}"
        d = f"{down}H{back + 10:g}q-10 0-10-10V{end.bottom + 11:g}"
        self._open(d, back, end.bottom + 6, -90)
        self._call(call, at, lane)

    def open_here(self, box: Box, call: str) -> None:
        """A call that leaves the state as it is: a loop on the box's left shoulder."""
        x, top = box.center - 20, box.y - 36
        self._open(
            f"M{x - 18:g} {box.y - 12:g}V{top + 8:g}q0-8 8-8h14q8 0 8 8V{box.y - 11:g}", x + 12, box.y - 6, 90
        )
        self._call(call, x - 10, top)

    def _arrow(self, d: str, x: float, y: float, angle: float, taken: bool) -> None:
        color, width = (_TAKEN, 3) if taken else (_RAIL, 2)
        self.arrows += [line(d, color, width), _head(x, y, angle, color)]

    def _open(self, d: str, x: float, y: float, angle: float) -> None:
        self.arrows += [line(d, palette.ACCENT, 2.5), _head(x, y, angle, palette.ACCENT)]

    def _call(self, call: str, x: float, y: float) -> None:
        width = text_width(call, 12, mono=True) + 14
        x = min(max(x, EDGE + width / 2), WIDTH - EDGE - width / 2)
        self.shapes.append(
            rectangle(
                x - width / 2, y - 11, width, 22, 11, fill=_GROUND, stroke=palette.ACCENT, stroke_width=1.5
            )
        )
        self.write(call, x, y + 4, 12, mono=True, color=palette.ACCENT)

    # -- words and the whole -----------------------------------------------------------------------------

    def write(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        mono: bool = False,
        color: str = palette.INK,
        anchor: str = "middle",
    ) -> None:
        """One line of text, its baseline at `y`."""
        self.shapes.append(label(text, x, y, size, color, anchor=anchor, bold=bold, mono=mono))

    def picture(self, alt: str, width: int) -> Picture:
        """The whole diagram, with its heading, `width` pixels wide."""
        ground = rectangle(
            1, 1, WIDTH - 2, self.height - 2, 14, fill=_GROUND, stroke=palette.HAIRLINE, stroke_width=1.5
        )
        self.write(self.heading, EDGE + 2, 29, 15, bold=True, anchor="start")
        self.write(self.aside, WIDTH - EDGE - 2, 29, 15, color=palette.MUTED, anchor="end")
        drawn = ground + "".join(self.arrows + self.shapes)
        return Picture(drawn, alt=alt, size=(WIDTH, self.height), width=width, details=self.said)


def row(count: int, width: float) -> list[float]:
    """The left edges of so many boxes, spread over the picture's width."""
    gap = (WIDTH - 2 * EDGE - count * width) / max(count - 1, 1)
    return [EDGE + place * (width + gap) for place in range(count)]


def _head(x: float, y: float, angle: float, color: str) -> str:
    """An arrow's head whose tip is at (x, y)."""
    return path("M0 0L-11-6V6z", fill=color, transform=f"translate({x:g} {y:g}) rotate({angle:g})")
