"""How it ended: approved, saved, refunded, canceled, declined or failed. Always a sign and a word."""

from __future__ import annotations

from . import palette
from .canvas import Canvas
from .failure_texts import Reason, reason_of
from .payment import refund_amount
from .screen_data import ScreenData


def approved(canvas: Canvas, data: ScreenData) -> str:
    """The payment succeeded: the amount, and the tip in it."""
    amount, tip = data.price, data.tip
    note = f"Tip of {tip} included" if tip else ""
    _good(canvas, "Approved", amount, note or "Thank you")
    return ", ".join(filter(None, ["approved", amount, note.lower()]))


def card_saved(canvas: Canvas, data: ScreenData) -> str:
    """A SetupIntent succeeded."""
    _good(canvas, "Card saved", "", "Nothing was charged")
    return "card saved, nothing was charged"


def refunded(canvas: Canvas, data: ScreenData) -> str:
    """The money goes back to the card that was presented."""
    amount = refund_amount(data)
    _good(canvas, "Refunded", amount, "It is on its way back")
    return f"refunded, {amount}" if amount else "refunded"


def answered(canvas: Canvas, data: ScreenData) -> str:
    """All questions of collect_inputs are answered."""
    _good(canvas, "Thank you", "", "Your answers were sent")
    return "answers received, thank you"


def printed(canvas: Canvas, data: ScreenData) -> str:
    """The receipt is printed."""
    _good(canvas, "Printed", "", "Thank you")
    return "printed"


def canceled(canvas: Canvas, data: ScreenData) -> str:
    """The shop has just taken back what it asked for."""
    return _ended(canvas, data, Reason("Canceled", "The shop has canceled this."))


def failed(canvas: Canvas, data: ScreenData) -> str:
    """Declined, canceled by the customer, timed out or failed, and why."""
    return _ended(canvas, data, reason_of(data))


def _good(canvas: Canvas, headline: str, amount: str, note: str) -> None:
    canvas.badge("check", canvas.height * 0.33, palette.GOOD, palette.GOOD_WASH)
    canvas.write(headline, canvas.height * 0.55, 30, bold=True)
    y = canvas.height * 0.55 + 42
    if amount:
        y = canvas.write(amount, y, 30, smallest=12) + 4
    canvas.write(note, y, 16, lines=2, color=palette.MUTED)


def _ended(canvas: Canvas, data: ScreenData, reason: Reason) -> str:
    sign, color, wash = {
        "Declined": ("cross", palette.BAD, palette.BAD_WASH),
        "Canceled": ("back", palette.MUTED, palette.WASH),
    }.get(reason.headline, ("warning", palette.WARN, palette.WARN_WASH))
    canvas.badge(sign, canvas.height * 0.33, color, wash)
    canvas.write(reason.headline, canvas.height * 0.55, 30, bold=True, lines=1)
    y = canvas.write(reason.words, canvas.height * 0.55 + 36, 18, lines=4, smallest=15)
    if reason.advice:
        canvas.write(reason.advice, max(y + 6, canvas.height - 34), 16, lines=1, color=palette.MUTED)
    return f"{reason.headline.lower()}, {reason.words.rstrip('.').lower()}"
