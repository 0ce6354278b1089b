"""The panel of part 3: choose a reader, enter an amount, take the payment."""

from __future__ import annotations

from ..sale import POSSIBLE, STATES
from .action import REFRESH, Action
from .panel import Panel
from .till import NEXT, TONES, Till, payment_intent_id


class CollectPanel(Panel):
    """A till: choose a reader, enter an amount, take the payment.

    Its inputs are those of `Till`, its buttons are its `ACTIONS` and those of the `Customer`. `cancel` gives
    up the sale: the reader stops asking, and a hold is released. A payment that the reader already asks for,
    or that waits to be captured, is taken up.
    """

    STATES = STATES
    TONES = TONES
    NEXT = NEXT
    payment_intent_id = payment_intent_id
    ACTIONS = (
        Action("process", "Process", lambda panel: panel.till.process(), POSSIBLE["process"], "primary"),
        Action("capture", "Capture", lambda panel: panel.till.capture(), POSSIBLE["capture"], "success"),
        Action("cancel", "Cancel", lambda panel: panel.till.give_up(), POSSIBLE["give_up"]),
        Action("restart", "Restart", lambda panel: panel.till.restart(), POSSIBLE["restart"]),
        REFRESH,
    )

    def __init__(self, amount: str = "12.50", currency: str = "usd") -> None:
        super().__init__()
        self.body = self.till = Till(self, amount, currency)
        self.arrange(*self.till.controls("process", "capture", "cancel", "restart"))
