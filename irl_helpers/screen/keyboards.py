"""The keys on the glass: letters, numbers, and the PIN pad."""

from __future__ import annotations

from . import palette
from .canvas import MARGIN, Canvas
from .svg import rectangle

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PITCH = 23.8  # units from one letter to the next: ten are as wide as the screen
_ERASE_LETTER = "erase"
_ERASE, _ENTER = "e", "v"
_SIGNS = {
    _ERASE: ("erase", palette.INK, palette.HAIRLINE),
    _ENTER: ("check", palette.GOOD, palette.GOOD_WASH),
}
_NAMES = {_ERASE: "erase", _ENTER: "enter"}


def numbers(canvas: Canvas, top: float, end: float) -> None:
    """Three by four keys between two heights: digits, a plus, and erase."""
    _pad(canvas, "123456789+0" + _ERASE, top, end)


def amount_pad(canvas: Canvas, top: float, end: float) -> None:
    """Three by four keys between two heights: digits, erase and enter."""
    _pad(canvas, "123456789" + _ERASE + "0" + _ENTER, top, end)


def pin_pad(canvas: Canvas, top: float, end: float) -> None:
    """The same, and said: nobody reads a PIN aloud."""
    amount_pad(canvas, top, end)
    canvas.said.append("digits, an erase key and an enter key")


def _pad(canvas: Canvas, labels: str, top: float, end: float) -> None:
    row = (end - top + 8) / 4
    for number, label in enumerate(labels):
        x, y = MARGIN + (number % 3) * 70, top + number // 3 * row
        sign, color, wash = _SIGNS.get(label, ("", palette.INK, palette.WASH))
        canvas.add(rectangle(x, y, 64, row - 8, 10, fill=wash))
        name = _NAMES.get(label, label)
        canvas.touch(f"key:{name}", name.capitalize(), x, y, 64, row - 8)
        if sign:
            canvas.icon(sign, x + 32, y + row / 2 - 4, 22, color, 5)
        else:
            size = min(23, row * 0.5)
            canvas.write(label, y + row / 2 - 4 + size * 0.36, size, x=x + 32, bold=True, aloud=False)


def letters(canvas: Canvas, top: float, end: float) -> None:
    """A keyboard between two heights, as wide as the screen."""
    row = (end - top) / 4
    for number, keys in enumerate(_ROWS):
        left = canvas.middle - len(keys) * _PITCH / 2
        for place, label in enumerate(keys):
            _key(canvas, label, left + place * _PITCH, top + number * row, _PITCH, row)
    y, left = top + 3 * row, canvas.middle - 5 * _PITCH
    for label, width in (("@", 36), (" ", 126), (".", 32), (_ERASE_LETTER, 10 * _PITCH - 194)):
        _key(canvas, label, left, y, width, row)
        left += width


def _key(canvas: Canvas, label: str, x: float, y: float, width: float, height: float) -> None:
    """A key and the gap around it, all of which can be touched."""
    erases = label == _ERASE_LETTER
    fill, middle = palette.HAIRLINE if erases else palette.WASH, x + width / 2
    canvas.add(rectangle(x + 1.5, y, width - 3, height - 6, 6, fill=fill))
    name = "erase" if erases else label
    canvas.touch(f"key:{name}", {" ": "Space"}.get(name, name.capitalize()), x, y, width, height)
    if erases:
        canvas.icon("erase", middle, y + height / 2 - 3, 18, palette.INK, 5)
    else:
        canvas.write(label, y + height / 2 + 2, 15, x=middle, width=width - 3, aloud=False)
