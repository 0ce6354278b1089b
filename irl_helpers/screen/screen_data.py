"""What a reader's screen is drawn from: the Reader, its action, and the payment that the action is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .object_fields import as_dict, integer, money, object_id, part, text, text_of

Fields = dict[str, Any]

# The fields of an action that hold what the till asked for in this one case.
_CONFIGS = ("process_config", "collect_config", "refund_payment_config")


@dataclass(frozen=True)
class ScreenData:
    """Read once, then only looked at. Every field is a dict, empty where Stripe sent nothing."""

    reader: Fields
    intent: Fields = field(default_factory=dict)
    tips: Fields = field(default_factory=dict)
    typed: str = ""

    @classmethod
    def of(cls, reader: Any, payment_intent: Any = None, tips: Any = None, typed: str = "") -> ScreenData:
        """`payment_intent` counts only if the action is about it: a wrong amount is worse than none."""
        fields = as_dict(reader)
        details = part(fields, "action", text_of(fields, "action", "type"))
        intent = as_dict(payment_intent)
        pointed = object_id(details.get("payment_intent"))
        if pointed and object_id(intent) and object_id(intent) != pointed:
            intent = {}
        return cls(fields, intent or as_dict(details.get("payment_intent")), as_dict(tips), typed)

    @property
    def action(self) -> Fields:
        """What the reader does now, or did last."""
        return part(self.reader, "action")

    @property
    def type(self) -> str:
        """The action's type, such as "process_payment_intent"."""
        return text(self.action, "type")

    @property
    def status(self) -> str:
        """The action's status: "in_progress", "succeeded" or "failed"."""
        return text(self.action, "status")

    @property
    def details(self) -> Fields:
        """The part of the action that is named after its type."""
        return part(self.action, text_of(self.reader, "action", "type"))

    @property
    def config(self) -> Fields:
        """What the till asked for in this one case, such as a cancel button."""
        return next((part(self.details, name) for name in _CONFIGS if self.details.get(name)), {})

    @property
    def may_cancel(self) -> bool:
        """Whether the customer was given a cancel button."""
        return self.config.get("enable_customer_cancellation") is True

    @property
    def paid(self) -> bool:
        """Whether the bank has approved the payment, whatever the reader knows of it."""
        return text(self.intent, "status") in ("requires_capture", "succeeded")

    @property
    def currency(self) -> str:
        """The payment's currency, or ''."""
        return text(self.intent, "currency")

    @property
    def price(self) -> str:
        """The payment's amount as the customer reads it, or '' where no PaymentIntent is known."""
        return money(integer(self.intent, "amount"), self.currency)

    @property
    def tip(self) -> str:
        """The tip that is part of the price, or ''."""
        tip = integer(part(self.intent, "amount_details", "tip"), "amount")
        return money(tip, self.currency) if tip else ""
