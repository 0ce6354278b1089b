"""What the still picture of a panel is made of, as data: a page without widgets shows the panel as it was."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Line(NamedTuple):
    """A paragraph. `tone` is "state", "wait", "good", "bad" (a panel's headline), "alert", "badge", "muted",
    "title", "heading" or plain; `after` stands at the right end of it, as an amount does."""

    text: str
    tone: str = ""
    after: str = ""


class Button(NamedTuple):
    """`style` as ipywidgets has it ("primary", "success", "danger"), or "fold" for one that opens something.
    A label may have two lines."""

    label: str
    style: str = ""
    enabled: bool = True


class Field(NamedTuple):
    """An input with its label; `choice` for one of a list."""

    label: str
    value: str
    choice: bool = False
    enabled: bool = True


class Check(NamedTuple):
    """A box to tick."""

    label: str
    on: bool
    enabled: bool = True


class Facts(NamedTuple):
    """Names and values."""

    rows: tuple[tuple[str, str], ...]


class Drawing(NamedTuple):
    """A picture inside the picture: a whole `<svg>`, of this size in pixels, and what it shows."""

    svg: str
    alt: str
    width: float
    height: float


class Card(NamedTuple):
    """A card of the wallet; `kind` as in `cards.WalletCard`."""

    brand: str
    digits: str
    words: str
    kind: str


class Stack(NamedTuple):
    """Parts below each other; with a `frame`, a group."""

    parts: tuple[Part, ...]
    frame: bool = False


class Row(NamedTuple):
    """Parts next to each other, in as many lines as they need."""

    parts: tuple[Part, ...]


class Grid(NamedTuple):
    """Parts in columns of one width, which is at least `least` units."""

    parts: tuple[Part, ...]
    least: float


class Columns(NamedTuple):
    """Stacks next to each other. One with nothing but pictures, cards and notes is as wide as a picture."""

    parts: tuple[Stack, ...]


Part: TypeAlias = Line | Button | Field | Check | Facts | Drawing | Card | Stack | Row | Grid | Columns
