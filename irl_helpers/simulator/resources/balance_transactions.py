"""Balance transactions: every movement of the account's money. https://docs.stripe.com/api/balance_transactions

The balance is their sum. Each payment settles in its own currency.
"""

from __future__ import annotations

from .. import errors, fees, funds
from ..account import Account, Object
from ..ids import PREFIXES
from ..later_cards import after
from ..paging import list_object, page
from . import stripe_accounts

KIND = "balance_transaction"
SETTLES_AFTER = 3
"""Seconds from an asynchronous capture to its transaction."""
# `type` where it is not the reporting category.
_TYPES = {"dispute": "adjustment", "dispute_reversal": "adjustment"}


def _add(
    account: Account,
    category: str,
    source: Object,
    amount: int,
    description: str | None,
    available_on: int,
    fee: int = 0,
    fee_for: str = "Stripe processing fees",
) -> Object:
    """A movement of `amount`, less its fee; negative when money leaves."""
    details = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": fee_for,
        "type": "stripe_fee",
    }
    transaction = account.add(
        "txn",
        KIND,
        amount=amount,
        available_on=available_on,
        balance_type="payments",
        created=account.now,
        currency=source["currency"],
        description=description,
        exchange_rate=None,
        fee=fee,
        fee_details=[details] if fee else [],
        net=amount - fee,
        reporting_category=category,
        source=source["id"],
        status="pending" if available_on > account.now else "available",
        type=_TYPES.get(category, category),
    )
    funds.move(account, source["currency"], available_on, amount - fee)
    return transaction


def of_charge(account: Account, charge: Object, amount: int) -> None:
    """`amount` of a charge has been taken; its fee is that of the amount captured."""
    known = charge["payment_method_details"]
    card = known[known["type"]]
    kind = "typed_in" if card.get("moto") else known["type"]
    home = stripe_accounts.country(account)
    fee = fees.of_payment(charge["amount_captured"], charge["currency"], kind, card["country"], home)
    day = account.now if after(card).available_at_once else fees.available_on(account.now, home)
    made = _add(account, "charge", charge, amount, charge["description"], day, fee)
    charge["balance_transaction"] = made["id"]
    account.save(charge)


def settle(account: Account, charge: Object) -> None:
    """An asynchronous capture is through. The event is sent."""
    of_charge(account, charge, charge["amount_captured"])
    account.emit("charge.updated", charge, {"balance_transaction": None})


def of_refund(account: Account, refund: Object, charge: Object) -> None:
    """Money goes back, out of the payment's own while that is still on its way; the fee is kept."""
    made = _add(
        account,
        "refund",
        refund,
        -refund["amount"],
        _about("REFUND FOR CHARGE", charge),
        _day_of(account, charge),
    )
    refund["balance_transaction"] = made["id"]


def of_failed_refund(account: Account, refund: Object, charge: Object) -> str:
    """The money of a refund is back; the transaction's id."""
    day = _day_of(account, charge)
    made = _add(account, "refund_failure", refund, refund["amount"], _about("REFUND FAILURE", charge), day)
    id: str = made["id"]
    return id


def of_withdrawal(account: Account, dispute: Object) -> str:
    """A chargeback takes the payment back, and costs a fee; the transaction's id."""
    made = _add(
        account,
        "dispute",
        dispute,
        -dispute["amount"],
        f"Chargeback withdrawal for {dispute['charge']}",
        account.now,
        fees.of_dispute(dispute["currency"]),
        "Dispute fee",
    )
    id: str = made["id"]
    return id


def of_reversal(account: Account, dispute: Object) -> str:
    """A dispute is won: the payment is back, and the fee is not; the transaction's id."""
    text = f"Chargeback reversal for {dispute['charge']}"
    made = _add(account, "dispute_reversal", dispute, dispute["amount"], text, account.now)
    id: str = made["id"]
    return id


def _about(what: str, charge: Object) -> str:
    return f"{what} ({charge['description']})" if charge["description"] else what


def _day_of(account: Account, charge: Object) -> int:
    """When what is taken from a charge's money leaves the balance: not before that is there."""
    settled = account.find(charge["balance_transaction"] or "")
    day = (
        settled["available_on"]
        if settled
        else fees.available_on(account.now, stripe_accounts.country(account))
    )
    return max(int(day), account.now)


def view(account: Account, transaction: Object) -> Object:
    """It becomes available by itself, when its day has come."""
    if transaction["status"] == "pending" and transaction["available_on"] <= account.now:
        return {**transaction, "status": "available"}
    return transaction


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "id", in_path=True)


def list(account: Account, params: Object) -> Object:
    """Newest first. A dispute is not the `source` of any, as far as this filter knows."""
    if payout := params.get("payout"):
        raise errors.no_such("payout", payout, "payout")
    url = "/v1/balance_transactions"
    if params.get("source", "").startswith(PREFIXES["dispute"] + "_"):
        return list_object(url, [])
    return page(account, KIND, url, params, ("source", "type", "currency"))
