"""Exercise: let the customer add a tip on the reader.

The tips that a reader suggests are not part of a payment. They are in the Configuration of the reader's
location, or else in the account's default.
https://docs.stripe.com/terminal/features/collecting-tips/on-reader
"""

from __future__ import annotations

from typing import Any

import stripe

from .account import stripe_client
from .arguments import checked
from .setup import create_once

Tipping = stripe.params.terminal.ConfigurationCreateParamsTipping
"""`{"usd": {"percentages": [15, 20, 25]}}`: percentages, or `fixed_amounts` in the smallest unit, or both
with a `smart_tip_threshold`: the amounts below it, the percentages from there on. Three of each at most."""


@checked
def own_configuration(
    name: str, tipping: Tipping, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Configuration:
    """The newest Configuration of this name, with this tipping; created first if there is none.

    Raises stripe.InvalidRequestError for percentages and fixed amounts without a threshold, for a currency
    without tips on readers, and for numbers that Stripe does not allow.

    https://docs.stripe.com/api/terminal/configuration/create
    """
    configurations = (client or stripe_client()).v1.terminal.configurations

    def find() -> stripe.terminal.Configuration | None:
        listed = configurations.list(params={"limit": 100}).auto_paging_iter()
        return next((one for one in listed if one.name == name), None)

    own = create_once(
        find,
        lambda options: configurations.create({"name": name, "tipping": tipping}, options),
        f"configuration {name}, {tipping}",
    )
    same = own.to_dict().get("tipping") == tipping
    return own if same else configurations.update(own.id, params={"tipping": tipping})


@checked
def use_configuration(
    location_id: str, configuration_id: str, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Location:
    """Let all readers of a location follow this Configuration instead of the account's default. Real readers
    take minutes to notice.

    Raises stripe.InvalidRequestError (`resource_missing`), even for the account's default itself.

    https://docs.stripe.com/api/terminal/locations/update
    """
    client = client or stripe_client()
    return client.v1.terminal.locations.update(
        location_id, params={"configuration_overrides": configuration_id}
    )


@checked
def tipping_rules(
    reader: stripe.terminal.Reader, currency: str = "usd", *, client: stripe.StripeClient | None = None
) -> dict[str, Any]:
    """What a reader suggests for payments in this currency: `{"percentages": [15, 20, 25], …}`, or {} when it
    asks for no tip.

    The Reader does not carry it: it is in its location's Configuration, or else in the account's default.
    https://docs.stripe.com/api/terminal/configuration/object
    """
    client = client or stripe_client()
    configurations = client.v1.terminal.configurations
    location: stripe.terminal.Location | str | None = reader.location
    if isinstance(location, str):
        location = client.v1.terminal.locations.retrieve(location)
    override = getattr(location, "configuration_overrides", None)
    if override and (tipping := _tipping(configurations.retrieve(override))):
        return tipping.get(currency) or {}
    for default in configurations.list(params={"is_account_default": True}).data:
        return _tipping(default).get(currency) or {}
    return {}


def _tipping(configuration: stripe.terminal.Configuration) -> dict[str, Any]:
    return configuration.to_dict().get("tipping") or {}


@checked
def process_config(reader: stripe.terminal.Reader) -> dict[str, Any]:
    """The settings of the payment that the reader asks for, as they were given with it; {} for none.

    https://docs.stripe.com/api/terminal/readers/object
    """
    action = reader.action.to_dict() if reader.action else {}
    return (action.get("process_payment_intent") or {}).get("process_config") or {}


@checked
def may_ask_for_tip(reader: stripe.terminal.Reader) -> bool:
    """Whether the payment at this reader was handed over without a word against tips; it depends on the
    Configuration then.

    https://docs.stripe.com/terminal/features/collecting-tips/on-reader
    """
    config = process_config(reader)
    return not config.get("skip_tipping") and config.get("tipping", {}).get("amount_eligible") != 0


@checked
def offered_tips(
    reader: stripe.terminal.Reader, currency: str, *, client: stripe.StripeClient | None = None
) -> dict[str, Any]:
    """The rules of the tips that a reader offers while it asks for a payment, or {} when it asks for none, as
    `tipping_rules` has them."""
    return tipping_rules(reader, currency, client=client) if may_ask_for_tip(reader) else {}


@checked
def tip_of(payment: stripe.PaymentIntent) -> int | None:
    """The tip that is part of the payment's amount, in the smallest unit: 0 when the customer gave none, None
    when no reader asked for one."""
    tip = getattr(getattr(payment, "amount_details", None), "tip", None)
    return getattr(tip, "amount", None)
