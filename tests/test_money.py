"""What a person types becomes an integer, or is refused with what to type instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irl_helpers.money import currency_decimals, format_amount, parse_amount

GOOD = [
    ("12.50", "usd", 1250),
    ("12.5", "usd", 1250),
    ("12.", "usd", 1200),
    (".5", "usd", 50),
    (".50", "usd", 50),
    ("12", "usd", 1200),
    ("0.01", "usd", 1),
    ("0012.50", "usd", 1250),
    (" 12.50 ", "usd", 1250),
    ("$12.50", "usd", 1250),
    ("$ 12.50", "USD", 1250),
    ("€3", "eur", 300),
    ("999999.99", "usd", 99_999_999),
    ("1,250.00", "usd", 125_000),
    ("$999,999.99", "usd", 99_999_999),
    ("KWD 1,250.500", "kwd", 1_250_500),
    ("12", "jpy", 12),
    ("1.25", "kwd", 1250),
    ("KWD 1.250", "kwd", 1250),
]
BAD = [
    ("", "usd", "Enter an amount, such as 12.50."),
    ("   ", "usd", "Enter an amount, such as 12.50."),
    ("$", "usd", "Enter an amount, such as 12.50."),
    ("twelve", "usd", "That is not an amount."),
    ("1e3", "usd", "That is not an amount."),
    ("12.50.1", "usd", "That is not an amount."),
    ("0x10", "usd", "That is not an amount."),
    ("1_000", "usd", "That is not an amount."),
    ("١٢", "usd", "That is not an amount."),
    ("12 50", "usd", "That is not an amount."),
    ("9" * 5000, "usd", "That is not an amount."),
    ("NaN", "usd", "That is not an amount."),
    ("<script>", "usd", "That is not an amount."),
    ("€12", "usd", "That is not an amount."),
    ("-5", "usd", "An amount cannot be negative."),
    ("\N{MINUS SIGN}5", "usd", "An amount cannot be negative."),
    ("12,50", "usd", "with a point and without commas"),
    ("1,250", "usd", "with a point and without commas"),
    ("12,500", "usd", "with a point and without commas"),
    ("1,250", "kwd", "with a point and without commas"),
    ("1.250,00", "usd", "with a point and without commas"),
    ("12,50.00", "usd", "with a point and without commas"),
    ("1,2500.00", "usd", "with a point and without commas"),
    ("1,250.", "usd", "with a point and without commas"),
    (",250.00", "usd", "with a point and without commas"),
    ("12.505", "usd", "USD has two decimals."),
    ("12.5", "jpy", "JPY has no decimals. Enter an amount such as 12."),
    ("1.2345", "kwd", "KWD has 3 decimals. Enter an amount such as 12.500."),
    ("0", "usd", "There is nothing to pay."),
    ("0.00", "usd", "There is nothing to pay."),
]


@pytest.mark.parametrize(("text", "currency", "amount"), GOOD)
def test_an_amount_is_read_to_the_last_cent(text, currency, amount):
    assert parse_amount(text, currency) == amount


@pytest.mark.parametrize(("text", "currency", "why"), BAD)
def test_what_is_no_amount_is_refused_in_words(text, currency, why):
    with pytest.raises(ValueError, match="such as 12") as caught:
        parse_amount(text, currency)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("number", [12, 12.5, None, True])
def test_a_number_could_be_dollars_or_cents(number):
    with pytest.raises(TypeError, match=r"'12\.50'"):
        parse_amount(number)


@given(st.integers(1, 10**11), st.sampled_from(["usd", "jpy", "kwd", "eur", "mxn"]))
def test_what_is_shown_can_be_typed(amount, currency):
    assert parse_amount(format_amount(amount, currency).replace(",", ""), currency) == amount


@given(st.text(max_size=12), st.sampled_from(["usd", "jpy", "kwd"]))
def test_any_text_is_an_amount_or_a_clear_error(text, currency):
    try:
        amount = parse_amount(text, currency)
    except ValueError as problem:
        amount, said = None, str(problem)
    if amount is None:
        assert "such as 12" in said
    else:
        assert type(amount) is int
        assert 0 < amount < 10 ** (12 + currency_decimals(currency))
