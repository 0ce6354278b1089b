"""What is finished stays finished, whatever comes after it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from irl_helpers import checks, clock
from irl_helpers.account import reset_account, stripe_client
from irl_helpers.cancel import cancel_reader_action
from irl_helpers.collect import create_payment
from irl_helpers.setup import own_reader
from tests.checks.cases import everything_is_done
from tests.checks.learners import bakery, corrected


def many_more_payments(file, number=5000):
    """As many as a learner never makes: copies of one, all newer than what is there."""
    payment = create_payment(4321)
    with closing(sqlite3.connect(file)) as db, db:
        db.row_factory = sqlite3.Row
        [row] = db.execute("SELECT * FROM objects WHERE id = ?", (payment.id,))
        marks = ", ".join("?" * len(row))
        copies = (
            [payment.id + f"{n:04}" if name == "id" else
             value.replace(payment.id, payment.id + f"{n:04}") if name == "body" else value
             for name, value in zip(row.keys(), row, strict=True)]
            for n in range(number)
        )  # fmt: skip
        db.executemany(f"INSERT INTO objects ({', '.join(row.keys())}) VALUES ({marks})", copies)


def test_a_year_and_5000_payments_later_all_is_still_done(account_file):
    everything_is_done()
    assert all(checks.progress().passed.values())
    clock.advance(days=365)
    many_more_payments(account_file)
    progress = checks.progress()
    assert all(progress.passed.values()), progress
    for result in progress.results.values():
        assert all(point.passed and not point.next for point in result.points), result


def test_what_was_done_a_year_ago_is_found_when_it_is_checked_first_now(account_file):
    everything_is_done()
    clock.advance(days=365)
    many_more_payments(account_file)
    passed = {name for name, done in checks.progress().passed.items() if done}
    assert passed == set(checks.CHECKS) - {"cancel", "point_of_sale"}  # what its event said is forgotten


def test_what_nobody_can_tell_any_more_is_not_said_to_be_wrong():
    corrected()
    clock.advance(days=31)
    [point] = [point for point in checks.cancel().points if not point.passed]
    assert (point.claim, "do it once more" in point.next) == ("one PaymentIntent from start to end", True)
    corrected()
    assert checks.cancel().verdict == "done"


def test_what_has_changed_since_is_shown_as_it_was_then():
    bakery()
    checks.cart()
    cancel_reader_action(own_reader("Bakery 1").id)
    result = checks.cart()
    assert result.verdict == "done before"
    assert str(result).endswith("\nSo it was when you got there; the account has gone on since.")
    assert "So it was when you got there" in result._repr_mimebundle_()["text/html"]
    assert not checks.cart(stripe_client()).passed  # who looks from outside sees what is
    reset_account()
    assert not checks.cart().passed
