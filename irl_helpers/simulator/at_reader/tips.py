"""Tips on the reader: whether it asks for one, and what the customer then gives.

https://docs.stripe.com/terminal/features/collecting-tips/on-reader
"""

from __future__ import annotations

from .. import errors, money
from ..account import Account, Object
from ..resources import configurations

# Countries whose readers can ask for a tip.
_COUNTRIES = """
AT AU BE BG CA CH CY CZ DE DK EE ES FI FR GB GI HR HU IE IT JP LI LT LU LV MT MY NL NO NZ PL PT RO SE SG
SI SK US
"""
COUNTRIES = frozenset(_COUNTRIES.split())


def rules(account: Account, reader: Object, intent: Object, config: Object) -> Object | None:
    """The tipping of the payment's currency, `{percentages, …}`; None when the reader asks for no tip.

    `config` is the `process_config` or `collect_config` of the reader's action.
    """
    return None if why_none(account, reader, intent, config) else _rules(account, reader, intent)


def why_none(account: Account, reader: Object, intent: Object, config: Object) -> str:
    """Why the reader asks for no tip; empty when it does."""
    if config.get("skip_tipping"):
        return "skip_tipping is true"
    if config.get("tipping", {}).get("amount_eligible") == 0:
        return "amount_eligible is 0"
    location = _location(account, reader)
    country = location["address"]["country"] if location else None
    if country and country not in COUNTRIES:
        return f"readers in {country} cannot ask for tips"
    if _rules(account, reader, intent) is None:
        return f"no Configuration of this reader has tipping for {intent['currency']}"
    return ""


def tip(account: Account, reader: Object, intent: Object, config: Object, given: int | None) -> int | None:
    """What the customer adds, 0 for nothing; None when the reader does not ask.

    Raises StripeError for a tip that the reader did not ask for, is negative, or makes the sum too large.
    """
    reason = why_none(account, reader, intent, config)
    if given is None:
        return None if reason else 0
    if reason:
        raise errors.invalid(f"The reader does not ask for a tip: {reason}.", "amount_tip")
    if given < 0:
        raise errors.invalid("This value must be greater than or equal to 0.", "amount_tip")
    if intent["amount"] + given > money.MAXIMUM:
        raise errors.invalid(
            f"Amount must be no more than {money.show(money.MAXIMUM, intent['currency'])}, tip included",
            "amount_tip",
            "amount_too_large",
        )
    return given


def _location(account: Account, reader: Object) -> Object | None:
    location = account.find(reader["location"] or "")
    return None if location is None or location.get("deleted") else location


def _rules(account: Account, reader: Object, intent: Object) -> Object | None:
    """The location's configuration comes first; the default counts where that says nothing about tips."""
    location = _location(account, reader) or {}
    override = account.find(location.get("configuration_overrides") or "")
    for configuration in (override, configurations.default(account)):
        if configuration and "tipping" in configuration:
            of_currency: Object | None = configuration["tipping"].get(intent["currency"])
            return of_currency
    return None
