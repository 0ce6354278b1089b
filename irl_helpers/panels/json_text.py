"""What Stripe and programs sent, as text for people: indented, not endless, and without secrets."""

from __future__ import annotations

import json
import re

from ..account import OFFLINE_KEY

LONGEST = 20_000  # characters
_SECRET = re.compile(r'("(?:client_)?secret": "[a-z]+_)[^"]+')
# Any key but the offline account's, which is no secret.
_KEY = re.compile(rf"\b(?!{OFFLINE_KEY}\b)([srp]k_(?:test|live)_)\w+")


def pretty(body: object) -> str:
    """JSON, as text or as objects, indented; what is no JSON as it is."""
    try:
        found = json.loads(body) if isinstance(body, str) else body
        text = json.dumps(found, indent=2, ensure_ascii=False, default=str)
    except ValueError:
        text = str(body)
    text = _SECRET.sub(r"\1…", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text):,} characters in all"


def without_keys(text: str) -> str:
    """The text without anything that looks like a key."""
    return _KEY.sub(r"\1…", text)
