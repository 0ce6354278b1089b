"""`expand[]`: ids replaced by the objects they name, to four levels, on lists too."""

from __future__ import annotations

import pytest
import stripe
from stripe._object_classes import get_object_class

from irl_helpers.simulator.stripe_calls import STRIPE_CALLS
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
        # What is an object anyway.
        ("amount_details", "AmountDetails"),
        ("metadata", "StripeObject"),
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
HINT = "You may want to try expanding 'data.{}' instead."


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
    error = caught.value
    assert (error.http_status, error.code, error.param, error.user_message) == (400, None, None, message)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("data." + FIVE, TOO_DEEP),
        (
            "latest_charge",
            f"This property cannot be expanded (latest_charge). {HINT.format('latest_charge')}",
        ),
        ("bogus", f"This property cannot be expanded (bogus). {HINT.format('bogus')}"),
        ("data.bogus", "This property cannot be expanded (data.bogus)."),
        ("total_count", f"This property cannot be expanded (total_count). {HINT.format('total_count')}"),
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


@pytest.mark.parametrize("call", ["payment_intents", "customers", "refunds", "events", "setup_intents"])
def test_refused_on_an_empty_list_too(client, call):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1, call).list({"created": {"gt": 4_000_000_000}, "expand": ["data.bogus"]})
    assert caught.value.user_message == "This property cannot be expanded (data.bogus)."


@pytest.mark.parametrize("path", ["bogus", "invoice_settings.bogus"])
def test_refused_before_anything_else(target, path):
    """Whatever else is wrong: an unknown id, an unknown parameter, a bad one."""
    answer = target.send("GET", "/v1/customers/cus_nobody", **{"expand[]": path, "foo": "1"})
    message = f"This property cannot be expanded ({path})."
    assert (answer.status, answer.error["message"]) == (400, message)
    assert "param" not in answer.error
    assert "code" not in answer.error


def test_events_show_their_objects_anyway(client, sold):
    listed = client.v1.events.list({"expand": ["data.data.object"]})
    assert listed.data[0].data.object.object
    event = client.v1.events.retrieve(listed.data[0].id, {"expand": ["data.object"]})
    assert event == listed.data[0]
    for path in ("data.data.object.customer", "data.data.nothing"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            client.v1.events.list({"expand": [path]})


def test_whole_list_is_expanded_already(client, sold):
    assert client.v1.charges.list({"expand": ["data"]}).data[0].id == sold.latest_charge


def test_how_many_refunds_a_charge_has(client, sold):
    shown = client.v1.charges.retrieve(sold.latest_charge, {"expand": ["refunds"]})
    assert shown.refunds.total_count == 1


def test_old_versions_count_lists_and_expand_charges(target, sold):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": "2020-08-27"}
    listed = target.send("GET", "/v1/charges", headers, **{"expand[]": "total_count"}).body
    assert (listed["total_count"], len(listed["data"])) == (1, 1)
    path = f"/v1/payment_intents/{sold.id}"
    shown = target.send("GET", path, headers, **{"expand[]": "charges.data.customer"}).body
    assert shown["charges"]["data"][0]["customer"]["name"] == "Ada"


def test_every_call_says_what_it_answers():
    """Else nothing says what can be expanded in it."""
    unknown = [
        route.path for route in STRIPE_CALLS if get_object_class("V1", route.kind) is stripe.StripeObject
    ]
    assert unknown == []
