"""A result as a learner sees it, and which candidate it judges."""

from __future__ import annotations

import pytest

from irl_helpers import checks
from irl_helpers.checks import Point, Result
from irl_helpers.checks.result import judge
from irl_helpers.collect import create_payment
from tests.checks.learners import pay


def test_a_result_shows_as_text_and_as_a_table_without_ids():
    payment = pay(create_payment(2730), "visa")
    result = checks.collect()
    assert str(result).splitlines() == [
        "Part 3, a payment of $27.30: not yet, 1 of 4",
        "✓ a payment of $27.30",
        "✗ paid with a Mastercard debit card: it was visa credit: sell once more, and the call that presents "
        "a card can name one",
        "✗ captured: the bank holds the money, and you do not have it yet: what takes it?",
        "✗ no authorization of $27.30 left uncaptured: $27.30 of somebody's money is on hold, and "
        "payment_intents.list finds it: take or release it",
    ]
    shown = result._repr_mimebundle_()
    assert shown["text/plain"] == str(result)
    assert shown["text/html"].count("<tr>") == 4
    # Without it JupyterLab makes a formula of two amounts.
    assert shown["text/html"].startswith('<div class="tex2jax_ignore mathjax_ignore">')
    assert "somebody&#x27;s money" in shown["text/html"]
    assert payment.id not in shown["text/html"]


def test_texts_from_the_account_are_escaped():
    shown = Result("<b>", [Point(False, "a <script>", "<img>")])._repr_mimebundle_()["text/html"]
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "<img>" not in shown


@pytest.mark.parametrize(
    ("candidates", "best", "passed"),
    [
        ([], None, [False, False, False]),
        ([2, 9], 2, [True, True, False]),
        ([9, 2, 6], 6, [True, True, True]),
        ([5, 9], 5, [True, False, False]),
    ],
)
def test_the_candidate_that_comes_nearest_is_judged(candidates, best, passed):
    claims = [("even", lambda n: "" if n % 2 == 0 else "odd"), ("by 3", lambda n: "" if n % 6 == 0 else "no")]
    found, points = judge("a number", "none", candidates, claims)
    assert found == best
    assert [point.passed for point in points] == passed


def test_the_search_ends_at_the_first_that_is_right():
    numbers = iter([9, 6, 12])
    judge("a number", "none", numbers, [("even", lambda n: "" if n % 2 == 0 else "odd")])
    assert next(numbers) == 12
