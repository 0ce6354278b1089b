"""Exercise: show the customer what is being rung up, before the reader asks for the money.

A cart is only shown: the reader adds nothing up, and what is charged is the amount of the PaymentIntent.
https://docs.stripe.com/terminal/features/display
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import ipywidgets as W
import stripe

from .account import call, stripe_client
from .collect import CollectPanel
from .money import format_amount
from .panels.layout import field, row
from .panels.till import Seen

Cart = stripe.params.terminal.ReaderSetReaderDisplayParamsCart
Line = tuple[str, int, int]
"""What it is, the amount of the whole line in the smallest unit, how many."""


def cart_of(lines: Iterable[Line], tax: int = 0, currency: str = "usd") -> Cart:
    """The cart with these lines: `{"currency", "line_items", "tax", "total"}`, the total added up.

    `tax` is in the smallest unit, as are the lines' amounts. Raises TypeError for an amount that is not an
    int: Stripe takes 4.5 without a word, and the customer sees no cart at all.
    """
    lines = list(lines)
    amounts = [amount for _, amount, _ in lines]
    for amount in (*amounts, tax):
        format_amount(amount, currency)  # refuses all but an int
    return {
        "currency": currency,
        "line_items": [
            {"description": description, "amount": amount, "quantity": quantity}
            for description, amount, quantity in lines
        ],
        "tax": tax,
        "total": sum(amounts) + tax,
    }


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


def shown_lines(reader: stripe.terminal.Reader, currency: str = "usd") -> list[Line]:
    """The lines that the customer sees now; none when the reader shows something else, or a cart that it
    cannot show because an amount is no int."""
    action = reader.action
    cart = action.set_reader_display.cart if action and action.type == "set_reader_display" else None
    if cart is None or cart.currency != currency:
        return []
    lines = [(item.description, item.amount, item.quantity) for item in cart.line_items]
    whole = all(
        isinstance(amount, int) for amount in (*(line[1] for line in lines), cart.tax or 0, cart.total)
    )
    return lines if whole else []


class CartPanel(CollectPanel):
    """A till that rings things up: the customer sees each of them, and then pays the total.

    `goods` is what can be added; the buttons `add` and `take_back` change the cart, `process` asks for its
    total. The cart is read from the reader, so that it is what the customer sees.
    """

    STATES: ClassVar[dict[str, str]] = {
        **CollectPanel.STATES,
        "ready": "nothing is rung up yet",
        "cart": "the customer sees the cart",
    }
    TONES: ClassVar[dict[str, str]] = {**CollectPanel.TONES, "cart": "wait"}

    GOODS: ClassVar[dict[str, int]] = {"Latte": 450, "Croissant": 380, "Cheesecake": 620, "Orange juice": 410}
    """Names and prices in cents."""

    TAX_PERCENT = 8

    def arrange(self, *controls: W.Widget) -> None:
        goods = [(f"{name}, {format_amount(price, 'usd')}", name) for name, price in self.GOODS.items()]
        self.goods = field(W.Dropdown, "Goods", options=goods)
        self.add = self.button("Add", self._add, again=True)
        self.take_back = self.button("Take back the last", self._take_back, again=True)
        self.amount.description = "Total"
        super().arrange(controls[0], row(self.goods, self.add, self.take_back), *controls[1:])

    @property
    def lines(self) -> list[Line]:
        return shown_lines(self.current_reader) if self.current_reader else []

    def show(self, seen: Seen) -> None:
        super().show(seen)
        if self.state == "ready" and self.lines:
            self.state = "cart"
        waiting = self.state in ("ready", "cart")
        online = self.current_reader is not None and self.current_reader.status != "offline"
        self.enable(add=waiting and online, take_back=self.state == "cart")
        if waiting:
            self.enable(process=self.state == "cart" and online)
            self.amount.value = (
                format_amount(self._cart(self.lines)["total"], "usd") if self.state == "cart" else ""
            )
        self.amount.disabled = True

    def _cart(self, lines: list[Line]) -> Cart:
        """The cart of these lines, its tax rounded to whole cents; half a cent goes up."""
        net = sum(amount for _, amount, _ in lines)
        return cart_of(lines, (net * self.TAX_PERCENT + 50) // 100)

    async def _add(self) -> None:
        name, price = self.goods.value, self.GOODS[self.goods.value]
        lines = {description: (amount, quantity) for description, amount, quantity in self.lines}
        amount, quantity = lines.get(name, (0, 0))
        lines[name] = (amount + price, quantity + 1)
        await self._show_lines([(description, *line) for description, line in lines.items()])

    async def _take_back(self) -> None:
        await self._show_lines(self.lines[:-1])

    async def _show_lines(self, lines: list[Line]) -> None:
        from .cancel import cancel_reader_action  # part 4 builds on part 3, as this does

        if lines:
            cart = self._cart(lines)
            await call(show_cart, self.reader.value, cart)
            self.say(f"The cart comes to {format_amount(cart['total'], 'usd')}.")
        else:
            await call(cancel_reader_action, self.reader.value)
            self.say("The cart is empty.")
