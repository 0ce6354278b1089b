"""The still picture of a panel in words: all that can be read in it, for whoever does not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .still_parts import Button, Card, Check, Drawing, Facts, Field, Line, Part
from .svg import plain_line

_ID = re.compile(r"\b([a-z]{2,8}_)(?=\w*\d)(?:test_)?\w{8,}\b")
_MASKED_ID = re.compile(r"[a-z]+_…")
_TIME = re.compile(r"(\b20\d\d-\d\d-\d\d[T ]|\b\d+ \w+ 20\d\d, )?\b\d\d:\d\d(:\d\d)?\b( UTC)?|\b\d+ ms\b")


def masked(text: str) -> str:
    """On one line, and without what differs from run to run: ids keep their beginning, times nothing."""
    return plain_line(_TIME.sub("…", _ID.sub(r"\1…", text)))


def in_words(part: Part) -> str:
    """A sentence for each thing that can be read, from top to bottom."""
    return " ".join(_sentence(text) for text in map(masked, _words(part)) if text)


def _sentence(text: str) -> str:
    text = text if _MASKED_ID.match(text) else f"{text[:1].upper()}{text[1:]}"
    return text if text[-1] in ".!?…:" else f"{text}."


def _words(part: Part) -> Iterator[str]:
    match part:
        case Line():
            yield f"{part.text} {part.after}"
        case Field():
            yield f"{part.label}: {part.value or 'empty'}"
        case Check():
            yield f"{part.label}: {'ticked' if part.on else 'not ticked'}"
        case Facts():
            yield "; ".join(f"{name}: {value}" for name, value in part.rows)
        case Drawing():
            yield part.alt
        case Button():
            yield from _buttons([part])
        case Card():
            yield from _cards([part])
        case _:
            yield from _words_of(part.parts)


def _words_of(parts: tuple[Part, ...]) -> Iterator[str]:
    """Buttons that stand together are told together, and so are cards."""
    buttons = [part for part in parts if isinstance(part, Button)]
    cards = [part for part in parts if isinstance(part, Card)]
    for each in parts:
        if not isinstance(each, (Button, Card)):
            yield from _words(each)
    yield from _buttons(buttons)
    yield from _cards(cards)


def _buttons(buttons: list[Button]) -> Iterator[str]:
    for words, enabled in (("Button", True), ("Not possible now", False)):
        labels = [" ".join(each.label.split()) for each in buttons if each.enabled == enabled]
        if labels:
            yield f"{words}{'s' * (enabled and len(labels) > 1)}: {', '.join(labels)}"


def _cards(cards: list[Card]) -> Iterator[str]:
    if cards:
        yield f"A wallet: {', '.join(f'{card.brand} …{card.digits[-4:]}' for card in cards)}"
