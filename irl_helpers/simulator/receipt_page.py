"""The receipt of a paid charge: the page behind its `receipt_url`. Whoever has the address may read it.

https://docs.stripe.com/receipts and, for what a card's receipt must say,
https://docs.stripe.com/terminal/features/receipts
"""

from __future__ import annotations

import hmac
import json
import sqlite3
import time
from html import escape
from typing import Any

from . import money
from .ids import random_text

PATH = "/receipts/payment/"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;color:#1a1f36;"
    "background:#fff}h1{font-size:1.25rem}dl{display:grid;grid-template-columns:auto auto;gap:.25rem 1rem}"
    "dd{margin:0;text-align:right;overflow-wrap:anywhere}footer{color:#4f566b;font-size:.875rem}"
)


def url(address: str, charge: str) -> str:
    """A new address for a charge's receipt, which nobody can guess; `address` is the served simulator's."""
    return f"{address}{PATH}{charge}/{random_text(32)}"


def page(db: sqlite3.Connection, path: str) -> str | None:
    """The page at this path, as HTML; None where no receipt has this address."""
    id = path.removeprefix(PATH).partition("/")[0]
    rows = db.execute(
        "SELECT body FROM accounts JOIN objects ON account = accounts.id AND objects.id = ?", (id,)
    ).fetchall()
    for (body,) in rows:
        charge = json.loads(body)
        known = charge.get("receipt_url") or ""
        if hmac.compare_digest(known[-len(path) :].encode(), path.encode()):
            return _html(charge)
    return None


def _html(charge: dict[str, Any]) -> str:
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in _lines(charge) if value
    )
    title = escape(f"Receipt from {charge['calculated_statement_descriptor'] or 'your shop'}")
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><dl>{lines}</dl></main>"
        "<footer>A test payment on an offline account: no money has moved.</footer></body></html>\n"
    )


def _lines(charge: dict[str, Any]) -> list[tuple[str, str | None]]:
    known = charge["payment_method_details"]
    card = known[known["type"]]
    printed = card.get("receipt") or {}
    currency = charge["currency"]

    def show(amount: int) -> str:
        return f"{money.show(amount, currency)} {currency.upper()}"

    paid = charge["amount_captured"] if charge["captured"] else charge["amount"]
    refunded = charge["amount_refunded"]
    return [
        ("For", charge["description"]),
        ("Amount paid" if charge["captured"] else "Amount held", show(paid)),
        ("Refunded", show(refunded) if refunded else None),
        ("Date", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(charge["created"]))),
        ("Card", f"{card['brand']} …{card['last4']}"),
        ("Application", printed.get("application_preferred_name")),
        ("AID", printed.get("dedicated_file_name")),
        ("Account type", printed.get("account_type")),
        ("Authorization code", printed.get("authorization_code")),
        ("Receipt number", charge["receipt_number"]),
        ("Payment", charge["payment_intent"]),
    ]
