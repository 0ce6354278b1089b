"""The events about some objects. Stripe sends them a moment later, and in no fixed order."""

from __future__ import annotations

import time
from typing import Any

import stripe


class Events:
    def __init__(self, client: stripe.StripeClient, *, patient: bool) -> None:
        self._client, self._patient = client, patient

    def about(self, *ids: str) -> list[stripe.Event]:
        """Oldest first: about objects with these ids, and about charges and refunds of these payments."""
        found = self._client.v1.events.list({"limit": 100}).data[::-1]
        return [event for event in found if _names(event.data.object.to_dict()) & set(ids)]

    def check(self, expected: list[str], *ids: str) -> list[stripe.Event]:
        """The events about `ids`, which must be of these types: in this order, or at Stripe in any.

        Without those that come by themselves a moment after a payment or a refund: see `_settles`.
        """
        for _ in range(20 if self._patient else 0):
            if len(self._without_settlements(*ids)) >= len(expected):
                break
            time.sleep(1)
        found = self._without_settlements(*ids)
        types = [event.type for event in found]
        if self._patient:
            types, expected = sorted(types), sorted(expected)
        assert types == expected
        return found

    def _without_settlements(self, *ids: str) -> list[stripe.Event]:
        return [event for event in self.about(*ids) if not _settles(event)]


def _settles(event: stripe.Event) -> bool:
    """A payment's balance transaction is there, or a refund's reference."""
    replaced = event.data.to_dict().get("previous_attributes") or {}
    return set(replaced) in ({"balance_transaction"}, {"destination_details"})


def _names(obj: dict[str, Any]) -> set[str]:
    return {obj.get(name) for name in ("id", "payment_intent", "charge", "customer", "setup_intent")} - {None}
