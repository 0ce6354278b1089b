"""The still picture of a panel: what GitHub and a notebook that was not run yet show in its place.

`panels/still.py` says what is in it, from the panel's widgets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import palette
from .picture import Picture
from .still_parts import Button, Card, Check, Columns, Drawing, Facts, Field, Grid, Line, Part, Row, Stack
from .still_shapes import (
    EDGE,
    GAP,
    Drawn,
    draw_button,
    draw_card,
    draw_check,
    draw_drawing,
    draw_facts,
    draw_field,
    draw_line,
)
from .still_words import in_words
from .svg import group, label, rectangle

WIDTH = 720
PAD = 16
SIDE = 230  # the column of the reader
BAND = 34  # of what says that this is a picture
SAYS = "A picture: run this cell to make it live"
_CONTROLS = (Button, Field, Check)  # nobody can press them here, and they look like it
FADED = 0.6


def panel_still(name: str, part: Part) -> Picture:
    """The picture of a panel of this name that consists of `part`. Ids and times are masked, so that it is
    the same in every run; its `alt` has all that can be read in the panel."""
    drawn = _draw(part, WIDTH - 2 * PAD)
    height = BAND + drawn.height + 2 * PAD
    edge = rectangle(0.5, 0.5, WIDTH - 1, height - 1, 12, fill=palette.PAPER, stroke=EDGE)
    band = rectangle(0.5, 0.5, WIDTH - 1, BAND, 12, fill=palette.WASH, stroke=EDGE)
    band += label(SAYS, PAD, 22, 13, palette.INK, anchor="start", bold=True)
    alt = f"{name}, as it was when this cell ran. {in_words(part)}"
    shapes = edge + band + _at(drawn, PAD, BAND + PAD)
    return Picture(shapes, alt=alt, size=(WIDTH, height), width=WIDTH, details=[f"{name}, a panel"])


def _at(drawn: Drawn, x: float, y: float) -> str:
    return group(drawn.svg, transform=f"translate({x:g} {y:g})") if drawn.svg else ""


def _draw(part: Part, room: float) -> Drawn:
    """Anything, in at most this width."""
    return _faded(part, _DRAW[type(part)](part, room))


def _faded(part: Part, drawn: Drawn) -> Drawn:
    faded = drawn.svg and isinstance(part, _CONTROLS)
    return drawn._replace(svg=group(drawn.svg, opacity=FADED)) if faded else drawn


def _stack(part: Stack, room: float) -> Drawn:
    inset = 13 if part.frame else 0
    shapes, y, widest = [], float(inset), 0.0
    for each in part.parts:
        drawn = _draw(each, room - 2 * inset)
        if drawn.height:
            shapes.append(_at(drawn, inset, y))
            y, widest = y + drawn.height + GAP, max(widest, drawn.width)
    height = max(y - GAP + inset, 0)
    if not shapes:
        return Drawn("", 0, 0)
    if part.frame:
        edge = rectangle(0.5, 0.5, room - 1, height - 1, 8, fill="none", stroke=EDGE)
        return Drawn(edge + "".join(shapes), room, height)
    return Drawn("".join(shapes), widest, height)


def _row(part: Row, room: float) -> Drawn:
    """What is as wide as it likes leaves the rest to what fills a line."""
    shapes, x, y, tallest = [], 0.0, 0.0, 0.0
    parts = list(part.parts)
    for number, each in enumerate(parts):
        beside = 0.0
        if _fills(each):
            beside = sum(_draw(other, room).width + 8 for other in parts if not _fills(other))
            beside = beside if room - beside > 110 else 0
        drawn = _draw(each, room - beside)
        if not drawn.height:
            continue
        if x and x + drawn.width > room + 0.01:
            x, y, tallest = 0.0, y + tallest + 8, 0.0
        last = number == len(parts) - 1 and isinstance(each, Row)  # the buttons of a line stand at its end
        shapes.append(_at(drawn, room - drawn.width if last else x, y))
        x, tallest = x + drawn.width + 8, max(tallest, drawn.height)
    return Drawn("".join(shapes), min(max(x - 8, 0), room) if y == 0 else room, y + tallest)


def _fills(part: Part) -> bool:
    return isinstance(part, Field) or (isinstance(part, Line) and bool(part.after))


def _grid(part: Grid, room: float) -> Drawn:
    count = max(int((room + GAP) // (part.least + GAP)), 1)
    width = (room - GAP * (count - 1)) / count
    shapes, y = [], 0.0
    for first in range(0, len(part.parts), count):
        line_of = [_filling(each, width) for each in part.parts[first : first + count]]
        shapes += [_at(drawn, number * (width + GAP), y) for number, drawn in enumerate(line_of)]
        y += max(drawn.height for drawn in line_of) + 8
    return Drawn("".join(shapes), room, max(y - 8, 0))


def _filling(part: Part, width: float) -> Drawn:
    if isinstance(part, Button):
        return _faded(part, draw_button(part, width, whole=True))
    return _draw(part, width)


def _columns(part: Columns, room: float) -> Drawn:
    """The reader's column is as wide as its picture, and the others share what is left."""
    fixed = [_is_reader(each) for each in part.parts]
    if all(fixed):
        fixed = [False] * len(fixed)
    gaps = 20 * (len(part.parts) - 1)
    others = (room - gaps - SIDE * sum(fixed)) / max(len(fixed) - sum(fixed), 1)
    shapes, x, tallest = [], 0.0, 0.0
    for each, narrow in zip(part.parts, fixed, strict=True):
        width = SIDE if narrow else others
        drawn = _draw(each, width)
        shapes.append(_at(drawn, x, 0))
        x, tallest = x + width + 20, max(tallest, drawn.height)
    return Drawn("".join(shapes), room, tallest)


def _is_reader(part: Part) -> bool:
    if isinstance(part, (Stack, Grid)):
        return bool(part.parts) and all(map(_is_reader, part.parts))
    return isinstance(part, (Drawing, Card)) or (isinstance(part, Line) and part.tone == "muted")


_DRAW: dict[type, Callable[[Any, float], Drawn]] = {
    Line: draw_line,
    Button: draw_button,
    Field: draw_field,
    Check: draw_check,
    Facts: draw_facts,
    Drawing: draw_drawing,
    Card: draw_card,
    Stack: _stack,
    Row: _row,
    Grid: _grid,
    Columns: _columns,
}
