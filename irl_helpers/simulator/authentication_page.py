"""The page on which a cardholder is asked: whoever has its address may answer, as at Stripe.

https://docs.stripe.com/payments/3d-secure
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from . import money
from .account import Account, Object
from .receipt_page import STYLE
from .resources import authentication, online_charges, setup_intents

PATH = authentication.PATH
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_COMPLETE = {"payment_intent": online_charges.authenticate, "setup_intent": setup_intents.authenticate}


class Asked(NamedTuple):
    """An intent, and the key of its account in the file."""

    key: str
    intent: Object


def find(db: sqlite3.Connection, query: Mapping[str, Any]) -> Asked | None:
    """The intent that an address names together with its secret; None where the two do not fit."""
    for kind in _COMPLETE:
        id, secret = str(query.get(kind, "")), str(query.get(f"{kind}_client_secret", ""))
        rows = db.execute(
            "SELECT key_hash, body FROM accounts JOIN objects ON account = accounts.id AND objects.id = ?",
            (id,),
        ).fetchall()
        for key, body in rows:
            intent = json.loads(body)
            if hmac.compare_digest(str(intent.get("client_secret", "")).encode(), secret.encode()) and secret:
                return Asked(key, intent)
    return None


def html(asked: Asked) -> str:
    """The page as it is now."""
    intent = asked.intent
    if intent["status"] != "requires_action":
        said = "<p>Nothing is asked of you any more. You can close this page.</p>"
    else:
        what = "save your card"
        if "amount" in intent:
            what = f"pay {money.show(intent['amount'], intent['currency'])} {intent['currency'].upper()}"
        fields = {
            intent["object"]: intent["id"],
            f"{intent['object']}_client_secret": intent["client_secret"],
        }
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in fields.items()
        )
        said = (
            f"<p>Your bank asks: do you want to {escape(what)}?</p>"
            f'<form method="post" action="{PATH}">{hidden}'
            '<button name="result" value="succeed">Complete authentication</button> '
            '<button name="result" value="fail">Fail authentication</button></form>'
        )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>3D Secure</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>3D Secure</h1>{said}<footer>A simulator, not a bank: no card is charged.</footer>"
        "</body></html>"
    )


def complete(account: Account, asked: Asked, result: str) -> str:
    """Where the cardholder is sent once she has answered; '' where nobody said."""
    id, kind = asked.intent["id"], asked.intent["object"]
    action = asked.intent["next_action"] or {}
    intent = _COMPLETE[kind](account, {"result": "fail" if result == "fail" else "succeed"}, id)
    return_url = (action.get("redirect_to_url") or {}).get("return_url")
    if not return_url:
        return ""
    passed = intent["status"] in ("succeeded", "requires_capture")
    query = {
        kind: id,
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if passed else "failed",
        "source_type": "card",
    }
    head, mark, fragment = return_url.partition("#")
    return f"{head}{'&' if '?' in head else '?'}{urlencode(query)}{mark}{fragment}"
