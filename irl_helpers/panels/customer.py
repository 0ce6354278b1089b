"""The customer's side of a simulated reader: which card, which tip, and what is done with them.

At a physical reader a person does all this; there the group is not shown.
https://docs.stripe.com/terminal/references/testing#simulated-reader
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as W
import stripe

from ..account import call, offline_controls
from ..cards import DEFAULT_CARD, PIN, asks_for_pin, card_groups, wallet
from ..connect import is_online, is_simulated
from ..faults import press_cancel
from ..money import format_amount
from ..screen import Picture, reader_screen, takes_tip_key, tip_amounts, typed_tip
from ..tips import process_config
from .form import Form
from .layout import field, group, row
from .panel import Panel

TYPING_A_PIN = 1.0  # seconds during which the screen shows that the PIN is typed
ASKING = 0.6  # seconds during which it shows that the bank is asked, after a card was held to the picture
NOT_YET = -1  # the tip is not chosen yet: the reader asks for it

DOING = {
    "tip": "the reader asks for a tip",
    "tip_amount": "the customer types a tip",
    "pin": f"the reader asks for the PIN, which is {PIN} for test cards here",
    "wrong_pin": f"the PIN was wrong, and the reader asks for it again: it is {PIN} for test cards here",
    "authorizing": "the card was read, and the bank is asked",
}
TIP_FIRST = "The reader asks for a tip first: answer that on its screen. Then hold the card to it."
NO_PIN = "asks for no PIN, as at Stripe's simulated readers. Insert the card to see one typed."
NOT_ASKED = "The reader is not asking for a card now. This one is chosen: press it again once it does."
ELSEWHERE = "The reader asks for another payment, and takes no card for this one."
AWAY = "The customer has walked away."
COME_BACK = {True: "Press a card, and she is back and pays.", False: "Choose a tip, and she is back."}
WALKED_AWAY = "the customer has walked away, and the reader keeps asking until the till stops it"
AND_AWAY = ", and the customer has walked away"

Present = Callable[[str, int | None], Awaitable[None]]


class Customer:
    """What a customer does at the reader, as a group of inputs and buttons: `view`.

    Inputs: `card`, and `tip` where the reader asks for one, before it takes a card. Buttons: `simulate` (tap
    the card), `insert` (insert it and type the PIN, for cards that have one), `walk_away`, `press_cancel`,
    which the reader offers after `enable_customer_cancellation` and only the offline account can press; and
    `fill_in` while the reader shows a form, whose inputs are the `form`'s to answer. The same is done on the
    picture: `touch` a place on it, `hold` a card of the wallet to it.

    `card` is the next card. One that is at the reader already, while its PIN is typed or the bank is asked,
    is the one that pays, whatever is chosen meanwhile.

    `stage` is what the screen shows because of the customer alone, None for nothing; `typed` her digits.

    `present(card, tip)` is awaited when the card of this number is presented, with a tip in the smallest
    unit, None where nobody asked. `redraw(stage)` draws the reader again, at a stage of `screen.STAGES`.
    """

    def __init__(
        self,
        panel: Panel,
        present: Present,
        redraw: Callable[[str | None], None],
        simulate: str = "Simulate Payment",
    ) -> None:
        self._panel, self._present, self._redraw = panel, present, redraw
        self._asked: stripe.terminal.Reader | None = None
        self._tips: Mapping[str, Any] = {}
        self._may_need_pin = False
        self._custom_tip: int | None = None
        self._own_stage: str | None = None
        self._inserted = ""  # the number of the card whose PIN is asked
        self._reading = False  # a card is being read, and no other is
        self._away = False  # the customer has walked away
        self._too_early = False  # a card was pressed, and it was said that the reader does not ask for one
        self._currency = "usd"  # of the payment
        self.typed = ""
        self.card = field(W.Dropdown, "Card", options=card_groups(), value=DEFAULT_CARD)
        self.card.observe(self._pass_heading, "value")
        self._pin_note = W.HTML()
        self.tip = field(W.Dropdown, "Tip", options=[("being chosen…", NOT_YET)], value=NOT_YET)
        self.tip.observe(lambda _: self._show_tip(), "value")
        button = panel.presses.button
        self.simulate = button(simulate, self._tap, tooltip="The customer taps the card")
        self.insert = button("Insert and type PIN", self._insert)
        # In whose name a typed PIN pays.
        self._pin_pad = panel.presses.unseen_button("Type PIN", self._read_inserted)
        self.walk_away = button("Walk away", self._walk_away)
        self.press_cancel = button("Cancel on the reader", self._press_cancel)
        self.form = Form(panel, redraw)
        self.fill_in = self.form.fill_in
        buttons = row(self.simulate, self.insert, self.walk_away, self.press_cancel, self.fill_in)
        screen = panel.screen
        screen.touched, screen.held = self.touch, self.hold
        screen.offer(wallet())
        screen.card = self.card.value
        self.view = group("The customer at the reader", self.card, self.tip, buttons, self._pin_note)

    def serve(
        self,
        reader: stripe.terminal.Reader | None,
        intent: stripe.PaymentIntent | None = None,
        tips: Mapping[str, Any] | None = None,
    ) -> None:
        """Offer what a customer can do now: `reader` is one that asks for a card, or None; `tips` are the
        rules of those it offers."""
        asked = reader if is_simulated(reader) and is_online(reader) else None
        anew = _what_it_asks(asked) != _what_it_asks(self._asked)
        if asked is not None and self._too_early:
            self._too_early = False
            self._panel.messages.notify("")
        if asked is None or anew:
            self._custom_tip = None
            self.tip.value = NOT_YET
            self._take_out()
            self._away = False
        self._asked = asked
        last = intent.last_payment_error if intent is not None else None
        self._may_need_pin = last is not None and "pin_required" in (last.code or "")
        self._offer_tips(intent if asked is not None else None, tips or {})
        self._offer()

    @property
    def widgets(self) -> dict[str, W.Widget]:
        """All inputs and buttons by their names."""
        names = ("card", "tip", "simulate", "insert", "walk_away", "press_cancel", "fill_in")
        return {name: getattr(self, name) for name in names}

    @property
    def paying(self) -> str:
        """The number of the card that pays: the one in the reader, else the one that is chosen."""
        return self._inserted or self.card.value

    @property
    def asks_for_tip(self) -> bool:
        """Whether the reader shows the choice of a tip just now."""
        return bool(self._tips) and self.tip.value == NOT_YET

    @property
    def stage(self) -> str | None:
        """One of `screen.STAGES`."""
        return self._own_stage or ("tip" if self.asks_for_tip else None)

    @property
    def doing(self) -> str:
        """What the customer does while the reader asks for a card, in words; '' for nothing in particular."""
        said = DOING.get(self.stage or "", "")
        if not self._away:
            return said
        return said + AND_AWAY if said else WALKED_AWAY

    @property
    def tip_so_far(self) -> int:
        """The tip that was chosen and is not part of the payment yet, in the smallest unit."""
        return max(self.tip.value, 0) if self._tips else 0

    def picture(
        self,
        reader: stripe.terminal.Reader,
        intent: stripe.PaymentIntent | None = None,
        *,
        asks: bool,
        stage: str | None = None,
        tips: Mapping[str, Any] | None = None,
        size: int = 260,
    ) -> Picture:
        """What the reader shows, at this `stage` if there is one. While it `asks` for a card, only the
        customer's side knows that a tip is being chosen, and then that it is part of the amount. What this
        panel's customer cannot do has no place to touch, and the words above the wallet say why."""
        shown: Any = intent
        if asks and intent is not None and self.tip_so_far:
            shown = {**intent.to_dict(), "amount": intent.amount + self.tip_so_far}
        drawn = reader_screen(
            self.form.on_screen(reader),
            shown,
            stage=stage or (self.stage if asks else None),
            tips=dict(tips or {}) or None,
            typed=self.form.typed if self.form.asked else self.typed,
            size=size,
        )
        takes_card = any(area.name == "card" for area in drawn.areas)
        if self._asked is None and not self.form.asked:
            drawn.areas = ()  # what is on the screen is another till's, or comes too late
        elsewhere = ELSEWHERE if takes_card and not drawn.areas else ""
        self._panel.screen.lead_instead = f"{AWAY} {COME_BACK[takes_card]}" if self._away else elsewhere
        return drawn

    def _offer(self) -> None:
        asked = self._asked is not None
        takes_card = asked and not self._reading and not self.asks_for_tip
        tapped = takes_card and not self._inserted  # in a reader that asks for a PIN is a card already
        has_pin = self._wants_pin(self.card.value)
        config = process_config(self._asked) if self._asked is not None else {}
        cancel_offered = bool(config.get("enable_customer_cancellation")) and offline_controls() is not None
        self.simulate.allow(tapped)
        self.insert.allow(takes_card and has_pin)
        note = f'"{self.simulate.description}" {NO_PIN}' if tapped and has_pin else ""
        self._pin_note.value = f'<div class="irl-notice">{escape(note)}</div>' if note else ""
        self.insert.why = "the card that is chosen has no PIN" if takes_card and not has_pin else ""
        self._pin_pad.allow(takes_card and self._inserted != "")
        self.walk_away.allow(asked and not self._away)
        covered = asked and self.stage is not None
        self.press_cancel.allow(cancel_offered and not covered)
        self.press_cancel.why = "what the reader shows now has no Cancel" if covered else ""
        self.press_cancel.layout.display = "" if cancel_offered else "none"

    def _wants_pin(self, number: str) -> bool:
        return self._may_need_pin or asks_for_pin(number)

    def _offer_tips(self, intent: stripe.PaymentIntent | None, tips: Mapping[str, Any]) -> None:
        self._tips = tips if intent is not None else {}
        self.tip.layout.display = "" if self._tips else "none"
        if not self._tips and self._own_stage == "tip_amount":
            self._take_out()  # the tip that was typed is for a payment that is over
        if intent is None or not self._tips:
            return
        self._currency = intent.currency
        options = [("being chosen…", NOT_YET), ("No tip", 0)]
        for share, amount in tip_amounts(dict(self._tips), intent.amount):
            if amount is not None:
                shown = format_amount(amount, intent.currency)
                options.append((f"{share}%: {shown}" if share else shown, amount))
        if self._custom_tip is not None and self._custom_tip not in dict(options).values():
            options.append(self._own_tip(self._custom_tip))
        if list(self.tip.options) != options:
            chosen = self.tip.value
            self.tip.options = options
            self.tip.value = chosen if chosen in dict(options).values() else NOT_YET

    def _own_tip(self, amount: int) -> tuple[str, int]:
        return f"Custom: {format_amount(amount, self._currency)}", amount

    def _show_tip(self) -> None:
        self._offer()
        self._redraw(None)

    def _pass_heading(self, change: dict[str, Any]) -> None:
        """The headings in the list of cards are not cards: the choice moves on past them."""
        numbers = [number for _, number in self.card.options]
        if change["new"].isdecimal():
            self._panel.screen.card = change["new"]
            self._offer()
            return
        place = numbers.index(change["new"])
        back = change["old"] in numbers and numbers.index(change["old"]) > place and place > 0
        self.card.value = numbers[place - 1 if back else place + 1]

    # -- what is done on the picture

    def hold(self, number: str) -> None:
        """A card is held to the reader. One that has a PIN is inserted, and the screen asks for it; a reader
        that asks for no card, or for a tip first, takes no notice, and the card is the next one."""
        self.card.value = number
        self._panel.messages.forgive()
        self._come_back()
        if self._asked is None:
            self._panel.messages.notify(self._panel.screen.lead_instead or NOT_ASKED)
            self._too_early = True
            self._panel.lead_on()
        elif self.asks_for_tip:
            self._panel.messages.fail(TIP_FIRST)
        elif self._reading or number == self._inserted:
            return  # it is there already, and so is what was typed
        elif self._wants_pin(number):
            self._take_card_out(number)
            self._inserted = number
            self._panel.say(f"The customer inserts the card. The PIN of test cards is {PIN} here.")
            self._show("pin")
        else:
            self._take_card_out(number)
            self._panel.presses.press(self.simulate, lambda: self._read(number, "authorizing", ASKING))
            self._panel.presses.go_on_from(self.simulate)

    def touch(self, name: str) -> None:
        """A place on the picture is touched: the name of a `TouchArea`."""
        kind, _, what = name.partition(":")
        self._panel.messages.forgive()
        self._come_back()
        if self.form.asked:
            self.form.touch(name)
        elif kind == "card":
            self.hold(self.card.value)
        elif kind == "cancel":
            self.press_cancel.press()
        elif kind == "key":
            self._touch_key(what)
        elif name == "back":  # to the prompt for a card, or to the choice of a tip
            if self._inserted:
                self._panel.say("The customer takes the card out.")
            self._take_out()
            self._show(None)
        elif name == "tip:custom":
            self._show("tip_amount")
        elif kind == "tip":
            self._choose_tip(int(what))

    def _show(self, stage: str | None, typed: str = "") -> None:
        self._own_stage, self.typed = stage, typed
        self._offer()
        self._redraw(None)

    def _touch_key(self, key: str) -> None:
        pin, typed = self._own_stage in ("pin", "wrong_pin"), self.typed
        if key in ("erase", "clear"):
            self._show(self._own_stage, typed[:-1] if key == "erase" else "")
        elif key == "enter" and not pin:
            self._choose_tip(typed_tip(typed, self._currency))
        elif key == "enter" and self.typed == PIN:
            self._pin_pad.click()
            self._panel.presses.go_on_from(self._pin_pad)
        elif key == "enter":
            self._panel.say(f"That was not the PIN of this card: it is {PIN}.")
            self._show("wrong_pin")
        elif (len(typed) < len(PIN) and key != ".") if pin else takes_tip_key(typed, key, self._currency):
            self._show(self._own_stage, typed + key)

    def _choose_tip(self, amount: int) -> None:
        self._own_stage, self.typed = None, ""
        if amount not in [value for _, value in self.tip.options]:
            self._custom_tip = amount
            self.tip.options = [*self.tip.options, self._own_tip(amount)]
        self.tip.value = amount
        self._redraw(None)

    def _come_back(self) -> None:
        """A customer who had walked away is there again."""
        self._away = False
        self._offer()

    def _take_card_out(self, number: str) -> None:
        """The card whose PIN is asked makes way for another one."""
        if self._inserted not in ("", number):
            self._panel.say("The customer takes that card out, and another one is held to the reader.")
        self._take_out()
        self._offer()

    def _take_out(self) -> None:
        """No card is in the reader, and nothing is typed."""
        self._inserted, self._own_stage, self.typed = "", None, ""

    # -- what the buttons do

    async def _tap(self) -> None:
        await self._read(self.card.value)

    async def _insert(self) -> None:
        self.typed = PIN
        self._panel.say("The customer inserts the card and types the PIN.")
        await self._read(self.card.value, "pin", TYPING_A_PIN)

    async def _read_inserted(self) -> None:
        await self._read(self._inserted, "authorizing", ASKING)

    async def _read(self, number: str, stage: str | None = None, seconds: float = 0) -> None:
        """The reader reads this card, after this stage was seen for so long."""
        tip = self.tip.value if self._tips else None
        self._reading, self._inserted, self._away = True, number, False
        self._offer()
        try:
            if stage is not None:
                self._own_stage = stage
                self._redraw(None)
                await asyncio.sleep(seconds)
            await self._present(number, tip)
        finally:
            self._reading = False
            self._take_out()
            self._offer()

    async def _walk_away(self) -> None:
        if not self._reading:
            self._take_out()
        self._away = True
        self._panel.say("The customer walks away. The reader keeps asking until the till stops it.")

    async def _press_cancel(self) -> None:
        if self._asked is not None:
            await call(press_cancel, self._asked.id)
            self._panel.say("The customer pressed cancel on the reader.")


def _what_it_asks(reader: stripe.terminal.Reader | None) -> Any:
    """What a reader asks its customer for, to tell it from what it asks for next; None for nothing."""
    return (reader.id, reader.action and reader.action.to_dict()) if reader is not None else None
