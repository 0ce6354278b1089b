"""What a shop asks of Stripe beside the four parts: a reader that takes tips, and orders on its screen."""

from __future__ import annotations

import stripe

from ..account import stripe_client
from ..recovery import payment_shown
from ..setup import create_once, own_location, own_simulated_reader
from .order import CURRENCY, Order

NAME = "Corner Café"
COUNTER = "Café counter"
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
        configuration = _own_configuration(f"{NAME}: tips", client)
        client.v1.terminal.locations.update(location.id, params={"configuration_overrides": configuration.id})
    return own_simulated_reader("simulated-s700", location.id, COUNTER, client=client)


def _own_configuration(name: str, client: stripe.StripeClient) -> stripe.terminal.Configuration:
    configurations = client.v1.terminal.configurations
    tips: stripe.params.terminal.ConfigurationCreateParamsTippingUsd = {"fixed_amounts": TIPS}
    return create_once(
        lambda: next((one for one in configurations.list({"limit": 100}).data if one.name == name), None),
        lambda options: configurations.create({"name": name, "tipping": {CURRENCY: tips}}, options),
        f"configuration {name}, {tips}",
    )


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
    if payment_shown(reader) is not None and reader.action.status == "in_progress":
        return reader
    if not order:
        return readers.cancel_action(reader_id) if reader.action else reader
    return readers.set_reader_display(reader_id, params={"type": "cart", "cart": order.cart()})


def order_shown(reader: stripe.terminal.Reader) -> Order:
    """The order that a reader shows; an empty one for anything else."""
    display = getattr(reader.action, "set_reader_display", None)
    lines = display.cart.line_items if display is not None and display.cart is not None else []
    return Order.read(", ".join(f"{line.quantity} × {line.description}" for line in lines))


def set_order(
    payment_intent_id: str, order: Order, *, client: stripe.StripeClient | None = None
) -> stripe.PaymentIntent:
    """Write an order into its payment: the amount, and as its description what was bought.

    Raises stripe.InvalidRequestError (`payment_intent_unexpected_state`) once it is paid.

    https://docs.stripe.com/api/payment_intents/update
    """
    client = client or stripe_client()
    return client.v1.payment_intents.update(
        payment_intent_id, params={"amount": order.total, "description": str(order)}
    )
