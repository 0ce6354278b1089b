"""Intents that wait for the cardholder: how they ask, and what it means that she does not pass.

https://docs.stripe.com/payments/3d-secure
"""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlencode

from .. import errors, three_d_secure
from ..account import Account, Object
from ..errors import last_error
from ..ids import random_text
from ..states import payment_intent_move, setup_intent_move
from . import kept_cards, stripe_accounts

PATH = "/3d_secure_2/hosted"
_MOVES = {"payment_intent": payment_intent_move, "setup_intent": setup_intent_move}
_FAILED = {"payment_intent": "payment_intent.payment_failed", "setup_intent": "setup_intent.setup_failed"}
_LAST_ERROR = {"payment_intent": "last_payment_error", "setup_intent": "last_setup_error"}
_URL = re.compile(r"(?!javascript:|data:)[a-z][a-z0-9+.-]*://[!-~]{1,2000}", re.IGNORECASE)


def wanted(account: Account, intent: Object, method: Object, *, off_session: bool = False) -> bool:
    """Whether this card's bank wants to hear from the cardholder before it says yes to this intent."""
    if account.inner(intent).get("moto"):
        return False
    options = (intent["payment_method_options"] or {}).get("card") or {}
    return three_d_secure.asks(
        kept_cards.card_of(method["card"]),
        off_session=off_session,
        requested=options.get("request_three_d_secure") or "automatic",
        set_up=account.inner(method).get("set_up", False),
    )


def ask(account: Account, intent: Object, params: Object) -> None:
    """The intent waits for the cardholder. With the call's `return_url` there is a page for her; without it,
    Stripe.js would ask. The event is sent."""
    kind = intent["object"]
    intent.update(status=_MOVES[kind](intent["status"], "require_action"))
    if return_url := params.get("return_url"):
        if not _URL.fullmatch(return_url):
            raise errors.invalid("Not a valid URL", "return_url", "url_invalid")
        query = {
            "merchant": stripe_accounts.own_id(account),
            kind: intent["id"],
            f"{kind}_client_secret": intent["client_secret"],
            "source": f"payatt_3{random_text(23)}",
        }
        intent["next_action"] = {
            "redirect_to_url": {
                "return_url": return_url,
                "url": f"{account.address}{PATH}?{urlencode(query)}",
            },
            "type": "redirect_to_url",
        }
    else:
        intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": _for_the_sdk(account)}
    account.save(intent)
    account.emit(f"{kind}.requires_action", intent)


def _for_the_sdk(account: Account) -> Object:
    return {
        "directory_server_encryption": {
            "algorithm": "RSA",
            "certificate": "",
            "directory_server_id": "A000000003",
            "root_certificate_authorities": [],
        },
        "directory_server_name": "visa",
        "merchant": stripe_accounts.own_id(account),
        "one_click_authn": None,
        "server_transaction_id": str(uuid.uuid4()),
        "three_d_secure_2_source": f"payatt_3{random_text(23)}",
        "three_ds_method_url": "",
        "three_ds_optimizations": "kf",
        "type": "stripe_3ds2_fingerprint",
    }


def check_asked(intent: Object) -> None:
    """Raises StripeError unless the intent waits for the cardholder."""
    _MOVES[intent["object"]](intent["status"], "fail_action")


def fail(account: Account, intent: Object, method: Object) -> Object:
    """The cardholder did not pass: the intent asks for another card. Its event is sent; gives the error."""
    kind = intent["object"]
    name = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}[kind]
    error = last_error(
        "invalid_request_error",
        f"{kind}_authentication_failure",
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
        f"PaymentMethod to attempt to fulfill this {name} again.",
        method,
    )
    intent.update(
        {
            "status": _MOVES[kind](intent["status"], "fail_action"),
            "next_action": None,
            "payment_method": None,
            _LAST_ERROR[kind]: error,
        }
    )
    account.save(intent)
    account.emit(_FAILED[kind], intent)
    return error


def note_set_up(account: Account, method: Object) -> None:
    """The card may be charged later without its holder."""
    account.inner(method)["set_up"] = True
    account.save(method)
