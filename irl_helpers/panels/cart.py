"""The panel of the exercise about the cart: the customer sees each thing as it is rung up."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as W

from ..account import call
from ..cart import Cart, Line, cart_of, show_cart, shown_lines, tax_on
from ..money import format_amount
from ..sale import POSSIBLE, STATES, when
from .action import REFRESH, Action
from .layout import field, row
from .panel import Panel
from .till import NEXT, TONES, Till, TillSeen, payment_intent_id

TAX_PERCENT = 8


class CartPanel(Panel):
    """A till with a cart: the customer sees each item as it is added, and then pays the total.

    `goods` is what can be added; the buttons `add` and `take_back` put one more of it into the cart and take
    one out, `process` asks for the total. The cart is read from the reader: it is what the customer sees.
    """

    STATES: ClassVar[dict[str, str]] = {
        **STATES,
        "ready": "nothing is rung up yet",
        "cart": "the customer sees the cart",
    }
    TONES: ClassVar[dict[str, str]] = {**TONES, "cart": "wait"}
    NEXT = NEXT
    payment_intent_id = payment_intent_id
    ACTIONS = (
        Action("add", "Add", lambda panel: panel.ring_up(), when("ready", "cart", need="online"), again=True),
        Action("take_back", "Take one back", lambda panel: panel.undo(), when("cart"), again=True),
        Action(
            "process",
            "Process",
            lambda panel: panel.charge(),
            when("cart", "open", "declined", "failed", need="online"),
            "primary",
        ),
        Action("capture", "Capture", lambda panel: panel.till.capture(), POSSIBLE["capture"], "success"),
        Action(
            "cancel",
            "Cancel",
            lambda panel: panel.till.give_up(),
            {**POSSIBLE["give_up"], "cart": "showing"},
        ),
        Action("restart", "Restart", lambda panel: panel.till.restart(), POSSIBLE["restart"]),
        REFRESH,
    )

    GOODS: ClassVar[dict[str, int]] = {"Latte": 450, "Croissant": 380, "Cheesecake": 620, "Orange juice": 410}
    """Names and prices in cents."""

    def __init__(self) -> None:
        super().__init__()
        self.body = self.till = Till(self, "", "usd")
        goods = [(f"{name}, {format_amount(price, 'usd')}", name) for name, price in self.GOODS.items()]
        self.goods = field(W.Dropdown, "Goods", options=goods)
        self.till.amount.description, self.till.amount.placeholder = "Total", ""
        badge, reader, moved, *rest = self.till.controls("process", "capture", "cancel", "restart")
        buttons = [self.buttons[name] for name in ("add", "take_back")]
        self.arrange(badge, reader, moved, row(self.goods, *buttons), *rest)

    @property
    def lines(self) -> list[Line]:
        """What the customer sees now."""
        reader = self.till.sale.reader
        return shown_lines(reader) if reader is not None else []

    def show(self, seen: TillSeen) -> None:
        self.till.show(seen)
        if self.state == "ready" and self.lines:
            self.state = "cart"
            self.till.amount.value = format_amount(_cart(self.lines)["total"], "usd")
        elif self.state == "ready":
            self.till.amount.value = ""
        self.till.amount.disabled = True
        self.offer(self.till.sale.facts)

    async def ring_up(self) -> None:
        """One more of what is chosen."""
        await self._change(1)

    async def undo(self) -> None:
        """One less of it. Raises ValueError where there is none."""
        await self._change(-1)

    async def _change(self, by: int) -> None:
        name, price = self.goods.value, self.GOODS[self.goods.value]
        lines = {description: (amount, quantity) for description, amount, quantity in self.lines}
        amount, quantity = lines.get(name, (0, 0))
        if quantity + by < 0:
            raise ValueError(f"There is no {name} in the cart.")
        lines[name] = (amount + by * price, quantity + by)
        left = [(description, *line) for description, line in lines.items() if line[1]]
        await self._show_lines(left)

    async def charge(self) -> None:
        """Ask for the total; a payment that was asked for before keeps its amount."""
        intent = self.till.sale.intent
        await self.till.process(intent.amount if intent is not None else _cart(self.lines)["total"])

    async def _show_lines(self, lines: list[Line]) -> None:
        if not lines:
            await call(self.till.sale.cancel_reader_action)
            self.say("The cart is empty.")
            return
        cart, reader = _cart(lines), self.till.sale.reader
        if reader is None:
            raise ValueError("Choose a reader first.")
        await call(show_cart, reader.id, cart)
        self.say(f"The cart's total is {format_amount(cart['total'], 'usd')}.")


def _cart(lines: list[Line]) -> Cart:
    return cart_of(lines, tax_on(sum(amount for _, amount, _ in lines), TAX_PERCENT))
