"""Accounts: what one's own says of itself, and those connected to it.

C: three dumps of fresh US sandboxes (2026), openfoodnetwork's recordings at 2026-06-24.dahlia, pay-rails and
gumroad for the texts. L: what else stands beside it.
"""

from __future__ import annotations

import pytest
import stripe

from .errors import refused

# C: what a fresh sandbox says of itself, in this order, and nothing else.
OWN = [
    "id", "object", "business_profile", "business_type", "capabilities", "charges_enabled", "controller",
    "country", "default_currency", "details_submitted", "email", "payouts_enabled", "settings", "type",
]  # fmt: skip
# C: what a connected account says besides.
CONNECTED = {
    "created", "external_accounts", "future_requirements", "metadata", "requirements", "tos_acceptance",
}  # fmt: skip
# C: country -> default_currency
CURRENCIES = {"US": "usd", "AU": "aud", "CH": "chf", "GB": "gbp", "DE": "eur", "CA": "cad"}


@pytest.fixture
def set_up(simulated, client):
    """`set_up(country="AU")`: what the simulator's account is to say of itself."""
    return lambda **params: client.raw_request("post", "/_simulator/account", **params)


def test_a_fresh_account(client, simulated):
    own = client.v1.accounts.retrieve_current()
    assert list(own.to_dict()) == OWN
    assert (own.country, own.default_currency, own.type) == ("US", "usd", "standard")
    assert own.id.startswith("acct_")
    assert client.v1.accounts.retrieve(own.id).to_dict() == own.to_dict()
    assert client.v1.accounts.list().data == []


@pytest.mark.parametrize("country", CURRENCIES)
def test_a_country_brings_its_currency(client, set_up, country):
    before = client.v1.accounts.retrieve_current()
    set_up(country=country, name="Corner Café")
    own = client.v1.accounts.retrieve_current()
    assert (own.id, own.country, own.default_currency) == (before.id, country, CURRENCIES[country])
    assert (own.business_profile.name, own.settings.dashboard.display_name) == ("Corner Café",) * 2
    set_up(default_currency="eur")
    own = client.v1.accounts.retrieve_current()
    assert (own.country, own.default_currency, own.business_profile.name) == (country, "eur", "Corner Café")
    client.raw_request("post", "/_simulator/reset")
    assert client.v1.accounts.retrieve_current().to_dict() == before.to_dict()


@pytest.mark.parametrize(("param", "value"), [("country", "XX"), ("default_currency", "xxx")])
def test_impossible_country_or_currency(client, set_up, param, value):
    assert refused(set_up, **{param: value}).param == param


def test_own_account_is_not_updated_by_a_call(client):
    own = client.v1.accounts.retrieve_current().id
    for call in (client.v1.accounts.update, client.v1.accounts.delete):
        assert "only use it on connected accounts" in str(refused(call, own))


# -- connected accounts


@pytest.mark.parametrize(("type", "payer"), [
    ("standard", "account"), ("express", "application_express"), ("custom", "application_custom"),
])  # fmt: skip
def test_a_connected_account(client, type, payer):
    made = client.v1.accounts.create(
        {"type": type, "country": "AU", "email": "ada@example.com", "metadata": {"shop": "7"}}
    )
    assert made.to_dict().keys() >= {*OWN, *CONNECTED}
    assert (made.type, made.country, made.default_currency) == (type, "AU", "aud")
    assert (made.email, made.metadata.shop) == ("ada@example.com", "7")
    assert (made.controller.fees.payer, made.controller.type) == (payer, "application")
    assert client.v1.accounts.retrieve(made.id).to_dict() == made.to_dict()
    client.v1.accounts.delete(made.id)


def test_a_connected_account_is_changed_listed_and_deleted(client):
    accounts = client.v1.accounts
    made = accounts.create({"country": "US", "capabilities": {"transfers": {"requested": True}}})
    changed = accounts.update(
        made.id,
        {
            "business_profile": {"name": "Bakery"},
            "settings": {"payments": {"statement_descriptor": "BAKERY"}},
            "capabilities": {"transfers": {"requested": False}, "card_payments": {"requested": True}},
            "metadata": {"floor": "2"},
        },
    )
    assert (made.capabilities.to_dict(), made.charges_enabled) == ({"transfers": "active"}, False)
    assert (changed.capabilities.to_dict(), changed.charges_enabled) == ({"card_payments": "active"}, True)
    assert changed.settings.payments.statement_descriptor == "BAKERY"
    assert changed.settings.payouts.debit_negative_balances is True
    assert [one.id for one in accounts.list({"limit": 1}).data] == [made.id]
    assert accounts.delete(made.id).to_dict() == {"id": made.id, "object": "account", "deleted": True}
    with pytest.raises(stripe.PermissionError):
        accounts.retrieve(made.id)


def test_an_account_by_its_controller(client):
    made = client.v1.accounts.create(
        {"controller": {"fees": {"payer": "application"}, "stripe_dashboard": {"type": "none"}}}
    )
    assert (made.type, made.controller.fees.payer) == ("none", "application")
    client.v1.accounts.delete(made.id)


# -- C (openfoodnetwork): an account that is not connected


@pytest.mark.parametrize("how", ["in the path", "in the header"])
@pytest.mark.parametrize("account", ["acct_nobody", "nobody"])
def test_unknown_account(target, how, account):
    headers = {"Authorization": f"Bearer {target.key}"}
    path = f"/v1/accounts/{account}" if how == "in the path" else "/v1/customers"
    if how == "in the header":
        headers["Stripe-Account"] = account
    answer = target.send("GET", path, headers)
    assert (answer.status, answer.error["code"]) == (403, "account_invalid")
    hidden = len(target.key) - len("sk_test_") - 4
    assert answer.error["message"] == (
        f"The provided key 'sk_test_{'*' * min(hidden, 40)}{target.key[-4:]}' does not have access to "
        f"account '{account}' (or that account does not exist). Application access may have been revoked."
    )
    assert "stripe-version" not in answer.headers
    assert "stripe-account" not in answer.headers


def test_an_unknown_account_comes_before_everything_else(target):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Account": "acct_nobody"}
    assert target.send("POST", "/v1/customers", headers, colour="red").status == 403
    assert target.send("GET", "/v1/nothing", headers).status in (403, 404)


def test_own_account_may_be_named(client, target):
    own = client.v1.accounts.retrieve_current().id
    customer = client.v1.customers.create().id
    assert client.v1.customers.retrieve(customer, options={"stripe_account": own}).id == customer
