"""Which types of PaymentMethods an intent takes: `card`, `card_present`, `interac_present` and others."""

from __future__ import annotations

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
    fit = [type for type in types if type not in unfit]
    if not fit or (len(fit) < len(types) and not allowed):
        type = next(type for type in types if type in unfit)
        raise errors.invalid(f"{type} cannot be used: {unfit[type]}", given[0])
    return allowed or None, fit
