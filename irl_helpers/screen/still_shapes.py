"""What stands in the still picture of a panel, each thing as it is drawn."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import palette
from .still_parts import Button, Card, Check, Drawing, Facts, Field, Line
from .still_words import masked
from .svg import group, label, line, rectangle
from .text_fitting import shorten, text_width, wrap

GAP = 10
SIZE = 13  # of letters

EDGE = "#cbd0dc"
_OFF = "#8a91a3"
_TONES = {"wait": palette.ACCENT, "good": palette.GOOD, "bad": palette.BAD, "state": palette.MUTED}
_STYLES = {"primary": palette.ACCENT, "success": palette.GOOD, "danger": "#a12b38"}
_CARDS = {"approved": "#4f46a8", "pin": "#0f6a66", "declined": "#99303f", "special": "#5b6172"}


class Drawn(NamedTuple):
    """Shapes whose upper left corner is at 0, 0, and how much room they take."""

    svg: str
    width: float
    height: float


def _write(text: str, x: float, y: float, color: str = palette.INK, **style: Any) -> str:
    return label(text, x, y, style.pop("size", SIZE), color, anchor=style.pop("anchor", "start"), **style)


def draw_line(part: Line, room: float) -> Drawn:
    """A paragraph, or a headline in its box."""
    if part.tone in _TONES:
        return _headline(part, room)
    size, bold = (17, True) if part.tone == "title" else (SIZE, part.tone in ("heading", "badge"))
    color = {"muted": palette.MUTED, "badge": palette.WARN}.get(part.tone, palette.INK)
    inset = 12 if part.tone in ("alert", "badge") else 0
    after = text_width(masked(part.after), size) + GAP if part.after else 0
    lines = wrap(masked(part.text), room - 2 * inset - after, size, 8, bold=bold)
    height = len(lines) * size * 1.45 + (12 if inset else 0)
    shapes = [
        _write(text, inset, inset / 2 + (number + 0.76) * size * 1.45, color, size=size, bold=bold)
        for number, text in enumerate(lines)
    ]
    if part.after:
        shapes.append(_write(masked(part.after), room, size * 1.1, color, size=size, anchor="end"))
    if part.tone == "alert":
        shapes.insert(0, rectangle(0, 0, room, height, 4, fill=palette.BAD_WASH))
    width = max((text_width(text, size, bold=bold) for text in lines), default=0) + 2 * inset
    if part.tone == "badge":
        ring = {"fill": palette.PAPER, "stroke": palette.WARN}
        shapes.insert(0, rectangle(0.5, 0.5, width - 1, height - 1, 10, **ring))
    return Drawn("".join(shapes), room if part.after or part.tone == "alert" else width, height)


def _headline(part: Line, room: float) -> Drawn:
    text = masked(part.text)
    lines = wrap(text[:1].upper() + text[1:], room - 44, 14, 3, bold=True)
    height = len(lines) * 20 + 14
    shapes = [rectangle(0, 0, room, height, 8, fill=palette.WASH)]
    shapes.append(rectangle(12, 13, 9, 9, 4.5, fill=_TONES[part.tone]))
    shapes += [_write(each, 31, 22 + 20 * n, size=14, bold=True) for n, each in enumerate(lines)]
    return Drawn("".join(shapes), room, height)


def draw_button(part: Button, room: float, *, whole: bool = False) -> Drawn:
    """Its label may have two lines, as a product's; `whole` if it takes all the room."""
    labels = [masked(text) for text in part.label.split("\n")]
    fold = part.style == "fold"
    width = max(text_width(text, SIZE, bold=fold) for text in labels) + (18 if fold else 28)
    width = room if whole else min(width, room)
    height = (24 if fold else 12) + 20 * (len(labels) - fold)
    shown = [shorten(text, width - (18 if fold else 12), SIZE, bold=fold) for text in labels]
    if fold:
        arrow = line("M4 8l5 4-5 4", palette.INK, 1.6)
        return Drawn(arrow + _write(shown[0], 18, 16.5, bold=True), width, height)
    fill, edge, ink = _STYLES.get(part.style, palette.PAPER), _STYLES.get(part.style, EDGE), palette.INK
    if part.style in _STYLES:
        ink = palette.PAPER
    if not part.enabled:
        fill, edge, ink = palette.WASH, palette.WASH, _OFF
    box = rectangle(0.5, 0.5, width - 1, height - 1, 6, fill=fill, stroke=edge)
    lines = [_write(text, width / 2, 20.5 + 20 * n, ink, anchor="middle") for n, text in enumerate(shown)]
    return Drawn(box + "".join(lines), width, height)


def draw_field(part: Field, room: float) -> Drawn:
    """A label and an input; a list has an arrow."""
    words = shorten(masked(part.label), 80, SIZE)
    left = 84 if room > 220 else text_width(words, SIZE) + 8
    width = min(room, 520) - left
    box = rectangle(left + 0.5, 0.5, width - 1, 31, 6, fill=palette.PAPER, stroke=EDGE)
    value = shorten(masked(part.value), width - (34 if part.choice else 18), SIZE)
    shapes = [_write(words, 0, 20.5, palette.MUTED), box]
    if value:
        shapes.append(_write(value, left + 9, 20.5, palette.INK if part.enabled else _OFF))
    if part.choice:
        x = left + width - 20
        shapes.append(line(f"M{x:g} 13l5 5 5-5", _OFF, 1.6))
    return Drawn("".join(shapes), left + width, 32)


def draw_check(part: Check, room: float) -> Drawn:
    """A box, ticked or not, and its words."""
    edge, fill = (palette.ACCENT, palette.ACCENT) if part.on else (_OFF, palette.PAPER)
    shapes = [rectangle(0.5, 2.5, 15, 15, 3, fill=fill, stroke=edge)]
    if part.on:
        shapes.append(line("M4 10l3 3 5-6", palette.PAPER, 2))
    lines = wrap(masked(part.label), room - 24, SIZE, 4)
    shapes += [
        _write(text, 24, 14.5 + 18 * n, palette.INK if part.enabled else _OFF) for n, text in enumerate(lines)
    ]
    width = 24 + max((text_width(text, SIZE) for text in lines), default=0)
    return Drawn("".join(shapes), width, max(18 * len(lines), 18) + 2)


def draw_facts(part: Facts, room: float) -> Drawn:
    """A table of two columns."""
    names = max((text_width(masked(name), SIZE) for name, _ in part.rows), default=0) + 12
    names = min(names, room / 2)
    shapes, y = [], 0.0
    for name, value in part.rows:
        shapes.append(_write(shorten(masked(name), names - 11, SIZE), 0, y + 14, palette.MUTED))
        for text in wrap(masked(value), room - names, 12, 4, mono=True) or [""]:
            shapes.append(_write(text, names, y + 14, size=12, mono=True) if text else "")
            y += 20
    return Drawn("".join(shapes), room, y)


def draw_drawing(part: Drawing, room: float) -> Drawn:
    """A picture, made smaller where there is no room for it."""
    scale = min(1, room / part.width)
    svg = group(part.svg, transform=f"scale({scale:g})") if scale < 1 else part.svg
    return Drawn(svg, part.width * scale, part.height * scale)


def draw_card(part: Card, room: float) -> Drawn:
    """A card of the wallet."""
    words = wrap(masked(part.words), room - 18, 11, 2)
    shapes = [rectangle(0, 0, room, 66, 9, fill=_CARDS.get(part.kind, _CARDS["special"]))]
    brand = masked(part.brand)
    size = next((size for size in (12, 11, 10) if text_width(brand, size, bold=True) <= room - 18), 9)
    brand = shorten(brand, room - 18, size, bold=True)
    shapes.append(_write(brand, 9, 18, palette.PAPER, size=size, bold=True))
    shapes.append(_write(part.digits, 9, 33, palette.PAPER, size=11, mono=True))
    shapes += [_write(text, 9, 46 + 13 * n, palette.PAPER, size=11) for n, text in enumerate(words)]
    return Drawn("".join(shapes), room, 66)
