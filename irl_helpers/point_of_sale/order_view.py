"""The order at the till: products to press, and a line for each that was ordered."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as W

from ..money import format_amount
from ..panels.layout import row
from .order import CURRENCY, MENU, PRODUCTS, Order, Product

Changed = Callable[[Order], None]


class OrderView:
    """`menu` and `lines` are the widgets; `changed(order)` is called with the order that a press asks for,
    and `go_on_to(button)` when the button that was pressed is gone: there the keyboard goes."""

    def __init__(self, changed: Changed, go_on_to: Callable[[W.Button], None]) -> None:
        self._order = Order()
        self._changed, self._go_on_to = changed, go_on_to
        self.products = {product.name: self._product(product) for product in MENU}
        self.menu = W.GridBox(list(self.products.values())).add_class("irl-menu")
        self._lines = {product.name: _Line(product, self._more, self._less) for product in MENU}
        self._rows = W.VBox().add_class("irl-order-lines")
        self._sums = W.HTML()
        self.lines = W.VBox([self._rows, self._sums]).add_class("irl-order")

    def show(
        self, order: Order, *, products: bool, lines: bool, tip: int = 0, total: int | None = None
    ) -> None:
        """Show an order. `products` and `lines` say which buttons can be pressed, `total` what is charged
        where that is not the order's own."""
        self._order = order
        for button in self.products.values():
            button.disabled = not products
        for name, count in order.counts.items():
            self._lines[name].show(count, lines)
        rows = [self._lines[name].view for name in order.counts]
        if list(self._rows.children) != rows:
            self._rows.children = rows
        self._sums.value = _sums(order, tip, order.total + tip if total is None else total)

    @property
    def hidden_lines(self) -> list[W.Widget]:
        """The lines of what is not ordered now."""
        return [line.view for line in self._lines.values() if line.view not in self._rows.children]

    def line(self, name: str) -> _Line:
        """The buttons `more` and `less` of a product's line."""
        return self._lines[name]

    def _product(self, product: Product) -> W.Button:
        button = W.Button(description=f"{product.name}\n{format_amount(product.price, CURRENCY)}")
        button.on_click(lambda _: self._more(product.name))
        return button

    def _more(self, name: str) -> None:
        self._changed(self._order.more(name))

    def _less(self, name: str) -> None:
        self._changed(self._order.less(name))
        if name not in self._order.counts:
            self._go_on_to(self.products[name])


class _Line:
    def __init__(self, product: Product, more: Callable[[str], None], less: Callable[[str], None]) -> None:
        self._text = W.HTML()
        # The words are for those who do not see the signs: ipywidgets has no other place for them.
        self.less = W.Button(description=f"One {product.name} less").add_class("irl-less")
        self.more = W.Button(description=f"One more {product.name}").add_class("irl-more")
        self.less.on_click(lambda _: less(product.name))
        self.more.on_click(lambda _: more(product.name))
        self._name = product.name
        self.view = row(self.less, self.more, self._text).add_class("irl-order-line")

    def show(self, count: int, editable: bool) -> None:
        amount = format_amount(PRODUCTS[self._name].price * count, CURRENCY)
        self._text.value = f"<span>{count} × {escape(self._name)}</span><span>{amount}</span>"
        self.less.layout.display = self.more.layout.display = "" if editable else "none"


def _sums(order: Order, tip: int, total: int) -> str:
    if not order and not total:
        return '<div class="irl-empty">Nothing ordered yet. Tap a product.</div>'
    parts = [("Tax", order.tax)] if order else []
    rows = [*parts, *([("Tip", tip)] if tip else [])]
    html = "".join(
        f"<div><span>{name}</span><span>{format_amount(a, CURRENCY)}</span></div>" for name, a in rows
    )
    return (
        f'<div class="irl-sums">{html}<div class="irl-total"><span>Total</span>'
        f"<span>{format_amount(total, CURRENCY)}</span></div></div>"
    )
