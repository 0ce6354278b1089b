"""The tip choice. Which tips are offered is the shop's Configuration, which the Reader does not carry."""

from __future__ import annotations

import re
from typing import Any

from ..money import currency_decimals
from . import palette
from .canvas import MARGIN, Canvas
from .keyboards import amount_pad
from .object_fields import integer, money, part
from .screen_data import ScreenData
from .svg import rectangle

_SUGGESTIONS = 3  # a reader shows no more
_LONGEST = 6  # digits of a tip that is typed, without those after its point
_TYPED = re.compile(r"[0-9]{0,6}(\.[0-9]{0,3})?")


def tip(canvas: Canvas, data: ScreenData) -> str:
    """The suggestions that were passed in; without any, the customer types one."""
    canvas.write("Add a tip?", 68, 26, bold=True)
    if data.price:
        canvas.write(f"on {data.price}", 94, 17, color=palette.MUTED)
    y = 118.0
    offered = suggestions(data)
    for (share, amount), value in zip(offered, _amounts(data), strict=True):
        if value is not None:
            label = f"Tip {share} {amount}".replace("  ", " ")
            canvas.touch(f"tip:{value}", label, MARGIN, y, canvas.width - 2 * MARGIN, 56)
        canvas.add(
            rectangle(
                MARGIN,
                y,
                canvas.width - 2 * MARGIN,
                56,
                12,
                fill=palette.ACCENT_WASH,
                stroke="#c4c2f0",
                stroke_width=1.5,
            )
        )
        if share:
            canvas.write(share, y + 35, 22, x=MARGIN + 16, width=70, anchor="start", bold=True)
            right = canvas.width - MARGIN - 16
            canvas.write(amount, y + 34, 18, x=right, width=104, anchor="end")
        else:
            canvas.write(amount, y + 35, 22, width=172, bold=True)
        y += 66
    half = (canvas.width - 2 * MARGIN - 10) / 2
    if offered:
        canvas.button("Custom", canvas.height - 62, width=half, touch="tip:custom")
        canvas.button("No tip", canvas.height - 62, x=MARGIN + half + 10, width=half, touch="tip:0")
    else:
        canvas.button("Enter a tip", 150, height=56, primary=True, touch="tip:custom")
        canvas.button("No tip", canvas.height - 62, touch="tip:0")
    said = ", ".join(f"{share} is {amount}" if share else amount for share, amount in offered)
    return "choose a tip" + (f" on {data.price}" if data.price else "") + (f": {said}" if said else "")


def tip_amount(canvas: Canvas, data: ScreenData) -> str:
    """The customer types a tip of her own, shown as an amount."""
    shown = money(typed_tip(data.typed, data.currency), data.currency)
    canvas.write("Your tip", 48, 22, bold=True)
    if data.price:
        canvas.write(f"on {data.price}", 72, 16, color=palette.MUTED)
    canvas.write(shown, 124, 40, smallest=12, bold=True)
    amount_pad(canvas, 152, canvas.height - 18)
    canvas.back("Back to the choice of a tip")
    return f"type a tip: {shown}" + (f" on {data.price}" if data.price else "")


def typed_tip(typed: str, currency: str) -> int:
    """What was typed, in the smallest unit. A reader's digits push each other to the left, and a keyboard may
    have a point among them: "250", "2.5" and "2.50" are the same in usd. 0 for anything else."""
    if not _TYPED.fullmatch(typed):
        return 0
    whole, point, rest = typed.partition(".")
    decimals = currency_decimals(currency) if point else 0
    return int(whole + rest.ljust(decimals, "0")[:decimals] or "0")


def takes_tip_key(typed: str, key: str, currency: str) -> bool:
    """Whether this key, a digit or a point, has a meaning after what was typed."""
    whole, point, rest = typed.partition(".")
    if key == ".":
        return not point
    return key.isdecimal() and (len(rest) < currency_decimals(currency) if point else len(whole) < _LONGEST)


def suggestions(data: ScreenData) -> list[tuple[str, str]]:
    """What to offer: (share, amount) as texts; the share is '' for a fixed tip."""
    return [(f"{share}%" if share else "", money(amount, data.currency)) for share, amount in _offered(data)]


def _amounts(data: ScreenData) -> list[int | None]:
    return [amount for _, amount in _offered(data)]


def _offered(data: ScreenData) -> list[tuple[int | None, int | None]]:
    asked = integer(part(data.config, "tipping"), "amount_eligible")
    offered = tip_amounts(_rules(data), asked or integer(data.intent, "amount"))
    return [(share, amount) for share, amount in offered if share or data.currency]


def tip_amounts(rules: dict[str, Any], total: int | None) -> list[tuple[int | None, int | None]]:
    """The suggestions that follow from one currency's rules: (percentage, amount), in the smallest unit; the
    percentage is None for a fixed tip, the amount of a percentage None without a total.

    With a `smart_tip_threshold`, fixed tips below it and shares from there on:
    https://docs.stripe.com/terminal/features/collecting-tips/on-reader
    """
    shares, fixed = _integers(rules, "percentages"), _integers(rules, "fixed_amounts")
    threshold = integer(rules, "smart_tip_threshold")
    if shares and fixed and threshold is not None and total is not None and total < threshold:
        shares = []
    if shares:
        return [(share, _share_of(total, share)) for share in shares]
    return [(None, amount) for amount in fixed]


def _share_of(total: int | None, share: int) -> int | None:
    """A share in whole units; half a unit goes up."""
    return None if total is None else (total * share + 50) // 100


def _rules(data: ScreenData) -> dict[str, Any]:
    """The rules of the payment's currency, out of a Configuration, its `tipping`, or one currency's part."""
    rules = part(data.tips, "tipping") or data.tips
    return part(rules, data.currency.lower()) or rules


def _integers(rules: dict[str, Any], name: str) -> list[int]:
    found = rules.get(name)
    numbers = found if isinstance(found, (list, tuple)) else []
    return [n for n in numbers if isinstance(n, int) and 0 < n < 10**9][:_SUGGESTIONS]
