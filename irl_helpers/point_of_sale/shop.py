"""What a shop needs beyond the four parts: a reader that takes tips, and orders on its screen."""

from __future__ import annotations

from collections.abc import Iterable

import stripe

from ..account import stripe_client
from ..cart import show_cart, shown_lines
from ..connect import list_readers
from ..recovery import payment_asked_for, payment_shown
from ..setup import own_location, own_simulated_reader
from ..tips import own_configuration, use_configuration
from .day import of_this_shop
from .order import CURRENCY, Order

NAME = "Corner Café"
COUNTER = "Café counter"
UNFINISHED = ("requires_payment_method", "requires_capture")
"""A payment's statuses while its sale goes on."""
TIPS = [100, 200, 300]
"""What the reader suggests, in the smallest unit."""


def open_shop(*, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader:
    """The reader on the café's counter, as it is; whatever it is doing goes on.

    What is missing is made first: the location, its Configuration with tips, the reader. Tips are offered at
    this location only. https://docs.stripe.com/terminal/features/collecting-tips/on-reader
    """
    client = client or stripe_client()
    location = own_location(NAME, client=client)
    if getattr(location, "configuration_overrides", None) is None:
        tips = own_configuration(f"{NAME}: tips", {CURRENCY: {"fixed_amounts": TIPS}}, client=client)
        use_configuration(location.id, tips.id, client=client)
    return own_simulated_reader("simulated-s700", location.id, COUNTER, client=client)


def reader_of_sale(payments: Iterable[stripe.PaymentIntent], reader_id: str | None) -> str | None:
    """The reader at which a till that is opened finds its sale: this one, or another one that shows one of
    these payments which the shop has not finished. A page that is loaded again goes on there."""
    unfinished = {each.id for each in payments if each.status in UNFINISHED and of_this_shop(each)}
    if not unfinished:
        return reader_id
    at = [each.id for each in list_readers() if payment_shown(each) in unfinished]
    return reader_id if reader_id in at or not at else at[0]


def show_order(
    reader_id: str, order: Order, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Reader:
    """Let the customer see the order; an empty one clears the screen. A reader that asks for a payment is
    left alone: look at `reader.action`.

    https://docs.stripe.com/api/terminal/readers/set_reader_display
    """
    client = client or stripe_client()
    readers = client.v1.terminal.readers
    reader = readers.retrieve(reader_id)
    if payment_asked_for(reader, client=client):
        return reader
    if not order:
        return readers.cancel_action(reader_id) if reader.action else reader
    return show_cart(reader_id, order.cart(), client=client)


def order_shown(reader: stripe.terminal.Reader) -> Order:
    """The order that a reader shows; an empty one for anything else."""
    lines = shown_lines(reader, CURRENCY)
    return Order.read(", ".join(f"{quantity} × {name}" for name, _, quantity in lines))
