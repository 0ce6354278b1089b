"""Webhooks that are fetched: the same that would have been sent, also when faults strike them."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import nullcontext

import pytest
import stripe

from irl_helpers import clock, faults, webhooks
from irl_helpers.account import AccountError, stripe_client
from tests.simulator.sale import SALE, new_payment, new_reader, pay
from tests.simulator.serving import serve


@pytest.fixture
def client() -> stripe.StripeClient:
    return stripe_client()


@pytest.fixture
def secret(client) -> str:
    return client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1/webhook", "enabled_events": ["*"]}
    ).secret


def types(secret: str) -> list[str]:
    """What is fetched, checked as one's own server would."""
    return [stripe.Webhook.construct_event(*one, secret).type for one in webhooks.fetch()]


def sell(client: stripe.StripeClient) -> None:
    pay(client, new_reader(client).id, new_payment(client).id)


def test_a_sale_s_webhooks_are_fetched_once_and_in_order(client, secret):
    assert types(secret) == []
    sell(client)
    assert types(secret) == SALE
    assert types(secret) == []
    assert {event.pending_webhooks for event in client.v1.events.list().data} == {0}


def test_a_webhook_of_another_is_not_ours(client, secret):
    new_payment(client)
    [one] = webhooks.fetch()
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(one.body, one.signature, secret + "x")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(one.body.replace("1000", "9000"), one.signature, secret)


def test_each_endpoint_gets_what_it_asked_for(client, secret):
    hook = {"url": "http://127.0.0.1/other", "enabled_events": ["payment_intent.canceled"]}
    other = client.v1.webhook_endpoints.create(hook).id
    client.v1.payment_intents.cancel(new_payment(client).id)
    client.v1.payment_intents.cancel(new_payment(client).id)
    assert len(webhooks.fetch(other)) == 2
    assert len(webhooks.fetch(other)) == 0
    assert len(webhooks.fetch()) == 4
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        webhooks.fetch("we_nobody")


def test_another_account_s_webhooks_stay_there(client, secret, tmp_path):
    from irl_helpers.settings import settings
    from irl_helpers.simulator import Simulator, SimulatorHTTPClient

    simulator = Simulator(settings().file)
    other = stripe.StripeClient("sk_test_other", http_client=SimulatorHTTPClient(simulator))
    other.v1.webhook_endpoints.create({"url": "http://127.0.0.1/other", "enabled_events": ["*"]})
    new_payment(other)
    assert types(secret) == []
    assert len(other.raw_request("post", "/_simulator/deliveries").data["data"]) == 1
    simulator.close()


def test_a_served_simulator_leaves_them_to_whoever_fetches(tmp_path, monkeypatch):
    with serve("--account", str(tmp_path / "served.sqlite")) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        client = stripe_client()
        hook = {"url": webhooks.TO_FETCH, "enabled_events": ["*"]}
        endpoint = client.v1.webhook_endpoints.create(hook)
        for number in range(20):
            payment = new_payment(client)
            if number % 2:
                time.sleep(0.1)  # a sender would have looked by now
            [found] = webhooks.fetch(endpoint.id)
            event = stripe.Webhook.construct_event(*found, endpoint.secret)
            assert event.data.object.id == payment.id
        assert {event.pending_webhooks for event in client.v1.events.list().data} == {0}


def test_late(client, secret):
    with faults.webhook_late(seconds=60):
        sell(client)
    assert types(secret) == []
    clock.advance(seconds=61)
    assert types(secret) == SALE


def test_lost(client, secret):
    with faults.webhook_lost(count=1):
        sell(client)
    clock.advance(days=3)
    assert types(secret)[: len(SALE) - 1] == SALE[1:]


def test_doubled(client, secret):
    with faults.webhook_doubled():
        sell(client)
    fetched = [stripe.Webhook.construct_event(*one, secret) for one in webhooks.fetch()]
    assert [event.type for event in fetched[::2]] == [event.type for event in fetched[1::2]] == SALE
    assert len({event.id for event in fetched}) == len(SALE)


def test_shuffled(client, secret):
    with faults.webhook_shuffled(seconds=60, seed=1):
        sell(client)
    clock.advance(seconds=60)
    fetched = types(secret)
    assert sorted(fetched) == sorted(SALE)
    assert fetched != SALE


def test_in_stripe_s_test_mode_they_cannot_be_fetched(monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    with pytest.raises(AccountError, match="Only the offline account can hand over webhooks"):
        webhooks.fetch()


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        (None, {"due": 1}),
        (faults.webhook_lost, {"never comes": 1}),
        (faults.webhook_doubled, {"due": 2}),
        (lambda: faults.webhook_late(seconds=60), {"due": 1}),
    ],
)
def test_deliveries_are_listed_with_their_state(client, secret, fault, states):
    with fault() if fault else nullcontext():
        sell(client)
    listed = webhooks.deliveries()
    of_one = [each for each in listed if each.type == "payment_intent.succeeded"]
    assert Counter(each.state for each in of_one) == states
    late = fault is not None and fault.__name__ == "<lambda>"
    assert {each.seconds > 50 for each in of_one} == {late}
    assert webhooks.deliveries() == listed  # looking changes nothing


def test_what_was_fetched_is_listed_as_delivered(client, secret):
    sell(client)
    webhooks.fetch()
    assert {each.state for each in webhooks.deliveries()} == {"delivered"}
    sell(client)
    assert webhooks.deliveries()[0].state == "due"


def test_a_delivered_webhook_is_sent_again(client, secret):
    sell(client)
    webhooks.fetch()
    first = webhooks.deliveries()[0]
    assert webhooks.send_again(first.id).state == "due"
    assert [each.state for each in webhooks.deliveries() if each.id == first.id] == ["due"]
    [again] = webhooks.fetch()
    assert stripe.Webhook.construct_event(*again, secret).id == first.event
    assert (first.tries, first.about[:3]) == ((), "pi_"), "nobody but a served simulator makes tries"


def test_tries_are_those_of_a_served_simulator(client, account_file):
    refusing = {"url": "http://127.0.0.1:1/", "enabled_events": ["payment_intent.created"]}
    client.v1.webhook_endpoints.create(refusing)
    new_payment(client)
    with serve("--account", str(account_file)):
        end = time.monotonic() + 60
        while not (tries := webhooks.deliveries()[0].tries):
            assert time.monotonic() < end, "they are written down within about a second"
            time.sleep(0.02)
    assert (tries[0].status, tries[0].unverified) == (None, False)
    assert "refused" in tries[0].answer.lower()


def test_an_endpoint_lists_only_what_it_asked_for_and_since_it_is_there(client):
    sell(client)
    clock.advance(seconds=5)
    types = ["payment_intent.created"]
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1/new", "enabled_events": types})
    assert webhooks.deliveries() == []
    sell(client)
    assert [each.type for each in webhooks.deliveries()] == types
