"""Metadata: merged on update, a key removed by an empty value, everything by an empty `metadata`."""

from __future__ import annotations

from .errors import invalid


def merge(current: dict[str, str], given: dict[str, str] | str | None) -> dict[str, str]:
    """The metadata after an update. Raises StripeError beyond 50 keys, 40 characters a key, 500 a value."""
    if given is None:
        return current
    if isinstance(given, str):
        return {}
    merged = {key: value for key, value in {**current, **given}.items() if value != ""}
    for key, value in given.items():
        if len(key) > 40:
            raise invalid("Metadata keys can have up to 40 characters.", f"metadata[{key[:40]}]")
        if len(value) > 500:
            raise invalid("Metadata values can have up to 500 characters.", f"metadata[{key}]")
    if len(merged) > 50:
        raise invalid("Metadata can have up to 50 keys.", "metadata")
    return merged
