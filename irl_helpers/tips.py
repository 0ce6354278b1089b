"""Exercise: let the customer add a tip on the reader.

What a reader suggests is no part of a payment: it is in the Configuration of the reader's location, or else
in the account's default.
https://docs.stripe.com/terminal/features/collecting-tips/on-reader
"""

from __future__ import annotations

from typing import Any

import stripe

from .account import stripe_client

Tipping = stripe.params.terminal.ConfigurationCreateParamsTipping
"""`{"usd": {"percentages": [15, 20, 25]}}`: percentages, or `fixed_amounts` in the smallest unit, or both
with a `smart_tip_threshold`: the amounts below it, the percentages from it on. Three of each at most."""


def own_configuration(
    name: str, tipping: Tipping, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Configuration:
    """The newest Configuration of this name, with this tipping; created first if there is none.

    Raises stripe.InvalidRequestError for percentages and fixed amounts without a threshold, for a currency
    without tips on readers, and for numbers that make no sense.

    https://docs.stripe.com/api/terminal/configuration/create
    """
    configurations = (client or stripe_client()).v1.terminal.configurations
    found = configurations.list(params={"limit": 100}).auto_paging_iter()
    same = next((configuration for configuration in found if configuration.name == name), None)
    if same is None:
        return configurations.create(params={"name": name, "tipping": tipping})
    return configurations.update(same.id, params={"tipping": tipping})


def use_configuration(
    location_id: str, configuration_id: str, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Location:
    """Let all readers of a location follow this Configuration instead of the account's default. Real readers
    take minutes to notice.

    Raises stripe.InvalidRequestError (`resource_missing`), also for the account's default itself.

    https://docs.stripe.com/api/terminal/locations/update
    """
    client = client or stripe_client()
    return client.v1.terminal.locations.update(
        location_id, params={"configuration_overrides": configuration_id}
    )


def tipping_rules(
    reader: stripe.terminal.Reader, currency: str = "usd", *, client: stripe.StripeClient | None = None
) -> dict[str, Any]:
    """What a reader suggests for payments in this currency: `{"percentages": [15, 20, 25], …}`, or {} when it
    asks for no tip.

    A Reader does not say so: it is in the Configuration of its location, or else in the account's default.
    https://docs.stripe.com/api/terminal/configuration/object
    """
    client = client or stripe_client()
    location = client.v1.terminal.locations.retrieve(reader.location) if reader.location else None
    override = getattr(location, "configuration_overrides", None)
    found = [client.v1.terminal.configurations.retrieve(override)] if override else []
    found += client.v1.terminal.configurations.list(params={"is_account_default": True}).data
    for configuration in found:
        tipping = configuration.to_dict().get("tipping")
        if tipping:
            return tipping.get(currency) or {}
    return {}


def tip_of(payment: stripe.PaymentIntent) -> int | None:
    """The tip that is part of the payment's amount, in the smallest unit: 0 when the customer gave none, None
    when no reader asked for one."""
    tip = getattr(getattr(payment, "amount_details", None), "tip", None)
    return getattr(tip, "amount", None)
