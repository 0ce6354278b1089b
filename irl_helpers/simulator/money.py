"""Currencies, and the smallest and largest amount of each that may be charged.

Amounts are integers in the currency's smallest unit.
"""

from __future__ import annotations

from .errors import StripeError, invalid

# https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL = frozenset(
    (
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    )
)
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
_ALL = """
usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd
cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd
hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl
mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr
pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll sos srd std szl thb tjs tnd top try ttd
twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
"""
CURRENCIES = frozenset(_ALL.split())
SYMBOLS = {
    "usd": "$",
    "eur": "€",
    "gbp": "£",
    "jpy": "¥",
    "cad": "$",
    "aud": "$",
    "nzd": "$",
    "sgd": "$",
    "hkd": "$",
}
# The smallest amount that may be charged, by currency; where none is known, 1.
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
MAXIMUM = 99_999_999
_NOTHING = (
    "The amount must be greater than or equal to the minimum charge amount allowed for your account and the "
    "currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you "
    "want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: "
    "https://docs.stripe.com/payments/setup-intents"
)


def check_currency(currency: str, param: str = "currency") -> str:
    """The currency in lower case. Raises StripeError for one that Stripe does not have."""
    code = currency.lower()
    if code not in CURRENCIES:
        raise invalid(
            f"Invalid currency: {currency[:20]}. Stripe currently supports these currencies: "
            f"{', '.join(sorted(CURRENCIES))}",
            param,
        )
    return code


def check_amount(amount: int, currency: str, param: str = "amount") -> int:
    """The amount, if it may be charged. Raises StripeError: too small, too large, or not a multiple of ten
    in a currency with three decimals."""
    if amount < 1:
        raise invalid(_NOTHING, param, "parameter_invalid_integer")
    if amount < MINIMUM.get(currency, 1):
        raise StripeError(
            f"Amount must be at least {show(MINIMUM[currency], currency)} {currency}",
            code="amount_too_small",
            param=param,
        )
    if amount > MAXIMUM:
        raise StripeError(
            f"Amount must be no more than {show(MAXIMUM, currency)}", code="amount_too_large", param=param
        )
    if currency in THREE_DECIMAL and amount % 10:
        raise invalid(f"Invalid amount: the last digit must be 0 in {currency}.", param)
    return amount


def show(amount: int, currency: str) -> str:
    """`show(1250, "usd") == "$12.50"`, as Stripe's messages write amounts."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(amount, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    return SYMBOLS.get(currency, "") + text
