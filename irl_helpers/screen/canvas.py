"""The glass of a reader: where a screen's texts, buttons and icons are put."""

from __future__ import annotations

from . import palette
from .icons import icon
from .svg import circle, group, label, plain_line, rectangle
from .text_fitting import fit, text_width
from .touch_area import TouchArea

WIDTH = 240
MARGIN = 18
SMALLEST = 16  # ten pixels in a picture 200 pixels wide


class Canvas:
    """A screen, 240 units wide. Each method draws one thing; `said` collects the texts, whole."""

    def __init__(self, height: float):
        self.height = height
        self.width = WIDTH
        self.ground = palette.PAPER
        self.online = True
        self.shapes: list[str] = []
        self.said: list[str] = []
        self.areas: list[TouchArea] = []

    @property
    def middle(self) -> float:
        """The x of what stands in the middle."""
        return self.width / 2

    def add(self, *shapes: str) -> None:
        """Add shapes on top of those that are there: SVG elements."""
        self.shapes.extend(shapes)

    def touch(self, name: str, label: str, x: float, y: float, width: float, height: float) -> None:
        """This place can be touched; names as in `TouchArea`, here in units of the screen."""
        self.areas.append(TouchArea(name, plain_line(label), x, y, width, height))

    def write(
        self,
        text: str,
        y: float,
        size: float = 17,
        *,
        x: float | None = None,
        width: float | None = None,
        lines: int = 1,
        smallest: float = SMALLEST,
        bold: bool = False,
        mono: bool = False,
        color: str = palette.INK,
        anchor: str = "middle",
        aloud: bool = True,
    ) -> float:
        """Write a text with its first baseline at `y`, made to fit. Returns the baseline for a next line."""
        text = plain_line(text)
        if aloud and text:
            self.said.append(text)
        x = self.middle if x is None else x
        width = self.width - 2 * MARGIN if width is None else width
        fitted, size = fit(text, width, size, lines=lines, smallest=smallest, bold=bold, mono=mono)
        for line in fitted:
            self.add(label(line, x, y, size, color, anchor=anchor, bold=bold, mono=mono))
            y += size * 1.3
        return y

    def icon(self, name: str, x: float, y: float, size: float, color: str, width: float = 3) -> None:
        """An icon around the point (x, y)."""
        scale = size / 48
        self.add(
            group(
                icon(name, color, width),
                transform=f"translate({x - size / 2:g} {y - size / 2:g}) scale({scale:g})",
            )
        )

    def back(self, label: str) -> None:
        """The cross in the upper left corner; drawn last, so that the keyboard begins at what one types."""
        self.touch("back", label, 8, 30, 40, 40)
        self.icon("cross", 28, 50, 18, palette.MUTED, 5)

    def badge(self, name: str, y: float, color: str, wash: str, radius: float = 46) -> None:
        """The large round sign of a screen that tells how something ended."""
        self.add(circle(self.middle, y, radius, fill=wash), circle(self.middle, y, radius * 0.72, fill=color))
        self.icon(name, self.middle, y, radius * 0.86, palette.PAPER, 5)

    def button(
        self,
        words: str,
        y: float,
        *,
        x: float = MARGIN,
        width: float | None = None,
        height: float = 44,
        primary: bool = False,
        sign: str = "",
        touch: str = "",
    ) -> None:
        """A button with its top edge at `y`; `sign` is an icon before the words, `touch` what it means."""
        width = self.width - 2 * MARGIN if width is None else width
        if touch:
            self.touch(touch, words, x, y, width, height)
        fill, color = (palette.ACCENT, palette.PAPER) if primary else (palette.PAPER, palette.INK)
        edge = palette.ACCENT if primary else "#9aa1b5"
        self.add(rectangle(x, y, width, height, 10, fill=fill, stroke=edge, stroke_width=1.5))
        room = width - (44 if sign else 16)
        middle = x + width / 2 + (12 if sign else 0)
        fitted, size = fit(plain_line(words), room, 17, smallest=SMALLEST, bold=True)
        self.write(words, y + height / 2 + 6, size, x=middle, width=room, bold=True, color=color)
        if sign and fitted:
            left = middle - min(text_width(fitted[0], size, bold=True), room) / 2 - 15
            self.icon(sign, left, y + height / 2, 20, color, 5)
