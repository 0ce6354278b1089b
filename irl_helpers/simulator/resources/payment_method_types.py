"""Which types of PaymentMethods an intent takes: `card`, `card_present`, `interac_present` and others."""

from __future__ import annotations

from functools import cache
from typing import get_args

import stripe

from .. import errors
from ..account import Object

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


@cache
def _known() -> frozenset[str]:
    """The types that there are, as the library lists them."""
    words = (get_args(part) for part in get_args(stripe.PaymentMethod.__annotations__["type"]))
    return frozenset(word for part in words for word in part)
