"""The keys on the glass: letters, numbers, and the PIN pad."""

from __future__ import annotations

from . import look
from .markup import rectangle
from .sheet import MARGIN, Sheet

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ERASE, _CANCEL, _ENTER = "e", "x", "v"
_SIGNS = {
    _ERASE: ("erase", look.INK, look.HAIRLINE),
    _CANCEL: ("cross", look.BAD, look.BAD_WASH),
    _ENTER: ("check", look.GOOD, look.GOOD_WASH),
}


def numbers(sheet: Sheet, top: float, end: float) -> None:
    """Three by four keys between two heights: digits, a plus, and erase."""
    _pad(sheet, "123456789+0" + _ERASE, top, end)


def pin_pad(sheet: Sheet, top: float, end: float) -> None:
    _pad(sheet, "123456789" + _CANCEL + "0" + _ENTER, top, end)
    sheet.said.append("digits, a cancel key and an enter key")


def _pad(sheet: Sheet, labels: str, top: float, end: float) -> None:
    row = (end - top + 8) / 4
    for number, label in enumerate(labels):
        x, y = MARGIN + (number % 3) * 70, top + number // 3 * row
        sign, color, wash = _SIGNS.get(label, ("", look.INK, look.WASH))
        sheet.add(rectangle(x, y, 64, row - 8, 10, fill=wash))
        if sign:
            sheet.icon(sign, x + 32, y + row / 2 - 4, 22, color, 5)
        else:
            size = min(23, row * 0.5)
            sheet.write(label, y + row / 2 - 4 + size * 0.36, size, x=x + 32, bold=True, aloud=False)


def letters(sheet: Sheet, top: float, end: float) -> None:
    """A keyboard between two heights, as wide as the screen."""
    row = (end - top) / 4
    for number, keys in enumerate(_ROWS):
        left = sheet.middle - len(keys) * 11.5
        for place, label in enumerate(keys):
            _key(sheet, label, left + place * 23, top + number * row, 20, row - 6)
    y = top + 3 * row
    _key(sheet, "@", sheet.middle - 115, y, 32, row - 6)
    sheet.add(rectangle(sheet.middle - 78, y, 122, row - 6, 6, fill=look.WASH))
    _key(sheet, ".", sheet.middle + 49, y, 26, row - 6)
    sheet.add(rectangle(sheet.middle + 79, y, 36, row - 6, 6, fill=look.HAIRLINE))
    sheet.icon("erase", sheet.middle + 97, y + row / 2 - 3, 18, look.INK, 5)


def _key(sheet: Sheet, label: str, x: float, y: float, width: float, height: float) -> None:
    sheet.add(rectangle(x, y, width, height, 6, fill=look.WASH))
    sheet.write(label, y + height / 2 + 5, 15, x=x + width / 2, width=width, aloud=False)
