"""How it ended: approved, saved, refunded, canceled, declined or failed. Always a sign and a word."""

from __future__ import annotations

from . import look
from .declines import Reason, reason_of
from .moment import Moment
from .payment import refund_amount
from .sheet import Sheet


def approved(sheet: Sheet, moment: Moment) -> str:
    amount, tip = moment.price, moment.tip
    note = f"Tip of {tip} included" if tip else ""
    _good(sheet, "Approved", amount, note or "Thank you")
    return ", ".join(filter(None, ["approved", amount, note.lower()]))


def card_saved(sheet: Sheet, moment: Moment) -> str:
    _good(sheet, "Card saved", "", "Nothing was charged")
    return "card saved, nothing was charged"


def refunded(sheet: Sheet, moment: Moment) -> str:
    amount = refund_amount(moment)
    _good(sheet, "Refunded", amount, "It is on its way back")
    return f"refunded, {amount}" if amount else "refunded"


def answered(sheet: Sheet, moment: Moment) -> str:
    _good(sheet, "Thank you", "", "Your answers were sent")
    return "answers received, thank you"


def printed(sheet: Sheet, moment: Moment) -> str:
    _good(sheet, "Printed", "", "Thank you")
    return "printed"


def canceled(sheet: Sheet, moment: Moment) -> str:
    return _ended(sheet, moment, Reason("Canceled", "The shop has canceled this."))


def failed(sheet: Sheet, moment: Moment) -> str:
    return _ended(sheet, moment, reason_of(moment))


def _good(sheet: Sheet, headline: str, amount: str, note: str) -> None:
    sheet.badge("check", sheet.height * 0.33, look.GOOD, look.GOOD_WASH)
    sheet.write(headline, sheet.height * 0.55, 30, bold=True)
    y = sheet.height * 0.55 + 42
    if amount:
        y = sheet.write(amount, y, 30, smallest=12) + 4
    sheet.write(note, y, 16, lines=2, color=look.MUTED)


def _ended(sheet: Sheet, moment: Moment, reason: Reason) -> str:
    sign, color, wash = {
        "Declined": ("cross", look.BAD, look.BAD_WASH),
        "Canceled": ("back", look.MUTED, look.WASH),
    }.get(reason.headline, ("warning", look.WARN, look.WARN_WASH))
    sheet.badge(sign, sheet.height * 0.33, color, wash)
    sheet.write(reason.headline, sheet.height * 0.55, 30, bold=True, lines=1)
    y = sheet.write(reason.words, sheet.height * 0.55 + 36, 18, lines=4, smallest=15)
    if reason.advice:
        sheet.write(reason.advice, max(y + 6, sheet.height - 34), 16, lines=1, color=look.MUTED)
    return f"{reason.headline.lower()}, {reason.words.rstrip('.').lower()}"
