"""What every picture must be: well-formed, said in words, and with its texts in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from irl_helpers.screen import Picture
from irl_helpers.screen.text_fitting import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Text:
    """A text as it is drawn, with the place it takes up by the widths of the widest font."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Text) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 1
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 1
        )


def texts(picture: Picture) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def check(picture: Picture) -> None:
    """Well-formed, described, every text on its ground, and none over another."""
    root = ElementTree.fromstring(picture.svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == picture.alt != ""
    assert root.findtext(f"{SVG}desc")
    assert "\n" not in picture.alt
    picture.svg.encode()
    for glass in [root, *root.findall(f".//{SVG}svg")]:
        width, height = (float(number) for number in glass.get("viewBox", "").split()[2:])
        drawn = list(_texts(glass, (0, 0, 1)))
        outside = [t for t in drawn if t.left < 0 or t.right > width or t.top < 0 or t.bottom > height]
        assert outside == []
        assert [(a, b) for n, a in enumerate(drawn) for b in drawn[n + 1 :] if a.meets(b)] == []


def _texts(within: ElementTree.Element, place: tuple[float, float, float]) -> Iterator[Text]:
    """All texts but those of an inner svg, which is a glass of its own; `place` is (x, y, scale)."""
    for element in within:
        if element.tag == f"{SVG}text":
            yield _text(element, place)
        elif element.tag != f"{SVG}svg":
            yield from _texts(element, _moved(place, element.get("transform", "")))


def _moved(place: tuple[float, float, float], transform: str) -> tuple[float, float, float]:
    x, y, scale = place
    for what, numbers in re.findall(r"(\w+)\(([^)]*)\)", transform):
        first, *rest = map(float, numbers.split())
        if what == "translate":
            x, y = x + scale * first, y + scale * sum(rest)
        elif what == "scale":
            scale *= first
    return x, y, scale


def _text(element: ElementTree.Element, place: tuple[float, float, float]) -> Text:
    words, size = element.text or "", float(element.get("font-size", "0")) * place[2]
    x = place[0] + place[2] * float(element.get("x", "nan"))
    y = place[1] + place[2] * float(element.get("y", "nan"))
    bold, mono = element.get("font-weight") == "600", "monospace" in element.get("font-family", "")
    width = text_width(words, size, bold=bold, mono=mono)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
    left = x - width * (1 - before if element.get("direction") == "rtl" else before)
    return Text(words, left, left + width, y - size * 0.74, y + size * 0.2)
