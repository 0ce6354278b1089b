"""What goes wrong on demand. A fault stands in the account until it is taken away."""

from __future__ import annotations

from .account import Account, Object


def active(account: Account, kind: str, reader: str) -> Object | None:
    """The fault of this kind that holds for this reader, or None."""
    for fault in account.faults:
        if fault["kind"] == kind and fault.get("reader") in (None, reader):
            return fault
    return None
