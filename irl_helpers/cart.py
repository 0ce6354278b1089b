"""Exercise: show the customer what is being rung up, before the reader asks for the money.

A cart is only shown: the reader adds nothing up, and the customer pays the amount of the PaymentIntent.
https://docs.stripe.com/terminal/features/display
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import stripe

from .account import stripe_client
from .arguments import checked
from .money import format_amount
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

Cart = stripe.params.terminal.ReaderSetReaderDisplayParamsCart
Line = tuple[str, int, int]
"""What it is, the amount of the whole line in the smallest unit, how many."""


@checked
def cart_of(lines: Iterable[Line], tax: int = 0, currency: str = "usd") -> Cart:
    """The cart with these lines: `{"currency", "line_items", "tax", "total"}`, the total added up.

    `tax` is in the smallest unit, as are the lines' amounts. Raises TypeError for an amount that is not an
    int: Stripe silently accepts 4.5, and the customer sees no cart at all.
    """
    lines = list(lines)
    amounts = [amount for _, amount, _ in lines]
    for amount in (*amounts, tax):
        format_amount(amount, currency)  # refuses anything but an int
    return {
        "currency": currency,
        "line_items": [
            {"description": description, "amount": amount, "quantity": quantity}
            for description, amount, quantity in lines
        ],
        "tax": tax,
        "total": sum(amounts) + tax,
    }


@checked
def tax_on(net: int, percent: int) -> int:
    """The tax on a net amount, both in the smallest unit; half a unit goes up."""
    return (net * percent + 50) // 100


@checked
def show_cart(
    reader_id: str, cart: Cart, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Reader:
    """Put a cart on the screen, in place of what was there: `reader.action.type` is "set_reader_display".

    To change it, show the whole cart again. It stays until the next command, and no event is sent. Raises
    stripe.InvalidRequestError (`terminal_reader_busy`, `terminal_reader_offline`, `terminal_reader_timeout`).

    https://docs.stripe.com/api/terminal/readers/set_reader_display
    """
    client = client or stripe_client()
    return client.v1.terminal.readers.set_reader_display(reader_id, params={"type": "cart", "cart": cart})


@checked
def shown_lines(reader: stripe.terminal.Reader, currency: str = "usd") -> list[Line]:
    """The lines that the customer sees now; none when the reader shows something else, or a cart that it
    cannot show because an amount is not an int."""
    action = reader.action
    display = getattr(action, "set_reader_display", None)
    cart = display.cart if display is not None else None
    if cart is None or cart.currency != currency:
        return []
    lines = [(item.description, item.amount, item.quantity) for item in cart.line_items]
    whole = all(
        isinstance(amount, int) for amount in (*(line[1] for line in lines), cart.tax or 0, cart.total)
    )
    return lines if whole else []
