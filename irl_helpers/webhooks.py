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

from typing import NamedTuple

from .account import offline_only
from .simulator.loopback import TO_FETCH

__all__ = ["TO_FETCH", "Delivery", "fetch"]


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


class Listed(NamedTuple):
    """How one event (`evt_…`, of this `type`) comes to one endpoint: `state` is "due" (in so many
    `seconds`), "on its way", "delivered" or "never comes"."""

    event: str
    type: str
    endpoint: str
    url: str
    state: str
    seconds: int


def deliveries() -> list[Listed]:
    """How the newest events are delivered, newest first; looking changes nothing.

    Raises AccountError in Stripe's test mode, whose Dashboard lists them.
    """
    controls = offline_only("list its deliveries: Stripe's are in the Dashboard, under Developers, Webhooks")
    return [Listed(**delivery) for delivery in controls.request("get", "deliveries")["data"]]
