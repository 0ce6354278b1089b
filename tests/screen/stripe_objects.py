"""Stripe objects as plain dicts, just large enough to be drawn."""

from __future__ import annotations

from typing import Any

Fields = dict[str, Any]
WISEPOS = "simulated_wisepos_e"
MODELS = {
    WISEPOS: "WisePOS E",
    "simulated_stripe_s700": "Stripe Reader S700",
    "simulated_stripe_s710": "Stripe Reader S710",
    "simulated_verifone_v660p": "Verifone V660p",
    "stripe_m2": "Stripe Reader M2",
}
PAY = "process_payment_intent"


def reader(action: Fields | None = None, model: str = WISEPOS, **fields: Any) -> Fields:
    given = {"id": "tmr_FakeReader0001", "object": "terminal.reader", "device_type": model, "action": action}
    return {**given, "status": "online", "label": "Till 1", **fields}


def action(type: str, status: str = "in_progress", /, code: str | None = None, **details: Any) -> Fields:
    given = {"type": type, "status": status, "failure_code": code, "failure_message": None, "api_error": None}
    return {**given, type: details}


def pay(status: str = "in_progress", code: str | None = None, **details: Any) -> Fields:
    return action(PAY, status, code, payment_intent="pi_FakePayment0001", **details)


def intent(amount: int = 1250, currency: str = "usd", **fields: Any) -> Fields:
    given = {"id": "pi_FakePayment0001", "object": "payment_intent", "amount": amount, "currency": currency}
    return {**given, **fields}


def cart(*lines: tuple[int, str, Any], currency: str = "usd", tax: Any = 100) -> Fields:
    """Lines are (quantity, description, amount)."""
    items = [{"quantity": n, "description": text, "amount": amount} for n, text, amount in lines]
    total = sum(amount for _, _, amount in lines) + (tax or 0)
    shown = {"currency": currency, "line_items": items, "tax": tax, "total": total}
    return action("set_reader_display", type="cart", cart=shown)


def inputs(*questions: Fields, status: str = "in_progress", code: str | None = None) -> Fields:
    return action("collect_inputs", status, code, inputs=[*questions])


def question(type: str, title: str, description: str | None = None, **fields: Any) -> Fields:
    said = {"title": title, "description": description, "submit_button": None, "skip_button": None}
    return {"type": type, "custom_text": said, "required": False, type: None, **fields}


CANCEL_BUTTON = {"enable_customer_cancellation": True}
TIPS = {
    "tipping": {
        "usd": {"percentages": [15, 20, 25], "fixed_amounts": [100, 200, 300], "smart_tip_threshold": 1000}
    }
}
CHOICES = [
    {"id": "good", "text": "Very good", "style": "primary"},
    {"id": "bad", "text": "Not so good", "style": "secondary"},
]
TOGGLES = [
    {"title": "Send me offers", "default_value": "disabled", "value": None},
    {"title": "I am over 18", "default_value": "enabled", "value": None},
]
VISA = {
    "id": "pm_FakeMethod00001",
    "type": "card_present",
    "card_present": {"brand": "visa", "last4": "4242"},
}
NO_MONEY = {"code": "card_declined", "decline_code": "insufficient_funds"}
