"""Every call that the simulator answers, Stripe's and its own, and which of them a request is."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import unquote

from . import controls, errors
from .stripe_calls import RETIRED_CALLS, STRIPE_CALLS, Route

__all__ = ["ROUTES", "Route", "match"]

ROUTES = [*STRIPE_CALLS, *RETIRED_CALLS, *(Route(*row) for row in controls.ROUTES)]


@cache
def _tree() -> dict[str | None, Any]:
    """Routes by their method, then by one part of the path after the other; None is where an id stands."""
    tree: dict[str | None, Any] = {}
    for route in ROUTES:
        place = tree.setdefault(route.method, {})
        for part in route.path.split("/")[1:]:
            place = place.setdefault(None if part == "*" else part, {})
        # No part of a path can be called that.
        place["/"] = route
    return tree


def match(method: str, path: str) -> tuple[Route, list[str]]:
    """The route of a request and the ids in its path. Raises StripeError, 404, when there is none."""
    place = _tree().get(method, {})
    ids = []
    for part in path.split("/")[1:]:
        # A word comes before an id: /v1/payment_intents/search is not a PaymentIntent.
        if part in place:
            place = place[part]
        # No id is "search": that is a call of its own, or none.
        elif None in place and part not in ("", "search"):
            ids.append(unquote(part))
            place = place[None]
        else:
            break
    else:
        if route := place.get("/"):
            return route, ids
    raise errors.unknown_url(method, path[:200])
