"""Webhook endpoints: where events are sent to. https://docs.stripe.com/api/webhook_endpoints

Only addresses on this machine, and those that whoever serves it has chosen: a simulator has no business
elsewhere.
"""

from __future__ import annotations

from .. import errors, webhook_deliveries
from ..account import Account, Object
from ..ids import random_text
from ..loopback import AnotherMachine, NotAnAddress, loopback
from ..metadata import merge
from ..paging import page

KIND = "webhook_endpoint"
AT_MOST = 16


def create(account: Account, params: Object) -> Object:
    """The only answer that shows the `secret` with which deliveries are signed."""
    _check_events(params)
    url = check_url(account, params["url"])
    if len(account.select(KIND, limit=AT_MOST)) == AT_MOST:
        raise errors.StripeError(f"You have reached the maximum of {AT_MOST} test webhook endpoints.")
    endpoint = account.add(
        "we",
        KIND,
        api_version=params.get("api_version"),
        application=None,
        created=account.now,
        description=params.get("description") or None,
        enabled_events=params["enabled_events"],
        livemode=False,
        metadata=merge({}, params.get("metadata")),
        status="enabled",
        url=url,
    )
    secret = account.inner(endpoint)["secret"] = f"whsec_{random_text(32)}"
    if params.get("connect"):
        account.inner(endpoint)["connect"] = True
    return {**endpoint, "secret": secret}


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "webhook_endpoint", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    endpoint = account.get(id, KIND, "webhook_endpoint", in_path=True)
    if "enabled_events" in params:
        _check_events(params)
        endpoint["enabled_events"] = params["enabled_events"]
    if "url" in params:
        endpoint["url"] = check_url(account, params["url"])
    if "description" in params:
        endpoint["description"] = params["description"] or None
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    endpoint["metadata"] = merge(endpoint["metadata"], params.get("metadata"))
    account.save(endpoint)
    return endpoint


def delete(account: Account, params: Object, id: str) -> Object:
    endpoint = account.get(id, KIND, "webhook_endpoint", in_path=True)
    webhook_deliveries.forget(account, endpoint)
    return account.delete(endpoint)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/webhook_endpoints", params)


def versions(account: Account) -> set[str]:
    """The versions of their own that endpoints have."""
    told = (one["api_version"] for _, one in webhook_deliveries.listening(account))
    return {version for version in told if version}


def _check_events(params: Object) -> None:
    if not params["enabled_events"]:
        raise errors.empty("enabled_events")


def check_url(account: Account, url: str) -> str:
    """The address itself. Raises StripeError when it is not an address, or webhooks may not go there."""
    try:
        if len(url) > 5000:
            raise NotAnAddress
        loopback(url, account.webhooks_to)
    except NotAnAddress:
        raise errors.invalid(
            "Invalid URL: an address such as http://127.0.0.1:4242/webhook.", "url", "url_invalid"
        ) from None
    except AnotherMachine:
        raise errors.invalid(
            "The simulator only sends webhooks to this machine. Use an address such as "
            "http://127.0.0.1:4242/webhook, or serve it with --webhooks-to and the name of another host in a "
            "private network.",
            "url",
            "url_invalid",
        ) from None
    return url
