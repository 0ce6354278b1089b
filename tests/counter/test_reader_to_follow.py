"""To which reader the counter goes, as a table: what each reader did at the look before, and does now."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.panels.reader_to_follow import actions_of, reader_to_follow

PAY, TIP, FORM = "process_payment_intent", "collect_payment_method", "collect_inputs"
SAVE, REFUND, CART = "process_setup_intent", "refund_payment", "set_reader_display"
ASKED = [f"{kind} in_progress" for kind in (PAY, TIP, FORM, SAVE, REFUND)]
CARD, PAID, DECLINED, SHOWN = f"{PAY} in_progress", f"{PAY} succeeded", f"{PAY} failed", f"{CART} in_progress"


def readers(*doing: str) -> list[stripe.terminal.Reader]:
    """Three readers, A, B and C, each with what it does: the type and status of an action, and what tells it
    from another of that kind."""
    values = []
    for id, does in zip("ABC", doing, strict=True):
        kind, status, which = (*does.split(), "")[:3] if does else ("", "", "")
        action = {"type": kind, "status": status, kind: {"which": which}} if does else None
        values.append({"id": id, "object": "terminal.reader", "label": id, "action": action})
    return [stripe.terminal.Reader.construct_from(each, "sk_test_x") for each in values]


CASES = [
    # nothing asks
    ("A", ("", "", ""), ("", "", ""), "A"),
    (None, ("", "", ""), ("", "", ""), "C"),
    ("gone", ("", "", ""), ("", "", ""), "C"),
    # asking beats a cart and an idle reader, also where it began before
    *(("A", (SHOWN, "", ""), (SHOWN, each, ""), "B") for each in ASKED),
    *(("A", ("", "", ""), ("", each, ""), "B") for each in ASKED),
    ("A", (SHOWN, CARD, ""), (SHOWN, CARD, ""), "B"),
    ("A", (PAID, CARD, ""), ("", CARD, ""), "B"),
    ("B", (SHOWN, CARD, ""), (f"{SHOWN} another", CARD, ""), "B"),
    ("B", ("", CARD, ""), (SHOWN, CARD, ""), "B"),
    # the newest of two that ask, and not both in turn
    ("A", (CARD, "", ""), (CARD, CARD, ""), "B"),
    ("B", (CARD, CARD, ""), (CARD, CARD, ""), "B"),
    ("B", (CARD, CARD, ""), (f"{CARD} another", CARD, ""), "A"),
    ("B", ("", "", ""), (CARD, CARD, ""), "B"),
    # how it ended stays in sight until another one asks
    *(("B", (SHOWN, CARD, ""), (SHOWN, end, ""), "B") for end in (PAID, DECLINED)),
    ("B", (CARD, CARD, ""), (CARD, DECLINED, ""), "B"),
    ("B", ("", DECLINED, ""), (SHOWN, DECLINED, ""), "B"),
    ("B", ("", DECLINED, ""), (CARD, DECLINED, ""), "A"),
    # a cart, where nothing else is to be seen
    ("A", ("", "", ""), ("", SHOWN, ""), "B"),
    ("A", (SHOWN, "", ""), (SHOWN, SHOWN, ""), "B"),
    ("A", (SHOWN, SHOWN, ""), (SHOWN, SHOWN, ""), "A"),
    # at first, and where the reader is gone: one that asks, else home, whatever the others show
    (None, ("", "", ""), (SHOWN, "", ""), "C"),
    (None, ("", "", ""), (CARD, "", ""), "A"),
    (None, ("", "", ""), (CARD, "", CARD), "C"),
    ("gone", (CARD, "", ""), (CARD, "", ""), "A"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "before", "now", "expected"), CASES)
def test_where_the_counter_goes(at, before, now, expected):
    assert reader_to_follow(readers(*now), at, actions_of(readers(*before)), home="C") == expected
