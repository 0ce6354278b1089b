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


def send_at(target, version, method, path, **form):
    """The answer in this version; a refusal is one too."""
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
    return target.send(method, path, headers, **form)


@pytest.mark.parametrize(
    ("version", "usual"),
    [
        ("2020-08-27", "automatic"),
        ("2023-10-16", "automatic"),
        ("2024-04-10", "automatic_async"),
        (NEW, "automatic_async"),
    ],
)
def test_when_money_is_taken_unless_told_otherwise(target, version, usual):
    """C: documented, and recorded in both."""
    assert send_at(target, version, "POST", "/v1/payment_intents", **CARD).body["capture_method"] == usual


@pytest.mark.parametrize(
    ("version", "on"), [("2020-08-27", False), ("2022-11-15", False), ("2023-08-16", True), (NEW, True)]
)
@pytest.mark.parametrize("call", ["payment_intents", "setup_intents"])
def test_what_the_dashboard_allows(target, call, version, on):
    """C: since 2023-08-16 an intent that names no types takes them, and needs a way back from other pages."""
    form = CARD if call == "payment_intents" else {}
    intent = send_at(target, version, "POST", f"/v1/{call}", **form).body
    expected = {"allow_redirects": "always", "enabled": True} if on else None
    assert intent["automatic_payment_methods"] == expected
    assert (intent["payment_method_configuration_details"] is not None) == on
    confirm = f"/v1/{call}/{intent['id']}/confirm"
    answer = send_at(target, version, "POST", confirm, payment_method="pm_card_visa")
    if not on:
        assert answer.body["status"] == "succeeded"
        return
    assert answer.error["message"].endswith(
        "If you don't want to accept redirect-based payment methods, set "
        "`automatic_payment_methods[enabled]` to `true` and "
        "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
        "Payment Intents."
    )
    assert (answer.status, "code" in answer.error, "param" in answer.error) == (400, False, False)
    back = {"payment_method": "pm_card_visa", "return_url": "https://shop.example/done"}
    assert send_at(target, version, "POST", confirm, **back).body["status"] == "succeeded"


def test_no_other_pages(target):
    form = {f"automatic_payment_methods[{name}]": value for name, value in NEVER.items()}
    card = {"payment_method": "pm_card_visa", "confirm": "true"}
    made = send_at(target, NEW, "POST", "/v1/payment_intents", **CARD, **form, **card).body
    assert (made["status"], made["automatic_payment_methods"]["allow_redirects"]) == ("succeeded", "never")


NEVER = {"enabled": "true", "allow_redirects": "never"}
CONSENT, REDISPLAY = "customer_consent_collected", "allow_redisplay"


@pytest.mark.parametrize(
    ("version", "form", "refused"),
    [
        ("2024-06-20", {CONSENT: "true"}, None),
        ("2024-06-20", {}, None),
        ("2024-06-20", {REDISPLAY: "always"}, "parameter_unknown"),
        ("2024-09-30.acacia", {REDISPLAY: "always"}, None),
        ("2024-09-30.acacia", {}, "parameter_missing"),
        (NEW, {CONSENT: "true", REDISPLAY: "always"}, "parameter_unknown"),
    ],
)
def test_how_consent_to_save_a_card_is_given(target, client, reader, version, form, refused):
    """C: changelog of 2024-09-30.acacia."""
    setup = client.v1.setup_intents.create({ALLOWED: ["card_present"]}).id
    path = f"/v1/terminal/readers/{reader}/process_setup_intent"
    answer = send_at(target, version, "POST", path, setup_intent=setup, **form)
    if refused:
        assert answer.error["code"] == refused
        return
    assert answer.body["action"]["status"] == "in_progress"
    present = client.v1.test_helpers.terminal.readers.present_payment_method
    assert present(reader).action.process_setup_intent.generated_card


@pytest.mark.parametrize(("version", "refused"), [("2024-06-20", False), ("2024-09-30.acacia", True)])
def test_a_payment_that_saves_its_card(target, client, reader, version, refused):
    payment = client.v1.payment_intents.create(
        {**CARD, ALLOWED: ["card_present"], "setup_future_usage": "off_session"}
    ).id
    path = f"/v1/terminal/readers/{reader}/process_payment_intent"
    answer = send_at(target, version, "POST", path, payment_intent=payment)
    assert ("error" in answer.body) == refused


def test_the_original_sample_needs_no_change(target):
    """What stripe-samples/terminal sends, at the version it was written for: payment, reader, capture."""
    at = {"Authorization": f"Bearer {target.key}", "Stripe-Version": "2020-08-27"}

    def post(path, **form):
        answer = target.send("POST", f"/v1/{path}", at, **form)
        assert answer.status == 200, answer.body
        return answer.body

    address = {"line1": "1 Main St", "city": "San Francisco", "state": "CA", "postal_code": "94111"}
    where = {f"address[{name}]": value for name, value in (address | {"country": "US"}).items()}
    location = post("terminal/locations", display_name="HQ", **where)["id"]
    reader = post("terminal/readers", registration_code="simulated-wpe", location=location)["id"]
    types = {"payment_method_types[]": "card_present", "capture_method": "manual"}
    payment = post("payment_intents", amount=1000, currency="usd", **types)
    assert payment["charges"]["data"] == []
    post(f"terminal/readers/{reader}/process_payment_intent", payment_intent=payment["id"])
    post(f"test_helpers/terminal/readers/{reader}/present_payment_method")
    captured = post(f"payment_intents/{payment['id']}/capture")
    assert (captured["status"], captured["charges"]["data"][0]["captured"]) == ("succeeded", True)
