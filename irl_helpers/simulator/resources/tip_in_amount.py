"""A tip joins the amount of a PaymentIntent when a card is presented, and leaves it if that attempt fails."""

from __future__ import annotations

from ..account import Object


def add(intent: Object, tip: int | None) -> None:
    """The customer's tip becomes part of the amount; None where nobody asked for one."""
    if tip is not None:
        intent["amount"] += tip
        intent["amount_details"] = {**intent["amount_details"], "tip": {"amount": tip}}


def take_out(intent: Object) -> None:
    """The tip belonged to an attempt that failed; the next one asks for it again."""
    tip = (intent["amount_details"].get("tip") or {}).get("amount") or 0
    # The amount may have been changed in between, and is then never less than 1.
    intent["amount"] = max(intent["amount"] - tip, 1)
    intent["amount_details"] = {**intent["amount_details"], "tip": {}}
