"""Will it fit? Widths of texts, estimated, and what to do with those that are too wide.

The widths are those of DejaVu Sans, the widest of the fonts that the pictures ask for: what fits in it fits
in the others.
"""

from __future__ import annotations

import re
import unicodedata

# Hundredths of the font size, for the characters from space to tilde.
_REGULAR = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
]  # fmt: skip
_BOLD = [
    35, 46, 52, 84, 70, 100, 87, 31, 46, 46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70,
    70, 70, 40, 40, 84, 84, 84, 58, 100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85,
    73, 85, 77, 72, 68, 81, 77, 110, 77, 72, 73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68, 44, 72,
    71, 34, 34, 67, 34, 104, 71, 69, 72, 72, 49, 60, 48, 71, 65, 92, 65, 65, 58, 71, 37, 71, 84,
]  # fmt: skip

ELLIPSIS = "…"
_JOINER = "\u200d"  # makes one emoji of two
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)  # two of them are a flag


def text_width(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """How wide a text is at this font size, in the same unit; rather too wide than too narrow."""
    total, before = 0, ""
    for character in text:
        total += 0 if before == _JOINER else _width(character, bold, mono)
        before = character
    return total * size / 100


def _width(character: str, bold: bool, mono: bool) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return 61 if mono else (_BOLD if bold else _REGULAR)[code - 32]
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or code in _SKIN_TONES:
        return 0
    if code >= 0x1F000:
        return 70 if code in _FLAG_LETTERS else 140  # emoji
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 104
    if unicodedata.category(character) == "So" or 0xFB50 <= code < 0xFE00:
        return 130
    narrow = 86 if bold else 76  # Latin with accents, Greek, Cyrillic, Hebrew, Arabic
    return narrow if code < 0x700 else 100


def characters(text: str) -> list[str]:
    """The text in pieces that belong together: an accent stays on its letter, a family emoji whole."""
    pieces: list[str] = []
    for character in text:
        joins = unicodedata.category(character) in ("Mn", "Mc", "Me") or character == _JOINER
        joins = joins or ord(character) in _SKIN_TONES
        if pieces and (joins or pieces[-1].endswith(_JOINER) or _half_flag(pieces[-1], character)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _half_flag(piece: str, character: str) -> bool:
    return len(piece) == 1 and all(ord(c) in _FLAG_LETTERS for c in piece + character)


def shorten(text: str, width: float, size: float, **style: bool) -> str:
    """The text, or its beginning and an ellipsis."""
    if text_width(text, size, **style) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, **style)
    kept = ""
    for piece in characters(text):
        room -= text_width(piece, size, **style)
        if room < 0:
            break
        kept += piece
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, width: float, size: float, lines: int, **style: bool) -> list[str]:
    """At most this many lines, broken at spaces, or anywhere in a word that is wider than a line."""
    done: list[str] = []
    current = ""
    for word in _breakable(text, width, size, style):
        longer = current + word
        if current and text_width(longer.strip(), size, **style) > width:
            done.append(current)
            current = word
        else:
            current = longer
    done = [line for line in [*done, current] if line.strip()]
    if len(done) > lines:
        done = [*done[: lines - 1], "".join(done[lines - 1 :])]
    return [shorten(line.strip(), width, size, **style) for line in done]


def _breakable(text: str, width: float, size: float, style: dict[str, bool]) -> list[str]:
    """Words with the space before them; a name wider than a line breaks after an underscore, any other
    word where the line ends."""
    pieces: list[str] = []
    for number, word in enumerate(text.split(" ")):
        parts = [part for part in re.split("(?<=_)", word) if part] or [""]
        if text_width(word, size, **style) <= width:
            parts = [word]
        elif any(text_width(part, size, **style) > width for part in parts):
            parts = characters(word)
        pieces += [f" {parts[0]}" if number else parts[0], *parts[1:]]
    return pieces


def fit(
    text: str, width: float, size: float, *, lines: int = 1, smallest: float = 15, **style: bool
) -> tuple[list[str], float]:
    """The lines to draw and their font size: smaller where that makes the text fit, else cut."""
    while size > smallest and not _whole(text, width, size, lines, style):
        size = max(size - 1, smallest)
    return wrap(text, width, size, lines, **style), size


def _whole(text: str, width: float, size: float, lines: int, style: dict[str, bool]) -> bool:
    if any(text_width(word, size, **style) > width for word in text.split(" ")):
        return False
    return len(wrap(text, width, size, lines + 1, **style)) <= lines
