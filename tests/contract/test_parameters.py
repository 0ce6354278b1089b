"""Parameters: unknown, missing, malformed, of the wrong size; the codes and the `param` in bracket form."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import ADDRESS

PAYMENT = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
EMPTY = "You passed an empty string for '{}'. We assume empty values are an attempt to unset a parameter"


@pytest.mark.parametrize(
    ("params", "code", "param", "message"),
    [
        ({"foo": "1"}, "parameter_unknown", "foo", "Received unknown parameter: foo"),
        (
            {"shipping": {"name": "Ada", "address": ADDRESS, "color": "blue"}},
            "parameter_unknown",
            "shipping[color]",
            "Received unknown parameter: shipping[color]",
        ),
        ({"foo": "1", "bar": "2"}, "parameter_unknown", "foo", "Received unknown parameters: foo, bar"),
        ({"amount": None}, "parameter_missing", "amount", "Missing required param: amount."),
        ({"currency": None}, "parameter_missing", "currency", "Missing required param: currency."),
        (
            {"shipping": {"address": ADDRESS}},
            "parameter_missing",
            "shipping[name]",
            "Missing required param: shipping[name].",
        ),
        ({"amount": "ten"}, "parameter_invalid_integer", "amount", "Invalid integer: ten"),
        ({"amount": "10.5"}, "parameter_invalid_integer", "amount", "Invalid integer: 10.5"),
        ({"amount": "1e3"}, "parameter_invalid_integer", "amount", "Invalid integer: 1e3"),
        ({"amount": {"a": "1"}}, "parameter_invalid_integer", "amount", "Invalid integer"),
        ({"amount": ""}, "parameter_invalid_empty", "amount", EMPTY.format("amount")),
        ({"currency": ""}, "parameter_invalid_empty", "currency", EMPTY.format("currency")),
        ({"currency": "xyz"}, None, "currency", "Invalid currency: xyz."),
        ({"currency": {"a": "b"}}, None, "currency", "Invalid string"),
        (
            {"capture_method": "later"},
            None,
            "capture_method",
            "Invalid capture_method: must be one of automatic, automatic_async, or manual",
        ),
        (
            {"allowed_payment_method_types": ["card_present", "cheque"]},
            None,
            "allowed_payment_method_types[1]",
            "Invalid allowed_payment_method_types[1]: must be one of ",
        ),
        (
            {"allowed_payment_method_types": "card_present"},
            None,
            "allowed_payment_method_types",
            "Invalid array",
        ),
        ({"shipping": "home"}, None, "shipping", "Invalid object"),
        ({"confirm": "yes"}, None, "confirm", "Invalid boolean"),
        (
            {"payment_method_options": {"card_present": {"capture_method": "maybe"}}},
            None,
            "payment_method_options[card_present][capture_method]",
            "Invalid payment_method_options[card_present][capture_method]: must be one of ",
        ),
        ({"customer": "cus_nobody"}, "resource_missing", "customer", "No such customer: 'cus_nobody'"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_payment_that_is_refused(target, params, code, param, message):
    """Without the client: it would not send some of these."""
    form = flatten({**PAYMENT, **params})
    answer = target.send("POST", "/v1/payment_intents", **form)
    assert answer.status == 400
    error = answer.error
    assert (error["type"], error.get("code"), error["param"]) == ("invalid_request_error", code, param)
    assert error["message"].startswith(message)
    if code:
        assert error["doc_url"] == f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
    else:
        assert "doc_url" not in error
    # Stripe has a log of its own requests.
    request_id = answer.headers["request-id"]
    assert request_id in error.get("request_log_url", request_id)


def flatten(value, name=""):
    """`{"a": {"b": ["c"]}}` -> `{"a[b][0]": "c"}`; None is left out."""
    if value is None:
        return {}
    if not isinstance(value, (dict, list)):
        return {name: value}
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    flat = {}
    for key, inner in pairs:
        flat |= flatten(inner, f"{name}[{key}]" if name else str(key))
    return flat


@pytest.mark.parametrize(
    ("amount", "currency", "code", "message"),
    [
        (0, "usd", "parameter_invalid_integer", "The amount must be greater than or equal to the minimum"),
        (
            -1000,
            "usd",
            "parameter_invalid_integer",
            "The amount must be greater than or equal to the minimum",
        ),
        (49, "usd", "amount_too_small", "Amount must be at least $0.50 usd"),
        (100_000_000, "usd", "amount_too_large", "Amount must be no more than $999,999.99"),
        (29, "gbp", "amount_too_small", "Amount must be at least £0.30 gbp"),
        (49, "jpy", "amount_too_small", "Amount must be at least ¥50 jpy"),
        (1001, "kwd", None, "Invalid amount"),
    ],
)
def test_amounts_that_are_refused(client, payment, amount, currency, code, message):
    given = {"amount": amount, "currency": currency}
    for call in (
        lambda: client.v1.payment_intents.create({**PAYMENT, **given}),
        lambda: client.v1.payment_intents.update(payment, given),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call()
        assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, "amount")
        assert caught.value.user_message.startswith(message)
    assert client.v1.payment_intents.retrieve(payment).amount == 1000


@pytest.mark.parametrize(
    ("amount", "currency"), [(50, "usd"), (99_999_999, "usd"), (50, "JPY"), (1010, "kwd"), (30, "Gbp")]
)
def test_amounts_that_are_accepted(client, amount, currency):
    payment = client.v1.payment_intents.create({**PAYMENT, "amount": amount, "currency": currency})
    assert (payment.amount, payment.currency) == (amount, currency.lower())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/x"),
        ("POST", "/v1/terminal/readers/tmr_1/dance"),
        ("GET", "/v1/payment_intents/pi_1/capture"),
        ("DELETE", "/v1/payment_intents/pi_1"),
        ("GET", "/v1/refunds/search"),
        ("GET", "/v2/x"),
        ("GET", "/"),
    ],
)
def test_unknown_path(target, method, path):
    answer = target.send(method, path)
    assert answer.status == 404
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["message"] == (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    assert "code" not in answer.error


@pytest.mark.parametrize(
    "form",
    ["payment_method_types[]=a&x=1", "metadata=1&metadata[a]=1", "a[b=1", "metadata[a][b]=1"],
)
def test_refused_request_changes_nothing(client, target, payment, form):
    before = client.v1.payment_intents.retrieve(payment).to_dict()
    pairs = dict(pair.split("=") for pair in form.split("&"))
    answer = target.send("POST", f"/v1/payment_intents/{payment}", amount=2000, **pairs)
    assert answer.status == 400
    assert client.v1.payment_intents.retrieve(payment).to_dict() == before


def test_arrays_with_and_without_indexes(target):
    for name in ("allowed_payment_method_types[]", "allowed_payment_method_types[0]"):
        form = {"amount": 1000, "currency": "usd", name: "card_present"}
        assert target.send("POST", "/v1/payment_intents", **form).body["payment_method_types"] == [
            "card_present"
        ]
