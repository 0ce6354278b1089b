"""What every drawing function returns."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from . import palette
from .svg import plain_line, tag, words
from .touch_area import TouchArea


class Picture:
    """An SVG picture that shows itself at the end of a notebook cell.

    `svg` is the drawing, `alt` says it in one sentence, `img()` is it as html. A notebook gets the html: an
    `<img>` still shows in a notebook that is not trusted yet, where an `<svg>` does not. Pictures hold
    neither ids nor times, so a stored output equals the next run's.
    """

    def __init__(
        self,
        shapes: str,
        *,
        alt: str,
        size: tuple[float, float],
        width: int,
        details: Sequence[str] = (),
        areas: Sequence[TouchArea] = (),
    ):
        """`shapes` fill a box of `size` units, shown `width` pixels wide; `details` says all its texts, and
        `areas` is where it can be touched."""
        self.alt = plain_line(alt)
        self.areas = tuple(areas)
        self.width = width
        self.height = round(width * size[1] / size[0])
        self.svg = tag(
            "svg",
            tag("title", words(self.alt)),
            tag("desc", words("; ".join([*details]) or self.alt)),
            shapes,
            xmlns="http://www.w3.org/2000/svg",
            role="img",
            aria_label=self.alt,
            viewBox=f"0 0 {size[0]:g} {size[1]:g}",
            width=self.width,
            height=self.height,
            font_family=palette.FONT,
            style="max-width:100%;height:auto",
            text_rendering="optimizeLegibility",
        )

    def img(self) -> str:
        """The picture as an html `<img>` that needs no other file."""
        data = b64encode(self.svg.encode()).decode()
        return f'<img alt="{escape(self.alt)}" width="{self.width}" src="data:image/svg+xml;base64,{data}">'

    def __repr__(self) -> str:
        return f"<{self.alt}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.img()}
