"""Test cards whose payments succeed, and have consequences later: a dispute, or a refund of another kind.

https://docs.stripe.com/testing#disputes and https://docs.stripe.com/testing#refunds
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .cards import Card, fingerprint


class Case(NamedTuple):
    """A dispute as the bank opens it."""

    reason: str = "fraudulent"
    type: str = "chargeback"
    network_reason_code: str | None = "10.4"
    enhanced: str = ""


class Later(NamedTuple):
    """`name` is what follows `pm_card_`; `refund` is what a refund to this card does."""

    name: str
    disputes: tuple[Case, ...] = ()
    refund: str = "succeeds"
    brand: str = "visa"
    country: str = "US"
    available_at_once: bool = False


_FRAUD = Case()
LATER: dict[str, Later] = {
    "4000000000000259": Later("createDispute", (_FRAUD,)),
    "4000000000002685": Later(
        "createDisputeProductNotReceived", (Case("product_not_received", network_reason_code="13.1"),)
    ),
    "4000000000001976": Later("createDisputeInquiry", (Case(type="inquiry", network_reason_code="10"),)),
    # A warning from the card's network, and no dispute: such warnings are not made here.
    "4000000000005423": Later("createIssuerFraudRecord"),
    "4000000404000079": Later("createMultipleDisputes", (_FRAUD, _FRAUD)),
    "4000000404000038": Later("createCe3EligibleDispute", (Case(enhanced="visa_compelling_evidence_3"),)),
    "4000008400000779": Later(
        "createComplianceDispute", (Case("noncompliant", "compliance", None, "visa_compliance"),)
    ),
    "5105008400000002": Later(
        "createMastercardComplianceDispute",
        (Case("noncompliant", "compliance", None, "mastercard_compliance"),),
        brand="mastercard",
    ),
    # Programs in which no account is enrolled here, so that the dispute comes.
    "4000000001000043": Later("createAutoRepresentmentEligibleDispute", (_FRAUD,)),
    "4000000404004816": Later("createRapidDisputeResolutionDispute", (_FRAUD,)),
    "4000000404005649": Later("createCe3BlockDispute", (_FRAUD,)),
    "5105000300000018": Later("createEthocaAlert", (Case(network_reason_code="4837"),), brand="mastercard"),
    "4000000000007726": Later("pendingRefund", refund="waits"),
    "4000000000005126": Later("refundFail", refund="fails"),
    "4000000000000077": Later("bypassPending", available_at_once=True),
    "4000003720000278": Later("bypassPendingInternational", country="IE", available_at_once=True),
}

CARDS_LATER = {
    number: Card(number, later.name, later.brand, country=later.country) for number, later in LATER.items()
}
TOKENS_LATER = {f"pm_card_{later.name}": number for number, later in LATER.items()}
_BY_FINGERPRINT = {fingerprint(card): LATER[number] for number, card in CARDS_LATER.items()}
_NOTHING = Later("")


def after(details: dict[str, Any]) -> Later:
    """What follows a payment, by what its charge says of the card."""
    return _BY_FINGERPRINT.get(details.get("fingerprint", ""), _NOTHING)
