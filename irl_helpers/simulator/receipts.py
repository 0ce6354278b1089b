"""What a receipt must say of a card at a reader and of the bank's answer: EMV data, by the card's brand.

https://docs.stripe.com/terminal/features/receipts
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from .cards import Card
from .declines import Verdict

APPROVED = "00"
# What a bank answers that gives no code of its own.
_NO = "05"


class Application(NamedTuple):
    """The program on the card's chip: its AID, and the name that a receipt shows."""

    aid: str
    name: str
    verification_results: str = "0000000000"
    status_information: str = "0000"


APPLICATIONS = {
    "visa": Application("A0000000031010", "Stripe Credit"),
    "mastercard": Application("A0000000041010", "MASTERCARD"),
    "interac": Application("A0000002771010", "Interac", "8000008000", "6800"),
    # Those that nobody has seen Stripe answer: the AIDs are the EMV registry's.
    "amex": Application("A000000025010402", "AMERICAN EXPRESS"),
    "discover": Application("A0000001523010", "DISCOVER"),
    "diners": Application("A0000001523010", "DINERS CLUB"),
    "jcb": Application("A0000000651010", "JCB CREDIT"),
    "unionpay": Application("A000000333010102", "UNIONPAY CREDIT"),
    "eftpos_au": Application("A00000038410", "EFTPOS SAV"),
    "girocard": Application("A0000003591010028001", "girocard"),
}
_DEBIT = {
    "visa": Application("A0000000031010", "Stripe Debit"),
    "unionpay": Application("A000000333010101", "UNIONPAY DEBIT"),
}
_ACCOUNTS = {"credit": "credit", "debit": "checking", "prepaid": "prepaid"}


def application(card: Card) -> Application:
    """The program of this card's brand and funding."""
    debit = _DEBIT.get(card.brand) if card.funding == "debit" else None
    return debit or APPLICATIONS[card.brand]


def response_code(verdict: Verdict) -> str:
    """The bank's answer, two characters written as hexadecimal numbers: "3030" for "00"."""
    decline = verdict.decline
    answer = APPROVED if decline is None else decline.network_decline_code or _NO
    return answer.encode().hex().upper()


def emv_auth_data(verdict: Verdict) -> str:
    """The same as the reader gets it: tag 8A, two bytes."""
    return f"8A02{response_code(verdict)}"


def receipt(card: Card, verdict: Verdict) -> dict[str, Any]:
    """`receipt` of a charge."""
    found = application(card)
    return {
        "account_type": _ACCOUNTS[card.funding],
        "application_cryptogram": os.urandom(8).hex().upper(),
        "application_preferred_name": found.name,
        "authorization_code": AUTHORIZATION_CODE if verdict.decline is None else None,
        "authorization_response_code": response_code(verdict),
        "cardholder_verification_method": verdict.cvm,
        "dedicated_file_name": found.aid,
        "terminal_verification_results": found.verification_results,
        "transaction_status_information": found.status_information,
    }


AUTHORIZATION_CODE = "123456"
"""The one of every approved payment at a reader in test mode."""
