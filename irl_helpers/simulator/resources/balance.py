"""The balance: what is there to be paid out, and what is still on its way. https://docs.stripe.com/api/balance"""

from __future__ import annotations

from .. import funds
from ..account import Account, Object
from .stripe_accounts import own

KIND = "balance"


def retrieve(account: Account, params: Object) -> Object:
    sums = funds.sums(account) or [(own(account)["default_currency"], 0, 0)]
    return {
        "object": "balance",
        "available": [_amount(currency, available) for currency, available, _ in sums],
        "livemode": False,
        "pending": [_amount(currency, pending) for currency, _, pending in sums],
    }


def _amount(currency: str, amount: int) -> Object:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}
