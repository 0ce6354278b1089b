"""Writes one page with every picture, to be looked at: `python tests/screen_gallery.py /tmp/gallery.html`.

Query parameters are not needed: the page has each screen at 200 and 600 pixels, on white and on dark.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from irl_helpers.screen import Picture, reader_screen

MODELS = (
    "simulated_wisepos_e",
    "simulated_stripe_s700",
    "simulated_stripe_s710",
    "simulated_verifone_v660p",
    "stripe_m2",
)


def reader(action: dict[str, Any] | None = None, model: str = MODELS[0], **fields: Any) -> dict[str, Any]:
    return {"object": "terminal.reader", "status": "online", "device_type": model, "action": action, **fields}


def action(
    kind: str, status: str = "in_progress", /, code: str | None = None, **details: Any
) -> dict[str, Any]:
    return {"type": kind, "status": status, "failure_code": code, "failure_message": None, kind: details}


def intent(amount: int = 1250, currency: str = "usd", **fields: Any) -> dict[str, Any]:
    return {"object": "payment_intent", "id": "pi_1", "amount": amount, "currency": currency, **fields}


def cart(*lines: tuple[int, str, int], currency: str = "usd", tax: int | None = 100) -> dict[str, Any]:
    items = [{"quantity": n, "description": d, "amount": a} for n, d, a in lines]
    total = sum(a for _, _, a in lines) + (tax or 0)
    return action(
        "set_reader_display",
        type="cart",
        cart={"currency": currency, "line_items": items, "tax": tax, "total": total},
    )


def ask(kind: str, title: str, description: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "custom_text": {"title": title, "description": description}, **fields}


TIPS = {
    "tipping": {
        "usd": {"percentages": [15, 20, 25], "fixed_amounts": [100, 200, 300], "smart_tip_threshold": 1000}
    }
}
PAY = "process_payment_intent"
SCREENS: dict[str, dict[str, Any]] = {
    "idle": {},
    "cart": {"action": cart((1, "Caffè latte", 659), (2, "Doughnut, glazed", 1239))},
    "long cart": {
        "action": cart(*[(n, f"Thing number {n} with quite a long name", 199 * n) for n in range(1, 13)])
    },
    "amount": {"action": action(PAY, payment_intent="pi_1"), "payment_intent": intent()},
    "amount, cancel": {
        "action": action(PAY, payment_intent="pi_1", process_config={"enable_customer_cancellation": True}),
        "payment_intent": intent(99_999_999),
    },
    "tip": {"action": action(PAY), "payment_intent": intent(), "stage": "tip", "tips": TIPS},
    "tip, fixed": {"action": action(PAY), "payment_intent": intent(650), "stage": "tip", "tips": TIPS},
    "tip, free": {"action": action(PAY), "payment_intent": intent(), "stage": "tip"},
    "email": {
        "action": action(
            "collect_inputs",
            inputs=[ask("email", "Where shall we send the receipt?", required=True), ask("text", "x")],
        )
    },
    "numeric": {"action": action("collect_inputs", inputs=[ask("numeric", "Your table number")])},
    "phone": {
        "action": action(
            "collect_inputs",
            inputs=[ask("phone", "Your phone number", "We only call when the order is ready.")],
        )
    },
    "text": {"action": action("collect_inputs", inputs=[ask("text", "A name for the cup")])},
    "selection": {
        "action": action(
            "collect_inputs",
            inputs=[
                ask(
                    "selection",
                    "How was it?",
                    selection={
                        "choices": [
                            {"id": "a", "text": "Very good", "style": "primary"},
                            {"id": "b", "text": "Good", "style": "secondary"},
                            {"id": "c", "text": "Not so good", "style": "secondary"},
                        ]
                    },
                )
            ],
        )
    },
    "signature": {
        "action": action(
            "collect_inputs",
            inputs=[
                ask("signature", "Sign for the rental", "I return the bicycle before eight.", required=True)
            ],
        )
    },
    "toggles": {
        "action": action(
            "collect_inputs",
            inputs=[
                ask(
                    "email",
                    "Join our club",
                    toggles=[
                        {"title": "Send me offers", "default_value": "disabled"},
                        {"title": "I am over 18", "default_value": "enabled"},
                    ],
                )
            ],
        )
    },
    "answered": {"action": action("collect_inputs", "succeeded", inputs=[])},
    "timed out": {"action": action("collect_inputs", "failed", "collect_inputs_timeout", inputs=[])},
    "printing": {"action": action("print_content", type="image")},
    "foreign": {
        "action": cart(
            (1, "抹茶ラテ（アイス・大きいサイズ）", 650),
            (2, "قهوة عربية بالهيل", 1239),
            (1, "👨‍👩‍👧‍👦 Family ticket 🇯🇵🇩🇪", 9900),
            (1, "<script>alert(1)</script>", 1),
            (1, "Donaudampfschifffahrtsgesellschaftskapitän", 5),
            currency="jpy",
        )
    },
    "insert": {"action": action(PAY), "payment_intent": intent(1250, "kwd"), "stage": "insert"},
    "remove card": {"action": action(PAY), "payment_intent": intent(1250, "jpy"), "stage": "remove_card"},
    "pin": {"action": action(PAY), "payment_intent": intent(), "stage": "pin"},
    "authorizing": {"action": action(PAY), "payment_intent": intent(), "stage": "authorizing"},
    "approved": {"action": action(PAY, "succeeded"), "payment_intent": intent()},
    "approved, tip": {
        "action": action(PAY, "succeeded"),
        "payment_intent": intent(1438, amount_details={"tip": {"amount": 188}}),
    },
    "declined": {
        "action": action(PAY, "failed", "card_declined"),
        "payment_intent": intent(
            last_payment_error={"code": "card_declined", "decline_code": "insufficient_funds"}
        ),
    },
    "connection": {"action": action(PAY, "failed", "connection_error"), "payment_intent": intent()},
    "customer canceled": {"action": action(PAY, "failed", "customer_canceled"), "payment_intent": intent()},
    "canceled": {"stage": "canceled"},
    "save card": {
        "action": action("process_setup_intent", process_config={"enable_customer_cancellation": True})
    },
    "card saved": {"action": action("process_setup_intent", "succeeded")},
    "card read": {
        "action": action(
            "collect_payment_method", payment_method={"card_present": {"brand": "visa", "last4": "4242"}}
        ),
        "payment_intent": intent(),
    },
    "refund": {"action": action("refund_payment", amount=500), "payment_intent": intent(currency="cad")},
    "refunded": {
        "action": action("refund_payment", "succeeded", amount=500),
        "payment_intent": intent(currency="cad"),
    },
    "offline": {"status": "offline"},
    "updating": {"stage": "updating"},
    "unknown": {"action": action("fold_the_receipt_nicely")},
}


def picture(name: str, model: str, size: int) -> Picture:
    facts = dict(SCREENS[name])
    calls = {key: facts.pop(key) for key in ("payment_intent", "stage", "tips") if key in facts}
    return reader_screen(reader(facts.pop("action", None), model, **facts), size=size, **calls)


def page(pictures: list[Picture], ground: str, gray: bool = False) -> str:
    style = f"margin:0;padding:12px;background:{ground};{'filter:grayscale(1);' if gray else ''}"
    return f'<!doctype html><meta charset="utf-8"><body style="{style}">' + "\n".join(
        p.img() for p in pictures
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for model in MODELS:
        for size, ground, gray in (
            (200, "#fff", False),
            (200, "#111", False),
            (200, "#fff", True),
            (600, "#fff", False),
        ):
            name = f"{model}-{size}-{'gray' if gray else ground[1:]}.html"
            shown = [picture(screen, model, size) for screen in SCREENS]
            (folder / name).write_text(page(shown, ground, gray))
    print(folder)
