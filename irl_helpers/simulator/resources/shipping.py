"""Where a parcel goes: on PaymentIntents and charges."""

from __future__ import annotations

from ..account import Object

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def shown(given: Object | str) -> Object | None:
    """`shipping` as an object shows it, with all its fields; None where it was taken away."""
    if isinstance(given, str) or not given:
        return None
    return {
        "address": {**NO_ADDRESS, **{name: value or None for name, value in given["address"].items()}},
        "carrier": given.get("carrier"),
        "name": given["name"],
        "phone": given.get("phone"),
        "tracking_number": given.get("tracking_number"),
    }
