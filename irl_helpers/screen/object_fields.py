"""Reading the fields of Stripe objects and plain dicts alike, without trusting what is in them."""

from __future__ import annotations

import re
from typing import Any

from ..money import format_amount

_ID = re.compile(r"\b[a-z]{2,8}_(?=\w*\d)(test_)?\w{8,}\b")
_LARGEST = 10**15  # Stripe stops at eight digits; nothing longer is an amount


def as_dict(value: Any) -> dict[str, Any]:
    """The fields of a Stripe object or a dict; of anything else (an id, None, a list) no fields."""
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    return value if isinstance(value, dict) else {}


def part(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """`part(reader, "action", "process_config")`: the object inside, or an empty dict."""
    for name in names:
        fields = as_dict(fields.get(name))
    return fields


def parts(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list, or an empty list."""
    found = fields.get(name)
    return [as_dict(item) for item in found] if isinstance(found, (list, tuple)) else []


def text(fields: dict[str, Any], name: str) -> str:
    """A text without ids, or ''. Ids differ from run to run, and no customer wants them."""
    found = fields.get(name)
    return _ID.sub("…", found).strip() if isinstance(found, str) else ""


def text_of(fields: dict[str, Any], *names: str) -> str:
    """A text inside the object as it was sent, ids and all: for looking things up, not for showing."""
    found = part(fields, *names[:-1]).get(names[-1])
    return found if isinstance(found, str) else ""


def integer(fields: dict[str, Any], name: str) -> int | None:
    """A whole number, or None for anything else."""
    found = fields.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def money(amount: int | None, currency: str) -> str:
    """The amount to show, or '' where there is none to show."""
    if amount is None or not currency:
        return ""
    return format_amount(amount, currency[:12]) if abs(amount) < _LARGEST else "too much to show"


def object_id(value: Any) -> str:
    """The id of an expanded object, or the id itself."""
    return value if isinstance(value, str) else text_or_empty(as_dict(value).get("id"))


def text_or_empty(value: Any) -> str:
    """The value if it is a text, or ''."""
    return value if isinstance(value, str) else ""
