"""API versions, and the parameters that only some of them have.

The installed library knows the newest schema. This table adds what older versions still accept and takes
away what they did not have yet. `version_steps` does the same for answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import stripe

from .errors import StripeError

NEWEST: str = stripe.api_version
# Before these, versions were dates alone.
NAMED_SINCE = "2024-09-30"
# Before this one, `expand[]=total_count` worked on lists too.
COUNTED_UNTIL = "2025-03-31"
# From these on: cards are saved with `allow_redisplay` instead of the customer's consent, payments are
# captured asynchronously unless told otherwise, and take what the Dashboard allows unless they name types.
REDISPLAY_SINCE, ASYNC_SINCE, AUTOMATIC_SINCE = "2024-09-30", "2024-04-10", "2023-08-16"
# A version may be followed by what else its account was given: "2024-04-10; terminal_collect_inputs_beta=v1".
_FORM = re.compile(r"(\d{4}-\d{2}-\d{2}(?:\.[a-z]+)?)(?:;\s*\w+=\w+)*")


class Parameter(NamedTuple):
    """`name` of `params` exists `since` a version and `until` another, which refuses it with `code`."""

    params: str
    name: str
    type: Any
    since: str
    until: str
    code: str | None
    source: str


_INTENTS = [
    "PaymentIntentCreateParams",
    "PaymentIntentUpdateParams",
    "PaymentIntentConfirmParams",
    "SetupIntentCreateParams",
    "SetupIntentUpdateParams",
]
_ALWAYS = "9999"
_CART = "ReaderSetReaderDisplayParamsCart"

OVERLAY = [
    *(
        Parameter(
            params,
            "payment_method_types",
            list[str],
            "",
            "2026-09-30",
            "payment_method_types_no_longer_supported",
            "changelog endive/2026-09-30",
        )
        for params in _INTENTS
    ),
    *(
        Parameter(
            params,
            "allowed_payment_method_types",
            None,
            "2026-07-29",
            _ALWAYS,
            None,
            "changelog dahlia/2026-07-29",
        )
        for params in _INTENTS
    ),
    *(
        Parameter(
            "ReaderProcessSetupIntentParams", name, type, since, until, None, "changelog acacia/2024-09-30"
        )
        for name, type, since, until in (
            ("customer_consent_collected", bool, "", REDISPLAY_SINCE),
            ("allow_redisplay", None, REDISPLAY_SINCE, _ALWAYS),
        )
    ),
    # Documented, and not in the library: an account has to ask Stripe for it.
    *(
        Parameter(
            f"Reader{name}ParamsProcessConfig", "moto", bool, "", _ALWAYS, None, "mail-telephone-orders"
        )
        for name in ("ProcessPaymentIntent", "ProcessSetupIntent")
    ),
    # Not a matter of versions: the API silently takes a fraction here (stripe-node#1692).
    *(
        Parameter(params, name, float, "", _ALWAYS, None, "observed")
        for params, name in [(_CART, "tax"), (_CART, "total"), (_CART + "LineItem", "amount")]
    ),
]
MESSAGES = {
    "payment_method_types_no_longer_supported": (
        "The payment_method_types parameter is no longer supported. Use allowed_payment_method_types instead."
    )
}


def check_version(version: str) -> str:
    """The version in a header, without what follows it. Raises StripeError, 400, for one that never was.

    One that is newer than the installed library counts as the library's.
    """
    if version == NEWEST:
        return version
    found = _FORM.fullmatch(version)
    if not found or (version[:10] < NEWEST[:10] and version[:10] not in _dates()):
        raise StripeError(f"Invalid Stripe API version: {version[:60]}")
    return found[1]


def version_headers(version: str) -> dict[str, str]:
    """What the headers of an answer say of its version: its name, and of an old one that it is old."""
    headers = {"Stripe-Version": version}
    if version < NAMED_SINCE:
        headers["Stripe-Notice"] = (
            f"You are using an outdated API version ({version}). We recommend upgrading to the latest API "
            f"version, {NEWEST}. See https://docs.stripe.com/upgrades"
        )
    return headers


@cache
def _dates() -> frozenset[str]:
    """Of all versions that there were, as the library lists them."""
    # Only now: the package is large, and those who ask for the newest version do without.
    from stripe.params import WebhookEndpointCreateParams

    annotation = WebhookEndpointCreateParams.__annotations__["api_version"]
    return frozenset(re.findall(r"\d{4}-\d{2}-\d{2}", str(annotation)))


@cache
def overlay(params: str, version: str) -> tuple[dict[str, Any], dict[str, str | None]]:
    """(parameters that this version has in addition to or instead of the schema's, those that it lacks)."""
    date = version[:10]
    added: dict[str, Any] = {}
    removed: dict[str, str | None] = {}
    for row in OVERLAY:
        if row.params != params:
            continue
        if row.since <= date < row.until:
            if row.type is not None:
                added[row.name] = row.type
        else:
            removed[row.name] = row.code if date >= row.until else None
    return added, removed
