"""What the point of sale says of a sale, in one line for the cashier."""

from __future__ import annotations

from ..panels.customer import DOING, Customer
from ..panels.form import ASKED
from ..panels.till import failed
from ..sale import IN_VAIN, Sale
from ..tips import may_ask_for_tip
from .day import paid_words

STATES = {
    "no_reader": "no card reader is online",
    "closed": "the account has no card reader: open the shop, and there is one",
    "ready": "ready for the next customer: tap a product",
    "ordering": "the customer sees the order on the reader",
    "in_flight": "waiting for the customer's card",
    "declined": "the card was declined: charge again, change the order, or cancel the sale",
    "failed": "the reader could not finish: charge again, change the order, or cancel the sale",
    "open": "the reader asks for nothing: change the order, charge again, or cancel the sale",
    "authorized": "approved: capture the money to finish the sale",
    "succeeded": "paid",
    "refunded": "refunded: the money goes back to the card",
    "refund_failed": "the refund has failed: give the money back another way",
    "canceled": "canceled: nothing was charged",
}
"""The states of a sale here, and what each means."""

OVER = ("succeeded", "refunded", "refund_failed", "canceled")
"""States in which nothing is left to do but the next order."""

NOT_SEEN = "the reader does not show the order: charge it all the same, or tap a product again"


def headline(state: str, sale: Sale, customer: Customer, *, order_is_seen: bool) -> str:
    """The line for a sale in one of `STATES`; `order_is_seen` where the reader shows the order."""
    if customer.form.asked:
        return ASKED
    if sale.not_told:
        way_on = ": press New order" if state in OVER else ""
        return f"{_of_the_sale(state, sale, customer)}; {sale.not_told}{way_on}"
    if sale.asks_in_vain:
        return f"{IN_VAIN}: {'press New order' if state in OVER else 'tap a product, and it stops'}"
    if state == "ordering" and not order_is_seen:
        return NOT_SEEN
    return _of_the_sale(state, sale, customer)


def _of_the_sale(state: str, sale: Sale, customer: Customer) -> str:
    if state == "in_flight" and sale.stage == "authorizing":
        return DOING["authorizing"]
    if state == "in_flight":
        return customer.doing or f"{STATES[state]}{_why_no_tip(sale)}"
    if state in ("declined", "failed"):
        return f"{failed(sale)} Charge again, change the order, or cancel the sale"
    if state in ("succeeded", "refund_failed") and sale.intent is not None:
        return paid_words(sale.intent)
    return STATES[state]


def _why_no_tip(sale: Sale) -> str:
    """Why a reader that may ask for a tip does not; a physical one knows by itself."""
    if sale.reader is None or not sale.simulated or sale.tips or not may_ask_for_tip(sale.reader):
        return ""
    return ": no tip is asked for, since this reader's Configuration has none"
