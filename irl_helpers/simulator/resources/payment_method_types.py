"""Which types of PaymentMethods an intent takes: `card`, `card_present`, `interac_present` and others."""

from __future__ import annotations

from functools import cache
from typing import get_args

import stripe

from .. import errors
from ..account import Account, Object
from ..versions import AUTOMATIC_SINCE

Types = list[str]
_PARAMETERS = ("allowed_payment_method_types", "payment_method_types", "automatic_payment_methods")


def chosen(params: Object, unfit: dict[str, str]) -> tuple[Types | None, Types]:
    """(allowed_payment_method_types, payment_method_types) as the parameters have it; `card` by default.

    `unfit` says of types why this intent cannot have them. Types that are merely allowed are then silently
    left out. Raises StripeError where nothing remains, or where the types were asked for in the older way.
    """
    given = [name for name in _PARAMETERS if params.get(name)]
    if len(given) > 1:
        raise errors.invalid(f"You may only specify one of these parameters: {', '.join(given)}.", given[0])
    allowed = params.get("allowed_payment_method_types")
    types = allowed or params.get("payment_method_types") or ["card"]
    if unknown := [type for type in types if type not in _known()]:
        raise errors.invalid(
            f'The payment method type "{unknown[0][:60]}" is invalid. Please ensure the provided type is '
            "activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your "
            "account is enabled for any preview features that you are trying to use. See "
            "https://stripe.com/docs/payments/payment-methods/integration-options for supported payment "
            "method, currency, and country combinations.",
            given[0],
            "payment_intent_invalid_parameter",
        )
    fit = [type for type in types if type not in unfit]
    if not fit or (len(fit) < len(types) and not allowed):
        type = next(type for type in types if type in unfit)
        raise errors.invalid(f"{type} cannot be used: {unfit[type]}", given[0])
    return allowed or None, fit


def automatic(account: Account, params: Object) -> Object | None:
    """`automatic_payment_methods` of an intent: those of the Dashboard are on where no types are named."""
    given = params.get("automatic_payment_methods")
    if given is None and (account.version < AUTOMATIC_SINCE or any(params.get(name) for name in _PARAMETERS)):
        return None
    given = given or {"enabled": True}
    return {"allow_redirects": given.get("allow_redirects", "always"), "enabled": given["enabled"]}


def configuration(account: Account, params: Object) -> Object | None:
    """`payment_method_configuration_details`: where the Dashboard keeps what is on."""
    found = automatic(account, params)
    return {"id": f"pmc_{account.key[:24]}", "parent": None} if found and found["enabled"] else None


def check_return(intent: Object, params: Object) -> None:
    """Raises StripeError where the customer may be sent to another page and nothing says how to come back."""
    found = intent["automatic_payment_methods"] or {}
    if not found.get("enabled") or found["allow_redirects"] == "never" or "return_url" in params:
        return
    name = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}[intent["object"]]
    raise errors.StripeError(
        f"This {name} is configured to accept payment methods enabled in your Dashboard. Because some "
        "of these payment methods might redirect your customer off of your page, you must provide a "
        "`return_url`. If you don't want to accept redirect-based payment methods, set "
        "`automatic_payment_methods[enabled]` to `true` and "
        "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
        "Payment Intents."
    )


@cache
def _known() -> frozenset[str]:
    """The types that there are, as the library lists them."""
    words = (get_args(part) for part in get_args(stripe.PaymentMethod.__annotations__["type"]))
    return frozenset(word for part in words for word in part)
