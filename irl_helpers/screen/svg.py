"""SVG elements as strings, always well-formed, whatever text they carry."""

from __future__ import annotations

import re
from html import escape
from unicodedata import bidirectional

from .palette import MONO

# What XML 1.0 cannot carry, and the marks that would turn the direction of the text after them.
_UNUSABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_LONGEST = 1000  # no screen shows more, and measuring a whole book would freeze a notebook


def plain_line(text: str) -> str:
    """The text on one line, without characters that break XML or the picture."""
    return " ".join(_UNUSABLE.sub("", text[:_LONGEST]).split())


def tag(name: str, *children: str, **attributes: object) -> str:
    """One element. Children are markup already; attribute values are escaped; `stroke_width=2` is
    written `stroke-width`, and an attribute that is None is left out."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{pairs}>{''.join(children)}</{name}>" if children else f"<{name}{pairs}/>"


def words(text: str) -> str:
    """Text as a child of an element."""
    return escape(plain_line(text))


def _value(value: object) -> str:
    return f"{round(value, 2):g}" if isinstance(value, (int, float)) else plain_line(str(value))


def label(
    text: str,
    x: float,
    y: float,
    size: float,
    color: str,
    *,
    anchor: str = "middle",
    bold: bool = False,
    mono: bool = False,
) -> str:
    """One line of text. What is written from right to left keeps its place and gets its order."""
    leftward = next((d for d in map(bidirectional, text) if d in ("L", "R", "AL")), "L") != "L"
    if leftward:
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return tag(
        "text",
        words(text),
        x=x,
        y=y,
        font_size=size,
        fill=color,
        text_anchor=None if anchor == "start" else anchor,
        font_weight=600 if bold else None,
        font_family=MONO if mono else None,
        direction="rtl" if leftward else None,
    )


def group(*children: str, **attributes: object) -> str:
    """Several elements as one; '' if there are none."""
    return tag("g", *children, **attributes) if children else ""


def rectangle(
    x: float, y: float, width: float, height: float, radius: float = 0, **attributes: object
) -> str:
    """A rectangle from its upper left corner, with rounded corners if `radius` is given."""
    return tag("rect", x=x, y=y, width=width, height=height, rx=radius or None, **attributes)


def circle(x: float, y: float, radius: float, **attributes: object) -> str:
    """A circle around its middle."""
    return tag("circle", cx=x, cy=y, r=radius, **attributes)


def path(d: str, **attributes: object) -> str:
    """A path of SVG's own commands."""
    return tag("path", d=d, **attributes)


def line(d: str, color: str, width: float = 2, **attributes: object) -> str:
    """A path that is drawn, not filled, with round ends."""
    return path(
        d,
        fill="none",
        stroke=color,
        stroke_width=width,
        stroke_linecap="round",
        stroke_linejoin="round",
        **attributes,
    )
