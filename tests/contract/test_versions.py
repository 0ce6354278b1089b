"""API versions: which parameters each of them has. Answers always have the newest shape."""

from __future__ import annotations

import pytest
import stripe

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


def test_answer_is_the_newest_whatever_was_asked(at):
    payment = at("2022-11-15").v1.payment_intents.create({**CARD, TYPES: ["card_present"]})
    assert ALLOWED in payment
    assert "charges" not in payment


@pytest.mark.parametrize("version", ["2020-08-27", OLD, NEW, "2026-08-26.preview"])
def test_version_comes_back(target, version):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    answer = target.send("GET", "/v1/payment_intents", headers)
    assert (answer.status, answer.headers["stripe-version"]) == (200, version)


def test_no_version_is_the_newest(target):
    form = {**CARD, "payment_method_types[]": "card_present"}
    assert target.send("POST", "/v1/payment_intents", **form).error["code"] == GONE


@pytest.mark.parametrize("version", ["latest", "2026", "2026-9-30", "2026-09-30.", "x" * 500])
def test_what_is_no_version(target, version):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    answer = target.send("GET", "/v1/payment_intents", headers)
    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
    assert answer.error["message"].startswith("Invalid Stripe API version: ")
