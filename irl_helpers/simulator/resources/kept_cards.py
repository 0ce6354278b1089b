"""Cards that can be charged without a reader, and where they come from: typed in, named, or generated.

https://docs.stripe.com/api/payment_methods
"""

from __future__ import annotations

import copy
import time

from .. import errors
from ..account import Account, Object
from ..cards import Card, fingerprint
from ..online_cards import ONLINE, TOKENS, check_cvc, check_expiry, shown_brand, typed_card
from .charges import NO_BILLING

KIND = "payment_method"
_BY_FINGERPRINT = {fingerprint(card): card for card in ONLINE.values()}
# Networks whose cards can be saved at a reader.
_GENERATED = {"visa", "mastercard", "amex", "discover"}


def add_card(
    account: Account,
    card: Card,
    expiry: tuple[int, int] = (12, 2034),
    *,
    allow_redisplay: str = "unspecified",
    generated_from: Object | None = None,
    cvc: bool = True,
) -> Object:
    """A `card` that can be charged online; `cvc` says that its security code is known."""
    return account.add(
        "pm",
        KIND,
        allow_redisplay=allow_redisplay,
        billing_details=dict(NO_BILLING),
        card={
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "unchecked" if cvc else None,
            },
            "country": card.country,
            "display_brand": shown_brand(card.brand),
            "exp_month": expiry[0],
            "exp_year": expiry[1],
            "fingerprint": fingerprint(card),
            "funding": card.funding,
            "generated_from": generated_from,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        created=account.now,
        customer=None,
        customer_account=None,
        livemode=False,
        metadata={},
        type="card",
    )


def run_checks(account: Account, method: Object) -> None:
    """The bank looks at what was typed in: the security code, and an address if there is one."""
    card, address = method["card"], method["billing_details"]["address"] or {}
    fails = card_of(card).fails
    typed = {
        "address_line1_check": address.get("line1"),
        "address_postal_code_check": address.get("postal_code"),
        "cvc_check": card["checks"]["cvc_check"],
    }
    checks = {name: ("fail" if name in fails else "pass") if given else None for name, given in typed.items()}
    if checks != card["checks"]:
        method["card"] = {**card, "checks": checks}
        account.save(method)


def generate(
    account: Account,
    card: Card,
    allow_redisplay: str,
    *,
    charge: Object | None = None,
    setup_attempt: str | None = None,
) -> Object | None:
    """The `card` that can be charged online after one use at a reader; None where its network has none."""
    if card.brand not in _GENERATED:
        return None
    details = charge["payment_method_details"] if charge else None
    made_from = {
        "charge": charge["id"] if charge else None,
        # As it was before the charge named this card.
        "payment_method_details": copy.deepcopy(details),
        "setup_attempt": setup_attempt,
    }
    return add_card(account, card, allow_redisplay=allow_redisplay, generated_from=made_from, cvc=False)


def card_of(details: Object) -> Card:
    """The test card that a PaymentMethod's or a charge's details speak of."""
    return _BY_FINGERPRINT[details["fingerprint"]]


def typed_in(account: Account, given: Object) -> Object:
    """The card in `card[…]` of a request. Raises StripeError, 402, for anything but a test card."""
    if token := given.get("token"):
        number = TOKENS.get("pm_card_" + token.removeprefix("tok_"))
        if number is None:
            raise errors.no_such("token", token, "card[token]")
        return add_card(account, ONLINE[number], _expiry(account))
    for name in ("number", "exp_month", "exp_year"):
        if name not in given:
            raise errors.missing(f"card[{name}]")
    expiry = check_expiry(given["exp_month"], given["exp_year"], account.time)
    if "cvc" in given:
        check_cvc(given["cvc"])
    return add_card(account, typed_card(given["number"]), expiry, cvc="cvc" in given)


def named(account: Account, id: str, param: str, *, in_path: bool = False) -> Object:
    """The PaymentMethod with this id, a new one for a name such as `pm_card_visa`."""
    if number := TOKENS.get(id):
        return add_card(account, ONLINE[number], _expiry(account))
    return account.get(id, KIND, param, in_path=in_path)


def _expiry(account: Account) -> tuple[int, int]:
    """Of a card that is named: a year from now."""
    today = time.gmtime(account.time)
    return today.tm_mon, today.tm_year + 1
