"""Webhooks without a web server: fetch what Stripe would have sent to your endpoint; offline account only.

```python
endpoint = client.v1.webhook_endpoints.create({"url": webhooks.TO_FETCH, "enabled_events": ["*"]})
…
for body, signature in webhooks.fetch(endpoint.id):
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
```

https://docs.stripe.com/webhooks
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .account import offline_only
from .simulator.loopback import TO_FETCH

__all__ = ["TO_FETCH", "Delivery", "Listed", "Try", "deliveries", "fetch", "send_again"]


class Delivery(NamedTuple):
    """The body of a webhook request and its `Stripe-Signature` header."""

    body: str
    signature: str


def fetch(endpoint: str | None = None) -> list[Delivery]:
    """What has arrived since the last call, in the order in which it arrived; at most 100.

    For the endpoint with this id, or for all of them.

    A served simulator on the same account sends it before anyone can fetch it, unless the endpoint's address
    is `TO_FETCH`. Raises AccountError in Stripe's test mode, and stripe.InvalidRequestError for an endpoint
    that is not there.
    """
    controls = offline_only("hand over webhooks: Stripe sends them to an address that it can reach")
    found = controls.request("post", "deliveries", **({"endpoint": endpoint} if endpoint else {}))["data"]
    return [Delivery(delivery["body"], delivery["signature"]) for delivery in found]


class Try(NamedTuple):
    """One try of a served simulator to send an event: `at` (the account's time, Unix seconds) it was sent
    with this `Stripe-Signature` header, and after so many `seconds` the receiver had answered `status`, in a
    body that begins with `answer`. Where no answer came, `status` is None and `answer` says why.

    `unverified`: in its answer the receiver says that it could not verify the signature.
    """

    at: int
    seconds: float
    signature: str
    status: int | None
    answer: str
    unverified: bool


class Listed(NamedTuple):
    """How one event (`evt_…`, of this `type`, `created` then, `about` the object with that id) comes to one
    endpoint: `state` is "due" (in so many `seconds`, at `next_try`), "on its way", "delivered" or "never
    comes". `tries` are those made so far, newest first; `id` is what `send_again` takes."""

    event: str
    type: str
    endpoint: str
    url: str
    state: str
    seconds: int
    id: str
    about: str | None
    created: int
    next_try: int | None
    tries: tuple[Try, ...]


def deliveries() -> list[Listed]:
    """How the newest events are delivered, newest first; looking changes nothing.

    Raises AccountError in Stripe's test mode, whose Dashboard lists them.
    """
    controls = offline_only("list its deliveries: Stripe's are in the Dashboard, under Developers, Webhooks")
    return [_listed(delivery) for delivery in controls.request("get", "deliveries")["data"]]


def send_again(id: str) -> Listed:
    """Have an event sent to an endpoint again, or now instead of later; `id` is that of one of `deliveries`.

    A served simulator on the account sends it; without one it waits to be fetched. Raises AccountError in
    Stripe's test mode, and stripe.InvalidRequestError where the event or the endpoint is gone or disabled.
    """
    controls = offline_only("send a webhook again: in Stripe's Dashboard you can, under Developers, Webhooks")
    return _listed(controls.request("post", f"deliveries/{id}/send"))


def _listed(delivery: dict[str, Any]) -> Listed:
    shown = {name: delivery[name] for name in Listed._fields}
    return Listed(**{**shown, "tries": tuple(Try(**each) for each in delivery["tries"])})
