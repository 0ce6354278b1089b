"""The panel of part 4: a till whose payment can be stopped in flight."""

from __future__ import annotations

from typing import ClassVar

from ..sale import POSSIBLE, STATES
from .action import REFRESH, Action
from .panel import Panel
from .till import NEXT, TONES, Till, payment_intent_id


class CancelPanel(Panel):
    """A till whose payment can be stopped in flight.

    As `CollectPanel`, but `cancel` stops only what the reader shows, a payment or a cart. The payment is then
    "open": change the amount and `process` the same one again, or `cancel_payment` as well.
    """

    STATES: ClassVar[dict[str, str]] = {
        **STATES,
        "open": "the reader asks for nothing, but the payment is still open: process or cancel it",
    }
    TONES = TONES
    NEXT = NEXT
    payment_intent_id = payment_intent_id
    ACTIONS = (
        Action("process", "Process", lambda panel: panel.till.process(), POSSIBLE["process"], "primary"),
        Action(
            "cancel",
            "Cancel reader action",
            lambda panel: panel.till.stop_asking(),
            POSSIBLE["cancel_reader_action"],
        ),
        Action(
            "cancel_payment",
            "Cancel payment",
            lambda panel: panel.till.cancel_payment(),
            POSSIBLE["cancel_payment"],
        ),
        Action("capture", "Capture", lambda panel: panel.till.capture(), POSSIBLE["capture"], "success"),
        Action("restart", "Restart", lambda panel: panel.till.restart(), POSSIBLE["restart"]),
        REFRESH,
    )

    def __init__(self, amount: str = "12.50", currency: str = "usd") -> None:
        super().__init__()
        self.body = self.till = Till(self, amount, currency)
        self.arrange(*self.till.controls("process", "cancel", "cancel_payment", "capture", "restart"))
