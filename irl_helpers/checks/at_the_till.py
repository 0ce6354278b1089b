"""The tasks of the notebooks about a whole till: the finished point of sale, and when it goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

import stripe

from ..account import changes
from ..tips import tip_of
from .account_contents import AccountContents
from .payment_claims import captured, no_hold_left, payment_of
from .reached import check
from .result import Point, Result, free_of, judge

# As a PaymentIntent's description lists them, in any order.
_FIRST = {"2 × Latte", "1 × Carrot cake"}
_SECOND = {"1 × Sandwich", "1 × Iced tea"}
_SANDWICH = 990  # with the tax
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


@check
def point_of_sale(account: AccountContents) -> Result:
    """Three customers at the café: a tip after a declined card, an order changed in flight, a refund."""

    def no_tip(payment: stripe.PaymentIntent) -> str:
        return (
            ""
            if tip_of(payment)
            else "there is no tip in it: sell it once more, and let the customer give one"
        )

    def no_decline(payment: stripe.PaymentIntent) -> str:
        tried = (each.outcome.reason for each in account.tries(payment) if each.outcome)
        if "insufficient_funds" in tried:
            return ""
        return "no card was declined for want of money: sell it once more, and take that card first"

    def not_refunded(payment: stripe.PaymentIntent) -> str:
        if payment.status != "succeeded":
            return "it was not captured yet"
        left = payment.amount_received - account.refunded(payment)
        return "the customer came back for all of it: the table of the day has the button" if left else ""

    def kept(payment: stripe.PaymentIntent) -> str:
        if payment.status != "succeeded":
            return "it was not captured yet"
        back = account.refunded(payment)
        return "money of it was given back, and another customer came for hers: sell it again" if back else ""

    def changed_elsewhere(payment: stripe.PaymentIntent) -> str:
        first = account.first_amount(payment)
        if first == _SANDWICH:
            return ""
        if first is None:
            return "Stripe forgets after 30 days what it was made for, so nobody can tell: do it once more"
        return "it was not begun as a sandwich alone: begin again, and change the order while the reader asks"

    _, points = judge(
        "a sale of two lattes and a carrot cake",
        lambda: _other_order(account, _FIRST, "tap the products, and then Charge"),
        _sales(account, _FIRST),
        [
            ("the first card did not have enough money on it", no_decline),
            ("with a tip", no_tip),
            ("all of it given back", not_refunded),
        ],
    )
    second, more = judge(
        "a sale of a sandwich and an iced tea",
        lambda: _other_order(account, _SECOND, "the tea comes while the reader asks for the sandwich"),
        _sales(account, _SECOND),
        [
            ("changed in flight, with one PaymentIntent", changed_elsewhere),
            ("paid", kept),
        ],
    )
    sales = (each for order in (_FIRST, _SECOND) for each in _sales(account, order))
    left = any(each.status in (*_OPEN, "requires_capture") for each in sales)
    trouble = "one of these is held or not paid: the table of the day has a button for it" if left else ""
    return Result(
        "The point of sale, three customers",
        [*points, *more, free_of("no sale like these left held or not paid", second, trouble)],
    )


@check
def when_it_goes_wrong(account: AccountContents) -> Result:
    """One pot of tea sold in bad weather: paid once, and nothing left behind."""

    def no_order(payment: stripe.PaymentIntent) -> str:
        if payment.metadata and "sale" in payment.metadata:
            return ""
        return "nothing in it names an order, so a second try would be a second payment: sell it once more"

    payment, points = payment_of(
        account,
        3190,
        [("made for one order, whatever happens on the way", no_order), captured(3190)],
        "let the weather turn bad, and sell",
    )
    left = any(each.status in _OPEN for each in account.payments(3190))
    now = changes() if account.own else None
    faults = "some are on: faults.clear() ends them" if now and now.faults else ""
    calm: list[Point] = [free_of("no fault left on", payment, faults)] if account.own else []
    return Result(
        "When it goes wrong, a sale in bad weather",
        [
            *points,
            no_hold_left(account, payment, 3190),
            free_of(
                "no payment of $31.90 left open",
                payment,
                "one can still be paid by mistake: section 12 finds it" if left else "",
            ),
            *calm,
        ],
    )


def _sales(account: AccountContents, order: set[str]) -> Iterator[stripe.PaymentIntent]:
    """The payments whose description lists these products, newest first."""
    return (each for each in account.newest_payments if _order(each) == order)


def _other_order(account: AccountContents, order: set[str], hint: str) -> str:
    """What the newest sale lists that has some of these products, whatever their number."""
    products = _products(order)
    some = (_order(each) for each in account.newest_payments if each.status != "canceled")
    found = next((each for each in some if _products(each) & products), None)
    there = f", and one lists {', '.join(sorted(found))}" if found else ""
    return f"none lists exactly these{there}: {hint}"


def _order(payment: stripe.PaymentIntent) -> set[str]:
    return set((payment.description or "").split(", "))


def _products(order: set[str]) -> set[str]:
    """Their names alone: "Latte" of "2 × Latte"."""
    return {line.partition(" × ")[2] for line in order} - {""}
