"""Webhook endpoints, and the deliveries of the served simulator."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient

from .receiver import Receiver, receiving
from .sale import SALE, new_payment, new_reader, pay
from .serving import Served, serve

HOOK = {"url": "http://127.0.0.1:4242/webhook", "enabled_events": ["*"]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve("--account", str(tmp_path_factory.mktemp("webhooks") / "account.sqlite")) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def over_http(served: Served, request: pytest.FixtureRequest) -> stripe.StripeClient:
    """A client with an account of this test's own."""
    return served.client(f"sk_test_{abs(hash(request.node.name))}")


def hook(client: stripe.StripeClient, receiver: Receiver, *events: str) -> str:
    """Send these events (all, if none is named) to the receiver; the endpoint's secret."""
    params = {"url": receiver.url, "enabled_events": list(events) or ["*"]}
    return client.v1.webhook_endpoints.create(params).secret


def until(condition) -> None:
    """Ask again until it is so; the test's own time limit ends a wait in vain."""
    for _ in range(5000):
        if condition():
            return
    raise AssertionError("it never became so")


# -- the objects


def test_secret_is_only_shown_once(client):
    endpoint = client.v1.webhook_endpoints.create({**HOOK, "description": "Till", "metadata": {"shop": "1"}})
    assert endpoint.secret.startswith("whsec_")
    same = client.v1.webhook_endpoints.retrieve(endpoint.id).to_dict()
    assert same == {name: value for name, value in endpoint.to_dict().items() if name != "secret"}
    assert client.v1.webhook_endpoints.list().data[0].to_dict() == same
    assert (same["status"], same["enabled_events"], same["metadata"]) == ("enabled", ["*"], {"shop": "1"})


def test_update_and_delete(client):
    endpoint = client.v1.webhook_endpoints.create(HOOK)
    changed = client.v1.webhook_endpoints.update(
        endpoint.id,
        {"url": "https://localhost/x", "enabled_events": ["charge.captured"], "disabled": True},
    )
    assert changed.to_dict() == client.v1.webhook_endpoints.retrieve(endpoint.id).to_dict()
    assert (changed.status, changed.url) == ("disabled", "https://localhost/x")
    assert changed.enabled_events == ["charge.captured"]
    assert client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False}).status == "enabled"
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted is True
    assert client.v1.webhook_endpoints.list().data == []


ELSEWHERE = [
    "https://example.com/webhook",
    "http://192.168.0.1/",
    "http://10.0.0.1/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest",
    "http://[2001:db8::1]/",
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "http://2130706433/",
]
NO_ADDRESS = [
    "localhost",
    "ftp://127.0.0.1/",
    "http://127.0.0.1@example.com/",
    "http://127.0.0.1\\@example.com/",
    "file:///etc/passwd",
    "http://",
    "http:///path",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:0/",
    "http://[::1",
    "http://127.0.0.1/a b",
    "http://127.0.0.1/\r\nX: y",
    "http://127.0.0.1/ü",
    "http://127.0.0.1/" + "a" * 5000,
]


@pytest.mark.parametrize("url", ELSEWHERE + NO_ADDRESS)
def test_only_addresses_on_this_machine(client, url):
    endpoint = client.v1.webhook_endpoints.create(HOOK)
    expected = "only sends webhooks to this machine" if url in ELSEWHERE else "Invalid URL"
    for call in (
        lambda: client.v1.webhook_endpoints.create({**HOOK, "url": url}),
        lambda: client.v1.webhook_endpoints.update(endpoint.id, {"url": url}),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=expected) as caught:
            call()
        assert (caught.value.http_status, caught.value.code, caught.value.param) == (
            400,
            "url_invalid",
            "url",
        )
    assert [one.url for one in client.v1.webhook_endpoints.list().data] == [HOOK["url"]]


@pytest.mark.parametrize("url", ["http://localhost", "https://127.9.9.9:1/", "http://[::1]:8000/hook?a=b"])
def test_every_address_on_this_machine(client, url):
    assert client.v1.webhook_endpoints.create({**HOOK, "url": url}).url == url


@pytest.mark.parametrize("events", [[], ["no.such.event"], ["charge.*"]])
def test_events_must_exist(client, events):
    with pytest.raises(stripe.InvalidRequestError, match="enabled_events"):
        client.v1.webhook_endpoints.create({**HOOK, "enabled_events": events})


def test_at_most_sixteen(client):
    for _ in range(16):
        client.v1.webhook_endpoints.create(HOOK)
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        client.v1.webhook_endpoints.create(HOOK)


def test_in_process_webhooks_are_only_written(client):
    client.v1.webhook_endpoints.create({**HOOK, "enabled_events": ["payment_intent.created"]})
    payment = new_payment(client)
    client.v1.payment_intents.cancel(payment.id)
    pending = {event.type: event.pending_webhooks for event in client.v1.events.list().data}
    assert pending == {"payment_intent.created": 1, "payment_intent.canceled": 0}
    waiting = client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in waiting] == ["payment_intent.created"]


# -- the deliveries


def test_a_sale_arrives_signed_and_in_order(over_http, receiver):
    secret = hook(over_http, receiver)
    payment = pay(over_http, new_reader(over_http).id, new_payment(over_http).id)
    events = [receiver.next(secret) for _ in SALE]
    assert [event.type for event in events] == SALE
    assert {event.pending_webhooks for event in events} == {1}
    assert events[-1].data.object.to_dict() == over_http.v1.payment_intents.retrieve(payment.id).to_dict()
    until(lambda: not over_http.v1.events.list({"delivery_success": False}).data)


def test_wrong_secret_is_refused(over_http, receiver):
    hook(over_http, receiver)
    new_payment(over_http)
    with pytest.raises(stripe.SignatureVerificationError):
        receiver.next("whsec_somebody_else")


def test_only_wanted_events_arrive_and_none_when_disabled(over_http, receiver):
    secret = hook(over_http, receiver, "payment_intent.canceled")
    over_http.v1.payment_intents.cancel(new_payment(over_http).id)
    assert receiver.next(secret).type == "payment_intent.canceled"
    endpoint = over_http.v1.webhook_endpoints.list().data[0]
    over_http.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    over_http.v1.payment_intents.cancel(new_payment(over_http).id)
    over_http.v1.webhook_endpoints.update(endpoint.id, {"disabled": False})
    last = over_http.v1.payment_intents.cancel(new_payment(over_http).id)
    assert receiver.next(secret).data.object.id == last.id


@pytest.mark.parametrize("status", [500, 404, 302])
def test_failed_delivery_is_tried_again(over_http, receiver, status):
    receiver.answers = [status]
    secret = hook(over_http, receiver)
    new_payment(over_http)
    first = receiver.next(secret)
    over_http.raw_request("post", "/_simulator/clock", advance=2)
    assert receiver.next(secret).id == first.id
    until(lambda: over_http.v1.events.retrieve(first.id).pending_webhooks == 0)


def test_delivery_is_given_up_in_the_end(over_http, receiver):
    receiver.answers = [500] * 100
    secret = hook(over_http, receiver)
    new_payment(over_http)
    event = receiver.next(secret)
    for _ in range(7):
        # Longer than the longest wait between two tries, and than a sender may keep a delivery to itself.
        over_http.raw_request("post", "/_simulator/clock", advance=25 * 3600)
        assert receiver.next(secret).id == event.id
    over_http.raw_request("post", "/_simulator/clock", advance=25 * 3600)
    with pytest.raises(queue.Empty):
        receiver.requests.get(timeout=1)
    assert over_http.v1.events.retrieve(event.id).pending_webhooks == 1


def test_slow_endpoint_holds_up_neither_calls_nor_others(over_http, receiver):
    receiver.release.clear()
    with receiving() as other:
        slow_secret, secret = hook(over_http, receiver), hook(over_http, other)
        payment = new_payment(over_http)
        assert receiver.next(slow_secret).data.object.id == payment.id
        over_http.v1.payment_intents.cancel(payment.id)
        assert other.next(secret).type == "payment_intent.created"
        assert other.next(secret).type == "payment_intent.canceled"
        assert receiver.requests.empty()
        receiver.release.set()
        assert receiver.next(slow_secret).type == "payment_intent.canceled"


def delivery(client: stripe.StripeClient, event: str) -> dict:
    """How this event is delivered."""
    answer = json.loads(client.raw_request("get", "/_simulator/deliveries").body)
    return next(each for each in answer["data"] if each["event"] == event)


UNVERIFIED = [
    "Webhook Error: No signatures found matching the expected signature for payload.",
    "Timestamp outside the tolerance zone (1795906556)",
    "Unable to extract timestamp and signatures from header",
    '{"error": "Invalid signature"}',
]


@pytest.mark.parametrize(
    ("status", "words", "unverified"),
    [*((400, words, True) for words in UNVERIFIED), (400, "No such table", False), (500, "signature", False)],
)
def test_what_a_receiver_answered_is_listed(over_http, receiver, status, words, unverified):
    receiver.answers, receiver.words = [status], words.encode()
    secret = hook(over_http, receiver)
    payment = new_payment(over_http)
    _, body, signature = receiver.requests.get(timeout=20)
    event = stripe.Webhook.construct_event(body, signature, secret)
    until(lambda: delivery(over_http, event.id)["tries"])
    found = delivery(over_http, event.id)
    (tried,) = found["tries"]
    said = (tried["status"], tried["answer"], tried["unverified"], tried["signature"])
    assert said == (status, words, unverified, signature)
    assert abs(tried["at"] - event.created) < 60
    assert (found["type"], found["about"], found["url"]) == (event.type, payment.id, receiver.url)
    until(lambda: delivery(over_http, event.id)["state"] in ("due", "delivered"))
    over_http.raw_request("post", "/_simulator/clock", advance=2)
    receiver.next(secret)
    until(lambda: len(delivery(over_http, event.id)["tries"]) == 2)
    until(lambda: delivery(over_http, event.id)["state"] == "delivered")
    found = delivery(over_http, event.id)
    assert [each["status"] for each in found["tries"]] == [200, status], "newest first"
    assert found["next_try"] is None


def test_a_webhook_is_sent_again(over_http, receiver):
    """Once it was delivered, and at once where it would be tried later."""
    secret = hook(over_http, receiver)
    new_payment(over_http)
    event = receiver.next(secret)
    until(lambda: delivery(over_http, event.id)["state"] == "delivered")
    path = f"/_simulator/deliveries/{delivery(over_http, event.id)['id']}/send"
    receiver.answers = [500]
    assert json.loads(over_http.raw_request("post", path).body)["state"] == "due"
    assert receiver.next(secret).id == event.id
    until(lambda: (delivery(over_http, event.id)["next_try"] or 0) > 0 and receiver.answers == [])
    until(lambda: delivery(over_http, event.id)["state"] == "due")
    assert over_http.v1.events.retrieve(event.id).pending_webhooks == 1
    over_http.raw_request("post", path)
    assert receiver.next(secret).id == event.id
    until(lambda: over_http.v1.events.retrieve(event.id).pending_webhooks == 0)
    assert receiver.requests.empty(), "nothing is sent twice"


@pytest.mark.parametrize("id", ["evt_nobody:{we}", "{evt}:we_nobody", "{evt}", "{we}:{evt}"])
def test_what_is_not_there_is_not_sent_again(over_http, receiver, id):
    secret = hook(over_http, receiver)
    new_payment(over_http)
    found = {"evt": receiver.next(secret).id, "we": over_http.v1.webhook_endpoints.list().data[0].id}
    with pytest.raises(stripe.InvalidRequestError, match="No such") as caught:
        over_http.raw_request("post", f"/_simulator/deliveries/{id.format(**found)}/send")
    assert caught.value.http_status == 404


def test_nothing_is_sent_again_to_a_disabled_endpoint(over_http, receiver):
    secret = hook(over_http, receiver)
    new_payment(over_http)
    event, endpoint = receiver.next(secret).id, over_http.v1.webhook_endpoints.list().data[0].id
    over_http.v1.webhook_endpoints.update(endpoint, {"disabled": True})
    with pytest.raises(stripe.InvalidRequestError, match="is disabled"):
        over_http.raw_request("post", f"/_simulator/deliveries/{event}:{endpoint}/send")


def test_nobody_listens(over_http):
    over_http.v1.webhook_endpoints.create({**HOOK, "url": "http://127.0.0.1:1/"})
    assert pay(over_http, new_reader(over_http).id, new_payment(over_http).id).status == "succeeded"


def test_what_a_notebook_wrote_is_sent_by_the_server(tmp_path: Path, receiver):
    account = tmp_path / "account.sqlite"
    simulator = Simulator(account)
    notebook = stripe.StripeClient("sk_test_notebook", http_client=SimulatorHTTPClient(simulator))
    secret = hook(notebook, receiver)
    before = new_payment(notebook)
    with serve("--account", str(account)):
        assert receiver.next(secret).data.object.id == before.id
        after = new_payment(notebook)
        assert receiver.next(secret).data.object.id == after.id
    simulator.close()


# -- faults


@pytest.mark.parametrize(
    ("kind", "seconds", "expected"),
    [
        ("webhook_doubled", None, ["created", "created", "canceled", "canceled"]),
        ("webhook_lost", None, []),
        ("webhook_late", 600, []),
        ("webhook_shuffled", 80_000, []),
    ],
)
def test_fault(over_http, receiver, kind, seconds, expected):
    secret = hook(over_http, receiver)
    over_http.raw_request("post", "/_simulator/faults", kind=kind, **{"seconds": seconds} if seconds else {})
    over_http.v1.payment_intents.cancel(new_payment(over_http).id)
    over_http.raw_request("delete", "/_simulator/faults")
    new_payment(over_http, 7700)  # what arrives without a fault shows that nothing else was due
    arrived = []
    while (event := receiver.next(secret)).data.object.amount != 7700:
        arrived.append(event.type.removeprefix("payment_intent."))
    assert sorted(arrived) == sorted(expected)
    if seconds:
        over_http.raw_request("post", "/_simulator/clock", advance=seconds + 1)
        late = [receiver.next(secret).type for _ in range(2)]
        assert sorted(late) == ["payment_intent.canceled", "payment_intent.created"]


def test_shuffled_the_same_way_for_the_same_seed(served):
    orders = []
    for key, seed in (("sk_test_shuffle_1", 7), ("sk_test_shuffle_2", 7), ("sk_test_shuffle_3", 8)):
        client = served.client(key)
        with receiving() as receiver:
            secret = hook(client, receiver)
            client.raw_request("post", "/_simulator/faults", kind="webhook_shuffled", seconds=600, seed=seed)
            pay(client, new_reader(client).id, new_payment(client).id)
            client.raw_request("post", "/_simulator/clock", advance=601)
            orders.append([receiver.next(secret).type for _ in SALE])
    assert orders[0] == orders[1] != orders[2]
    assert orders[0] != SALE
    assert sorted(orders[0]) == sorted(SALE)


def test_a_connect_endpoint_gets_what_happens_under_connected_accounts(over_http, receiver):
    """Signed with the endpoint's secret, and counted in the event of the connected account."""
    account = over_http.v1.accounts.create().id
    params = {"url": receiver.url, "enabled_events": ["customer.created"], "connect": True}
    secret = over_http.v1.webhook_endpoints.create(params).secret
    over_http.v1.customers.create()
    theirs = over_http.v1.customers.create({}, options={"stripe_account": account}).id
    event = receiver.next(secret)
    assert (event.account, event.data.object.id) == (account, theirs)

    def counted() -> bool:
        found = over_http.v1.events.retrieve(event.id, options={"stripe_account": account})
        return found.pending_webhooks == 0

    until(counted)
    assert receiver.requests.empty()
