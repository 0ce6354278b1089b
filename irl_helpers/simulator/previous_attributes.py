"""What an update replaced, as the `previous_attributes` of its event."""

from __future__ import annotations

from typing import Any

from .account import Object


def previous_attributes(before: Object, after: Object) -> Object:
    """The fields that differ, as they were. Of `metadata` only the keys that differ; null for new ones."""
    replaced = {}
    for name in sorted(before.keys() | after.keys()):
        old: Any = before.get(name)
        new: Any = after.get(name)
        if old == new:
            continue
        if name == "metadata":
            keys = sorted(old.keys() | new.keys())
            old = {key: old.get(key) for key in keys if old.get(key) != new.get(key)}
        replaced[name] = old
    return replaced
