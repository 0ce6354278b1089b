"""`outcome` of a charge: what the network and Stripe made of it. https://docs.stripe.com/declines"""

from __future__ import annotations

from typing import Any, NamedTuple

from .declines import Verdict


class Risk(NamedTuple):
    """What Stripe thinks of a payment: `score` from 0 to 100. What follows says how it then treats it."""

    level: str
    score: int | None
    reason: str | None = None
    seller_message: str = "Payment complete."
    type: str = "authorized"


RISKS = {
    "not_assessed": Risk("not_assessed", None),
    "normal": Risk("normal", 10),
    "elevated": Risk(
        "elevated",
        65,
        "elevated_risk_level",
        "Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue.",
        "manual_review",
    ),
    "highest": Risk("highest", 92),
    "blocked": Risk(
        "highest", 92, "highest_risk_level", "Stripe blocked this payment as too risky.", "blocked"
    ),
}


def outcome(verdict: Verdict) -> dict[str, Any]:
    """What a charge says about how it came about."""
    risk, decline = RISKS[verdict.risk], verdict.decline
    blocked = risk.type == "blocked"
    found: dict[str, Any] = {
        "advice_code": decline.advice_code if decline else None,
        "network_advice_code": decline.network_advice_code if decline else None,
        "network_decline_code": decline.network_decline_code if decline else None,
        "network_status": "approved_by_network",
        "reason": risk.reason,
        "risk_level": risk.level,
        "seller_message": risk.seller_message,
        "type": risk.type,
    }
    if risk.score is not None:
        found["risk_score"] = risk.score
    if blocked:
        found |= {"network_status": "not_sent_to_network", "rule": "block_if_high_risk"}
    elif decline:
        reason = decline.decline_code or decline.code
        found |= {
            "network_status": "declined_by_network",
            "reason": reason,
            "seller_message": (
                "The bank did not return any further details with this decline."
                if reason == "generic_decline"
                else f"The bank returned the decline code `{reason}`."
            ),
            "type": "issuer_declined",
        }
    return found
