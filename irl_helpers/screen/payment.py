"""The screens of a payment on its way: amount and card, PIN, asking the bank."""

from __future__ import annotations

from . import look
from .keys import pin_pad
from .markup import circle, rectangle
from .moment import Moment
from .objects import integer, money, part, text
from .sheet import MARGIN, Sheet

_TILE = 62


def ask_for_card(sheet: Sheet, moment: Moment) -> str:
    """The amount, and how to pay it."""
    prompt = _prompt(sheet, moment, "Total", moment.price, ("tap", "insert", "swipe"))
    return f"{moment.price}, {prompt}" if moment.price else f"payment, {prompt}"


def ask_for_refund(sheet: Sheet, moment: Moment) -> str:
    """Only the card that paid can get its money back here, and it cannot be swiped."""
    amount = refund_amount(moment)
    prompt = _prompt(sheet, moment, "Refund", amount, ("tap", "insert"))
    return f"refund of {amount}, {prompt}" if amount else f"refund, {prompt}"


def refund_amount(moment: Moment) -> str:
    currency = moment.currency or text(part(moment.details, "charge"), "currency")
    asked = integer(moment.details, "amount")
    return money(asked, currency) if asked is not None else moment.price


def save_card(sheet: Sheet, moment: Moment) -> str:
    """A SetupIntent: the card is saved, nothing is charged, and the customer reads what it means."""
    sheet.write("Save your card", 66, 24, bold=True)
    sheet.write("Nothing is charged today", 94, 16, color=look.MUTED)
    sheet.add(rectangle(MARGIN, 116, sheet.width - 2 * MARGIN, 112, 10, fill=look.WASH))
    consent = "By presenting your card you allow this shop to save it and charge it for later purchases."
    sheet.write(consent, 142, 15, width=sheet.width - 2 * MARGIN - 20, lines=5)
    prompt = _ways(sheet, moment, ("tap", "insert", "swipe"), 0.645)
    return f"save a card for later, nothing is charged, {prompt}"


def _prompt(sheet: Sheet, moment: Moment, heading: str, amount: str, ways: tuple[str, ...]) -> str:
    if amount:
        sheet.write(heading, sheet.height * 0.19, 17, color=look.MUTED)
        sheet.write(amount, sheet.height * 0.19 + 48, 44, smallest=12, bold=True)
    else:
        sheet.write(heading, sheet.height * 0.19 + 36, 32, bold=True)
    return _ways(sheet, moment, ways, 0.55)


def _ways(sheet: Sheet, moment: Moment, ways: tuple[str, ...], height: float) -> str:
    """Icons and words for how to present a card, and the cancel button where there is one."""
    y = sheet.height * height
    words = ", ".join(ways[:-1]) + " or " + ways[-1]
    step = _TILE + 9
    for place, way in enumerate(ways):
        x = sheet.middle + (place - (len(ways) - 1) / 2) * step
        sheet.add(rectangle(x - _TILE / 2, y - _TILE / 2, _TILE, _TILE, 14, fill=look.ACCENT_WASH))
        sheet.icon(way, x, y, 38, look.ACCENT, 3.6)
    sheet.write(words.capitalize(), y + _TILE / 2 + 34, 19, bold=True)
    if moment.may_cancel:
        sheet.button("Cancel", sheet.height - 62, sign="cross")
        return f"{words}, with a cancel button"
    return words


def insert_card(sheet: Sheet, moment: Moment) -> str:
    """The tap was not enough: some banks want the chip and a PIN."""
    return _one_step(sheet, moment, "insert", "Insert card", "The bank asks for chip and PIN")


def remove_card(sheet: Sheet, moment: Moment) -> str:
    return _one_step(sheet, moment, "out", "Remove card", "")


def processing(sheet: Sheet, moment: Moment) -> str:
    return _one_step(sheet, moment, "wait", "Processing…", "Asking the bank")


def card_read(sheet: Sheet, moment: Moment) -> str:
    """collect_payment_method: the reader has the card, and the till decides what comes next."""
    card = part(moment.details, "payment_method", "card_present")
    number = " ".join(
        filter(None, [text(card, "brand").capitalize(), text(card, "last4") and "••••", text(card, "last4")])
    )
    _one_step(sheet, moment, "card", "Card read", number)
    sheet.write("One moment, please", sheet.height - 40, 16, color=look.MUTED)
    return "card read, waiting for the shop to confirm"


def _one_step(sheet: Sheet, moment: Moment, sign: str, headline: str, explanation: str) -> str:
    amount = moment.price
    if amount:
        sheet.write(amount, 74, 26, bold=True, color=look.MUTED)
    middle = sheet.height * 0.4
    sheet.add(circle(sheet.middle, middle, 58, fill=look.ACCENT_WASH))
    sheet.icon(sign, sheet.middle, middle, 64, look.ACCENT, 3.4)
    y = sheet.write(headline, sheet.height * 0.66, 24, bold=True, lines=2)
    sheet.write(explanation, y, 16, lines=2, color=look.MUTED)
    said = ", ".join(filter(None, [headline.rstrip("…").lower(), explanation.lower(), amount]))
    return said


def pin(sheet: Sheet, moment: Moment) -> str:
    """Four places and the keys. The reader never shows a digit, and no object carries one."""
    amount = moment.price
    if amount:
        sheet.write(amount, 58, 24, bold=True, color=look.MUTED)
    sheet.write("Enter your PIN", 94, 22, bold=True)
    for place in range(4):
        x = sheet.middle + (place - 1.5) * 42
        sheet.add(rectangle(x - 17, 112, 34, 38, 8, fill=look.WASH, stroke="#9aa1b5", stroke_width=1.5))
        if place < 2:
            sheet.add(circle(x, 131, 6, fill=look.INK))
    pin_pad(sheet, 168, sheet.height - 18)
    return f"enter PIN for {amount}" if amount else "enter PIN"
