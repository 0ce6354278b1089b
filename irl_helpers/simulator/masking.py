"""What must not be written down, taken out of what is: keys, secrets, tokens, and cards up to their end."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote_plus

from .cards import passes_checksum

HIDDEN = "****"
# Most texts have none of these, and need no closer look: that takes ten times as long.
_BEGINNINGS = ("_test_", "_live_", "whsec_", "tok_", "_secret_")
_SUSPECT = re.compile(r"number|cvc|secret|tok|_test_|_live_|whsec|%|[0-9][0-9+ -]{11}")

# Where a word may begin in JSON too, where a line's end is written as \n.
_WORD = r"(?:(?<![0-9A-Za-z_])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
# By how they begin, wherever they stand.
_SECRETS = re.compile(
    rf"(?P<begin>{_WORD}(?:(?:sk|rk|pk|pst)_(?:test|live)_|whsec_|tok_)|_secret_(?=\w{{8}}))\w+", re.ASCII
)
# By their field's name; where a text is cut off, nothing closes the last one.
_NAMED = re.compile(r'"(?P<name>(?:\w+_)?(?:secret|token)|cvc)":"(?:[^"\\]|\\.)*"?', re.ASCII)
_NAMES = re.compile(r"(?:\w+_)?(?:secret|token)|cvc", re.ASCII)
_NUMBER = re.compile(r'"number":"?(?P<digits>[0-9](?:[ -]?[0-9])*)"?')
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?')
# Digits as one types them, enough for a card; an id may have as many, but then more stands before them. It is
# found three times as fast by the first digit, behind which stands what is asked of what comes before.
_DIGITS = re.compile(
    r"[0-9](?:(?<![0-9A-Za-z_].)|(?<=\\[bfnrt].)|(?<=\\u[0-9A-Fa-f]{4}.))(?:[ -]?[0-9]){12,}"
)


def mask_text(text: str) -> str:
    """A text without what gives itself away: keys, secrets, tokens, card numbers up to their last four."""
    return _cards(_secrets(text))


def mask_json(text: str) -> str:
    """The same for an answer as the simulator writes it, whose fields also have names. It stays JSON: a
    number that is no text is no card, but where its field says so."""
    text = _secrets(_NAMED.sub(rf'"\g<name>":"{HIDDEN}"', text))
    text = _NUMBER.sub(lambda found: f'"number":"{_number(found["digits"])}"', text)
    if not _DIGITS.search(text):
        return text
    return _STRINGS.sub(lambda found: _cards(found[0]) if len(found[0]) > 13 else found[0], text)


def _secrets(text: str) -> str:
    if any(begin in text for begin in _BEGINNINGS):
        return _SECRETS.sub(r"\g<begin>" + HIDDEN, text)
    return text


def _cards(text: str) -> str:
    return _DIGITS.sub(lambda found: _without_cards(found[0]), text)


def _without_cards(digits: str) -> str:
    """Groups of digits; a card is one of them or several, and what stands beside it may be its code."""
    groups = list(re.finditer("[0-9]+", digits))
    for first, begin in enumerate(groups):
        for last in reversed(groups[first:]):
            card = digits[begin.start() : last.end()]
            if _is_card(re.sub("[ -]", "", card)):
                rest = _without_cards(digits[last.end() :])
                return f"{digits[: begin.start()]}{_number(card)}{rest}"
    return digits


def _is_card(digits: str) -> bool:
    """No card begins with 0 or 1, but what counts milliseconds does."""
    return len(digits) >= 13 and digits[0] not in "01" and passes_checksum(digits)


def _number(digits: str) -> str:
    """Also one that is too short or too long for a card, as somebody may type it."""
    return HIDDEN + digits[-4:] if len(digits) > 4 else HIDDEN


def mask_form(form: str) -> str:
    """The same for a form. What cannot be read as one is only masked as a text."""
    if not _SUSPECT.search(form):
        return form
    try:
        pairs = parse_qsl(form, keep_blank_values=True)
    except ValueError:
        return mask_text(form)
    return "&".join(
        f"{quote_plus(name, safe='[]')}={quote_plus(_value(name, value), safe='/:,@*')}"
        for name, value in ((mask_text(name), value) for name, value in pairs)
    )


def _value(name: str, value: str) -> str:
    last = name.rpartition("[")[2].rstrip("]")
    if last == "number":
        return _number(value)
    return HIDDEN if _NAMES.fullmatch(last) and value else mask_text(value)
