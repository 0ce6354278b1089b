"""The table of fees: Stripe's published prices, and the day on which the rest is there."""

from __future__ import annotations

import calendar

import pytest

from irl_helpers.simulator.fees import available_on, of_dispute, of_payment

# (amount, currency, how it was paid, the card's country, the account's, fee): by whom it is known
FEES = [
    (1000, "usd", "card_present", "US", "US", 32, "stripe.com/terminal, 2.7 % + 5 ¢"),
    (1000, "usd", "card", "US", "US", 59, "recorded by pay-rails/pay, 2025-11-17.clover"),
    (1000, "usd", "typed_in", "US", "US", 64, "stripe.com/pricing, 3.4 % + 30 ¢"),
    (1000, "usd", "card_present", "JP", "US", 47, "stripe.com/pricing, 1.5 % more"),
    (1000, "usd", "card_present", None, "US", 32, "a card whose country nobody knows"),
    (1000, "cad", "interac_present", "CA", "US", 15, "stripe.com/ca/terminal, 15 ¢"),
    (1000, "cad", "card_present", "CA", "CA", 32, "stripe.com/ca/terminal"),
    (1000, "gbp", "card_present", "GB", "GB", 24, "stripe.com/gb/terminal, 1.4 % + 10 p"),
    (1000, "eur", "card_present", "FR", "IE", 24, "stripe.com/ie/terminal, cards of the EEA"),
    (1000, "eur", "card_present", "US", "IE", 39, "stripe.com/ie/terminal"),
    (1000, "aud", "card_present", "AU", "AU", 27, "stripe.com/au/terminal, 1.7 % + 10 c"),
    (1000, "jpy", "card_present", "US", "US", 32, "a guess"),
    # Half a cent is rounded up: 27.5 + 5.
    (1018, "usd", "card_present", "US", "US", 32, "27.486"),
    (1019, "usd", "card_present", "US", "US", 33, "27.513"),
    (50, "usd", "card_present", "US", "US", 6, "1.35"),
    (1, "usd", "card_present", "US", "US", 5, "more than was paid"),
]


@pytest.mark.parametrize(("amount", "currency", "type", "card", "home", "fee", "source"), FEES)
def test_fee(amount, currency, type, card, home, fee, source):
    assert of_payment(amount, currency, type, card, home) == fee


@pytest.mark.parametrize(
    ("currency", "fee"), [("usd", 1500), ("cad", 1500), ("gbp", 2000), ("eur", 2000), ("aud", 2500)]
)
def test_dispute_fee(currency, fee):
    assert of_dispute(currency) == fee


# Recorded by antiwork/gumroad of a US account: two working days later, at midnight.
DAYS = [
    ("2023-10-30", "2023-11-01", "Monday"),
    ("2023-10-31", "2023-11-02", "Tuesday"),
    ("2023-11-01", "2023-11-03", "Wednesday"),
    ("2023-11-02", "2023-11-06", "Thursday"),
    ("2023-11-03", "2023-11-07", "Friday"),
    ("2023-11-04", "2023-11-07", "Saturday"),
    ("2023-11-05", "2023-11-07", "Sunday"),
]


def _midnight(day: str) -> int:
    return calendar.timegm((*map(int, day.split("-")), 0, 0, 0))


@pytest.mark.parametrize(("paid", "there", "weekday"), DAYS)
def test_day_on_which_money_is_there(paid, there, weekday):
    for moment in (0, 86_399):
        assert available_on(_midnight(paid) + moment, "US") == _midnight(there)


def test_elsewhere_it_takes_a_day_longer():
    assert available_on(_midnight("2023-10-30"), "FR") == _midnight("2023-11-02")
