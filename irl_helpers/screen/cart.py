"""The cart on the screen: as many lines as fit, then tax and total."""

from __future__ import annotations

from typing import Any

from . import look
from .fitting import text_width, wrap
from .markup import line, plain_line
from .moment import Moment
from .objects import integer, money, part, parts, text
from .sheet import MARGIN, Sheet
from .standby import idle

_SIZE = 16
_LEADING = 20
_GAP = 10


def cart(sheet: Sheet, moment: Moment) -> str:
    """Draws no sums of its own: a reader shows the numbers it was sent.

    A cart with an amount that is no integer shows the splash, as a reader in the shop does.
    """
    shown = part(moment.details, "cart")
    currency = text(shown, "currency")
    items = parts(shown, "line_items")
    if not _drawable(shown, items):
        idle(sheet, moment)
        return "splash screen: the cart has an amount that is not an integer"
    total = money(integer(shown, "total"), currency)
    foot = _foot(sheet, shown, total, currency)
    hidden = _lines(sheet, items, currency, 76, foot)
    count = f"{len(items)} line{'s' if len(items) != 1 else ''}"
    return f"cart with {count}, total {total}" + (f", {hidden} not shown" if hidden else "")


def _drawable(shown: dict[str, Any], items: list[dict[str, Any]]) -> bool:
    amounts = [integer(item, "amount") for item in items] + [integer(shown, "total")]
    if shown.get("tax") is not None:
        amounts.append(integer(shown, "tax"))
    return text(shown, "currency") != "" and None not in amounts


def _foot(sheet: Sheet, shown: dict[str, Any], total: str, currency: str) -> float:
    """Tax and total at the bottom of the screen. Returns where the lines must end."""
    y = sheet.height - 30
    sheet.write("Total", y, 20, x=MARGIN, width=64, anchor="start", bold=True)
    sheet.write(total, y, 26, x=sheet.width - MARGIN, width=134, anchor="end", bold=True)
    y -= 34
    tax = money(integer(shown, "tax"), currency)
    if tax:
        sheet.write("Tax", y, _SIZE, x=MARGIN, anchor="start", color=look.MUTED)
        sheet.write(tax, y, _SIZE, x=sheet.width - MARGIN, width=140, anchor="end", color=look.MUTED)
        y -= 26
    sheet.add(line(f"M{MARGIN} {y:g}H{sheet.width - MARGIN}", look.HAIRLINE, 1.5))
    return y


def _lines(sheet: Sheet, items: list[dict[str, Any]], currency: str, y: float, end: float) -> int:
    """Draws what fits between the heading and the foot; returns how many lines are left out."""
    sheet.write("Your order", 50, 20, x=MARGIN, anchor="start", bold=True)
    rows = [_row(item, currency) for item in items]
    for number, (label, amount, wrapped) in enumerate(rows):
        rest = len(rows) - number - 1
        needed = y + _LEADING * (len(wrapped) - 1) + (_LEADING + _GAP if rest else 0)
        if needed > end - 12:
            wrapped = wrapped[:1] if len(wrapped) == 1 else [wrap(label, _room(amount), _SIZE, 1)[0]]
            needed = y + (_LEADING + _GAP if rest else 0)
        if needed > end - 12:
            left = rest + 1
            sheet.write(
                f"+ {left} more line{'s' if left > 1 else ''}",
                y,
                _SIZE,
                x=MARGIN,
                anchor="start",
                color=look.MUTED,
            )
            return left
        sheet.write(amount, y, _SIZE, x=sheet.width - MARGIN, width=110, anchor="end")
        for piece in wrapped:
            sheet.write(piece, y, _SIZE, x=MARGIN, width=_room(amount) + 1, anchor="start", aloud=False)
            y += _LEADING
        sheet.said[-1] = f"{label} {sheet.said[-1]}"
        y += _GAP
    return 0


def _row(item: dict[str, Any], currency: str) -> tuple[str, str, list[str]]:
    quantity = integer(item, "quantity")
    count = f"{min(quantity, 99_999)} \u00d7 " if quantity is not None and quantity > 1 else ""
    label = count + (plain_line(text(item, "description")) or "Item")
    amount = money(integer(item, "amount"), currency)
    return label, amount, wrap(label, _room(amount), _SIZE, 2)


def _room(amount: str) -> float:
    return 240 - 2 * MARGIN - min(text_width(amount, _SIZE), 110) - 12
