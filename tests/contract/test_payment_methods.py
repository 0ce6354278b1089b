"""PaymentMethods: cards that are kept for customers, and the ones that cannot be."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers.simulator.online_cards import ONLINE, TOKENS
from tests.contract.errors import refused
from tests.simulator.sale import new_payment, pay


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"name": "Ada"}).id


def save(client, customer, token="pm_card_visa"):
    return client.v1.payment_methods.attach(token, {"customer": customer})


# -- making one ----------------------------------------------------------------------------------------

NUMBERS = pytest.mark.offline_only("Stripe takes card numbers only from accounts that may send them")
TYPED = {"number": "4242 4242 4242 4242", "exp_month": 2, "exp_year": 2035, "cvc": "314"}


def test_card_from_a_token(client):
    method = client.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"token": "tok_visa"},
            "allow_redisplay": "limited",
            "billing_details": {"name": "Ada", "address": {"country": "IE"}},
            "metadata": {"a": "b"},
        }
    )
    assert (method.type, method.customer, method.allow_redisplay) == ("card", None, "limited")
    assert (method.card.brand, method.card.last4, method.card.funding) == ("visa", "4242", "credit")
    assert method.card.generated_from is None
    assert (method.billing_details.name, method.billing_details.address.country) == ("Ada", "IE")
    assert client.v1.payment_methods.retrieve(method.id).to_dict() == method.to_dict()


@NUMBERS
def test_card_that_is_typed_in(client):
    method = client.v1.payment_methods.create({"type": "card", "card": TYPED})
    assert (method.card.exp_month, method.card.exp_year, method.card.last4) == (2, 2035, "4242")
    assert (method.card.checks.cvc_check, method.allow_redisplay) == ("unchecked", "unspecified")


@NUMBERS
@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "4111111111111111"}, "card_declined", "number"),
        ({"exp_year": 2001}, "invalid_expiry_year", "exp_year"),
        ({"exp_year": 9999}, "invalid_expiry_year", "exp_year"),
        ({"exp_month": 13}, "invalid_expiry_month", "exp_month"),
        ({"exp_month": 0}, "invalid_expiry_month", "exp_month"),
        ({"cvc": "12"}, "invalid_cvc", "cvc"),
    ],
)
def test_card_that_is_no_card(client, changed, code, param):
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_methods.create({"type": "card", "card": TYPED | changed})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (402, code, param)


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({}, "parameter_missing", "type"),
        ({"type": "card"}, "parameter_missing", "card"),
        ({"type": "card", "card": {"number": "4242424242424242"}}, "parameter_missing", "card[exp_month]"),
        ({"type": "card", "card": {"token": "tok_nobody"}}, "resource_missing", "card[token]"),
        ({"type": "ideal"}, None, "type"),
        ({"type": "card_present"}, None, "type"),
    ],
)
def test_what_is_refused(client, params, code, param):
    error = refused(client.v1.payment_methods.create, params)
    assert (error.http_status, error.code, error.param) == (400, code, param)


@pytest.mark.parametrize("token", [name for name, number in TOKENS.items() if "eclined" not in name])
def test_every_token_can_be_saved(client, customer, token):
    method = save(client, customer, token)
    card = ONLINE[TOKENS[token]]
    assert (method.card.brand, method.card.last4) == (card.brand, card.number[-4:])
    assert method.card.funding == card.funding


# -- attach, detach ------------------------------------------------------------------------------------


def test_attach(client, customer, events):
    method = save(client, customer)
    assert method.customer == customer
    assert method.id.startswith("pm_")
    events.check(["payment_method.attached"], method.id)
    assert client.v1.payment_methods.retrieve(method.id, {"expand": ["customer"]}).customer.name == "Ada"
    # Once more changes nothing.
    assert client.v1.payment_methods.attach(method.id, {"customer": customer}).to_dict() == method.to_dict()


def test_attach_to_another_customer(client, customer):
    method = save(client, customer)
    other = client.v1.customers.create().id
    error = refused(client.v1.payment_methods.attach, method.id, {"customer": other})
    assert "has already been attached to a customer" in error.user_message
    assert client.v1.payment_methods.retrieve(method.id).customer == customer


@pytest.mark.parametrize(
    ("token", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ],
)
def test_declining_cards_cannot_be_saved(client, customer, token, code, decline_code):
    with pytest.raises(stripe.CardError) as caught:
        save(client, customer, token)
    assert (caught.value.http_status, caught.value.code) == (402, code)
    if decline_code:
        assert caught.value.error.decline_code == decline_code
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_detach(client, customer, events):
    method = save(client, customer)
    client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
    assert client.v1.payment_methods.detach(method.id).customer is None
    [_, detached] = events.check(["payment_method.attached", "payment_method.detached"], method.id)
    assert detached.data.previous_attributes.to_dict() == {"customer": customer}
    assert client.v1.customers.retrieve(customer).invoice_settings.default_payment_method is None
    assert client.v1.customers.payment_methods.list(customer).data == []
    again = refused(client.v1.payment_methods.detach, method.id)
    assert "is not attached to a customer so detachment is impossible" in again.user_message
    used = refused(client.v1.payment_methods.attach, method.id, {"customer": customer})
    assert "It may not be used again" in used.user_message


def test_card_of_a_sale_cannot_be_kept(client, customer, reader):
    payment = pay(client, reader, new_payment(client).id)
    method = client.v1.payment_methods.retrieve(payment.payment_method)
    assert method.type == "card_present"
    error = refused(client.v1.payment_methods.attach, method.id, {"customer": customer})
    assert "card_present" in error.user_message


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({}, "parameter_missing", None),
        ({"customer": "cus_nobody"}, "resource_missing", "customer"),
    ],
)
def test_attach_needs_a_customer(client, params, code, param):
    error = refused(client.v1.payment_methods.attach, "pm_card_visa", params)
    assert (error.code, error.param) == (code, param)


def test_unknown_payment_method(client):
    error = refused(client.v1.payment_methods.retrieve, "pm_nobody")
    assert (error.http_status, error.code) == (404, "resource_missing")
    assert error.user_message == "No such PaymentMethod: 'pm_nobody'"


# -- update, list --------------------------------------------------------------------------------------


def test_update(client, customer, events):
    method = save(client, customer)
    changed = client.v1.payment_methods.update(
        method.id,
        {
            "allow_redisplay": "always",
            "card": {"exp_month": 8, "exp_year": 2039},
            "billing_details": {"email": "ada@example.com", "address": {"postal_code": "94111"}},
            "metadata": {"nick": "blue card"},
        },
    )
    assert (changed.allow_redisplay, changed.card.exp_month, changed.card.exp_year) == ("always", 8, 2039)
    assert changed.billing_details.email == "ada@example.com"
    assert changed.billing_details.address.postal_code == "94111"
    assert changed.metadata.to_dict() == {"nick": "blue card"}
    [_, updated] = events.check(["payment_method.attached", "payment_method.updated"], method.id)
    before = updated.data.previous_attributes.to_dict()
    assert before["allow_redisplay"] == "unspecified"
    assert before["metadata"] == {"nick": None}


def test_update_needs_a_customer(client):
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    error = refused(client.v1.payment_methods.update, method.id, {"allow_redisplay": "always"})
    assert "You must save this PaymentMethod to a customer" in error.user_message


def test_lists(client, customer):
    first, second = save(client, customer), save(client, customer, "pm_card_amex")
    save(client, client.v1.customers.create().id)
    client.v1.payment_methods.update(first.id, {"allow_redisplay": "always"})

    def ids(page):
        return [method.id for method in page.data]

    methods = client.v1.payment_methods
    assert ids(methods.list({"customer": customer})) == [second.id, first.id]
    assert ids(methods.list({"customer": customer, "type": "card", "limit": 1})) == [second.id]
    assert ids(methods.list({"customer": customer, "allow_redisplay": "always"})) == [first.id]
    assert ids(methods.list({"customer": customer, "type": "sepa_debit"})) == []
    assert ids(methods.list({"type": "card", "limit": 3}))[1:] == [second.id, first.id]
    of_customer = client.v1.customers.payment_methods
    listed = of_customer.list(customer, {"type": "card", "expand": ["data.customer"]})
    assert ids(listed) == [second.id, first.id]
    assert listed.data[0].customer.id == customer
    assert ids(of_customer.list(customer, {"starting_after": second.id})) == [first.id]
    assert of_customer.retrieve(customer, first.id).id == first.id


def test_another_customers_card(client, customer):
    method = save(client, client.v1.customers.create().id)
    error = refused(client.v1.customers.payment_methods.retrieve, customer, method.id)
    assert (error.http_status, error.code) == (404, "resource_missing")
    settings = {"invoice_settings": {"default_payment_method": method.id}}
    error = refused(client.v1.customers.update, customer, settings)
    assert error.param == "invoice_settings[default_payment_method]"
    assert "must be attached to the customer" in error.user_message


def test_customer_with_a_card_from_the_start(client):
    customer = client.v1.customers.create(
        {
            "payment_method": "pm_card_mastercard",
            "invoice_settings": {"default_payment_method": "pm_card_mastercard"},
        }
    )
    [method] = client.v1.customers.payment_methods.list(customer.id).data
    assert method.card.brand == "mastercard"
    assert customer.invoice_settings.default_payment_method == method.id


def test_deleted_customer_leaves_no_card_in_use(client, customer, events):
    method = save(client, customer)
    client.v1.customers.delete(customer)
    assert client.v1.payment_methods.retrieve(method.id).customer is None
    events.check(["payment_method.attached", "payment_method.detached"], method.id)
    assert refused(client.v1.customers.payment_methods.list, customer).http_status == 404
