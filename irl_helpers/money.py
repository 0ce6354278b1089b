"""Amounts as people read and write them; in between they are integers in the currency's smallest unit.

The smallest amounts that Stripe charges are in `simulator/money.py`.
"""

from __future__ import annotations

import re

from .simulator.money import THREE_DECIMAL, ZERO_DECIMAL

# Signs that stand for one currency only; any other is written as its code: "KWD 1.250".
_SIGNS = {
    "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$", "nzd": "NZ$", "sgd": "S$",
    "hkd": "HK$", "mxn": "MX$", "brl": "R$", "inr": "₹", "cny": "CN¥",
}  # fmt: skip

# Commas that can only be an English receipt's: "12,50" and "1,250" are decimals elsewhere.
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,3}\.[0-9]+")
_WRITTEN = re.compile(r"(?=\.?\d)(\d{0,12})(?:\.(\d*))?")


def currency_decimals(currency: str) -> int:
    """How many digits follow the point: 2 for usd, 0 for jpy, 3 for kwd."""
    code = currency.lower()
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2


def format_amount(amount: int, currency: str) -> str:
    """An amount in the smallest unit, as a receipt writes it.

    `format_amount(1250, "usd") == "$12.50"`, `format_amount(1250, "jpy") == "¥1,250"`,
    `format_amount(1250, "kwd") == "KWD 1.250"`; a negative amount gets its minus first: "-$5.00".
    Raises TypeError for anything but an int: 12.5 could mean dollars or cents.
    """
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TypeError(f"an amount is an int in the currency's smallest unit, not {type(amount).__name__}")
    decimals = currency_decimals(currency)
    whole, rest = divmod(abs(amount), 10**decimals)
    number = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    sign = _SIGNS.get(currency.lower(), f"{currency.upper()} ")
    return f"{'-' if amount < 0 else ''}{sign}{number}"


def typed_amount(amount: int, currency: str) -> str:
    """An amount in the smallest unit, as a person types it and `parse_amount` reads it: 1250 -> "12.50"."""
    return "".join(each for each in format_amount(amount, currency) if each.isdigit() or each == ".")


def parse_amount(text: str, currency: str = "usd") -> int:
    """What a person typed, as an integer in the currency's smallest unit.

    `parse_amount("12.50") == 1250`, `parse_amount("12") == 1200`, `parse_amount("$12.5") == 1250`,
    `parse_amount("12", "jpy") == 12`, and as receipts have it, `parse_amount("$1,250.00") == 125000`. Raises
    ValueError, in words for that person, for a blank, letters, any other comma, a minus, more decimals than
    the currency has, or nothing at all to pay.
    """
    if not isinstance(text, str):
        raise TypeError(f"write the amount as text, such as '12.50', not as {type(text).__name__}")
    decimals = currency_decimals(currency)
    example = "12" + ("." + "50".ljust(decimals, "0") if decimals else "")
    sign = _SIGNS.get(currency.lower(), currency.upper())
    written = text.strip().removeprefix(sign).strip()
    if not written:
        raise ValueError(f"Enter an amount, such as {example}.")
    if written.startswith(("-", "\N{MINUS SIGN}")):
        raise ValueError(f"An amount cannot be negative. Enter one such as {example}.")
    if _GROUPED.fullmatch(written):
        written = written.replace(",", "")
    if "," in written:
        raise ValueError(f"Write the amount with a point and without commas, such as {example}.")
    found = _WRITTEN.fullmatch(written) if written.isascii() else None
    if found is None:
        raise ValueError(f"That is not an amount. Enter one such as {example}.")
    whole, rest = found[1], found[2] or ""
    if len(rest) > decimals:
        allowed = {0: "no decimals", 2: "two decimals"}.get(decimals, f"{decimals} decimals")
        raise ValueError(f"{currency.upper()} has {allowed}. Enter an amount such as {example}.")
    amount = int(whole + rest.ljust(decimals, "0"))
    if amount == 0:
        raise ValueError(f"There is nothing to pay. Enter an amount such as {example}.")
    return amount
