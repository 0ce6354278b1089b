"""What several checks say about a payment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import stripe

from ..money import format_amount
from .account_contents import AccountContents
from .result import Claim, Point, free_of, judge


def payment_of(
    account: AccountContents,
    amount: int,
    claims: Sequence[Claim[stripe.PaymentIntent]],
    hint: str,
    *,
    before: int | None = None,
    change: str = "",
    at_the_reader: Callable[[], str] = lambda: "",
) -> tuple[stripe.PaymentIntent | None, list[Point]]:
    """The payment of `amount`, in cents, that fulfils most claims, and the points, as `judge` has them.

    Where there is none, it says which one there is instead: what was paid `at_the_reader` of the task; one of
    the amount `before` the task changes it, with what makes the `change`; one with a slip of the pen in its
    amount. Only where there is nothing of the kind, "there is none yet" and the `hint`.
    """

    def where() -> str:
        if other := at_the_reader():
            return other
        found = _meant(account, amount, before)
        if found is None:
            return f"there is none yet: {hint}"
        stands = _STANDS.get(found.status, f"its status {found.status}")
        do = (change or hint) if found.amount == before else f"it should be {format_amount(amount, 'usd')}"
        if found.status != "requires_payment_method":
            do += ". For this one it is too late: begin again"
        return f"there is one of {format_amount(found.amount, found.currency)}, {stands}: {do}"

    return judge(f"a payment of {format_amount(amount, 'usd')}", where, account.payments(amount), claims)


def _meant(account: AccountContents, amount: int, before: int | None) -> stripe.PaymentIntent | None:
    """The newest payment of the amount before, else one with the amount's digits in another order, with more
    or fewer noughts, or in another currency; one that was given up was not meant."""
    slip = None
    for each in account.newest_payments:
        if each.status == "canceled":
            continue
        if (each.amount, each.currency) == (before, "usd"):
            return each
        if slip is None and _digits(each.amount) == _digits(amount):
            slip = each
    return slip


def _digits(amount: int) -> list[str]:
    return sorted(str(amount).replace("0", ""))


_STANDS = {
    "requires_payment_method": "not paid yet",
    "requires_capture": "held",
    "succeeded": "captured",
}


def captured(amount: int) -> Claim[stripe.PaymentIntent]:
    """The money was taken, `amount` in the smallest unit."""

    def trouble(payment: stripe.PaymentIntent) -> str:
        if payment.status != "succeeded":
            return _UNPAID.get(payment.status, f"its status is {payment.status}")
        if payment.amount_received != amount:
            received = format_amount(payment.amount_received, payment.currency)
            return f"only {received} of it, and the rest was released for good: begin again"
        return ""

    return "captured", trouble


_UNPAID = {
    "requires_capture": "the bank holds the money, and you do not have it yet: what takes it?",
    "requires_payment_method": "nothing was paid: a reader asks for it, and then a card is presented",
    "canceled": "it was canceled and cannot be paid any more: begin again",
}


def no_hold_left(account: AccountContents, payment: stripe.PaymentIntent | None, *amounts: int) -> Point:
    """No payment of these amounts waits to be captured; not said while there is no `payment` at all."""
    found = (each for amount in amounts for each in account.payments(amount))
    held = next((each for each in found if each.status == "requires_capture"), None)
    trouble = ""
    if held is not None:
        shown = format_amount(held.amount, held.currency)
        trouble = (
            f"{shown} of somebody's money is on hold, and payment_intents.list finds it: take or release it"
        )
    said = " or ".join(format_amount(amount, "usd") for amount in amounts)
    return free_of(f"no authorization of {said} left uncaptured", payment, trouble)
