"""Events: what a sale leaves behind, and how to find it again."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import SALE, new_payment, new_reader, pay

pytestmark = pytest.mark.offline_only("counts all events of the account, in their order")


def types(client: stripe.StripeClient, **filters: object) -> list[str]:
    """Oldest first."""
    return [event.type for event in client.v1.events.list({"limit": 100, **filters}).data][::-1]


def decline(client: stripe.StripeClient) -> None:
    reader, payment = new_reader(client).id, new_payment(client).id
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(
        reader, {"type": "card_present", "card_present": {"number": "4000000000000002"}}
    )


def cancel_in_flight(client: stripe.StripeClient) -> None:
    reader, payment = new_reader(client).id, new_payment(client).id
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.terminal.readers.cancel_action(reader)
    client.v1.payment_intents.cancel(payment)


def show_cart(client: stripe.StripeClient) -> None:
    reader = new_reader(client).id
    item = {"description": "Latte", "amount": 659, "quantity": 1}
    cart = {"currency": "usd", "line_items": [item], "total": 659}
    client.v1.terminal.readers.set_reader_display(reader, {"type": "cart", "cart": cart})
    client.v1.terminal.readers.cancel_action(reader)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda client: pay(client, new_reader(client).id, new_payment(client).id), SALE),
        (
            decline,
            [
                "payment_intent.created",
                "charge.failed",
                "payment_intent.payment_failed",
                "terminal.reader.action_failed",
            ],
        ),
        (cancel_in_flight, ["payment_intent.created", "payment_intent.canceled"]),
        (show_cart, []),
    ],
    ids=["sale", "decline", "cancel in flight", "cart"],
)
def test_events_of(client, act, expected):
    act(client)
    assert types(client) == expected


def test_event_carries_its_object_as_it_was_then(target, client):
    payment = new_payment(client)
    client.v1.payment_intents.cancel(payment.id)
    created, canceled = client.v1.events.list().data[::-1]
    assert (created.data.object.status, canceled.data.object.status) == (
        "requires_payment_method",
        "canceled",
    )
    assert created.data.object.id == payment.id
    assert (created.object, created.livemode, created.pending_webhooks) == ("event", False, 0)
    assert created.api_version == target.api_version
    assert created.request.id == payment.last_response.request_id
    assert created.request.idempotency_key
    assert client.v1.events.retrieve(created.id).to_dict() == created.to_dict()


def test_what_time_brings_has_no_request(client, later):
    reader, payment = new_reader(client), new_payment(client)
    client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader.id)
    later(2 * 86_400 + 1)
    expired = client.v1.events.list({"type": "charge.expired"}).data[0]
    assert expired.request.to_dict() == {"id": None, "idempotency_key": None}


def test_filters(client):
    pay(client, new_reader(client).id, new_payment(client).id)
    assert types(client, type="charge.captured") == ["charge.captured"]
    assert types(client, type="charge.*") == ["charge.succeeded", "charge.captured"]
    assert types(client, type="*.created") == ["payment_intent.created"]
    assert types(client, type="charge") == []
    assert types(client, type="charge.?aptured*") == []
    assert types(client, types=["charge.captured", "payment_intent.created", "no.such"]) == [
        "payment_intent.created",
        "charge.captured",
    ]
    assert types(client, delivery_success=True) == SALE
    assert types(client, delivery_success=False) == []
    now = client.v1.events.list().data[0].created
    assert types(client, created={"gt": now}) == []
    assert types(client, created={"gte": now - 60, "lte": now}) == SALE


@pytest.mark.parametrize(
    ("filters", "param"),
    [
        ({"type": "charge.captured", "types": ["charge.failed"]}, "types"),
        ({"types": ["charge.failed"] * 21}, "types"),
        ({"starting_after": "evt_nobody"}, "starting_after"),
    ],
)
def test_wrong_filters(client, filters, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.events.list(filters)
    assert caught.value.param == param


def test_pages_in_both_directions(client):
    for _ in range(5):
        new_payment(client)
    everything = [event.id for event in client.v1.events.list({"limit": 100}).data]
    assert len(everything) == 5
    page = client.v1.events.list({"limit": 2})
    assert [event.id for event in page.auto_paging_iter()] == everything
    back = client.v1.events.list({"limit": 2, "ending_before": everything[4]})
    assert ([event.id for event in back.data], back.has_more) == (everything[2:4], True)


def test_events_are_kept_for_thirty_days(client, later):
    new_payment(client)
    event = client.v1.events.list().data[0]
    later(30 * 86_400 - 60)
    assert client.v1.events.retrieve(event.id).id == event.id
    later(120)
    assert client.v1.events.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such event") as caught:
        client.v1.events.retrieve(event.id)
    assert caught.value.http_status == 404
