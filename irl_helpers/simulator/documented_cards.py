"""Cards that Stripe documents for testing payments without a reader, beside those that readers know too.

Each is also named `pm_card_…` and `tok_…`, and makes a new PaymentMethod each time.
https://docs.stripe.com/testing
"""

from __future__ import annotations

from .cards import SAVED_AND_DECLINED, Card

# Numbers by country: a Visa credit card, named after its country.
_COUNTRIES = {
    "ae": "4000007840000001", "ar": "4000000320000021", "at": "4000000400000008", "au": "4000000360000006",
    "be": "4000000560000004", "bg": "4000001000000000", "br": "4000000760000002", "by": "4000001120000005",
    "ca": "4000001240000000", "ch": "4000007560000009", "cl": "4000001520000001", "cn": "4000001560000002",
    "co": "4000001700000003", "cr": "4000001880000005", "cy": "4000001960000008", "cz": "4000002030000002",
    "de": "4000002760000016", "dk": "4000002080000001", "ec": "4000002180000000", "ee": "4000002330000009",
    "es": "4000007240000007", "fi": "4000002460000001", "fr": "4000002500000003", "gb": "4000008260000000",
    "gi": "4000002920000005", "gr": "4000003000000030", "hk": "4000003440000004", "hr": "4000001910000009",
    "hu": "4000003480000005", "ie": "4000003720000005", "in": "4000003560000008", "it": "4000003800000008",
    "jp": "4000003920000003", "li": "4000004380000004", "lt": "4000004400000000", "lu": "4000004420000006",
    "lv": "4000004280000005", "mt": "4000004700000007", "mx": "4000004840008001", "my": "4000004580000002",
    "nl": "4000005280000002", "no": "4000005780000007", "nz": "4000005540000008", "pa": "4000005910000000",
    "pe": "4000006040000068", "pl": "4000006160000005", "pt": "4000006200000007", "py": "4000006000000066",
    "ro": "4000006420000001", "se": "4000007520000008", "sg": "4000007020000003", "si": "4000007050000006",
    "sk": "4000007030000001", "tw": "4000001580000008", "uy": "4000008580000003",
}  # fmt: skip
_CVC, _LINE1, _POSTAL_CODE = "cvc_check", "address_line1_check", "address_postal_code_check"
_CARDS = [
    Card("5200007840000022", "ae_mastercard", "mastercard", country="AE"),
    Card("4000058260000005", "gb_debit", "visa", "debit", "GB"),
    Card("5555558265554449", "gb_mastercard", "mastercard", country="GB"),
    Card("4000007640000003", "th_credit", "visa", country="TH"),
    Card("4000057640000008", "th_debit", "visa", "debit", "TH"),
    Card("4000051230000072", "debit_visaFsaProductCode", "visa", "debit"),
    Card("5200828282828897", "mastercard_debit_mastercardFsaProductCode", "mastercard", "debit"),
    # Declined.
    Card("4000000000000127", "chargeDeclinedIncorrectCvc", "visa", outcome="incorrect_cvc", fails=(_CVC,)),
    Card(
        "4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", "visa",
        outcome="card_velocity_exceeded",
    ),
    Card(SAVED_AND_DECLINED, "chargeCustomerFail", "visa", outcome="generic_decline"),
    # What the bank says of what was typed in.
    Card("4000000000000101", "cvcCheckFail", "visa", fails=(_CVC,)),
    Card("4000000000000036", "avsZipFail", "visa", fails=(_POSTAL_CODE,)),
    Card("4000000000000028", "avsLine1Fail", "visa", fails=(_LINE1,)),
    Card("4000000000000010", "avsFail", "visa", fails=(_LINE1, _POSTAL_CODE)),
    Card("4000058400307872", "cvcCheckFailElevatedRisk", "visa", "debit", fails=(_CVC,), risk="elevated"),
    Card(
        "4000058400306072", "avsZipFailElevatedRisk", "visa", "debit", fails=(_POSTAL_CODE,), risk="elevated",
    ),
    # What Stripe thinks of the payment.
    Card("4100000000000019", "radarBlock", "visa", outcome="fraudulent", risk="blocked"),
    Card("4000000000004954", "riskLevelHighest", "visa", risk="highest"),
    Card("4000000000009235", "riskLevelElevated", "visa", risk="elevated"),
]  # fmt: skip

DOCUMENTED: dict[str, Card] = {
    **{number: Card(number, code, "visa", country=code.upper()) for code, number in _COUNTRIES.items()},
    **{card.number: card for card in _CARDS},
}
# Names of cards that readers know too, or that have several.
_NAMES = {
    "amex": "371449635398431",
    "chargeDeclined": "4000000000000002",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedProcessingError": "4000000000000119",
    "debit_visaHsaProductCode": "4000051230000072",
    "diners": "3056930009020004",
    "discover": "6011000990139424",
    "jcb": "3566002020360505",
    "mastercard": "5555555555554444",
    "mastercard_cartesBancaires": "5555552500001001",
    "mastercard_debit": "5200828282828210",
    "mastercard_debit_eftposAuCoBranded": "5555050360000080",
    "mastercard_prepaid": "5105105105105100",
    "unionpay": "6200000000000005",
    "us": "4242424242424242",
    "visa": "4242424242424242",
    "visa_cartesBancaires": "4000002500001001",
    "visa_chargeDeclined": "4000000000000002",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "visa_chargeDeclinedStolenCard": "4000000000009979",
    "visa_debit": "4000056655665556",
    "visa_debit_eftposAuCoBranded": "4000050360000001",
}
TOKENS_DOCUMENTED = {
    f"pm_card_{name}": number
    for name, number in [*((card.name, number) for number, card in DOCUMENTED.items()), *_NAMES.items()]
}
