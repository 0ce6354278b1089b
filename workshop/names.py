"""Names that learners choose, in any alphabet, and which of them people would take for one another."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

LONGEST = 20
NO_NAME = f"Choose a name of letters of one alphabet, digits and -, at most {LONGEST}, a letter first."
# Letters and marks that show nothing, or change only how another one is drawn.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# One alphabet in a name, so that no letter is taken for one of another alphabet; these are written together.
TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "LATIN"}


def _lookalikes() -> dict[int, str]:
    """By letter: what it is taken for."""
    text = (Path(__file__).parent / "lookalikes.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {ord(pair[0]): pair[1:] for line in lines for pair in line.split()[1:]}


LOOKALIKES = _lookalikes()


def normal_name(text: str) -> str:
    """ "Zoë K." is "zoë-k", letters of full width are plain ones; what cannot be a name becomes ''."""
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).lower())
    name = re.sub(r"[\s._-]+", "-", small).strip("-")
    return name if 0 < len(name) <= LONGEST and name[0].isalpha() and _can_be_read(name) else ""


def _can_be_read(name: str) -> bool:
    letters = [letter for letter in name if letter != "-" and not letter.isdecimal()]
    kinds = {unicodedata.category(letter)[0] for letter in letters}
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in letters if letter.isalpha()}
    alphabets.discard("MODIFIER")  # an apostrophe that counts as a letter
    together = len(alphabets) == 1 or alphabets <= TOGETHER
    return kinds <= {"L", "M"} and together and not INVISIBLE.search(name)


def looks(name: str) -> str:
    """The same for names that people would take for one another, such as "josé" and "jose", or one in Latin
    and one in Cyrillic letters that look like them."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    # Accents of Latin, Greek and Cyrillic letters. In other scripts marks are vowels, and make the name.
    bare = "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f")
    digits = "".join(str(unicodedata.decimal(letter, letter)) for letter in bare)
    return digits.translate(LOOKALIKES).translate(LOOKALIKES)
