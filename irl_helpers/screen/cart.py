"""The cart on the screen: as many lines as fit, then tax and total."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import palette
from .canvas import MARGIN, WIDTH, Canvas
from .object_fields import integer, money, part, parts, text
from .screen_data import ScreenData
from .standby import idle
from .svg import line, plain_line
from .text_fitting import text_width, wrap

_SIZE = 16
_LEADING = 20
_GAP = 10
_TOP = 86
_AMOUNT = 110  # the widest that a line's amount may get


class Row(NamedTuple):
    """One line of the cart, ready to draw: `wrapped` is the description in pieces."""

    times: str
    description: str
    amount: str
    wrapped: list[str]

    @property
    def height(self) -> float:
        """How much of the screen's height it takes, with the gap below it."""
        return _LEADING * max(len(self.wrapped), 1) + _GAP

    @property
    def indent(self) -> float:
        """How far the description stands to the right of the count."""
        return text_width(self.times, _SIZE) + 7 if self.times else 0


def cart(canvas: Canvas, data: ScreenData) -> str:
    """Draws no sums of its own: a reader shows the numbers it was sent.

    A cart with an amount that is not an integer shows the splash, as a reader in the shop does.
    """
    shown = part(data.details, "cart")
    currency = text(shown, "currency")
    items = parts(shown, "line_items")
    if not shown:
        return idle(canvas, data)
    if not _drawable(shown, items):
        idle(canvas, data)
        return "splash screen: the cart has an amount that is not an integer"
    total = money(integer(shown, "total"), currency)
    foot = _foot(canvas, shown, total, currency)
    hidden = _lines(canvas, items, currency, foot)
    return f"cart with {_lines_in_words(len(items))}, total {total}" + (
        f", {hidden} not shown" if hidden else ""
    )


def _drawable(shown: dict[str, Any], items: list[dict[str, Any]]) -> bool:
    amounts = [integer(item, "amount") for item in items] + [integer(shown, "total")]
    if shown.get("tax") is not None:
        amounts.append(integer(shown, "tax"))
    return text(shown, "currency") != "" and None not in amounts


def _foot(canvas: Canvas, shown: dict[str, Any], total: str, currency: str) -> float:
    """Tax and total at the bottom of the screen. Returns where the lines must end."""
    y = canvas.height - 30
    right = canvas.width - MARGIN
    canvas.write("Total", y, 20, x=MARGIN, width=64, anchor="start", bold=True)
    canvas.write(total, y, 26, x=right, width=134, smallest=12, anchor="end", bold=True)
    y -= 34
    tax = money(integer(shown, "tax"), currency)
    if tax:
        canvas.write("Tax", y, _SIZE, x=MARGIN, anchor="start", color=palette.MUTED)
        canvas.write(tax, y, _SIZE, x=right, width=140, anchor="end", color=palette.MUTED)
        y -= 26
    canvas.add(line(f"M{MARGIN} {y:g}H{right}", palette.HAIRLINE, 1.5))
    return y


def _lines(canvas: Canvas, items: list[dict[str, Any]], currency: str, foot: float) -> int:
    """Draws what fits between the heading and the foot; returns how many lines are left out.

    Descriptions may take two lines each, unless one line each shows more of the cart.
    """
    canvas.write("Your order", 52, 21, x=MARGIN, anchor="start", bold=True)
    room = foot - 14 - _TOP + _LEADING
    rows = [_row(item, currency, 2) for item in items]
    if sum(row.height for row in rows) > room:
        rows = [_row(item, currency, 1) for item in items]
    fits = len(rows) if sum(row.height for row in rows) <= room else int(room // (_LEADING + _GAP)) - 1
    y: float = _TOP
    for row in rows[:fits]:
        _draw(canvas, row, y)
        y += row.height
    hidden = len(rows) - fits
    if hidden:
        more = f"+ {hidden} more line{'s' if hidden > 1 else ''}"
        canvas.write(more, y, _SIZE, x=MARGIN, anchor="start", color=palette.MUTED)
    return hidden


def _row(item: dict[str, Any], currency: str, lines: int) -> Row:
    quantity = integer(item, "quantity")
    times = f"{min(quantity, 9999)} \u00d7" if quantity is not None and quantity > 1 else ""
    description = plain_line(text(item, "description")) or "Item"
    row = Row(times, description, money(integer(item, "amount"), currency), [])
    return row._replace(wrapped=wrap(description, _room(row), _SIZE, lines))


def _room(row: Row) -> float:
    return WIDTH - 2 * MARGIN - min(text_width(row.amount, _SIZE), _AMOUNT) - 12 - row.indent


def _draw(canvas: Canvas, row: Row, y: float) -> None:
    """The count stands apart from its description, which may be written from right to left."""
    canvas.said.append(" ".join(filter(None, [row.times, row.description, row.amount])))
    right = canvas.width - MARGIN
    canvas.write(row.amount, y, _SIZE, x=right, width=_AMOUNT, smallest=11, anchor="end", aloud=False)
    if row.times:
        canvas.write(row.times, y, _SIZE, x=MARGIN, anchor="start", color=palette.MUTED, aloud=False)
    for piece in row.wrapped:
        canvas.write(piece, y, _SIZE, x=MARGIN + row.indent, width=WIDTH, anchor="start", aloud=False)
        y += _LEADING


def _lines_in_words(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"
