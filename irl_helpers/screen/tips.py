"""The tip choice. Which tips are offered is the shop's Configuration, which the Reader does not carry."""

from __future__ import annotations

from typing import Any

from . import look
from .markup import rectangle
from .moment import Moment
from .objects import integer, money, part
from .sheet import MARGIN, Sheet

_SUGGESTIONS = 3  # a reader shows no more


def tip(sheet: Sheet, moment: Moment) -> str:
    """The suggestions that were passed in; without any, the customer types one."""
    sheet.write("Add a tip?", 68, 26, bold=True)
    if moment.price:
        sheet.write(f"on {moment.price}", 94, 17, color=look.MUTED)
    y = 118.0
    offered = suggestions(moment)
    for share, amount in offered:
        sheet.add(
            rectangle(
                MARGIN,
                y,
                sheet.width - 2 * MARGIN,
                56,
                12,
                fill=look.ACCENT_WASH,
                stroke="#c4c2f0",
                stroke_width=1.5,
            )
        )
        if share:
            sheet.write(share, y + 35, 22, x=MARGIN + 16, width=70, anchor="start", bold=True)
            right = sheet.width - MARGIN - 16
            sheet.write(amount, y + 34, 18, x=right, width=104, anchor="end")
        else:
            sheet.write(amount, y + 35, 22, width=172, bold=True)
        y += 66
    half = (sheet.width - 2 * MARGIN - 10) / 2
    if offered:
        sheet.button("Custom", sheet.height - 62, width=half)
        sheet.button("No tip", sheet.height - 62, x=MARGIN + half + 10, width=half)
    else:
        sheet.button("Enter a tip", 150, height=56, primary=True)
        sheet.button("No tip", sheet.height - 62)
    said = ", ".join(f"{share} is {amount}" if share else amount for share, amount in offered)
    return "choose a tip" + (f" on {moment.price}" if moment.price else "") + (f": {said}" if said else "")


def suggestions(moment: Moment) -> list[tuple[str, str]]:
    """What to offer: (share, amount) as texts; the share is '' for a fixed tip."""
    asked = integer(part(moment.config, "tipping"), "amount_eligible")
    offered = tip_amounts(_rules(moment), asked or integer(moment.intent, "amount"))
    return [
        (f"{share}%" if share else "", money(amount, moment.currency))
        for share, amount in offered
        if share or moment.currency
    ]


def tip_amounts(rules: dict[str, Any], total: int | None) -> list[tuple[int | None, int | None]]:
    """The suggestions that follow from one currency's rules: (percentage, amount), in the smallest unit; the
    percentage is None for a fixed tip, the amount of a percentage None without a total.

    With a `smart_tip_threshold`, fixed tips below it and shares from it on:
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


def _rules(moment: Moment) -> dict[str, Any]:
    """The rules of the payment's currency, out of a Configuration, its `tipping`, or one currency's part."""
    rules = part(moment.tips, "tipping") or moment.tips
    return part(rules, moment.currency.lower()) or rules


def _integers(rules: dict[str, Any], name: str) -> list[int]:
    found = rules.get(name)
    numbers = found if isinstance(found, (list, tuple)) else []
    return [n for n in numbers if isinstance(n, int) and 0 < n < 10**9][:_SUGGESTIONS]
