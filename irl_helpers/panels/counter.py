"""The counter beside somebody's own application: the reader, its customer, and all that was asked, live."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import ipywidgets as W
import stripe

from ..account import (
    OFFLINE_KEY,
    AccountError,
    Changes,
    account_status,
    call,
    curl_target,
    has_offline_controls,
    stripe_client,
)
from ..collect import simulate_payment
from ..connect import find_by_id, is_simulated, list_readers, reader_to_use
from ..money import format_amount
from ..recovery import is_paid, payment_shown
from ..request_log import unlogged
from ..screen import reader_state
from ..setup import have_a_reader
from ..tips import offered_tips
from .action import REFRESH
from .bank_answer import BankAnswer
from .clock_buttons import ClockButtons
from .counter_lists import CounterLists, ListsSeen
from .customer import Customer
from .fault_switches import Standing
from .faults_fold import FaultsFold
from .fold import Fold
from .layout import row
from .new_reader import NewReader
from .panel import Panel
from .paths_view import PathsView
from .reader_choice import ReaderChoice
from .reader_to_follow import Actions, actions_of, reader_to_follow
from .reader_words import STATES, TONES, reader_says

STAY = "Stay with this reader when another asks"
LARGE = 320  # pixels: the width of the reader's picture


class CounterSeen(NamedTuple):
    """What the counter knows of the account. `at` is the reader that it came from, `intent` the payment that
    the reader's action is about, `tips` the rules of those that it offers."""

    now: Changes | None
    faults: Standing
    readers: list[stripe.terminal.Reader]
    at: str | None
    reader_id: str | None
    intent: stripe.PaymentIntent | None
    tips: MappingProxyType[str, Any]
    lists: ListsSeen


class CounterPanel(Panel):
    """The customer's side of any program's payments, and what that program asked.

    It sells nothing itself: whatever the reader asks for, somebody at this page answers. Inputs: `reader`,
    `stay`, `find` (the id of an object to follow), those of the `Customer` and of a `NewReader`. It goes to
    the reader that asks for something, as `reader_to_follow` says, unless it is to `stay`, as it is once a
    reader was chosen.
    """

    STATES = STATES
    TONES = TONES
    ACTIONS = (REFRESH,)
    NEXT = ("tip", "simulate", "refresh")
    DID = "the calls of this page"

    def __init__(self, label: str | None = None) -> None:
        """Begin with the reader of this `label`. Where the account has no reader at all, it is registered."""
        super().__init__()
        self.watch.never_stops = True  # somebody works elsewhere, and looks here now and then
        self.reader_id: str | None = None
        self._label = label
        self._before: Actions = {}  # what the readers did at the last look
        self.bank = BankAnswer(self.say)
        self._seen: CounterSeen | None = None
        self.choice = ReaderChoice(self._choose)
        self.stay = W.Checkbox(description=STAY, indent=False)
        self.stay.observe(self._let_go, "value")
        self.customer = Customer(self, self._present, self._draw, simulate="Present the card")
        self.customer.simulate.button_style = "primary"
        self.new_reader = NewReader(self, self._choose)
        self.lists = CounterLists(self)
        self.paths = PathsView()
        self._faults = FaultsFold(self)
        self.fault_switches = self._faults.switches
        self.title = W.HTML()
        self.adopt(reader=self.choice.dropdown, find=self.lists.find, **self.customer.widgets)
        if label is not None:
            _have_one(label)
        self._lay_out()

    def _lay_out(self) -> None:
        self._register = Fold("the form for another reader", self.new_reader.view)
        done, *rest = self.folds
        self.clock: ClockButtons | None = None
        self.folds = [self.paths.fold, *rest]
        if has_offline_controls():
            self.clock = ClockButtons(self)
            self.folds.append(Fold("the clock", self.clock.view))
        self.folds += [self._register, Fold("what was done on this page", self.messages.log_view), done]
        said = self.messages
        which = W.VBox([row(self.choice.dropdown, self.buttons["refresh"]), self.stay])
        top = W.HBox([self.title, which]).add_class("irl-counter-top")
        device = W.VBox([self.screen, self.customer.view]).add_class("irl-counter-reader")
        body = W.HBox([device, self.lists.view.add_class("irl-counter-lists")]).add_class("irl-counter-body")
        style = W.HTML(f"<style>{_css()}</style>").add_class("irl-style")
        self.view.add_class("irl-counter")
        self.differs += [self.title, self.lists.view]
        self.fill(
            style, top, self._faults.left_on, said.state_line, self.trouble.view, said.alert, said.notice,
            body, *(fold.view for fold in self.folds),
        )  # fmt: skip
        if self.state == "no_reader":
            self._register.button.value = True

    # -- what is

    def mark(self) -> Any:
        super().mark()
        return (self.now, *self.lists.mark()) if self.now is not None else None

    def read(self) -> CounterSeen:
        now, readers, at = self.now, list_readers(), self.reader_id
        reader_id = self._reader_among(readers, at)
        reader = find_by_id(readers, reader_id)
        intent = _payment_at(reader)
        tips: dict[str, Any] = {}
        if reader is not None and intent is not None and is_simulated(reader) and _asks_to_pay(reader):
            tips = offered_tips(reader, intent.currency)
        faults, lists = self._faults.read(now), self.lists.read(now.revision if now is not None else None)
        return CounterSeen(now, faults, readers, at, reader_id, intent, MappingProxyType(tips), lists)

    def _reader_among(self, readers: list[stripe.terminal.Reader], at: str | None) -> str | None:
        if self.stay.value and find_by_id(readers, at) is not None:
            return at
        named = next((each.id for each in readers if each.label == self._label), None)
        return reader_to_follow(readers, at, self._before, reader_to_use(readers, named))

    def show(self, seen: CounterSeen) -> None:
        if seen.at != self.reader_id:
            return  # another one was chosen meanwhile, and a look at that follows
        self._say_moved(seen)
        self._before = actions_of(seen.readers)
        self._seen, self.reader_id = seen, seen.reader_id
        reader = self._reader()
        self.bank.seen(reader)
        self.state = reader_state(reader, self._stage()) if reader is not None else "no_reader"
        asked = reader if self.state == "waiting" else None
        self.customer.serve(asked, seen.intent, seen.tips)
        self.customer.form.serve(reader)
        self._draw(None)
        shown = is_simulated(reader) and (asked is not None or self.customer.form.asked)
        self.customer.view.layout.display = "" if shown else "none"
        self.choice.fill(seen.readers, self.reader_id)
        self.paths.see(reader, seen.intent, self._stage())
        self._faults.show(seen.now, seen.faults, self.reader_id, seen.readers)
        if self.clock is not None:
            self.clock.show(seen.now)
        self.lists.show(seen.lists)
        self._show_title(seen.lists.requests.served)

    def _show_title(self, served: list[str]) -> None:
        own = not curl_target().user.startswith(OFFLINE_KEY)
        key = "your own key" if own else f"the key {OFFLINE_KEY}"
        where = f"served at {', '.join(served)} with {key}" if served else "not served now"
        account = account_status().partition(" · ")[0].removeprefix("Account: ").capitalize()
        title = f"<h2>Counter</h2><small>{escape(account)}, {escape(where)}</small>"
        if self.title.value != title:
            self.title.value = title

    def _reader(self) -> stripe.terminal.Reader | None:
        return find_by_id(self._seen.readers, self.reader_id) if self._seen is not None else None

    def _stage(self) -> str | None:
        """The bank is asked, or has answered without the reader's hearing of it."""
        reader, intent = self._reader(), self._seen.intent if self._seen is not None else None
        paid = is_paid(intent) and _asks_to_pay(reader)
        return "authorizing" if self.bank.asked is not None or paid else None

    def in_flight(self) -> bool:
        return self.TONES.get(self.state) == "wait"

    def shown_readers(self) -> list[stripe.terminal.Reader | None]:
        return [self._reader()]

    def meaning(self) -> str:
        reader, intent = self._reader(), self._seen.intent if self._seen is not None else None
        if self.state == "waiting" and self.customer.doing:
            return self.customer.doing
        return (reader_says(self.state, reader, intent) if reader is not None else "") or super().meaning()

    def _draw(self, stage: str | None) -> None:
        """As `Customer` asks for it."""
        reader, seen = self._reader(), self._seen
        if reader is None or seen is None:
            self.draw(None)
            return
        asks, stage = self.state == "waiting", stage or self._stage()
        picture = self.customer.picture(
            reader, seen.intent, asks=asks, stage=stage, tips=seen.tips, size=LARGE
        )
        self.draw(picture, touchable=is_simulated(reader))
        self.show_state()

    # -- what is done here

    def _choose(self, reader_id: str) -> None:
        self.stay.value, self.reader_id = True, reader_id
        self.watch.look_soon()

    def _let_go(self, change: dict[str, Any]) -> None:
        """A reader that has asked before, and still does, is news to whoever looked at another one."""
        if not change["new"]:
            self._before = {}
            self.watch.look_soon()

    def _say_moved(self, seen: CounterSeen) -> None:
        gone_to = find_by_id(seen.readers, seen.reader_id)
        if gone_to is not None and seen.at not in (None, gone_to.id):
            self.say(f"The counter goes to {gone_to.label} now.")

    async def _present(self, card: str, tip: int | None) -> None:
        reader = await call(simulate_payment, self.reader_id or "", card, tip=tip)
        intent = await call(_payment_at, reader)
        amount = (
            f" {format_amount(intent.amount, intent.currency)}, {intent.id}" if intent is not None else ""
        )
        self.bank.presented(reader, f"The card was taken.{amount}")

    async def leave(self) -> None:
        self.stay.value, self.reader_id, self._before = False, None, {}
        self.lists.find.value = ""

    def unseen(self) -> list[W.Widget]:
        return self.lists.unseen()


def _have_one(label: str) -> None:
    try:
        with unlogged():
            have_a_reader(label)
    except (stripe.StripeError, AccountError):
        pass  # the first look finds the same trouble, and says it


def _asks_to_pay(reader: stripe.terminal.Reader | None) -> bool:
    action = reader.action if reader is not None else None
    return action is not None and action.type == "process_payment_intent" and action.status == "in_progress"


def _payment_at(reader: stripe.terminal.Reader | None) -> stripe.PaymentIntent | None:
    """The payment that a reader's action is about, a refund's too; None for none."""
    if reader is None or reader.action is None:
        return None
    id, client = payment_shown(reader), stripe_client()
    refund = reader.action.to_dict().get("refund_payment") or {}
    if id is None and refund.get("charge"):
        charge = client.v1.charges.retrieve(refund["charge"])
        refund = {"payment_intent": charge.payment_intent}
    id = id or refund.get("payment_intent")
    return client.v1.payment_intents.retrieve(id) if isinstance(id, str) else None


@cache
def _css() -> str:
    return Path(__file__).with_name("counter.css").read_text("utf-8")
