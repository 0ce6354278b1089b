"""Cards whose bank wants to hear from the cardholder (3D Secure), and when it does.

https://docs.stripe.com/testing#regulatory-cards
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .cards import Card
from .declines import Decline, decline
from .ids import random_text

# When a card's bank asks.
ALWAYS, UNLESS_SET_UP, ON_SESSION, ON_REQUEST, NEVER = (
    "always",
    "unless set up",
    "on session",
    "on request",
    "",
)


class Asks(NamedTuple):
    """`when` the bank asks, and why it declines once it knows (None: it approves)."""

    when: str
    then: str | None = None


# number, name, country, when its bank asks, why it declines then
_ROWS = [
    ("4000002500003155", "authenticationRequiredOnSetup", "FR", UNLESS_SET_UP, None),
    ("4000002760003184", "authenticationRequired", "DE", ALWAYS, None),
    ("4000003800000446", "authenticationRequiredSetupForOffSession", "IT", ON_SESSION, None),
    (
        "4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds", "GB", UNLESS_SET_UP,
        "insufficient_funds",
    ),
    ("4000000000003220", "threeDSecure2Required", "IE", ALWAYS, None),
    ("4000000000003063", "threeDSecureRequired", "US", ALWAYS, None),
    ("4000008400001629", "threeDSecureRequiredChargeDeclined", "US", ALWAYS, "generic_decline"),
    # Its bank cannot be asked.
    ("4000008400001280", "threeDSecureRequiredProcessingError", "US", NEVER, "generic_decline"),
    ("4000000000003055", "threeDSecureOptional", "US", ON_REQUEST, None),
    ("4000000000003097", "threeDSecureOptionalProcessingError", "US", NEVER, None),
]  # fmt: skip
_ASKS = {number: Asks(when, then) for number, _, _, when, then in _ROWS}
CARDS_ASKING = {number: Card(number, name, "visa", country=country) for number, name, country, *_ in _ROWS}
TOKENS_ASKING = {
    **{f"pm_card_{name}": number for number, name, *_ in _ROWS},
    "pm_card_amex_threeDSecureNotSupported": "378282246310005",
}
REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_HANDLED = Decline(
    "authentication_required",
    "authentication_not_handled",
    "This payment required an authentication action to complete, but `error_on_requires_action` was set. "
    "When you're ready, you can upgrade your integration to handle actions at "
    "https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
)
_UNKNOWN = Asks(NEVER)


def asks(card: Card, *, off_session: bool, requested: str, set_up: bool) -> bool:
    """Whether the cardholder must be asked; `requested` is the intent's `request_three_d_secure`, and
    `set_up` says that the card was once authenticated to be charged later."""
    when = _ASKS.get(card.number, _UNKNOWN).when
    return {
        ALWAYS: True,
        UNLESS_SET_UP: not (off_session and set_up),
        ON_SESSION: not off_session,
        ON_REQUEST: not off_session and requested in ("any", "challenge"),
        NEVER: False,
    }[when]


def declined(card: Card) -> Decline | None:
    """Why the bank declines although it has heard from the cardholder; None where this says nothing."""
    then = _ASKS.get(card.number, _UNKNOWN).then
    return decline(then) if then else None


def passed() -> dict[str, Any]:
    """`three_d_secure` of a charge whose cardholder was heard."""
    return {**passed_setup(), "exemption_indicator": None}


def passed_setup() -> dict[str, Any]:
    """The same of a SetupAttempt."""
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": random_text(32),
        "version": "2.2.0",
    }
