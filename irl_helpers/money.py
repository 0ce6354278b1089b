"""Amounts as people read them. Amounts are integers in the currency's smallest unit, as Stripe counts."""

from __future__ import annotations

# https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL = frozenset([
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
    "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf",
])  # fmt: skip
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])

# Signs that stand for one currency only; any other is written as its code: "KWD 1.250".
_SIGNS = {
    "usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$", "nzd": "NZ$", "sgd": "S$",
    "hkd": "HK$", "mxn": "MX$", "brl": "R$", "inr": "₹", "cny": "CN¥",
}  # fmt: skip


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
