"""Object ids as Stripe writes them: a prefix, then letters and digits that nobody can guess.

An object's id also says when it was made within its account, so that ids sort by age and a list needs no
index but theirs.
"""

from __future__ import annotations

import os
from functools import lru_cache

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TABLE = bytes(ord(_ALPHABET[value % len(_ALPHABET)]) for value in range(256))

PREFIXES = {
    "account": "acct",
    "balance_transaction": "txn",
    "charge": "ch",
    "customer": "cus",
    "dispute": "du",
    "event": "evt",
    "file": "file",
    "payment_intent": "pi",
    "payment_method": "pm",
    "refund": "re",
    "setup_attempt": "setatt",
    "setup_intent": "seti",
    "terminal.configuration": "tmc",
    "terminal.location": "tml",
    "terminal.reader": "tmr",
    "webhook_endpoint": "we",
}


def new_id(prefix: str, length: int = 24) -> str:
    """`new_id("req")` -> `"req_3…"`. The first character is a digit, so that no id reads like a word."""
    return f"{prefix}_3{random_text(length - 1)}"


def ordered_id(prefix: str, revision: int, count: int) -> str:
    """An id that sorts after those of earlier revisions of the account, and of lower counts in this one."""
    return f"{prefix}_3{_base62(revision, 6)}{_base62(count, 2)}{random_text(15)}"


def revision_of(id: str) -> int:
    """The revision of the account in which an ordered id was made, -1 for any other id."""
    digits = id.partition("_3")[2][:6]
    if len(digits) < 6 or not all(digit in _ALPHABET for digit in digits):
        return -1
    number = 0
    for digit in digits:
        number = number * 62 + _ALPHABET.index(digit)
    return number


def random_text(length: int) -> str:
    """Random letters and digits."""
    return os.urandom(length).translate(_TABLE).decode()


def random_digits(length: int) -> str:
    """A random number of so many digits."""
    return "".join(str(value % 9 + 1) for value in os.urandom(length))


@lru_cache(maxsize=256)
def _base62(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, 62)
        text = _ALPHABET[digit] + text
    return text
