"""The finished point of sale: a `Sale`, an order, a customer and the day, and what each button does.

What is paid is read from the account and never remembered here: a page that is loaded again finds the sale
where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import ClassVar, NamedTuple

import ipywidgets as W
import stripe

from ..account import account_status, call
from ..cancel import Reason, cancel_reader_action, give_up_sale
from ..collect import capture_payment
from ..money import format_amount
from ..panels.action import REFRESH, Action
from ..panels.bank_answer import BankAnswer
from ..panels.customer import Customer
from ..panels.fold import Fold
from ..panels.layout import row
from ..panels.panel import Panel
from ..panels.presses import PressButton
from ..panels.reader_choice import ReaderChoice, label_alone
from ..panels.till import TONES, reader_picture
from ..refund import refund_payment
from ..sale import UNPAID, Sale, Seen, when
from ..tips import tip_of
from .day import EXPAND, failed_since, of_this_shop, outcome, payments_of_the_day
from .day_view import DayView
from .drawer import Drawer
from .headline import OVER, STATES, headline
from .order import CURRENCY, Order
from .order_view import OrderView
from .receipt import receipt
from .shop import NAME, open_shop, order_shown, reader_of_sale, show_order

STATE_AFTER = {"Refunded": "refunded", "Refund failed": "refund_failed"}
"""The states of a sale that was paid, by its payment's outcome; in all others "succeeded"."""

REASON: Reason = "requested_by_customer"


class DaySeen(NamedTuple):
    """What the point of sale knows of the account; `day` are today's payments, newest first."""

    sale: Seen
    day: list[stripe.PaymentIntent]


class PointOfSale(Panel):
    """A café's till: tap products, charge, capture; refund what was sold today.

    `PointOfSale(reader)` begins with that reader; another can be chosen. Inputs: `reader`, `ask_for_tip`, and
    those of the `Customer`. Buttons: `order_view.products[name]`, its `ACTIONS`, and in the day's table
    `day_view.buttons[action, payment_intent_id]`. `order` is what was tapped, `payment_intent_id` the sale's,
    None before there is one.
    """

    STATES = STATES
    TONES: ClassVar[dict[str, str]] = {**TONES, "no_reader": "bad", "closed": "bad", "refund_failed": "bad"}
    NEXT = ("tip", "simulate", "capture", "new_order", "charge", "first_product")
    ACTIONS = (
        Action(
            "charge",
            "Charge",
            lambda till: till.ask(),
            {**when("ordering", "declined", "failed", "open", "no_reader", need="online"), "ready": "order"},
            "primary",
        ),
        Action("capture", "Capture", lambda till: till.take_money(), when("authorized"), "success"),
        Action("new_order", "New order", lambda till: till.begin_anew(), when(*OVER), "primary"),
        Action("change", "Change the order", lambda till: till.stop_asking(), when("in_flight")),
        Action("give_up", "Cancel the sale", lambda till: till.cancel_sale(), when(*UNPAID)),
        Action("release", "Release the money", lambda till: till.cancel_sale(), when("authorized")),
        Action("open", "Open the shop", lambda till: till.open_again(), when("closed"), "primary"),
        Action("clear", "Clear", lambda till: till.empty_order(), when("ordering")),
        REFRESH,
    )

    def __init__(self, reader: stripe.terminal.Reader | None = None) -> None:
        super().__init__()
        self.order = Order()
        self.sale = Sale(reader.id if reader is not None else None, CURRENCY)
        self._day: list[stripe.PaymentIntent] = []
        self._new = True  # nothing was seen yet
        self._shown = Order()  # what the reader showed when it was looked at last
        self._telling = False  # the reader is being told of the order
        self.choice = ReaderChoice(self._choose, label_alone)
        self.customer = Customer(self, self._present, self._draw, simulate="Tap the card")
        self.customer.simulate.button_style = "primary"
        self.bank = BankAnswer(self.say)
        self.order_view = OrderView(self._change_order, self.keyboard.go_on_to)
        self.drawer = Drawer(self.presses, NAME, self._refund)
        self.day_view = DayView(self._day_button, self.drawer, self.messages.another_alert())
        self.drawer.confirm.alert = self.day_view.alert
        self.ask_for_tip = W.Checkbox(description="Ask for a tip", value=True, indent=False)
        self.receipt = W.HTML()
        self.mirror = self.presses.unseen_button("Show the order", self._show_order)
        first = next(iter(self.order_view.products.values()))
        self.adopt(reader=self.choice.dropdown, first_product=first, **self.customer.widgets)
        self.folds.insert(0, Fold("what happened", self.messages.log_view))
        self._lay_out()

    @property
    def payment_intent_id(self) -> str | None:
        """The sale's PaymentIntent; None before there is one."""
        return self.sale.payment_intent_id

    def _lay_out(self) -> None:
        said = self.messages
        account = W.HTML(f"<small>{escape(account_status().partition(' · ')[0])}</small>")
        title = W.VBox([W.HTML(f"<h2>{NAME}</h2>"), account]).add_class("irl-pos-title")
        self.differs += [account, self.day_view.view]
        choice = row(self.choice.dropdown, self.buttons["refresh"])
        top = W.HBox([title, choice]).add_class("irl-pos-top")
        products = W.VBox([W.HTML("<h3>Products</h3>"), self.order_view.menu]).add_class("irl-pos-products")
        buttons = [button for name, button in self.buttons.items() if name != "refresh"]
        order = W.VBox([
            W.HTML("<h3>Order</h3>"), self.order_view.lines, self.receipt, self.ask_for_tip,
            row(*buttons).add_class("irl-pos-actions"), said.alert, said.notice, self.customer.view,
        ]).add_class("irl-pos-order")  # fmt: skip
        reader = W.VBox([self.screen]).add_class("irl-pos-reader")
        sale = W.HBox([products, order, reader]).add_class("irl-pos-sale")
        shop = W.VBox([sale, self.day_view.view]).add_class("irl-pos-shop")
        style = W.HTML(f"<style>{_css()}</style>").add_class("irl-style")
        self.view.add_class("irl-pos")
        self.fill(
            style, top, said.state_line, self.trouble.view, shop, *(fold.view for fold in self.folds),
        )  # fmt: skip

    def unseen(self) -> list[W.Widget]:
        return [*self.order_view.hidden_lines, *self.day_view.hidden()]

    # -- what is

    def read(self) -> DaySeen:
        day = payments_of_the_day(ahead=self._ahead())
        if self._new:
            self.sale.reader_id = reader_of_sale(day, self.sale.reader_id)
        # A declined sale is the cashier's to finish, also after a restart.
        unpaid = {each.id for each in day if each.status == "requires_payment_method" and of_this_shop(each)}
        return DaySeen(self.sale.look(day, expand=EXPAND, unfinished=unpaid), day)

    def show(self, seen: DaySeen) -> None:
        if self.sale.see(seen.sale):
            self._take_up()
        for refund in failed_since(self._day, seen.day):
            shown = format_amount(refund.amount, refund.currency)
            self.say(f"The refund of {shown} has failed: {refund.payment_intent}.")
        self._day = seen.day
        self.bank.seen(self.sale.reader)
        self._follow_order()
        self._new = False
        self.choice.fill(seen.sale.readers, self.sale.reader_id)
        self._show_sale()

    def _follow_order(self) -> None:
        """An order that is rung up elsewhere for this reader is this till's, too, unless it has another."""
        if self.sale.reader is None or self.sale.intent is not None or self._telling:
            return
        before, self._shown = self._shown, order_shown(self.sale.reader)
        if self._shown and self.order in (Order(), before):
            self.order = self._shown

    def _take_up(self) -> None:
        """The sale that the reader asks for, that was declined, or whose money is held, goes on."""
        intent = self.sale.intent
        if intent is not None:
            self.order = Order.read(intent.description)
            self.say(f"The sale goes on: {intent.id}, {format_amount(intent.amount, intent.currency)}.")

    def _show_sale(self) -> None:
        """Show what is known, after a look and after a product was tapped."""
        sale, state = self.sale, self._state()
        self.state = state
        waits, due = state == "in_flight", self._due()
        asks = waits or sale.asks_for_card
        self.customer.serve(sale.reader if sale.asks_for_card else None, sale.intent, sale.tips)
        self.customer.form.serve(sale.reader)
        self._draw(None)
        shown = sale.simulated and (asks or self.customer.form.asked)
        self.customer.view.layout.display = "" if shown else "none"
        self.buttons["charge"].description = f"Charge {due}" if due else "Charge"
        self.buttons["capture"].description = f"Capture {due}"
        self.offer({**sale.facts, "order": bool(self.order)})
        for action in self.ACTIONS:
            shown = action.needs is None or state in action.needs
            self.buttons[action.name].layout.display = "" if shown else "none"
        self.ask_for_tip.layout.display = self.buttons["charge"].layout.display
        self._show_order_and_receipt()
        self.drawer.renew(self._day)
        busy = None if state in OVER else self.payment_intent_id
        self.day_view.show(self._day, busy, self._ahead())
        self.choice.dropdown.disabled = waits

    def _ahead(self) -> int:
        """By how many seconds the account's clock is ahead."""
        return self.now.ahead if self.now is not None else 0

    def _state(self) -> str:
        state, intent = self.sale.state, self.sale.intent
        if state == "ready" and self.order:
            return "ordering"
        if state == "no_reader" and not self.sale.seen.readers:
            return "closed"
        return STATE_AFTER.get(outcome(intent), state) if intent is not None else state

    def shown_readers(self) -> list[stripe.terminal.Reader | None]:
        return [self.sale.reader]

    def meaning(self) -> str:
        return headline(self.state, self.sale, self.customer, order_is_seen=self._order_is_seen())

    def _order_is_seen(self) -> bool:
        """Whether the reader shows the order, or is just about to."""
        reader = self.sale.reader
        return self._telling or (reader is not None and order_shown(reader) == self.order)

    def _due(self) -> str:
        """What the customer pays, written out; '' for nothing."""
        intent = self.sale.intent
        fixed = self.state in ("in_flight", "authorized", *OVER)
        if intent is not None and (fixed or not self.order):
            return format_amount(intent.amount, intent.currency)
        return format_amount(self.order.total, CURRENCY) if self.order else ""

    def _show_order_and_receipt(self) -> None:
        intent = self.sale.intent
        done = self.state in ("succeeded", *STATE_AFTER.values())
        self.receipt.value = receipt(intent, NAME) if done and intent is not None else ""
        editable = self.state not in ("in_flight", "authorized", "no_reader", "closed")
        tip = (tip_of(intent) or 0) if intent is not None else 0
        total = intent.amount if intent is not None and not self.order else None
        open_lines = editable and self.state not in OVER
        self.order_view.show(self.order, products=editable, lines=open_lines, tip=tip, total=total)

    def _draw(self, stage: str | None) -> None:
        self.show_state()  # before the picture, which is large
        self.draw(reader_picture(self.sale, self.customer, stage), touchable=self.sale.simulated)

    def forget(self) -> None:
        self.order = Order()
        self.sale.restart()
        self.sale.reader_id = None
        self.drawer.put(None)

    # -- the order

    def _choose(self, reader_id: str) -> None:
        if self.state in OVER:  # which stays with the reader at which it ended
            self.order = Order()
            self.sale.restart()
        self.sale.reader_id = reader_id or None
        self.watch.look_soon()

    def _change_order(self, order: Order) -> None:
        """A product was tapped, or a line's sign: shown at once, and then on the reader."""
        self.touch()
        if self.state in OVER:
            [(tapped, _)] = order.counts.items() - self.order.counts.items()
            order = Order().more(tapped)
            self.sale.restart()
        self.messages.forgive()
        self.order = order
        self._mirror_order()
        with self.looked_at_first():
            self._show_sale()
            self.show_state()

    def _mirror_order(self) -> None:
        """Let the reader follow the order; taps that come meanwhile are shown together, as the next order."""
        running, reader = self.presses.tasks.get(self.mirror), self.sale.reader
        due = reader is not None and self.sale.facts["online"] and order_shown(reader) != self.order
        self._telling = running is not None or due
        if running is not None:
            running.add_done_callback(lambda _: self._mirror_order())
        elif self._telling:
            self.presses.run(self.mirror, self._show_order)

    async def _show_order(self) -> None:
        told = self.order
        try:
            if self.sale.reader is not None:
                await call(show_order, self.sale.reader.id, told)
        finally:
            self._telling = told != self.order  # what was tapped meanwhile comes next

    async def open_again(self) -> None:
        """Make what the shop needs: the account was reset, or its readers were deleted."""
        self.sale.reader_id = (await call(open_shop)).id
        self.say(f"The shop is open: {NAME}.")

    async def empty_order(self) -> None:
        """Take everything off the order, and off the reader's screen."""
        self.order = Order()
        await self._show_order()

    # -- the sale

    async def ask(self) -> None:
        """Ask the customer for the order's total; of a payment made elsewhere, for its amount."""
        intent = self.sale.intent
        amount = self.order.total if self.order or intent is None else intent.amount
        _, reader = await call(
            self.sale.process,
            amount,
            description=str(self.order) or None,
            replace=False,
            customer_can_cancel=True,
            skip_tipping=not self.ask_for_tip.value,
        )
        shown = format_amount(amount, self.sale.currency)
        self.say(f"{reader.label} asks for {shown}: {self.payment_intent_id}.")

    async def _present(self, card: str, tip: int | None) -> None:
        reader = await call(self.sale.present, card, tip)
        self.bank.presented(reader, f"Approved: {self.payment_intent_id}.")

    async def stop_asking(self) -> None:
        """Let the reader stop, so that the order can be changed."""
        await call(self.sale.cancel_reader_action)
        self.say("The reader has stopped asking.")

    async def take_money(self) -> None:
        """Capture what is held."""
        self._say_captured(await call(self.sale.capture))

    async def cancel_sale(self) -> None:
        """Give the sale up; a hold is released."""
        self._say_outcome(await call(self.sale.give_up, REASON))

    async def begin_anew(self) -> None:
        """The next customer."""
        payment, self.order = self.payment_intent_id, Order()
        self.sale.restart()
        if self.sale.reader is not None and self.sale.facts["online"]:
            await call(cancel_reader_action, self.sale.reader.id, payment_intent_id=payment)

    # -- the day's table

    def _day_button(self, action: str, payment_intent_id: str) -> PressButton:
        works: dict[str, Callable[[str], Awaitable[None]]] = {
            "Refund": self._ask_refund, "Capture": self._capture_past, "Receipt": self._show_receipt,
            "Release": self._cancel_past, "Cancel": self._cancel_past,
        }  # fmt: skip
        button = self.presses.button(action, partial(works[action], payment_intent_id))
        button.alert = self.day_view.alert
        button.allow(True)
        return button

    async def _ask_refund(self, payment_intent_id: str) -> None:
        self.drawer.put(self._of_today(payment_intent_id), ask=True)

    async def _refund(self, payment_intent_id: str, amount: int) -> None:
        refund = await call(refund_payment, payment_intent_id, amount)
        self.say(f"Refunded {format_amount(refund.amount, refund.currency)}: {payment_intent_id}.")

    def _of_today(self, payment_intent_id: str) -> stripe.PaymentIntent | None:
        return next((payment for payment in self._day if payment.id == payment_intent_id), None)

    async def _capture_past(self, payment_intent_id: str) -> None:
        self._say_captured(await call(capture_payment, payment_intent_id))

    async def _cancel_past(self, payment_intent_id: str) -> None:
        self._say_outcome(await call(give_up_sale, self.sale.reader_id, payment_intent_id, REASON))

    async def _show_receipt(self, payment_intent_id: str) -> None:
        open_already = self.drawer.payment_intent_id == payment_intent_id
        self.drawer.put(None if open_already else self._of_today(payment_intent_id))

    def _say_captured(self, intent: stripe.PaymentIntent) -> None:
        self.say(f"Captured {format_amount(intent.amount_received, intent.currency)}: {intent.id}.")

    def _say_outcome(self, intent: stripe.PaymentIntent) -> None:
        self.say(f"{outcome(intent)}: {intent.id}.")


@cache
def _css() -> str:
    return Path(__file__).with_name("point_of_sale.css").read_text("utf-8")
