"""Amounts as people read them."""

from __future__ import annotations

import pytest

from irl_helpers import money


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1250, "usd", "$12.50"),
        (0, "usd", "$0.00"),
        (7, "usd", "$0.07"),
        (-500, "usd", "-$5.00"),
        (99_999_999, "usd", "$999,999.99"),
        (1250, "USD", "$12.50"),
        (1250, "eur", "€12.50"),
        (1250, "cad", "CA$12.50"),
        (1250, "jpy", "¥1,250"),
        (0, "jpy", "¥0"),
        (1250, "krw", "KRW 1,250"),
        (1250, "kwd", "KWD 1.250"),
        (5, "bhd", "BHD 0.005"),
        (1250, "sek", "SEK 12.50"),
        (123_456_789_012_345_678_901, "usd", "$1,234,567,890,123,456,789.01"),
    ],
)
def test_an_amount_is_written_as_on_a_receipt(amount: int, currency: str, text: str) -> None:
    assert money.format_amount(amount, currency) == text


@pytest.mark.parametrize("amount", [12.5, 12.0, "1250", None, True])
def test_only_integers_are_amounts(amount: object) -> None:
    with pytest.raises(TypeError, match="smallest unit"):
        money.format_amount(amount, "usd")  # type: ignore[arg-type]
