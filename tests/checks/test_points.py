"""Each check passes on an account where its task is done, and fails at every one of its points."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irl_helpers import checks
from irl_helpers.cancel import cancel_reader_action, change_amount
from irl_helpers.cart import show_cart
from irl_helpers.collect import create_payment, process_payment
from irl_helpers.request_log import RequestLog
from irl_helpers.setup import own_reader, register_reader
from tests.checks.cases import DONE, NOT_DONE, rows
from tests.checks.learners import (
    BRANDT,
    baker_street,
    bakery,
    cart_cleared,
    corrected_without_stopping,
    garden,
    hire,
    pier,
    reader_id,
)


@pytest.mark.parametrize(("name", "do"), rows(DONE))
def test_a_task_that_is_done_passes(name, do):
    assert not checks.CHECKS[name]().passed
    do()
    result = checks.CHECKS[name]()
    assert result.passed, result
    assert result.verdict == "done"


@pytest.mark.parametrize(("name", "claim", "do", "says"), rows(NOT_DONE))
def test_a_point_that_is_not_so_fails(name, claim, do, says):
    do()
    result = checks.CHECKS[name]()
    [point] = [point for point in result.points if point.claim == claim]
    assert not result.passed
    assert point.mark == "✗"
    assert says in point.next


@pytest.mark.parametrize("name", checks.CHECKS)
def test_every_point_was_seen_to_fail_and_none_passes_on_an_empty_account(name):
    points = checks.CHECKS[name]().points
    assert {point.claim for point in points} == {claim for claim, *_ in NOT_DONE[name]}
    assert not any(point.passed for point in points)
    assert all(point.next if point.judged else not point.next for point in points)
    assert points[0].next, "nothing says how to begin"


# What is wrong is said once; what hangs on it is neither right nor wrong.
NOT_JUDGED: dict[str, list[tuple[Callable[[], object], str, set[str]]]] = {
    "setup": [
        (
            lambda: baker_street(name="baker street shop"),
            "a location called Baker Street Shop",
            {"in Great Britain", "registered to the Baker Street Shop"},
        ),
        (
            lambda: baker_street(label="baker street 1"),
            "a reader labelled Baker Street 1",
            {"registered to the Baker Street Shop", "a Stripe Reader S700"},
        ),
    ],
    "connect": [
        (
            lambda: pier("pier 2"),
            "a reader labelled Pier 2",
            {"it is Harbour 2 under its new name", "the application works with it"},
        )
    ],
    "tips": [
        (lambda: garden("garden 1"), "a reader labelled Garden 1", {"it suggests 12, 18 and 22 percent"})
    ],
    "save_a_card": [
        (
            lambda: hire("Mira@example.com"),
            "a customer with the address mira@example.com",
            {
                "a SetupIntent for her that succeeded",
                "a card from a reader that can be charged online",
                "saved for all later purchases",
                "no money was taken from her card",
            },
        )
    ],
    "cart": [
        (
            cart_cleared,
            "it shows a cart",
            {"with a total of $22.52", "its lines and the tax add up to the total"},
        )
    ],
}


@pytest.mark.parametrize(("name", "do", "wrong", "waiting"), rows(NOT_JUDGED))
def test_one_thing_is_wrong_and_what_hangs_on_it_is_not_judged(name, do, wrong, waiting):
    do()
    result = checks.CHECKS[name]()
    assert not result.passed
    assert {point.claim for point in result.points if point.mark == "✗"} == {wrong}
    assert {point.claim for point in result.points if point.mark == "○"} == waiting
    assert "\nWhat has a ○ is looked at when the rest is there." in str(result)


def test_of_two_readers_of_one_label_it_says_which_it_looked_at():
    first = own_reader("Bakery 1")
    assert "action of Bakery 1 is nothing" in str(checks.cart())
    register_reader("simulated-wpe", str(first.location), "Bakery 1")
    assert "action of Bakery 1 (the newest of 2 called so) is nothing" in str(checks.cart())
    show_cart(first.id, BRANDT | {"total": 2140})
    assert "on Bakery 1 (an older one of 2 called so) it is $21.40" in str(checks.cart())


def test_whether_a_reader_was_stopped_is_left_open_where_the_log_does_not_have_the_sale(monkeypatch):
    corrected_without_stopping()
    monkeypatch.setattr("irl_helpers.checks.parts.request_log", RequestLog)  # as in another kernel
    [stopped] = [point for point in checks.cancel().points if point.mark == "○"]
    assert "nobody can tell" in stopped.next
    assert checks.cancel().verdict == "done"


def test_a_reader_can_be_stopped_before_the_sale_is_paid():
    reader, payment = reader_id(), create_payment(1540)
    process_payment(reader, payment.id)
    cancel_reader_action(reader)
    change_amount(payment.id, 1260)
    assert "✓ the reader stopped in between" in str(checks.cancel())


@pytest.mark.parametrize(
    ("check", "wrong", "way_out"),
    [
        ("setup", lambda: baker_street(name="baker street shop"), "locations.update"),
        ("setup", lambda: baker_street(label="Baker Street  1"), "readers.update"),
        ("connect", lambda: pier("pier 2"), "readers.update"),
        ("tips", lambda: garden("garden 1"), "readers.update"),
        ("cart", lambda: bakery("Bakery-1"), "readers.update"),
        ("save_a_card", lambda: hire("Mira@Example.com"), "customers.update"),
    ],
)
def test_a_name_that_is_almost_right_is_named_with_the_way_out(check, wrong, way_out):
    wrong()
    assert any("yours is called" in p.next and way_out in p.next for p in checks.CHECKS[check]().points)
