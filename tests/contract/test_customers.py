"""Customers: what they say of themselves, the events of a change, and what a deletion leaves."""

from __future__ import annotations

import uuid

import pytest
import stripe

from tests.simulator.sale import ADDRESS


def test_customer_with_nothing(client):
    customer = client.v1.customers.create()
    assert (customer.name, customer.email, customer.address, customer.shipping) == (None, None, None, None)
    assert (customer.metadata.to_dict(), customer.balance, customer.livemode) == ({}, 0, False)
    assert customer.invoice_settings.default_payment_method is None
    assert client.v1.customers.retrieve(customer.id).to_dict() == customer.to_dict()


def test_customer_with_everything(client, events):
    given = {
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "phone": "+1 555 0100",
        "description": "Likes tea",
        "address": ADDRESS,
        "shipping": {"name": "Ada", "address": ADDRESS},
        "preferred_locales": ["en", "fr"],
        "metadata": {"table": "4"},
    }
    customer = client.v1.customers.create(given)
    for name in ("name", "email", "phone", "description", "preferred_locales"):
        assert customer[name] == given[name]
    assert customer.address.to_dict() == {**ADDRESS, "line2": None}
    assert customer.shipping.name == "Ada"
    assert customer.shipping.address.city == "San Francisco"
    [created] = events.check(["customer.created"], customer.id)
    assert created.data.object.name == "Ada Lovelace"


def test_update(client, events):
    customer = client.v1.customers.create(
        {"name": "Ada", "address": ADDRESS, "metadata": {"table": "4", "seat": "2"}}
    )
    changed = client.v1.customers.update(
        customer.id,
        {
            "name": "Ada Lovelace",
            "address": {"line1": "2 Main St"},
            "shipping": "",
            "metadata": {"table": "", "hat": "blue"},
        },
    )
    assert changed.name == "Ada Lovelace"
    assert (changed.address.line1, changed.address.city) == ("2 Main St", "San Francisco")
    assert changed.metadata.to_dict() == {"seat": "2", "hat": "blue"}
    [_, updated] = events.check(["customer.created", "customer.updated"], customer.id)
    before = updated.data.previous_attributes.to_dict()
    assert before["name"] == "Ada"
    assert before["metadata"] == {"table": "4", "hat": None}
    assert "email" not in before


def test_update_without_change_sends_no_event(client, events):
    customer = client.v1.customers.create({"name": "Ada"})
    client.v1.customers.update(customer.id, {"name": "Ada"})
    events.check(["customer.created"], customer.id)


def test_list_by_email(client):
    email = f"{uuid.uuid4()}@example.com"
    first = client.v1.customers.create({"email": email})
    client.v1.customers.create({"email": "x" + email})
    second = client.v1.customers.create({"email": email})
    listed = client.v1.customers.list({"email": email})
    assert [customer.id for customer in listed.data] == [second.id, first.id]
    assert client.v1.customers.list({"email": email, "starting_after": second.id}).data[0].id == first.id


def test_list_by_time(client):
    customer = client.v1.customers.create()
    ids = [found.id for found in client.v1.customers.list({"created": {"gte": customer.created}}).data]
    assert customer.id in ids
    assert client.v1.customers.list({"created": {"gt": customer.created + 600}}).data == []


def test_delete(client, events):
    customer = client.v1.customers.create({"name": "Ada", "email": f"{uuid.uuid4()}@example.com"})
    gone = client.v1.customers.delete(customer.id)
    assert gone.to_dict() == {"id": customer.id, "object": "customer", "deleted": True}
    assert client.v1.customers.retrieve(customer.id).to_dict() == gone.to_dict()
    assert client.v1.customers.list({"email": customer.email}).data == []
    [_, deleted] = events.check(["customer.created", "customer.deleted"], customer.id)
    assert deleted.data.object.name == "Ada"
    for call in (client.v1.customers.delete, client.v1.customers.update):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call(customer.id)
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
        assert caught.value.user_message == f"No such customer: '{customer.id}'"


def test_payment_of_a_deleted_customer_keeps_its_name(client):
    customer = client.v1.customers.create()
    payment = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "customer": customer.id,
            "allowed_payment_method_types": ["card_present"],
        }
    )
    expanded = client.v1.payment_intents.retrieve(payment.id, {"expand": ["customer"]})
    assert expanded.customer.id == customer.id
    client.v1.customers.delete(customer.id)
    assert client.v1.payment_intents.retrieve(payment.id, {"expand": ["customer"]}).customer.deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.payment_intents.create({"amount": 1000, "currency": "usd", "customer": customer.id})


@pytest.mark.parametrize("email", ["ada", "@example.com", "ada@", "a b@example.com"])
def test_email_that_is_none(client, email):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.create({"email": email})
    assert (caught.value.code, caught.value.param) == ("email_invalid", "email")


def test_unknown_customer(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.retrieve("cus_nobody")
    assert (caught.value.http_status, caught.value.param) == (404, "id")
