"""What happened to one object, from its first request to its last webhook, in one list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import stripe

from ..served_requests import ServedRequest
from ..simulator.ids import revision_of
from ..webhooks import Listed


def concerns(event: stripe.Event, object_id: str) -> bool:
    """Whether an event is about this object, or names it."""
    return f'"{object_id}"' in json.dumps(event.to_dict(), default=str)


def tell(
    requests: Sequence[ServedRequest], events: Sequence[stripe.Event], webhooks: Iterable[tuple[str, Listed]]
) -> list[str]:
    """The ids of all of these in the order in which it happened, from lists that have the newest first, of
    requests that which was begun last; a webhook has an id of its own with it.

    An event stands behind its request, a webhook behind its event. For the others, times have whole seconds,
    in which much can happen; but a request knows the account's revision, and so does an event's id.
    """
    sent: dict[str, list[str]] = {}
    for id, webhook in webhooks:
        sent.setdefault(webhook.event, []).insert(0, id)
    caused: dict[str, list[stripe.Event]] = {}
    for event in reversed(events):
        if event.request is not None and event.request.id:
            caused.setdefault(event.request.id, []).append(event)
    waiting, told = list(reversed(events)), list[str]()

    def tell_event(event: stripe.Event) -> None:
        waiting.remove(event)
        told.extend([event.id, *sent.get(event.id, ())])

    for request in reversed(requests):
        own = caused.get(request.id, [])
        while waiting and _before(waiting[0], request, own):
            tell_event(waiting[0])
        told.append(request.id)
        for event in own:
            if event in waiting:
                tell_event(event)
    for event in list(waiting):
        tell_event(event)
    return told


def _before(event: stripe.Event, request: ServedRequest, own: Sequence[stripe.Event]) -> bool:
    """Whether an event that is not told yet happened before a request that has these events of its own."""
    if event in own:
        return False
    if request.stripe_account or request.revision < 0:  # it knows only of another account's
        return event.created < request.created
    return revision_of(event.id) < request.revision
