"""`Stripe-Account`: what is made under a connected account is its own.

C: docs.stripe.com/connect/authentication, and the texts as recorded by pay-rails (2025-10-29) and gumroad.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment, new_reader, pay

from .errors import refused
from .targets import InProcess

ONLINE = {
    "amount": 1000,
    "currency": "usd",
    "allowed_payment_method_types": ["card"],
    "payment_method": "pm_card_visa",
    "confirm": True,
}


def under(target, account: str) -> stripe.StripeClient:
    return target.client(stripe_account=account)


@pytest.fixture
def shops(client, target):
    """The clients of two connected accounts, by the accounts' ids."""
    wanted = {"transfers": {"requested": True}, "card_payments": {"requested": True}}
    made = [client.v1.accounts.create({"country": "US", "capabilities": wanted}).id for _ in range(2)]
    clients = {id: under(target, id) for id in made}
    yield clients
    for id in clients:
        client.v1.accounts.delete(id)


# What can be made, and the way to look for it.
def _make(client: stripe.StripeClient) -> dict[str, tuple[Any, str]]:
    v1 = client.v1
    shop = v1.terminal.locations.create({"display_name": "Shop", "address": ADDRESS})
    reader = v1.terminal.readers.create({"registration_code": "simulated-wpe", "location": shop.id})
    paid = v1.payment_intents.create(ONLINE)
    refund = v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    setup = v1.setup_intents.create({"allowed_payment_method_types": ["card"]})
    customer = v1.customers.create()
    return {
        "location": (v1.terminal.locations, shop.id),
        "reader": (v1.terminal.readers, reader.id),
        "payment_intent": (v1.payment_intents, paid.id),
        "charge": (v1.charges, paid.latest_charge),
        "refund": (v1.refunds, refund.id),
        "setup_intent": (v1.setup_intents, setup.id),
        "customer": (v1.customers, customer.id),
        "event": (v1.events, v1.events.list({"limit": 1}).data[0].id),
    }


def test_what_is_made_under_an_account_is_found_there_only(client, shops):
    first, second = shops.values()
    made, others = _make(first), [_make(second), _make(client)]
    for kind, (service, id) in made.items():
        assert service.retrieve(id).id == id
        assert id in [one.id for one in service.list({"limit": 100}).data]
        for other in others:
            there, _ = other[kind]
            error = refused(there.retrieve, id)
            assert (error.code, error.http_status) == ("resource_missing", 404), kind
            assert id not in [one.id for one in there.list({"limit": 100}).data]
    names = {type(service).__name__ for service, _ in made.values()}
    assert len(names) == len(made)


def test_a_sale_under_an_account(client, shops, target):
    first, second = shops.values()
    reader, payment = new_reader(first), new_payment(first)
    assert pay(first, reader.id, payment.id).status == "succeeded"
    error = refused(
        second.v1.terminal.readers.process_payment_intent, reader.id, {"payment_intent": payment.id}
    )
    assert error.code == "resource_missing"
    own = new_reader(client)
    error = refused(client.v1.terminal.readers.process_payment_intent, own.id, {"payment_intent": payment.id})
    assert (error.code, error.http_status) == ("resource_missing", 400)
    charge = first.v1.charges.list({"payment_intent": payment.id}).data[0]
    assert charge.application.startswith("ca_")


def test_search_is_of_one_account(client, shops, simulated):
    first, second = shops.values()
    payment = new_payment(first)
    query = {"query": "amount:1000"}
    assert [one.id for one in first.v1.payment_intents.search(query).data] == [payment.id]
    for other in (second, client):
        assert other.v1.payment_intents.search(query).data == []


def test_the_same_idempotency_key_means_another_request_elsewhere(client, shops):
    made = [
        one.v1.customers.create({"name": "Ada"}, options={"idempotency_key": "first customer"}).id
        for one in (client, *shops.values(), client)
    ]
    assert len(set(made)) == 3
    assert made[0] == made[3]


def test_the_header_comes_back(target, shops):
    account = next(iter(shops))
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Account": account}
    answer = target.send("GET", "/v1/account", headers)
    assert (answer.status, answer.headers["stripe-account"], answer.body["id"]) == (200, account, account)
    assert target.send("GET", "/v1/customers/cus_nobody", headers).headers["stripe-account"] == account
    assert "stripe-account" not in target.send("GET", "/v1/account").headers


# C: texts that say where a PaymentMethod may be.
def test_a_payment_method_of_the_platform(client, shops):
    shop = next(iter(shops.values()))
    customer = client.v1.customers.create().id
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    error = refused(shop.v1.payment_intents.create, {**ONLINE, "payment_method": method})
    assert (error.http_status, error.code, error.param) == (400, "resource_missing", "payment_method")
    assert error.user_message == (
        f"No such PaymentMethod: '{method}'; OAuth key or Stripe-Account header was used but API request was "
        "provided with a platform-owned payment method ID. Please ensure that the provided payment method "
        "matches the specified account."
    )
    assert refused(shop.v1.payment_methods.retrieve, "pm_nobody").user_message.endswith("'pm_nobody'")


def test_a_payment_method_that_may_be_connected(client, shops):
    error = refused(client.v1.payment_methods.retrieve, "pm_nobody")
    assert error.user_message == (
        "No such PaymentMethod: 'pm_nobody'; It's possible this PaymentMethod exists on one of your "
        "connected accounts, in which case you should retry this request on that connected account. "
        "Learn more at https://stripe.com/docs/connect/authentication"
    )


def test_without_connected_accounts_there_is_nothing_to_say(client, simulated):
    assert refused(client.v1.payment_methods.retrieve, "pm_nobody").user_message.endswith("'pm_nobody'")


# -- what an account and those connected to it have in common, and what they do not


def test_the_clock_is_the_platform_s(client, shops, later):
    first, second = shops.values()
    held = [_held(one) for one in (client, first)]
    later(2 * 86_400 + 60)
    for one, payment in zip((client, first), held, strict=True):
        assert one.v1.payment_intents.retrieve(payment).status == "canceled"
    first.raw_request("post", "/_simulator/clock", advance=60)
    clocks = {
        json.loads(one.raw_request("get", "/_simulator/clock").body)["ahead"] for one in (client, second)
    }
    assert clocks == {2 * 86_400 + 120}
    assert second.v1.customers.create().created >= client.v1.customers.create().created - 1


def _held(client: stripe.StripeClient) -> str:
    reader, payment = new_reader(client), new_payment(client)
    client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader.id)
    return payment.id


def test_a_fault_is_of_one_account(client, shops, simulated):
    first, second = shops.values()
    first.raw_request("post", "/_simulator/faults", kind="rate_limit", count=5)
    with pytest.raises(stripe.RateLimitError):
        first.v1.customers.create()
    for other in (second, client):
        assert other.v1.customers.create().id
    first.raw_request("delete", "/_simulator/faults")
    assert first.v1.customers.create().id


def test_a_reset_is_of_one_account_or_of_all(client, shops, simulated):
    first, second = shops.values()
    for one in (client, first, second):
        one.v1.customers.create()
    first.raw_request("post", "/_simulator/reset")
    assert [len(one.v1.customers.list().data) for one in (client, first, second)] == [1, 0, 1]
    client.raw_request("post", "/_simulator/reset")
    assert client.v1.accounts.list().data == []
    with pytest.raises(stripe.PermissionError):
        second.v1.customers.list()
    again = client.v1.accounts.create().id
    assert client.v1.customers.list({}, options={"stripe_account": again}).data == []
    shops.clear()


# -- events


@pytest.fixture
def in_process(target):
    """Where nobody sends webhooks, so that they can be fetched."""
    if not isinstance(target, InProcess):
        pytest.skip("tests/simulator/test_webhooks.py has it over HTTP")


def deliveries(client: stripe.StripeClient) -> list[tuple[str, dict[str, Any]]]:
    found = json.loads(client.raw_request("post", "/_simulator/deliveries").body)["data"]
    return [(one["url"], json.loads(one["body"])) for one in found]


def test_connect_endpoints_are_told_of_connected_accounts(client, shops, in_process):
    account, shop = next(iter(shops.items()))
    wanted = {"enabled_events": ["customer.created"]}
    urls = {name: f"http://127.0.0.1:1/{name}" for name in ("own", "connect", "theirs")}
    client.v1.webhook_endpoints.create({**wanted, "url": urls["own"]})
    client.v1.webhook_endpoints.create({**wanted, "url": urls["connect"], "connect": True})
    shop.v1.webhook_endpoints.create({**wanted, "url": urls["theirs"]})
    ours, theirs = client.v1.customers.create().id, shop.v1.customers.create().id
    [event] = shop.v1.events.list({"type": "customer.created"}).data
    assert (event.account, event.pending_webhooks) == (account, 2)
    told = {
        url: (event.get("account"), event["data"]["object"]["id"])
        for url, event in deliveries(client) + deliveries(shop)
    }
    assert told == {
        urls["own"]: (None, ours),
        urls["connect"]: (account, theirs),
        urls["theirs"]: (account, theirs),
    }
    [event] = shop.v1.events.list({"type": "customer.created"}).data
    assert event.pending_webhooks == 0
    [event] = client.v1.events.list({"type": "customer.created"}).data
    assert "account" not in event


def test_an_event_comes_in_the_connect_endpoint_s_version(client, shops, in_process):
    shop = next(iter(shops.values()))
    client.v1.webhook_endpoints.create(
        {
            "url": "http://127.0.0.1:1/",
            "enabled_events": ["payment_intent.created"],
            "connect": True,
            "api_version": "2022-08-01",
        }
    )
    new_payment(shop)
    [(_, event)] = deliveries(client)
    assert event["api_version"] == "2022-08-01"
    assert event["data"]["object"]["charges"]["data"] == []


# -- what the platform takes


FEES = [
    # (certainty, parameters, param, code, what the message says)
    ("C", {"application_fee_amount": 100}, "application_fee_amount", "parameter_missing", "direct payment"),
    ("C", {"transfer_data": {"destination": "acct_nobody"}}, "transfer_data[destination]",
     "resource_missing", "No such destination: 'acct_nobody'"),
    ("ours", {"on_behalf_of": "acct_nobody"}, "on_behalf_of", "resource_missing", "acct_nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("certainty", "params", "param", "code", "says"), FEES)
def test_fee_that_nobody_can_take(client, stripe_test_key, certainty, params, param, code, says):
    if stripe_test_key and certainty == "ours":
        pytest.skip("Stripe's words are not known")
    error = refused(client.v1.payment_intents.create, {**ONLINE, **params})
    assert (error.param, error.code) == (param, code)
    assert says in str(error)


@pytest.mark.parametrize(("fee", "code"), [(0, "parameter_invalid_integer"), (1001, None)])
def test_impossible_fee(shops, simulated, fee, code):
    shop = next(iter(shops.values()))
    error = refused(shop.v1.payment_intents.create, {**ONLINE, "application_fee_amount": fee})
    assert (error.param, error.code) == ("application_fee_amount", code)


def test_a_direct_charge_keeps_its_fee(shops):
    shop = next(iter(shops.values()))
    paid = shop.v1.payment_intents.create(
        {**ONLINE, "application_fee_amount": 123, "expand": ["latest_charge"]}
    )
    assert (paid.application_fee_amount, paid.latest_charge.application_fee_amount) == (123, 123)
    cleared = shop.v1.payment_intents.create({"amount": 1000, "currency": "usd", "application_fee_amount": 5})
    assert (
        shop.v1.payment_intents.update(cleared.id, {"application_fee_amount": ""}).application_fee_amount
        is None
    )


def test_a_destination_charge_keeps_its_destination(client, shops):
    account = next(iter(shops))
    to = {"transfer_data": {"destination": account}, "on_behalf_of": account}
    paid = client.v1.payment_intents.create(
        {**ONLINE, **to, "application_fee_amount": 123, "expand": ["latest_charge"]}
    )
    for one in (paid, paid.latest_charge):
        assert (one.application_fee_amount, one.on_behalf_of) == (123, account)
        assert one.transfer_data.destination == account


def test_a_destination_needs_a_capability(client):
    account = client.v1.accounts.create({"country": "US"}).id
    error = refused(client.v1.payment_intents.create, {**ONLINE, "transfer_data": {"destination": account}})
    assert error.code == "insufficient_capabilities_for_transfer"
    client.v1.accounts.delete(account)


def test_a_fee_comes_with_the_capture(shops):
    shop = next(iter(shops.values()))
    held = _held(shop)
    error = refused(
        shop.v1.payment_intents.capture, held, {"amount_to_capture": 500, "application_fee_amount": 501}
    )
    assert error.param == "application_fee_amount"
    done = shop.v1.payment_intents.capture(
        held, {"amount_to_capture": 500, "application_fee_amount": 50, "expand": ["latest_charge"]}
    )
    assert (done.application_fee_amount, done.latest_charge.application_fee_amount) == (50, 50)
