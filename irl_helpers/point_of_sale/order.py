"""What a customer buys: products, an order of them, and its total. Amounts in the smallest unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ..cart import Cart, cart_of, tax_on

CURRENCY: Final = "usd"
TAX_PERCENT = 10


class Product(NamedTuple):
    """Something for sale; the price is in the smallest unit, without tax."""

    name: str
    price: int


# Whole dollars, and a tax and tips to match: the last two digits of an amount decide in test mode what the
# bank says, and nothing that is sold here ends in one of those that decline.
MENU = [
    Product("Espresso", 300),
    Product("Cappuccino", 400),
    Product("Latte", 500),
    Product("Iced tea", 400),
    Product("Croissant", 400),
    Product("Carrot cake", 600),
    Product("Sandwich", 900),
    Product("Granola bowl", 800),
]
PRODUCTS = {product.name: product for product in MENU}

_LINE = re.compile(r"(\d{1,4}) × (.+)")


@dataclass(frozen=True)
class Order:
    """So many of each product, in the order in which they were named first. Never changed: `more` and `less`
    return another order."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def more(self, name: str) -> Order:
        """The order with one more of this product."""
        return Order({**self.counts, name: self.counts.get(name, 0) + 1})

    def less(self, name: str) -> Order:
        """The order with one fewer of this product."""
        counts = {**self.counts, name: self.counts.get(name, 0) - 1}
        return Order({each: count for each, count in counts.items() if count > 0})

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def subtotal(self) -> int:
        """The sum of the prices, without tax, in the smallest unit."""
        return sum(PRODUCTS[name].price * count for name, count in self.counts.items())

    @property
    def tax(self) -> int:
        """Rounded to the nearest unit, half of one up."""
        return tax_on(self.subtotal, TAX_PERCENT)

    @property
    def total(self) -> int:
        """What the customer pays, in the smallest unit."""
        return self.subtotal + self.tax

    def __str__(self) -> str:
        """As the PaymentIntent's description has it, and the receipt: "2 × Latte, 1 × Croissant"."""
        return ", ".join(f"{count} × {name}" for name, count in self.counts.items())

    @classmethod
    def read(cls, text: str | None) -> Order:
        """The order that `str` wrote; an empty one for anything else."""
        counts = {}
        for part in (text or "").split(", "):
            line = _LINE.fullmatch(part)
            if line is None or line[2] not in PRODUCTS:
                return cls()
            counts[line[2]] = int(line[1])
        return cls(counts)

    def cart(self) -> Cart:
        """What `show_cart` takes."""
        lines = [(name, PRODUCTS[name].price * count, count) for name, count in self.counts.items()]
        return cart_of(lines, self.tax, CURRENCY)
