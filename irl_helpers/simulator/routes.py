"""Every call that the simulator answers, Stripe's and its own, and which of them a request is."""

from __future__ import annotations

from functools import cache
from urllib.parse import unquote

from . import controls, errors
from .stripe_calls import RETIRED_CALLS, STRIPE_CALLS, Route

__all__ = ["ROUTES", "Route", "match"]

ROUTES = [*STRIPE_CALLS, *RETIRED_CALLS, *(Route(*row) for row in controls.ROUTES)]


@cache
def _table() -> dict[tuple[str, int, str], list[tuple[list[str], Route]]]:
    """Routes by their method, the number of their parts, and the part behind /v1."""
    table: dict[tuple[str, int, str], list[tuple[list[str], Route]]] = {}
    for route in ROUTES:
        parts = route.path.split("/")[1:]
        table.setdefault((route.method, len(parts), parts[1]), []).append((parts, route))
    for entries in table.values():
        # A word comes before an id: /v1/payment_intents/search is not a PaymentIntent.
        entries.sort(key=lambda entry: [part == "*" for part in entry[0]])
    return table


def match(method: str, path: str) -> tuple[Route, list[str]]:
    """The route of a request and the ids in its path. Raises StripeError, 404, when there is none."""
    parts = path.split("/")[1:]
    for pattern, route in _table().get((method, len(parts), "".join(parts[1:2])), ()):
        ids = []
        for expected, part in zip(pattern, parts, strict=True):
            # No id is "search": that is a call of its own, or none.
            if expected == "*" and part not in ("", "search"):
                ids.append(unquote(part))
            elif expected != part:
                break
        else:
            return route, ids
    raise errors.unknown_url(method, path[:200])
