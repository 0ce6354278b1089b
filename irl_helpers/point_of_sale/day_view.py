"""The day at the till: what was taken, hour by hour, and every payment with what can be done about it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from html import escape

import ipywidgets as W
import stripe

from ..left_on import CLOCK_GOES_BACK, clock_sentence
from ..money import format_amount
from ..panels.layout import close_tree, row
from ..screen.day_chart import day_chart
from .day import card_of, fee, of_this_shop, outcome, taken
from .drawer import Drawer
from .in_sight import InSight
from .order import CURRENCY

MOST = 12  # rows; what is older is only counted

# What can be done about a payment, by what became of it.
ACTIONS = {
    "Paid": ("Refund", "Receipt"),
    "Partly refunded": ("Refund", "Receipt"),
    "Refund failed": ("Refund", "Receipt"),
    "Refunded": ("Receipt",),
    "Held": ("Capture", "Release"),
    "Declined": ("Cancel",),
    "Not paid": ("Cancel",),
}
TODAY = "Today"
_TONES = {"Paid": "good", "Held": "wait", "Declined": "bad", "Refund failed": "bad"}

MakeButton = Callable[[str, str], W.Button]


class DayView:
    """`view` is the widget. `button(action, payment_intent_id)` makes a row's button, the drawer lies under
    the row of its payment, and what went wrong in the table is said in `alert`, above the drawer or else the
    rows. `everything` is a switch: payments of other applications, too."""

    def __init__(self, button: MakeButton, drawer: Drawer, alert: W.HTML) -> None:
        self._button, self._drawer, self.alert = button, drawer, alert
        self._open: str | None = None  # the payment under whose row the drawer lies
        self._sight = InSight()
        self._made: dict[str, tuple[tuple[object, ...], W.HBox]] = {}
        self.buttons: dict[tuple[str, str], W.Button] = {}
        self.summary, self._chart, self._rest = W.HTML(), W.HTML(), W.HTML()
        self.clock = W.HTML()  # why it is another day
        self.rows = W.VBox().add_class("irl-payments")
        head = W.HBox([self.summary, self._chart]).add_class("irl-day-head")
        self._payments: list[stripe.PaymentIntent] = []
        self._busy: str | None = None
        self._ahead = 0
        self.everything = W.Checkbox(description="Sales of other applications, too", indent=False)
        self.everything.observe(lambda _: self.show(self._payments, self._busy, self._ahead), "value")
        table = W.VBox([self.everything, self.rows, self._rest]).add_class("irl-day-table")
        self.view = W.VBox([head, self.clock, table]).add_class("irl-day")

    def hidden(self) -> list[W.Widget]:
        """Widgets that are not always laid out in `view`."""
        return [self._drawer.view, self._sight]

    def show(self, payments: list[stripe.PaymentIntent], busy: str | None, ahead: int) -> None:
        """Newest first. `busy` is the payment that the till works on: it has its buttons there. The account's
        clock is `ahead` by so many seconds."""
        self._payments, self._busy, self._ahead = payments, busy, ahead
        others = sum(not of_this_shop(payment) for payment in payments)
        self.everything.layout.display = "" if others else "none"
        if not self.everything.value:
            payments = [payment for payment in payments if of_this_shop(payment)]
        now = _now(self._payments, ahead)
        self.summary.value = _summary(payments, now)
        moved = _title(now) != TODAY and ahead > 0
        self.clock.value = f"{clock_sentence(ahead)} {CLOCK_GOES_BACK}" if moved else ""
        self.clock.layout.display = "" if moved else "none"
        self._chart.value = _chart(payments, now)
        shown = payments[:MOST]
        before = [view for _, view in self._made.values()]
        self._made = {payment.id: self._row(payment, payment.id == busy) for payment in shown}
        made = {payment.id for payment in shown}
        self.buttons = {key: button for key, button in self.buttons.items() if key[1] in made}
        rows = [view for _, view in self._made.values()]
        self._lay(rows)
        close_tree(*(view for view in before if view not in rows))
        more = len(payments) - len(shown)
        self._rest.value = f'<div class="irl-empty">and {more} earlier today</div>' if more else ""

    def _lay(self, rows: list[W.HBox]) -> None:
        """Lay the rows out, and the drawer where it was opened; above them, if its row is not among them.
        The alert is in sight of the button that was pressed."""
        before, self._open = self._open, self._drawer.payment_intent_id
        place = list(self._made).index(self._open) + 1 if self._open in self._made else 0
        drawer = [self._drawer.view] if self._open is not None else []
        laid: list[W.Widget] = [*rows[:place], self.alert, *drawer, *rows[place:]]
        if list(self.rows.children) != laid:
            self.rows.children = laid
        if self._open not in (None, before):
            self._sight.show(self._drawer.view)

    def _row(self, payment: stripe.PaymentIntent, busy: bool) -> tuple[tuple[object, ...], W.HBox]:
        what = outcome(payment)
        actions = tuple(action for action in ACTIONS.get(what, ()) if not busy or action == "Receipt")
        mark = (what, payment.amount, taken(payment), payment.description, card_of(payment), actions)
        before = self._made.get(payment.id)
        if before is not None and before[0] == mark:
            return before
        for key in [key for key in self.buttons if key[1] == payment.id]:
            del self.buttons[key]
        for action in actions:
            self.buttons[action, payment.id] = self._button(action, payment.id)
        buttons = [self.buttons[action, payment.id] for action in actions]
        return mark, row(W.HTML(_cells(payment, what)), row(*buttons)).add_class("irl-payment")


def _cells(payment: stripe.PaymentIntent, what: str) -> str:
    tone = f" irl-{_TONES[what]}" if what in _TONES else ""
    bought = escape(payment.description or "No description")
    if not of_this_shop(payment):
        bought = f"{bought}<small>Of another application</small>"
    return (
        f"<span>{datetime.fromtimestamp(payment.created):%H:%M}</span>"
        f'<span class="irl-bought">{bought}<small>{escape(card_of(payment))}</small></span>'
        f'<span class="irl-badge{tone}">{what}</span>'
        f'<span class="irl-amount">{format_amount(payment.amount, payment.currency)}</span>'
    )


def _now(payments: list[stripe.PaymentIntent], ahead: int) -> datetime:
    """The account's time, or that of a payment that is newer."""
    return datetime.fromtimestamp(max([time.time() + ahead, *(payment.created for payment in payments)]))


def _summary(payments: list[stripe.PaymentIntent], now: datetime) -> str:
    """Only this shop's currency is added up. The fee is kept when a payment is refunded."""
    ours = [payment for payment in payments if payment.currency == CURRENCY]
    total, fees = sum(map(taken, ours)), sum(map(fee, ours))
    counts = Counter(map(outcome, payments))
    sold = counts["Paid"] + counts["Partly refunded"] + counts["Refund failed"]
    said = [f"{sold} sale{'' if sold == 1 else 's'}"]
    others = ("Held", "Refunded", "Refund failed", "Canceled")
    said += [f"{counts[what]} {what.lower()}" for what in others if counts[what]]
    lines = [" · ".join(said)]
    if fees:
        lines.append(f"fees {format_amount(fees, CURRENCY)} · net {format_amount(total - fees, CURRENCY)}")
    amount = f'<div class="irl-taken" role="status">{format_amount(total, CURRENCY)}</div>'
    return f"<h3>{_title(now)}</h3>{amount}" + "".join(f"<div>{line}</div>" for line in lines)


def _title(now: datetime) -> str:
    """Today, or the day that it is where the account's clock is ahead."""
    return TODAY if now.date() <= datetime.now().date() else f"{now:%A}, {now.day} {now:%B %Y}"


def _chart(payments: list[stripe.PaymentIntent], now: datetime) -> str:
    hours: Counter[int] = Counter()
    for payment in payments:
        if payment.currency == CURRENCY:
            hours[datetime.fromtimestamp(payment.created).hour] += taken(payment)
    return day_chart(hours, CURRENCY, now=now.hour).img()
