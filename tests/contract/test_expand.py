"""`expand[]`: ids replaced by the objects they name, to four levels, on lists too."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import new_payment, pay


@pytest.fixture
def sold(client, reader):
    """A payment of a customer, captured and refunded."""
    customer = client.v1.customers.create({"name": "Ada"}).id
    payment = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
            "customer": customer,
        }
    )
    pay(client, reader, payment.id)
    client.v1.refunds.create({"payment_intent": payment.id})
    return client.v1.payment_intents.retrieve(payment.id)


def kind(value):
    return value.object if hasattr(value, "object") else type(value).__name__


def dig(value, path):
    for name in path.split("."):
        value = value.data[0] if name == "data" else value[name]
    return value


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("latest_charge", "charge"),
        ("customer", "customer"),
        ("payment_method", "payment_method"),
        ("latest_charge.payment_method_details.card_present.reader", "str"),
        ("latest_charge.customer", "customer"),
        ("latest_charge.payment_intent", "payment_intent"),
        ("latest_charge.refunds", "list"),
        ("latest_charge.refunds.data.charge", "charge"),
        ("latest_charge.payment_intent.latest_charge.payment_intent", "payment_intent"),
        ("payment_method.customer", "NoneType"),
    ],
)
def test_payment(client, sold, path, expected):
    if expected == "str":
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.payment_intents.retrieve(sold.id, {"expand": [path]})
        return
    shown = client.v1.payment_intents.retrieve(sold.id, {"expand": [path]})
    assert kind(dig(shown, path)) == expected
    listed = client.v1.payment_intents.list({"customer": sold.customer, "expand": [f"data.{path}"]}).data[0]
    assert kind(dig(listed, path)) == expected


def test_several_paths_share_their_beginning(client, sold):
    paths = ["latest_charge", "latest_charge.customer", "latest_charge.refunds", "customer"]
    shown = client.v1.payment_intents.retrieve(sold.id, {"expand": paths})
    charge = shown.latest_charge
    shown_kinds = [
        kind(one) for one in (charge.customer, charge.refunds, charge.payment_intent, shown.customer)
    ]
    assert shown_kinds == ["customer", "list", "str", "customer"]


def test_reader(client, reader, payment):
    expand = ["location", "action.process_payment_intent.payment_intent.customer"]
    params = {"payment_intent": payment, "expand": expand}
    shown = client.v1.terminal.readers.process_payment_intent(reader, params)
    assert kind(shown.location) == "terminal.location"
    assert shown.action.process_payment_intent.payment_intent.amount == 1000
    listed = client.v1.terminal.readers.list({"location": shown.location.id, "expand": ["data.location"]})
    assert listed.data[0].location.id == shown.location.id
    # Where there is no action there is nothing to expand, and nothing wrong either.
    client.v1.terminal.readers.cancel_action(reader)
    assert client.v1.terminal.readers.retrieve(reader, {"expand": expand}).action is None


def test_answers_to_writes_are_expanded_too(client, sold):
    charge = client.v1.charges.update(
        sold.latest_charge, {"description": "Tea", "expand": ["payment_intent"]}
    )
    assert (charge.description, charge.payment_intent.id) == ("Tea", sold.id)
    created = client.v1.payment_intents.create(
        {"amount": 100, "currency": "usd", "customer": sold.customer, "expand": ["customer"]}
    )
    assert created.customer.name == "Ada"


def test_nothing_is_expanded_unasked(client, sold):
    assert [kind(sold[name]) for name in ("customer", "latest_charge", "payment_method")] == ["str"] * 3
    assert "refunds" not in client.v1.charges.retrieve(sold.latest_charge)


FIVE = "latest_charge.payment_intent.latest_charge.payment_intent.latest_charge"
TOO_DEEP = "You cannot expand more than 4 levels of a property"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (FIVE, TOO_DEEP),
        ("amount", "This property cannot be expanded (amount)."),
        ("nothing", "This property cannot be expanded (nothing)."),
        ("latest_charge.amount", "This property cannot be expanded (latest_charge.amount)."),
        ("data.latest_charge", "This property cannot be expanded (data.latest_charge)."),
        ("latest_charge..customer", "This property cannot be expanded (latest_charge..customer)."),
    ],
)
def test_paths_that_are_refused(client, sold, path, message):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.retrieve(sold.id, {"expand": [path]})
    assert (caught.value.http_status, caught.value.param) == (400, "expand")
    assert caught.value.user_message == message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("data." + FIVE, TOO_DEEP),
        ("latest_charge", "This property cannot be expanded (latest_charge)."),
        ("data.amount", "This property cannot be expanded (data.amount)."),
    ],
)
def test_paths_of_lists_that_are_refused(client, sold, path, message):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.list({"customer": sold.customer, "expand": [path]})
    assert (caught.value.http_status, caught.value.user_message) == (400, message)


def test_refused_expansion_leaves_nothing_behind(client, sold):
    params = {"amount": 100, "currency": "usd", "customer": sold.customer, "expand": ["nothing"]}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(params)
    assert len(client.v1.payment_intents.list({"customer": sold.customer}).data) == 1


def test_deleted_object_is_expanded_as_such(client):
    customer = client.v1.customers.create({"name": "Ada"}).id
    payment = client.v1.payment_intents.create({"amount": 100, "currency": "usd", "customer": customer})
    client.v1.customers.delete(customer)
    shown = client.v1.payment_intents.retrieve(payment.id, {"expand": ["customer"]})
    assert (shown.customer.id, shown.customer.deleted) == (customer, True)


def test_new_payment_has_nothing_to_expand(client):
    payment = new_payment(client)
    expand = ["latest_charge.customer", "customer", "payment_method"]
    shown = client.v1.payment_intents.retrieve(payment.id, {"expand": expand})
    assert (shown.latest_charge, shown.customer, shown.payment_method) == (None, None, None)
