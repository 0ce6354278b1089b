"""Calls that PaymentIntents and PaymentMethods replaced: what Stripe says, and what to call instead.

Certainty: L as probed at Stripe in 2026-09 (seahaven-stripe-world); "ours" where only the simulator refuses.
"""

from __future__ import annotations

import pytest

from irl_helpers.simulator.resources import retired

CHARGE = {"amount": "1000", "currency": "usd"}
# (certainty, path, form, status, code, what the message says)
REFUSED = [
    ("L", "/v1/charges", CHARGE, 400, "parameter_missing", "Must provide source or customer."),
    (
        "L",
        "/v1/charges",
        {**CHARGE, "source": "tok_visa"},
        400,
        None,
        "you will need to use the Payment Intents and Payment Methods API",
    ),
    ("L", "/v1/charges", {**CHARGE, "customer": "{customer}"}, 402, "missing", "any saved payment details"),
    ("L", "/v1/charges", {**CHARGE, "customer": "{owner}"}, 402, "missing", "Use a Payment Intent instead"),
    ("ours", "/v1/charges/{charge}/capture", {}, 400, None, "/v1/payment_intents/{id}/capture"),
    ("ours", "/v1/tokens", {"card": "x"}, 400, None, "POST /v1/payment_methods"),
    ("ours", "/v1/sources", {"type": "card"}, 400, None, "POST /v1/payment_methods"),
    (
        "ours",
        "/v1/customers/{customer}/sources",
        {"source": "tok_visa"},
        400,
        None,
        "POST /v1/payment_methods/{id}/attach",
    ),
]


@pytest.fixture
def ids(client):
    owner = client.v1.customers.create().id
    client.v1.payment_methods.attach("pm_card_visa", {"customer": owner})
    online = {"allowed_payment_method_types": ["card"], "payment_method": "pm_card_visa", "confirm": True}
    paid = client.v1.payment_intents.create({"amount": 1000, "currency": "usd", **online})
    return {"customer": client.v1.customers.create().id, "owner": owner, "charge": paid.latest_charge}


@pytest.mark.parametrize(("certainty", "path", "form", "status", "code", "says"), REFUSED)
def test_older_call_is_refused(target, stripe_test_key, ids, certainty, path, form, status, code, says):
    if stripe_test_key and certainty == "ours":
        pytest.skip("Stripe still has this call")
    for name, id in ids.items():
        path = path.replace(f"{{{name}}}", id)
        form = {field: value.replace(f"{{{name}}}", id) for field, value in form.items()}
    answer = target.send("POST", path, **form)
    assert (answer.status, answer.error.get("code")) == (status, code)
    assert says in answer.error["message"]


def test_each_is_named_here():
    known = {path.replace("{charge}", "*").replace("{customer}", "*") for _, path, *_ in REFUSED}
    assert known == {call.path for call in retired.CALLS}


def test_unknown_customer_comes_first(target):
    answer = target.send("POST", "/v1/charges", **CHARGE, customer="cus_nobody")
    assert (answer.status, answer.error["code"]) == (400, "resource_missing")
