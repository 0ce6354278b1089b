"""A receipt, from what the account has of a payment.

What a receipt must show is in the card's `receipt`:
https://docs.stripe.com/terminal/features/receipts#prebuilt
"""

from __future__ import annotations

from datetime import datetime
from html import escape

import stripe

from ..money import format_amount
from ..tips import tip_of
from .day import card_of, charge_of, failed_refunds, outcome, refunded
from .order import PRODUCTS, Order


def receipt(payment: stripe.PaymentIntent, shop: str) -> str:
    """The receipt as html. `payment` is one of `payments_of_the_day`; `shop` is the shop's name."""
    lines = [*_bought(payment), ("Total", payment.amount, True)]
    if payment.status == "succeeded" and payment.amount_received != payment.amount:
        lines.append(("Captured", payment.amount_received, True))
    if back := refunded(payment):
        lines.append(("Refunded", -back, True))
    rows = "".join(
        f"<tr{' class=irl-strong' if strong else ''}><th scope=row>{escape(name)}</th>"
        f"<td>{format_amount(amount, payment.currency)}</td></tr>"
        for name, amount, strong in lines
    )
    made = datetime.fromtimestamp(payment.created)
    failed = [
        f"Refund of {format_amount(each.amount, each.currency)} failed" for each in failed_refunds(payment)
    ]
    facts = "".join(f"<div>{escape(fact)}</div>" for fact in [*failed, *_card_facts(payment)])
    return (
        f'<div class="irl-receipt"><h3>{escape(shop)}</h3><div>{made.day} {made:%B %Y, %H:%M}</div>'
        f"<table>{rows}</table><div><b>{outcome(payment)}</b></div>{facts}<div>{escape(payment.id)}</div></div>"
    )


def _bought(payment: stripe.PaymentIntent) -> list[tuple[str, int, bool]]:
    """(what, amount, whether it is a sum); of a payment that was not made here nothing."""
    order, tip = Order.read(payment.description), tip_of(payment) or 0
    if order.total != payment.amount - tip:
        return [("Tip", tip, False)] if tip else []
    lines = [
        (f"{count} × {name}", PRODUCTS[name].price * count, False) for name, count in order.counts.items()
    ]
    return [*lines, ("Tax", order.tax, False), *([("Tip", tip, False)] if tip else [])]


def _card_facts(payment: stripe.PaymentIntent) -> list[str]:
    """What the card networks ask for: the card, how it was read, and the chip's own words."""
    charge = charge_of(payment)
    card = getattr(charge.payment_method_details, "card_present", None) if charge is not None else None
    facts = [card_of(payment)]
    if card is not None and card.receipt is not None:
        chip = card.receipt
        facts.append(f"Application: {chip.application_preferred_name} · {chip.dedicated_file_name}")
        facts += [f"Authorization code: {code}" for code in [chip.authorization_code] if code]
    return [fact for fact in facts if fact]
