"""Metadata: merged on update, a key removed by an empty value, everything by an empty `metadata`."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment, new_reader, pay


def charge(client):
    return pay(client, new_reader(client).id, new_payment(client).id).latest_charge


# kind -> (its service, parameters of a new one); None where an object is made another way.
KINDS = {
    "location": (lambda v1: v1.terminal.locations, {"display_name": "Shop", "address": ADDRESS}),
    "reader": (lambda v1: v1.terminal.readers, {"registration_code": "simulated-wpe"}),
    "payment_intent": (lambda v1: v1.payment_intents, {"amount": 1000, "currency": "usd"}),
    "setup_intent": (lambda v1: v1.setup_intents, {}),
    "customer": (lambda v1: v1.customers, {}),
    "webhook_endpoint": (
        lambda v1: v1.webhook_endpoints,
        {"url": "http://localhost/", "enabled_events": ["*"]},
    ),
    "charge": (lambda v1: v1.charges, None),
    "refund": (lambda v1: v1.refunds, None),
}


@pytest.fixture(params=KINDS)
def service(request, client):
    return KINDS[request.param][0](client.v1)


@pytest.fixture
def made(request, client, service):
    """The id of one of each kind, with the metadata `{"order": "7", "table": "4"}`."""
    kind = request.node.callspec.params["service"]
    given = {"metadata": {"order": "7", "table": "4"}}
    params = KINDS[kind][1]
    if params is not None:
        return service.create({**params, **given}).id
    if kind == "refund":
        return service.create({"charge": charge(client), **given}).id
    return service.update(charge(client), given).id


def after(service, id, metadata):
    changed = service.update(id, {"metadata": metadata}).metadata.to_dict()
    assert service.retrieve(id).metadata.to_dict() == changed
    return changed


def test_merged_removed_and_cleared(service, made):
    assert service.retrieve(made).metadata.to_dict() == {"order": "7", "table": "4"}
    assert after(service, made, {"table": "5", "hat": "blue"}) == {"order": "7", "table": "5", "hat": "blue"}
    assert after(service, made, {"table": "", "nothing": ""}) == {"order": "7", "hat": "blue"}
    assert service.update(made, {}).metadata.to_dict() == {"order": "7", "hat": "blue"}
    assert after(service, made, "") == {}


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ({"k" * 41: "v"}, f"metadata[{'k' * 40}]"),
        ({"k": "v" * 501}, "metadata[k]"),
        ({f"key {number}": "v" for number in range(49)}, "metadata"),
        ({"k": {"a": "b"}}, "metadata[k]"),
        ("text", "metadata"),
    ],
    ids=["long key", "long value", "too many with those there", "an object", "a text"],
)
def test_metadata_that_is_refused(service, made, metadata, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.update(made, {"metadata": metadata})
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert service.retrieve(made).metadata.to_dict() == {"order": "7", "table": "4"}


def test_as_much_as_there_is_room_for(service, made):
    full = {f"{number:040}": "v" * 500 for number in range(50)}
    assert after(service, made, {"order": "", "table": "", **full}) == full


def test_payments_metadata_is_copied_to_its_charge(client, reader):
    payment = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "allowed_payment_method_types": ["card_present"],
            "metadata": {"order": "7"},
        }
    )
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    paid = client.v1.payment_intents.update(payment.id, {"metadata": {"order": "8"}})
    assert client.v1.charges.retrieve(paid.latest_charge).metadata.to_dict() == {"order": "7"}


def test_text_of_any_language(client):
    location = {"display_name": "Kaffee & Kuchen 🧾", "address": ADDRESS, "metadata": {"größe": "日本 = &+%"}}
    made = client.v1.terminal.locations.create(location)
    found = client.v1.terminal.locations.retrieve(made.id)
    assert (found.display_name, found.metadata.to_dict()) == ("Kaffee & Kuchen 🧾", {"größe": "日本 = &+%"})
