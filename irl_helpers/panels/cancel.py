"""Part 4 as a panel: a till whose payment can be stopped in flight."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as W
import stripe

from ..account import call
from ..cancel import cancel_payment, cancel_reader_action
from .collect import CollectPanel, said_after_cancel
from .till import Seen


class CancelPanel(CollectPanel):
    """A till whose payment can be stopped in flight.

    As `CollectPanel`, but `cancel` stops only what the reader shows, a payment or a cart. The payment is then
    "open": change the amount and `process` the same one again, or `cancel_payment` as well.
    """

    STATES: ClassVar[dict[str, str]] = {
        **CollectPanel.STATES,
        "open": "the reader asks for nothing, and the payment lives on: process it again, or cancel it too",
        "canceled": "your payment was canceled",
    }

    def till_buttons(self) -> list[W.Button]:
        self.cancel.description = "Cancel reader action"
        self.cancel_payment = self.button("Cancel payment", self._cancel_payment)
        return [self.process, self.cancel, self.cancel_payment, self.capture, self.restart]

    def show(self, seen: Seen) -> None:
        super().show(seen)
        self.enable(cancel_payment=self.state in ("declined", "failed", "open", "authorized"))

    def cancel_makes_sense(self, reader: stripe.terminal.Reader | None) -> bool:
        return reader is not None and reader.action is not None

    async def _cancel(self) -> None:
        reader = await call(
            cancel_reader_action, self.current_reader.id, payment_intent_id=self.payment_intent_id
        )
        self.say(said_after_cancel(reader))
        if self.payment_intent_id is not None and self.state == "in_flight":
            self.say(
                f"{self.payment_intent_id} lives on: change the amount and process it again, or cancel it."
            )

    async def _cancel_payment(self) -> None:
        intent = await call(cancel_payment, self.payment_intent_id)
        self.say(f"Canceled {intent.id}.")
