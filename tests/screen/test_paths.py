"""The state diagrams: where we are, where we came from, and which calls are open."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from irl_helpers.screen import Picture, payment_intent_path, reader_path
from irl_helpers.screen.payment_intent_path import CANCELABLE, ONWARD
from irl_helpers.screen.reader_path import MOVES
from irl_helpers.simulator import states
from tests.screen.picture_checks import check, texts
from tests.screen.stripe_objects import VISA, action, cart, inputs, intent, pay, reader

TWO_STEPS = "requires_confirmation"
PROCESSED = "update stays requires_payment_method, process_payment_intent leads to"
AGAIN = "process_payment_intent leads to waits for a card"
BACK = "cancel_action leads to idle"


def _payment(status: str, **fields: Any) -> dict[str, Any]:
    return intent(status=status, **{"capture_method": "manual", **fields})


@pytest.mark.parametrize(
    ("payment", "previous", "alt"),
    [
        (
            _payment("requires_payment_method"),
            None,
            f"requires_payment_method (needs a card); open calls: {PROCESSED} requires_capture, "
            "cancel leads to canceled",
        ),
        (
            _payment("requires_payment_method", capture_method="automatic_async"),
            None,
            f"requires_payment_method (needs a card); open calls: {PROCESSED} succeeded, "
            "cancel leads to canceled",
        ),
        (
            _payment(TWO_STEPS),
            "requires_payment_method",
            "requires_confirmation (card read), before requires_payment_method; open calls: "
            "confirm_payment_intent leads to requires_capture, cancel leads to canceled",
        ),
        (
            _payment("requires_capture"),
            _payment("requires_payment_method"),
            "requires_capture (money is held), before requires_payment_method; open calls: "
            "capture leads to succeeded, cancel leads to canceled",
        ),
        (
            _payment("succeeded"),
            "requires_capture",
            "succeeded (paid), before requires_capture; open calls: refund stays succeeded",
        ),
        (_payment("canceled"), None, "canceled; open calls: none"),
        (_payment("processing"), None, "processing (bank is asked); open calls: none"),
        (_payment("in_orbit"), None, "in_orbit; open calls: none"),
    ],
)
def test_the_payment_says_its_calls(payment: dict, previous: Any, alt: str) -> None:
    picture = payment_intent_path(payment, previous)
    assert picture.alt == f"PaymentIntent now {alt}"
    check(picture)
    _marked(picture, "now", 1)
    _marked(picture, "before", 1 if previous else 0)
    assert "$12.50" in " ".join(texts(picture))


@pytest.mark.parametrize(
    ("drawn", "previous", "alt"),
    [
        (
            reader(),
            None,
            f"idle; open calls: set_reader_display leads to shows a cart, {AGAIN}",
        ),
        (reader(cart((1, "Tea", 300))), reader(), f"shows a cart, before idle; open calls: {AGAIN}, {BACK}"),
        (
            reader(pay()),
            "cart",
            "waits for a card, before shows a cart; open calls: "
            f"present_payment_method leads to asks the bank, {BACK}",
        ),
        (
            reader(pay("succeeded")),
            "authorizing",
            f"succeeded, before asks the bank; open calls: {AGAIN}, {BACK}",
        ),
        (reader(pay("failed")), "waiting", f"failed, before waits for a card; open calls: {AGAIN}, {BACK}"),
        (
            reader(pay(), status="offline"),
            reader(pay()),
            "offline, before waits for a card; no call until it is back online",
        ),
        (
            reader(inputs()),
            None,
            f"waits for answers; open calls: succeed_input_collection leads to succeeded, {BACK}",
        ),
        (
            reader(action("collect_payment_method", payment_method=VISA)),
            "waiting",
            "has read a card, before waits for a card; open calls: "
            f"confirm_payment_intent leads to asks the bank, {BACK}",
        ),
        (
            reader(action("confirm_payment_intent")),
            None,
            "asks the bank; no call until the bank answers",
        ),
        (reader(action("fold_the_receipt")), None, f"busy; open calls: {BACK}"),
    ],
)
def test_the_reader_says_its_calls(drawn: dict, previous: Any, alt: str) -> None:
    picture = reader_path(drawn, previous)
    assert picture.alt == f"Reader now {alt}"
    check(picture)
    _marked(picture, "now", 1)


def _marked(picture: Picture, word: str, times: int) -> None:
    assert texts(picture).count(word) == times


def test_asking_the_bank_is_known_from_the_caller_alone() -> None:
    assert reader_path(reader(pay())).alt.startswith("Reader now waits for a card")
    assert reader_path(reader(pay()), stage="authorizing").alt.startswith("Reader now asks the bank")
    assert reader_path(reader(pay("succeeded")), stage="authorizing").alt.startswith("Reader now succeeded")


def test_only_a_simulated_reader_is_presented_a_card_by_a_call() -> None:
    real = texts(reader_path(reader(pay(), "stripe_s700")))
    assert "present_payment_method" not in real
    assert "customer's card" in real


def test_previous_must_be_a_state() -> None:
    with pytest.raises(ValueError, match="waiting"):
        reader_path(reader(), "somewhere")


def test_no_state_twice() -> None:
    same = payment_intent_path(_payment("requires_capture"), "requires_capture")
    assert "before" not in texts(same)
    assert "before" not in texts(reader_path(reader(), reader()))


def test_a_declined_payment_says_so() -> None:
    declined = _payment("requires_payment_method", last_payment_error={"code": "card_declined"})
    assert "last card declined" in texts(payment_intent_path(declined))


def test_stripe_objects_and_dicts_give_the_same_diagram() -> None:
    payment, drawn = _payment("requires_capture"), reader(pay())
    as_object = stripe.PaymentIntent.construct_from(payment, "k")
    assert payment_intent_path(as_object, as_object).svg == payment_intent_path(payment).svg
    assert reader_path(stripe.terminal.Reader.construct_from(drawn, "k")).svg == reader_path(drawn).svg


def test_the_open_calls_are_those_the_simulator_takes() -> None:
    names = {"authorizing": "settled", "collecting_inputs": "collecting_inputs", "busy": None}
    for state, moves in MOVES.items():
        if state != "busy":
            for call, end in moves.items():
                assert states.READER[call][state] == names.get(end, end), (state, call)
    for status in states.PAYMENT_INTENT_STATUSES:
        refused = states.PAYMENT_INTENT["cancel"].get(status) is None
        assert refused == (status not in (*CANCELABLE, "processing")), status
    assert states.PAYMENT_INTENT["capture"] == {"requires_capture": "succeeded"}
    assert set(states.PAYMENT_INTENT["process"]) == {"requires_payment_method"} < set(ONWARD)


def test_diagrams_fit_a_notebook() -> None:
    assert payment_intent_path(_payment("succeeded")).width == 700
    assert reader_path(reader(), size=600).width == 600
