"""The customer's side of a simulated reader: which card, which tip, and what is done with them.

At a physical reader a person does all this; there the group is not shown.
https://docs.stripe.com/terminal/references/testing#simulated-reader
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import ipywidgets as W
import stripe

from ..account import call, offline_controls
from ..cards import DEFAULT_CARD, asks_for_pin, card_groups
from ..faults import press_cancel
from ..money import format_amount
from ..screen import tip_amounts
from ..tips import tipping_rules
from .layout import field, group, row
from .reader_choice import ReaderPanel

TYPING_A_PIN = 1.0  # seconds during which the screen shows that the PIN is typed
NOT_YET = -1  # the tip is not chosen yet: the reader asks for it


class CustomerPanel(ReaderPanel):
    """The base of tills: what the customer does at the chosen reader, as a group of inputs and buttons.

    Inputs: `card`, and `tip` where the reader asks for one. Buttons: `simulate` (tap the card), `insert`
    (insert it and type the PIN, for cards that have one), `walk_away`, and `press_cancel`, which the reader
    offers after `enable_customer_cancellation`; only the offline account can press it.
    A till calls `serve` with what it has seen, and does in `present` what a presented card does.
    """

    # Of a sale's states, as `recovery.state_of` names them.
    TONES: ClassVar[dict[str, str]] = {
        "in_flight": "wait", "declined": "bad", "failed": "bad", "authorized": "wait", "succeeded": "good",
    }  # fmt: skip
    # The sale has a PaymentIntent that can still be paid.
    UNPAID = ("in_flight", "declined", "failed", "open")

    def __init__(self) -> None:
        super().__init__()
        self.tips: dict[str, Any] = {}  # the rules of the tips that the reader offers, {} if it offers none
        self._asked: stripe.terminal.Reader | None = None
        self._may_need_pin = False
        self._cancel_offered = False
        self.card = field(W.Dropdown, "Card", options=card_groups(), value=DEFAULT_CARD)
        self.card.observe(self._pass_heading, "value")
        self.tip = field(W.Dropdown, "Tip", options=[("being chosen…", NOT_YET)], value=NOT_YET)
        self.simulate = self.button("Simulate Payment", self._tap, tooltip="The customer taps the card")
        self.insert = self.button("Insert with PIN", self._insert)
        self.walk_away = self.button("Walk away", self._walk_away)
        self.press_cancel = self.button("Cancel on the reader", self._press_cancel)
        self.customer = group(
            "The customer at the reader",
            self.card,
            self.tip,
            row(self.simulate, self.insert, self.walk_away, self.press_cancel),
        )

    async def present(self, card: str, tip: int | None) -> None:
        """Present the card of this number, with a tip in the smallest unit; None where nobody asked."""
        raise NotImplementedError

    def show_stage(self, stage: str | None) -> None:
        """Draw the reader anew, at a stage of `screen.STAGES`; None for what its action says."""
        raise NotImplementedError

    def serve(self, reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None) -> None:
        """Offer what a customer can do now: `reader` is one that asks for a card, or None."""
        simulated = reader is not None and reader.device_type.startswith("simulated_")
        if not simulated or self._asked is None:
            self.tip.value = NOT_YET
        self._asked = reader if simulated else None
        last = intent.last_payment_error if intent is not None else None
        self._may_need_pin = last is not None and "pin_required" in (last.code or "")
        self._offer_tips(intent if simulated else None)
        self._cancel_offered = simulated and bool(_config(reader).get("enable_customer_cancellation"))
        self._offer()

    @property
    def asks_for_tip(self) -> bool:
        """Whether the reader shows the choice of a tip just now."""
        return bool(self.tips) and self.tip.value == NOT_YET

    def _offer(self) -> None:
        asked = self._asked is not None
        self.enable(
            simulate=asked,
            insert=asked and (self._may_need_pin or asks_for_pin(self.card.value)),
            walk_away=asked,
            press_cancel=asked and self._cancel_offered,
        )
        offline = offline_controls() is not None
        self.press_cancel.layout.display = "" if offline and self._cancel_offered else "none"

    def _offer_tips(self, intent: stripe.PaymentIntent | None) -> None:
        if intent is None or not self.tips:
            self.tips = {}
            self.tip.layout.display = "none"
            return
        options = [("being chosen…", NOT_YET), ("No tip", 0)]
        for share, amount in tip_amounts(self.tips, intent.amount):
            shown = format_amount(amount, intent.currency)
            options.append((f"{share}%: {shown}" if share else shown, amount))
        if list(self.tip.options) != options:
            self.tip.options = options
        self.tip.layout.display = ""

    def _pass_heading(self, change: dict[str, Any]) -> None:
        """The headings in the list of cards are no cards: the choice goes on, the way it came."""
        numbers = [number for _, number in self.card.options]
        if change["new"].isdecimal():
            self._offer()
            return
        place = numbers.index(change["new"])
        back = change["old"] in numbers and numbers.index(change["old"]) > place and place > 0
        self.card.value = numbers[place - 1 if back else place + 1]

    # -- what the buttons do

    async def _tap(self) -> None:
        await self._present()

    async def _insert(self) -> None:
        self._settle_tip()
        self.show_stage("pin")
        self.say("The customer inserts the card and types the PIN.")
        await asyncio.sleep(TYPING_A_PIN)
        await self._present()

    def _settle_tip(self) -> None:
        """A reader asks for the card, and then the PIN, only when it knows the tip."""
        if self.asks_for_tip:
            self.tip.value = 0
            self.say("The customer adds no tip.")

    async def _present(self) -> None:
        self._settle_tip()
        await self.present(self.card.value, self.tip.value if self.tips else None)

    async def _walk_away(self) -> None:
        self.say("The customer walks away. The reader goes on asking: only the till can stop it.")

    async def _press_cancel(self) -> None:
        await call(press_cancel, self._asked.id)
        self.say("The customer pressed cancel on the reader.")


def offered_tips(
    reader: stripe.terminal.Reader, currency: str, *, client: stripe.StripeClient | None = None
) -> dict[str, Any]:
    """The rules of the tips that a reader offers while it asks for a payment, or {} when it asks for none, as
    `tipping_rules` has them."""
    config = _config(reader)
    if config.get("skip_tipping") or config.get("tipping", {}).get("amount_eligible") == 0:
        return {}
    return tipping_rules(reader, currency, client=client)


def _config(reader: stripe.terminal.Reader) -> dict[str, Any]:
    """The settings of the payment that the reader asks for."""
    action = reader.action.to_dict() if reader.action else {}
    return (action.get("process_payment_intent") or {}).get("process_config") or {}
