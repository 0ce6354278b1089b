"""PaymentMethods: the card that paid, and cards that are kept. https://docs.stripe.com/api/payment_methods"""

from __future__ import annotations

from ..account import Account, Object
from ..cards import Card, card_facts
from .charges import NO_BILLING

KIND = "payment_method"


def add_present(account: Account, card: Card, type: str, read_method: str) -> Object:
    """The PaymentMethod of a card at a reader: `card_present` or `interac_present`. Not chargeable online."""
    facts = card_facts(card)
    details = {
        **facts,
        "networks": {"available": [card.brand], "preferred": None},
        "read_method": read_method,
    }
    if type == "card_present":
        details["offline"] = None
    else:
        del details["brand_product"]
    return account.add(
        "pm",
        KIND,
        billing_details=dict(NO_BILLING),
        created=account.now,
        customer=None,
        customer_account=None,
        livemode=False,
        metadata={},
        type=type,
        **{type: details},
    )
