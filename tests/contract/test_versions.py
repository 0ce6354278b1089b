"""API versions: which parameters each of them has, and the shape of its answers and events."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import pay

OLD, BOTH, NEW = "2026-06-24.dahlia", "2026-08-26.dahlia", "2026-09-30.endive"
GONE = "payment_method_types_no_longer_supported"
CARD = {"amount": 1000, "currency": "usd"}
TYPES, ALLOWED = "payment_method_types", "allowed_payment_method_types"


@pytest.fixture
def at(target):
    return lambda version: target.client(stripe_version=version)


@pytest.mark.parametrize(
    ("version", "name", "code"),
    [
        ("2020-08-27", TYPES, None),
        (OLD, TYPES, None),
        (BOTH, TYPES, None),
        (NEW, TYPES, GONE),
        ("2026-10-28.endive", TYPES, GONE),
        ("2020-08-27", ALLOWED, "parameter_unknown"),
        (OLD, ALLOWED, "parameter_unknown"),
        ("2026-07-29.dahlia", ALLOWED, None),
        (BOTH, ALLOWED, None),
        (NEW, ALLOWED, None),
    ],
)
@pytest.mark.parametrize("call", ["create", "update", "setup"])
def test_how_a_payment_names_its_cards(client, at, payment, version, name, code, call):
    v1 = at(version).v1
    params = {name: ["card_present"]}
    calls = {
        "create": lambda: v1.payment_intents.create({**CARD, **params}),
        "update": lambda: v1.payment_intents.update(payment, params),
        "setup": lambda: v1.setup_intents.create(params),
    }
    if code is None:
        made = calls[call]()
        assert made.payment_method_types == ["card_present"]
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        calls[call]()
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, name)


def test_not_both(at):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        at(BOTH).v1.payment_intents.create({**CARD, TYPES: ["card_present"], ALLOWED: ["card_present"]})
    assert caught.value.http_status == 400


# What an older version has in addition, or has otherwise: (kind, field, last version that has it, first that
# has not). Recorded, unless the row says how likely it is.
GONE_FIELDS = [
    ("payment_intent", "charges", "2022-08-01", "2022-11-15"),
    ("charge", "refunds", "2022-08-01", "2022-11-15"),
    ("payment_intent", "invoice", "2025-02-24.acacia", "2025-03-31.basil"),
    ("charge", "invoice", "2025-02-24.acacia", "2025-03-31.basil"),
    ("customer", "default_currency", "2022-08-01", "2022-11-15"),  # likely
    ("customer", "sources", "2020-03-02", "2020-08-27"),
    ("customer", "subscriptions", "2020-03-02", "2020-08-27"),
    ("customer", "tax_ids", "2020-03-02", "2020-08-27"),
    ("customer", "account_balance", "2020-03-02", "2020-08-27"),
]
# What was only added is answered in every version, from the day on which Stripe has it: recorded.
ADDED = {
    "payment_intent": ["latest_charge", "amount_details", ALLOWED, "excluded_payment_method_types"],
    "charge": ["calculated_statement_descriptor"],
    "customer": ["customer_account", "next_invoice_sequence", "test_clock"],
}


@pytest.fixture
def sold(client, reader):
    """One of each kind: a customer, and a payment of theirs, refunded in part."""
    customer = client.v1.customers.create({"name": "Ada"}).id
    payment = client.v1.payment_intents.create(
        {**CARD, ALLOWED: ["card_present"], "capture_method": "manual", "customer": customer}
    )
    paid = pay(client, reader, payment.id)
    client.v1.refunds.create({"charge": paid.latest_charge, "amount": 100})
    return {"payment_intent": paid.id, "charge": paid.latest_charge, "customer": customer}


@pytest.mark.parametrize(("kind", "field", "last", "first"), GONE_FIELDS)
def test_what_a_version_took_away(target, sold, kind, field, last, first):
    for version, expected in ((last, True), (first, False), (NEW, False)):
        headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
        shown = target.send("GET", f"/v1/{kind}s/{sold[kind]}", headers).body
        listed = target.send("GET", f"/v1/{kind}s", headers).body["data"][0]
        assert (field in shown, field in listed) == (expected, expected), version
        assert set(ADDED[kind]) <= set(shown)


def test_charges_in_a_payment_and_refunds_in_a_charge(target, sold):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": "2020-08-27"}
    path = f"/v1/payment_intents/{sold['payment_intent']}"
    charges = target.send("GET", path, headers).body["charges"]
    assert (charges["object"], charges["has_more"], charges["total_count"]) == ("list", False, 1)
    assert charges["url"] == f"/v1/charges?payment_intent={sold['payment_intent']}"
    (charge,) = charges["data"]
    assert (charge["id"], charge["amount_refunded"]) == (sold["charge"], 100)
    refunds = charge["refunds"]
    assert (refunds["total_count"], refunds["data"][0]["amount"]) == (1, 100)
    # Where an object stands in another, it has the same shape.
    expand = {"expand[]": "latest_charge.customer"}
    shown = target.send("GET", path, headers, **expand).body["latest_charge"]
    assert (shown["refunds"]["total_count"], "default_currency" in shown["customer"]) == (1, True)


@pytest.mark.parametrize("version", ["2020-08-27", OLD, NEW, "2026-08-26.preview", "9999-01-01.zebra"])
def test_version_comes_back(target, version):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    answer = target.send("GET", "/v1/payment_intents", headers)
    assert (answer.status, answer.headers["stripe-version"]) == (200, version)


@pytest.mark.parametrize(
    "version",
    [
        "2024-04-10; terminal_collect_inputs_beta=v1",
        "2023-10-16;risk_in_requirements_beta=v1; other_beta=v2",
    ],
)
def test_suffixes_are_taken_and_come_back(target, version):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    answer = target.send("POST", "/v1/payment_intents", headers, **CARD, **{f"{TYPES}[]": "card_present"})
    assert (answer.status, answer.headers["stripe-version"]) == (200, version)
    assert "invoice" in answer.body


@pytest.mark.parametrize(("version", "notice"), [("2020-08-27", True), (NEW, False)])
def test_an_old_version_is_told_so(target, version, notice):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    got = target.send("GET", "/v1/payment_intents", headers).headers
    assert ("stripe-notice" in got) == notice
    if notice:
        assert got["stripe-notice"].startswith(f"You are using an outdated API version ({version}).")


@pytest.mark.parametrize(
    "version", ["latest", "2026", "2026-9-30", "2026-09-30.", "2024-04-11", "2024-04-10; a b", "x" * 500]
)
def test_what_is_no_version(target, version):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    answer = target.send("GET", "/v1/payment_intents", headers)
    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
    assert answer.error["message"].startswith("Invalid Stripe API version: ")
