"""A cart on the reader's screen. https://docs.stripe.com/api/terminal/readers/set_reader_display"""

from __future__ import annotations

from .. import money
from ..account import Account, Object
from ..resources.readers import KIND
from .actions import start


def set_reader_display(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    cart = params.get("cart")
    if cart:
        currency = money.check_currency(cart["currency"], "cart[currency]")
        cart = {"tax": None, **cart, "currency": currency}
    return start(account, reader, "set_reader_display", {"cart": cart, "type": "cart"})
