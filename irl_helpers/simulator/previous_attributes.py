"""What an update replaced, as the `previous_attributes` of its event."""

from __future__ import annotations

from .account import Object


def previous_attributes(before: Object, after: Object) -> Object:
    """The fields that differ, as they were; of objects in them, `metadata` too, only what differs there.
    Null for what is new."""
    replaced: Object = {}
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            replaced[name] = previous_attributes(old, new)
        else:
            replaced[name] = old
    return replaced
