"""What must not be written down, taken out of what is: keys, secrets, tokens, and cards up to their end."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote_plus

HIDDEN = "****"
# Most texts have none of these, and need no closer look: that takes ten times as long.
_BEGINNINGS = ("_test_", "_live_", "whsec_", "tok_", "_secret_")
_SUSPECT = re.compile(r"number|cvc|secret|tok|_test_|_live_|whsec|%|[0-9][0-9+ -]{11}")

# By how they begin, wherever they stand.
_SECRETS = re.compile(
    r"(?P<begin>\b(?:sk|rk|pk|pst)_(?:test|live)_|\bwhsec_|\btok_|_secret_(?=\w{8}))\w+", re.ASCII
)
# By their field's name; where a text is cut off, nothing closes the last one.
_NAMED = re.compile(r'"(?P<name>(?:\w+_)?(?:secret|token)|cvc)":"(?:[^"\\]|\\.)*"?', re.ASCII)
_NAMES = re.compile(r"(?:\w+_)?(?:secret|token)|cvc", re.ASCII)
# Between 13 and 19 digits, as one types them; an id may have as many, but then more stands before them.
_CARDS = re.compile(r"(?<![0-9A-Za-z_])[0-9](?:[ -]?[0-9]){8,14}[ -]?(?P<last>[0-9]{4})(?![0-9])")


def mask_text(text: str) -> str:
    """A text without what gives itself away: keys, secrets, tokens, card numbers up to their last four."""
    if any(begin in text for begin in _BEGINNINGS):
        text = _SECRETS.sub(r"\g<begin>" + HIDDEN, text)
    return _CARDS.sub(HIDDEN + r"\g<last>", text)


def mask_json(text: str) -> str:
    """The same for an answer as the simulator writes it, whose fields also have names."""
    return mask_text(_NAMED.sub(rf'"\g<name>":"{HIDDEN}"', text))


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
        # Also one that is too short or too long for a card, as somebody may type it.
        return HIDDEN + value[-4:] if len(value) > 4 else HIDDEN
    return HIDDEN if _NAMES.fullmatch(last) and value else mask_text(value)
