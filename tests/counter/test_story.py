"""What happened to one object, told in its order."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import setup
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.panels.story import tell
from irl_helpers.served_requests import ServedRequest
from irl_helpers.simulator.ids import ordered_id
from tests.counter.at_counter import at, heard, listed, program


def test_a_story_says_how_far_back_its_requests_go():
    setup.own_reader("Counter")

    async def follow(panel):
        panel.lists.find.value = "pi_nobody"
        await panel.look()

    panel = at(follow)
    for each in (panel.lists.requests, panel.lists.story):
        assert "the last 500" in panel.lists.headings[each].value
    assert "pi_nobody" in panel.lists.headings[panel.lists.story].value


def test_what_happened_to_a_payment_is_one_story():
    client, _, reader = program()
    client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/x", "enabled_events": ["payment_intent.succeeded"]}
    )
    payment, other = create_payment(1250), create_payment(900)
    process_payment(reader, payment.id)
    simulate_payment(reader)
    client.v1.payment_intents.capture(payment.id)

    async def follow(panel):
        assert other.id in str(listed(panel, "events"))
        payments = panel.lists.payments
        heard(payments, open=payment.id)
        heard(payments, press="follow", of=payment.id)
        await panel.settled()
        await panel.look()

    panel = at(follow)
    assert [(row["mark"], row["title"]) for row in listed(panel, "story")] == [
        ("event", "payment_intent.created"),
        ("event", "charge.succeeded"),
        ("event", "payment_intent.amount_capturable_updated"),
        ("event", "terminal.reader.action_succeeded"),
        ("event", "charge.captured"),
        ("event", "payment_intent.succeeded"),
        ("webhook", "payment_intent.succeeded"),
    ]

    async def go_back(panel):
        panel.find.value = "pi_nowhere"
        await panel.look()
        assert "Nothing in this account names pi_nowhere" in panel.lists.story.empty
        panel.lists.everything.click()
        await panel.settled()

    assert at(go_back).find.value == ""


def request(id: str, revision: int, at: float, shop: str | None = None) -> ServedRequest:
    """A look that found the account at this revision, -1 for none."""
    return ServedRequest(
        id=id, created=int(at), at=at, times=1, last=int(at), revision=revision, method="GET", path="/v1/x",
        form="", upload=False, status=200, error_code=None, seconds=0.0, user_agent=None,
        idempotency_key=None, replayed=False, api_version=None, stripe_account=shop, lost=False, answer="{}",
        cut=False,
    )  # fmt: skip


def event(id: str, created: int, by: str | None = None) -> stripe.Event:
    return stripe.Event.construct_from({"id": id, "created": created, "request": {"id": by}}, None)


@pytest.mark.parametrize(
    ("requests", "events", "order"),
    [
        # An event stands behind its request.
        ("a1 b2", "1:a 2:b", "a 1:a b 2:b"),
        # A tap at the page has no request here, and happened before the looks that saw it.
        ("a1 w2 b3", "1:a 2:", "a 1:a w 2: b"),
        ("w1 v2", "1: 1:x", "w 1: 1:x v"),
        # A look that found the account as it was before.
        ("a1 w1 v2", "1:a", "a 1:a w v"),
        ("a1", "7:", "a 7:"),
        ("", "1: 2:", "1: 2:"),
        ("a1 b2", "", "a b"),
    ],
)
def test_a_story_is_told_in_the_order_in_which_it_happened(requests, events, order):
    """All of it in one second."""
    asked = [request(each[0], int(each[1:]), 10 + n / 100) for n, each in enumerate(requests.split())]
    named = {each: ordered_id("evt", int(each.partition(":")[0]), n) for n, each in enumerate(events.split())}
    happened = [event(id, 10, each.partition(":")[2] or None) for each, id in named.items()]
    told = tell(asked[::-1], happened[::-1], [])
    assert told == [named.get(each, each) for each in order.split()]


def test_where_no_revision_tells_times_do():
    """A request to a connected account found that one's revision."""
    asked = [request("a", 900, 10.5, shop="acct_1"), request("b", -1, 20.5)]
    happened = [event(ordered_id("evt", 3, 1), 15), event(ordered_id("evt", 4, 1), 30)]
    first, last = (each.id for each in happened)
    assert tell(asked[::-1], happened[::-1], []) == ["a", first, "b", last]
