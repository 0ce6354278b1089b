"""The three status lines of the series: the payment, its status, and what the reader does."""

from __future__ import annotations

from html import escape

import stripe

from .layout import facts


def status_lines(
    reader: stripe.terminal.Reader | None, intent: stripe.PaymentIntent | None, stage: str | None = None
) -> str:
    """The lines as html, from the two objects; at the stage "splash" the reader's action is over."""
    action = reader.action if reader is not None else None
    does = f"{action.type}: {action.status}" if action else "none, the reader is idle"
    rows = [
        ("PaymentIntent", intent.id if intent else "none yet"),
        ("Its status", intent.status if intent else "none yet"),
        ("Reader action", f"the reader is idle, after {does}" if action and stage == "splash" else does),
    ]
    return facts([(name, escape(value)) for name, value in rows])
