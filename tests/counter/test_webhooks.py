"""The counter's webhooks and endpoints."""

from __future__ import annotations

from irl_helpers import faults
from irl_helpers.collect import create_payment
from tests.counter.at_counter import at, heard, listed, nothing, program


def test_a_webhook_is_sent_again():
    client, _, _ = program()
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    create_payment(1250)

    async def send(panel):
        [row] = listed(panel, "webhooks")
        heard(panel.lists.webhooks, open=row["id"])
        heard(panel.lists.webhooks, press="send", of=row["id"])
        await panel.settled()

    assert "is sent to http://127.0.0.1:9/x again" in at(send).log[-1]


def test_an_application_that_was_started_twice_has_two_endpoints_and_one_can_go():
    client, _, _ = program()
    hook = {"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]}
    first = client.v1.webhook_endpoints.create({**hook, "enabled_events": ["charge.succeeded"]})
    other = client.v1.webhook_endpoints.create({**hook, "url": "http://127.0.0.1:9/y"})

    async def delete(panel):
        await panel.look()
        assert "No event was sent to an endpoint yet" in panel.lists.webhooks.empty
        assert "Your application makes one" not in panel.lists.webhooks.empty
        assert [(row["title"], row["tone"], row["note"]) for row in listed(panel, "endpoints")] == [
            (other.url, "good", "*"),
            (first.url, "good", "charge.succeeded"),
        ]
        second = client.v1.webhook_endpoints.create(hook)
        await panel.look()
        said = {row["id"]: row["outcome"] for row in listed(panel, "endpoints")}
        assert said == {
            second.id: "2 endpoints have this address",
            other.id: "enabled",
            first.id: "2 endpoints have this address",
        }
        heard(panel.lists.endpoints, open=first.id)
        assert ["Events", "charge.succeeded"] in panel.lists.endpoints.details[first.id]["facts"]
        heard(panel.lists.endpoints, press="delete", of=first.id)
        await panel.settled()
        assert [row["id"] for row in listed(panel, "endpoints")] == [second.id, other.id]
        assert {row["outcome"] for row in listed(panel, "endpoints")} == {"enabled"}

    assert f"{first.id} is deleted: nothing is sent to it any more." in at(delete).log[-1]
    assert [each.id for each in client.v1.webhook_endpoints.list()][1:] == [other.id]


def test_a_doubled_webhook_is_two_lines():
    client, _, _ = program()
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    with faults.webhook_doubled():
        create_payment(1250)
    ids = [row["id"] for row in listed(at(nothing), "webhooks")]
    assert len(ids) == len(set(ids)) == 2
