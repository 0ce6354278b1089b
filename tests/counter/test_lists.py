"""The counter's lists: what programs asked for, and what happened in the account."""

from __future__ import annotations

import asyncio
import re

import stripe
from stripe import EventService

from irl_helpers import clock, setup
from irl_helpers.account import OFFLINE_KEY, reset_account
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from tests.counter.at_counter import at, heard, listed, nothing, written_down
from tests.simulator.serving import Served

HOSTILE = '<img src=x onerror="alert(1)"></div>'


def test_requests_are_those_of_programs_events_those_of_all(served: Served):
    setup.own_reader("Counter")
    client = served.client(OFFLINE_KEY)
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 1250,
        "currency": "usd",
        "allowed_payment_method_types": ["card_present"],
        "capture_method": "manual",
        "description": HOSTILE,
        "metadata": {"order": "7"},
    }
    [payment, _] = [
        client.v1.payment_intents.create(params, {"idempotency_key": "order 7"}) for _ in range(2)
    ]
    own = create_payment(900)

    async def look(panel):
        await written_down(panel, lambda: len(listed(panel, "requests")) == 2)
        [again, asked] = listed(panel, "requests")
        assert again["outcome"] == "200 replayed"
        assert asked["note"].startswith("metadata[order]=7  amount=1250")
        assert f"{payment.id} $12.50 requires_payment_method order=7" in [
            row["note"] for row in listed(panel, "events")
        ]
        assert (asked["mark"], asked["title"], asked["outcome"]) == ("POST", "/v1/payment_intents", "200")
        assert asked["from"].startswith("Python ")
        ids = [row["title"] for row in listed(panel, "payments")]
        assert ids == [own.id, payment.id]
        assert f"{HOSTILE}  order=7" in [row["note"] for row in listed(panel, "payments")]
        heard(panel.lists.requests, open=asked["id"])
        detail = panel.lists.requests.details[asked["id"]]
        assert ["Idempotency key", "order 7"] in detail["facts"]
        texts = {title: text for title, text, _ in detail["samples"]}
        assert "stripe.paymentIntents.create(" in texts["Node"]
        assert "client.v1.payment_intents.create(" in texts["Python"]
        assert texts["curl"].startswith(f"curl {served.url}/v1/payment_intents")
        assert '"amount": 1250' in texts["Parameters"]
        assert payment.client_secret not in texts["Answer"]
        assert served.url in panel.title.value

    at(look)


def test_a_program_that_waits_is_one_line_that_stays_itself(served: Served):
    client = served.client(OFFLINE_KEY)
    reader = setup.own_reader("Counter").id

    async def look(panel):
        ids = set()
        for times in (3, 6):
            for _ in range(3):
                client.v1.terminal.readers.retrieve(reader)
            said = f"Python {stripe.VERSION} · {times} times, to "
            await written_down(
                panel,
                lambda said=said: [row["from"][: len(said)] for row in listed(panel, "requests")] == [said],
            )
            [line] = listed(panel, "requests")
            ids.add(line["id"])
            heard(panel.lists.requests, open=line["id"])
        assert len(ids) == 1
        assert ["Asked", "6 times"] in [
            [name, value.partition(",")[0]]
            for name, value in panel.lists.requests.details[ids.pop()]["facts"]
        ]

    at(look)


def test_a_request_alone_tells_that_there_is_something_to_read(served: Served):
    """It changes nothing in the account."""
    setup.own_reader("Counter")

    async def look(panel):
        before = panel.mark()
        served.client(OFFLINE_KEY).v1.terminal.readers.list()
        for _ in range(1000):
            if panel.mark() != before:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(before)

    at(look)


def test_where_nothing_is_served_the_list_says_why():
    setup.own_reader("Counter")
    create_payment(1250)
    panel = at(nothing)
    assert listed(panel, "requests") == []
    assert "Nothing is served now" in panel.lists.requests.empty
    assert [row["title"] for row in listed(panel, "events")] == ["payment_intent.created"]
    assert "No event was sent to an endpoint yet" in panel.lists.webhooks.empty


def test_while_programs_only_ask_the_account_is_not_read_again(served: Served, monkeypatch):
    setup.own_reader("Counter")
    create_payment(1250)

    async def look(panel):
        served.client(OFFLINE_KEY).v1.terminal.readers.list()
        asked: list[str] = []
        listing = EventService.list
        monkeypatch.setattr(EventService, "list", lambda *a, **k: asked.append("events") or listing(*a, **k))
        await written_down(panel, lambda: len(listed(panel, "requests")) == 1)
        assert listed(panel, "payments") != []
        assert asked == []
        create_payment(900)
        await panel.look()
        assert (len(listed(panel, "payments")), asked) == (2, ["events"])

    at(look)


def test_with_a_key_of_stripe_s_the_dashboard_is_named(monkeypatch):
    setup.own_reader("Counter")
    create_payment(1250)
    monkeypatch.setattr("irl_helpers.panels.counter_lists.offline_controls", lambda: None)
    panel = at(nothing)
    assert "Dashboard" in panel.lists.requests.empty
    assert "Dashboard" in panel.lists.webhooks.empty
    assert len(listed(panel, "events")) == 1


def test_after_a_reset_the_counter_begins_anew():
    setup.own_reader("Counter")
    create_payment(1250)

    async def begin_anew(panel):
        reset_account()
        await panel.look()
        assert panel.state == "no_reader"
        assert listed(panel, "payments") == listed(panel, "events") == []

    at(begin_anew)


def test_what_is_held_stands_above_the_payments():
    reader = setup.own_reader("Counter").id
    for amount in (1250, 750):
        payment = create_payment(amount)
        process_payment(reader, payment.id)
        simulate_payment(reader)
    panel = at(nothing)
    assert "$20.00 held" in panel.lists.headings[panel.lists.payments].value
    assert [row["outcome"] for row in listed(panel, "payments")] == ["held: $7.50", "held: $12.50"]


def test_what_is_not_of_today_has_its_date():
    create_payment(900)
    clock.advance(days=3)
    create_payment(1000)
    panel = at(nothing)
    ahead, today = (row["time"] for row in listed(panel, "payments"))
    assert re.fullmatch(r"\d\d:\d\d:\d\d", today)
    assert re.fullmatch(r"\d{1,2} \w{3} \d\d:\d\d:\d\d", ahead)
