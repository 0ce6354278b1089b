"""Form bodies and query strings as Stripe reads them: `a[b][0]=c` becomes nested dicts of strings.

Lists stay dicts with the indexes as keys (`a[]=x` counts on): only the schema knows where a list belongs.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import StripeError, invalid

MAX_BYTES = 1_000_000
MAX_FIELDS = 5_000
MAX_DEPTH = 12
_NAME = re.compile(r"[^\[\]]+")
_KEYS = re.compile(r"\[([^\[\]]*)\]")


def parse_form(text: str) -> dict[str, Any]:
    """`"amount=1&metadata[a]=b"` -> `{"amount": "1", "metadata": {"a": "b"}}`."""
    if not text:
        return {}
    if len(text) > MAX_BYTES:
        raise StripeError("The request body is too large.", status=413)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as problem:
        raise StripeError(f"The request could not be read: {problem}.") from None
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise StripeError("The request contains a NUL character, which is not allowed.")
        if "[" in name:
            _put(tree, name, value)
        elif isinstance(tree.get(name), dict):
            raise invalid(f"Invalid parameter: {name} is given both as a value and as an object.", name)
        else:
            tree[name] = value
    return tree


def _put(tree: dict[str, Any], name: str, value: str) -> None:
    head = _NAME.match(name)
    keys = _KEYS.findall(name)
    if head is None or head.end() + sum(len(key) + 2 for key in keys) != len(name) or len(keys) > MAX_DEPTH:
        raise invalid(f"Invalid parameter name: {name[:100]}", name[:100])
    place = tree
    path = [head.group(), *keys]
    for index, key in enumerate(path[:-1]):
        key = key or _next(place, path[index + 1])
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise invalid(f"Invalid parameter: {key} is given both as a value and as an object.", name)
        place = inner
    last = path[-1] or str(len(place))
    if isinstance(place.get(last), dict):
        raise invalid(f"Invalid parameter: {last} is given both as a value and as an object.", name)
    place[last] = value


def _next(place: dict[str, Any], member: str) -> str:
    """`a[][x]=1&a[][y]=2` fills one element until a member comes again, then starts the next."""
    current = str(len(place) - 1)
    if current in place and isinstance(place[current], dict) and member and member not in place[current]:
        return current
    return str(len(place))
