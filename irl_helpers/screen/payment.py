"""The screens of a payment on its way: amount and card, PIN, asking the bank."""

from __future__ import annotations

from . import palette
from .canvas import MARGIN, Canvas
from .keyboards import pin_pad
from .object_fields import integer, money, part, text
from .screen_data import ScreenData
from .svg import circle, rectangle

_TILE = 62


def ask_for_card(canvas: Canvas, data: ScreenData) -> str:
    """The amount, and how to pay it."""
    prompt = _prompt(canvas, data, "Total", data.price, ("tap", "insert", "swipe"))
    return f"{data.price}, {prompt}" if data.price else f"payment, {prompt}"


def ask_for_refund(canvas: Canvas, data: ScreenData) -> str:
    """Only the card that paid can get its money back here, and it cannot be swiped."""
    amount = refund_amount(data)
    prompt = _prompt(canvas, data, "Refund", amount, ("tap", "insert"))
    return f"refund of {amount}, {prompt}" if amount else f"refund, {prompt}"


def refund_amount(data: ScreenData) -> str:
    """The amount that goes back, as the customer reads it; '' if it is not known."""
    currency = data.currency or text(part(data.details, "charge"), "currency")
    asked = integer(data.details, "amount")
    return money(asked, currency) if asked is not None else data.price


def save_card(canvas: Canvas, data: ScreenData) -> str:
    """A SetupIntent: the card is saved, nothing is charged, and the customer reads what it means."""
    canvas.write("Save your card", 66, 24, bold=True)
    canvas.write("Nothing is charged today", 94, 16, color=palette.MUTED)
    canvas.add(rectangle(MARGIN, 116, canvas.width - 2 * MARGIN, 112, 10, fill=palette.WASH))
    consent = "By presenting your card you allow this shop to save it and charge it for later purchases."
    canvas.write(consent, 142, 15, width=canvas.width - 2 * MARGIN - 20, lines=5)
    prompt = _ways(canvas, data, ("tap", "insert", "swipe"), 0.645)
    return f"save a card for later, nothing is charged, {prompt}"


def _prompt(canvas: Canvas, data: ScreenData, heading: str, amount: str, ways: tuple[str, ...]) -> str:
    if amount:
        canvas.write(heading, canvas.height * 0.19, 17, color=palette.MUTED)
        canvas.write(amount, canvas.height * 0.19 + 48, 44, smallest=12, bold=True)
    else:
        canvas.write(heading, canvas.height * 0.19 + 36, 32, bold=True)
    return _ways(canvas, data, ways, 0.55)


def _ways(canvas: Canvas, data: ScreenData, ways: tuple[str, ...], height: float) -> str:
    """Icons and words for how to present a card, and the cancel button where there is one."""
    y = canvas.height * height
    words = ", ".join(ways[:-1]) + " or " + ways[-1]
    step = _TILE + 9
    for place, way in enumerate(ways):
        x = canvas.middle + (place - (len(ways) - 1) / 2) * step
        canvas.add(rectangle(x - _TILE / 2, y - _TILE / 2, _TILE, _TILE, 14, fill=palette.ACCENT_WASH))
        canvas.icon(way, x, y, 38, palette.ACCENT, 3.6)
    canvas.write(words.capitalize(), y + _TILE / 2 + 34, 19, bold=True)
    height = min(130, canvas.height - 66 - (y - 40))  # above the cancel button
    canvas.touch("card", "Hold the card to the reader", MARGIN, y - 40, canvas.width - 2 * MARGIN, height)
    if data.may_cancel:
        canvas.button("Cancel", canvas.height - 62, sign="cross", touch="cancel")
        return f"{words}, with a cancel button"
    return words


def insert_card(canvas: Canvas, data: ScreenData) -> str:
    """The tap was not enough: some banks want the chip and a PIN."""
    return _one_step(canvas, data, "insert", "Insert card", "The bank asks for chip and PIN")


def remove_card(canvas: Canvas, data: ScreenData) -> str:
    """The card was read and is still in the slot."""
    return _one_step(canvas, data, "out", "Remove card", "")


def processing(canvas: Canvas, data: ScreenData) -> str:
    """The card was read, and the bank is asked."""
    return _one_step(canvas, data, "wait", "Processing…", "Asking the bank")


def card_read(canvas: Canvas, data: ScreenData) -> str:
    """collect_payment_method: the reader has the card, and the till decides what comes next."""
    card = part(data.details, "payment_method", "card_present")
    number = " ".join(
        filter(None, [text(card, "brand").capitalize(), text(card, "last4") and "••••", text(card, "last4")])
    )
    _one_step(canvas, data, "card", "Card read", number)
    canvas.write("One moment, please", canvas.height - 40, 16, color=palette.MUTED)
    return "card read, waiting for the shop to confirm"


def _one_step(canvas: Canvas, data: ScreenData, sign: str, headline: str, explanation: str) -> str:
    amount = data.price
    if amount:
        canvas.write(amount, 74, 26, bold=True, color=palette.MUTED)
    middle = canvas.height * 0.4
    canvas.add(circle(canvas.middle, middle, 58, fill=palette.ACCENT_WASH))
    canvas.icon(sign, canvas.middle, middle, 64, palette.ACCENT, 3.4)
    y = canvas.write(headline, canvas.height * 0.66, 24, bold=True, lines=2)
    canvas.write(explanation, y, 16, lines=2, color=palette.MUTED)
    said = ", ".join(filter(None, [headline.rstrip("…").lower(), explanation.lower(), amount]))
    return said


def pin(canvas: Canvas, data: ScreenData) -> str:
    """Four places and the keys. The reader never shows a digit, and no object carries one."""
    return _ask_pin(canvas, data, "Enter your PIN", palette.INK)


def wrong_pin(canvas: Canvas, data: ScreenData) -> str:
    """The same, after a PIN that was not the card's."""
    return _ask_pin(canvas, data, "Wrong PIN, try again", palette.BAD)


def _ask_pin(canvas: Canvas, data: ScreenData, headline: str, color: str) -> str:
    amount = data.price
    if amount:
        canvas.write(amount, 58, 24, width=canvas.width - 100, smallest=12, bold=True, color=palette.MUTED)
    canvas.write(headline, 94, 22, bold=True, color=color)
    for place in range(4):
        x = canvas.middle + (place - 1.5) * 42
        canvas.add(rectangle(x - 17, 112, 34, 38, 8, fill=palette.WASH, stroke="#9aa1b5", stroke_width=1.5))
        if place < len(data.typed):
            canvas.add(circle(x, 131, 6, fill=palette.INK))
    pin_pad(canvas, 168, canvas.height - 18)
    canvas.back("Take the card out")
    said = "enter PIN" if headline == "Enter your PIN" else headline.lower()
    return f"{said} for {amount}" if amount else said
