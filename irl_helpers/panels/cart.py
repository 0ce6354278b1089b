"""The cart as a panel: a till at which the customer sees what is rung up."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as W

from ..account import call
from ..cancel import cancel_reader_action
from ..cart import Cart, Line, cart_of, show_cart, shown_lines
from ..money import format_amount
from .collect import CollectPanel
from .layout import field, row
from .till import Seen


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
        if lines:
            cart = self._cart(lines)
            await call(show_cart, self.reader.value, cart)
            self.say(f"The cart comes to {format_amount(cart['total'], 'usd')}.")
        else:
            await call(cancel_reader_action, self.reader.value)
            self.say("The cart is empty.")
