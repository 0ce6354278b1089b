"""Errors as Stripe was seen to answer them: each row has what is sent and what comes back.

C: recorded, or documented for the newest version. L: likely, from an older or a second-hand recording. `—` is
a field that Stripe leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment, pay

ONLINE = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"]}
STATE, SETUP_STATE = "payment_intent_unexpected_state", "setup_intent_unexpected_state"
INTEGER = "parameter_invalid_integer"
NONE = "—"


class World:
    """One of everything, made when it is first asked for."""

    def __init__(self, client: stripe.StripeClient, reader: str) -> None:
        self.v1 = client.v1
        self.client = client
        self.reader = reader

    def payment(self, status: str = "requires_payment_method", **params: Any) -> str:
        if status == "requires_payment_method":
            return self.v1.payment_intents.create({**ONLINE, **params}).id
        if status == "canceled":
            return self.v1.payment_intents.cancel(self.payment()).id
        held = status == "requires_capture"
        how = {"payment_method": "pm_card_visa", "confirm": True}
        how |= {"capture_method": "manual" if held else "automatic"}
        return self.v1.payment_intents.create({**ONLINE, **how, **params}).id

    def setup(self, status: str = "requires_payment_method") -> str:
        how = {"payment_method": "pm_card_visa", "confirm": True} if status == "succeeded" else {}
        made = self.v1.setup_intents.create({"allowed_payment_method_types": ["card"], **how}).id
        return self.v1.setup_intents.cancel(made).id if status == "canceled" else made

    def customer(self) -> str:
        return self.v1.customers.create({"name": "Ada"}).id

    def card(self, customer: str | None = None) -> str:
        return self.v1.payment_methods.attach("pm_card_visa", {"customer": customer or self.customer()}).id

    def charge(self, **params: Any) -> str:
        return self.v1.payment_intents.retrieve(self.payment("succeeded", **params)).latest_charge

    def in_person(self) -> str:
        return pay(self.client, self.reader, new_payment(self.client).id).id


class Fact(NamedTuple):
    certainty: str
    source: str
    call: Callable[[World], Any]
    message: str
    code: str | None = None
    param: str = NONE
    # What the error carries: the whole object, under its kind.
    carries: str = ""


CANCELABLE = (
    "requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, "
    "requires_action, processing."
)
MISSING = "You cannot confirm this PaymentIntent because it's missing a payment method. "
PI, SI = "payment_intent", "setup_intent"
FACTS = {
    "capture what succeeded": Fact(
        "C", "gumroad cassettes", lambda w: w.v1.payment_intents.capture(w.payment("succeeded")),
        "The remaining amount on this PaymentIntent could not be captured because the remainder of the "
        "authorized amount has been released.", STATE, NONE, PI,
    ),
    "capture what was canceled": Fact(
        "C", "gumroad cassettes", lambda w: w.v1.payment_intents.capture(w.payment("canceled")),
        "This PaymentIntent could not be captured because it has a status of canceled. Only a PaymentIntent "
        "with one of the following statuses may be captured: requires_capture.", STATE, NONE, PI,
    ),
    "capture nothing": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.payment_intents.capture(w.payment("requires_capture"), {"amount_to_capture": 0}),
        "This value must be greater than or equal to 1.", INTEGER, "amount", PI,
    ),
    "capture less than nothing": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.payment_intents.capture(w.payment("requires_capture"), {"amount_to_capture": -1}),
        "Invalid non-negative integer", None, "amount_to_capture", PI,
    ),
    "capture too much": Fact(
        "L", "seahaven-stripe-world, 2026",
        lambda w: w.v1.payment_intents.capture(w.payment("requires_capture"), {"amount_to_capture": 1001}),
        "The payment could not be captured because the requested capture amount is greater than the "
        "amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ "
        "for help.",
        "amount_too_large", NONE, PI,
    ),
    "cancel what succeeded": Fact(
        "C", "recorded April 2026", lambda w: w.v1.payment_intents.cancel(w.payment("succeeded")),
        "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a "
        f"PaymentIntent with one of the following statuses may be canceled: {CANCELABLE}", STATE, NONE, PI,
    ),
    "cancel with unknown parameters": Fact(
        "C", "recorded April 2026",
        lambda w: w.v1.payment_intents.cancel(w.payment(), {"amount": 1, "currency": "usd"}),
        "Received unknown parameters: amount, currency", "parameter_unknown", "amount", PI,
    ),
    "confirm what succeeded": Fact(
        "C", "recorded April 2026",
        lambda w: w.v1.payment_intents.confirm(w.payment("succeeded"), {"payment_method": "pm_card_visa"}),
        "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
        "confirmed.", STATE, NONE, PI,
    ),
    "confirm without a card": Fact(
        "C", "gumroad cassettes", lambda w: w.v1.payment_intents.confirm(w.payment()),
        MISSING + "You can either update the PaymentIntent with a payment method and then confirm it again, "
        "or confirm it again directly with a payment method or ConfirmationToken.", STATE, NONE, PI,
    ),
    "change the amount of what is held": Fact(
        "C", "gumroad cassettes",
        lambda w: w.v1.payment_intents.update(w.payment("requires_capture"), {"amount": 900}),
        "This PaymentIntent's amount could not be updated because it has a status of requires_capture. "
        "You may only update the amount of a PaymentIntent with one of the following statuses: "
        "requires_payment_method, requires_confirmation, requires_action.", STATE, "amount", PI,
    ),
    "change the card of what was canceled": Fact(
        "C", "quoted in an issue",
        lambda w: w.v1.payment_intents.update(w.payment("canceled"), {"payment_method": "pm_card_visa"}),
        "This PaymentIntent's payment_method could not be updated because it has a status of canceled. "
        "You may only update the payment_method of a PaymentIntent with one of the following statuses: "
        "requires_payment_method, requires_confirmation, requires_action.", STATE, "payment_method", PI,
    ),
    "change the customer": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.payment_intents.update(w.payment(customer=w.customer()), {"customer": w.customer()}),
        "You cannot modify `customer` on a PaymentIntent once it already has been set. To fulfill a payment "
        "with a different Customer, cancel this PaymentIntent and create a new one.", None, "customer", PI,
    ),
    "a client secret for an id": Fact(
        "C", "recorded April 2026",
        lambda w: w.v1.payment_intents.retrieve(
            w.v1.payment_intents.retrieve(w.payment()).client_secret
        ),
        "You passed a string that looks like a client secret as the PaymentIntent ID, but you must provide a "
        "valid PaymentIntent ID. Please use the value in the `id` field of the PaymentIntent.", None,
        "intent",
    ),
    "nothing to pay": Fact(
        "C", "observed facts, section 5", lambda w: w.v1.payment_intents.create({**ONLINE, "amount": 0}),
        "The amount must be greater than or equal to the minimum charge amount allowed for your account and "
        "the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If "
        "you want to save a Payment Method for future use without an immediate payment, use a Setup "
        "Intent instead: https://docs.stripe.com/payments/setup-intents", INTEGER, "amount",
    ),
    "no currency": Fact(
        "C", "recorded April 2026", lambda w: w.v1.payment_intents.create({"amount": 1000}),
        "Missing required param: currency.", "parameter_missing", "currency",
    ),
    "nearly a parameter": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.setup_intents.create({"alowed_payment_method_types": ["card"]}),
        "Received unknown parameter: alowed_payment_method_types. Did you mean allowed_payment_method_types?",
        "parameter_unknown", "alowed_payment_method_types",
    ),
    "nearly a nested parameter": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.customers.create({"shipping": {"nam": "Ada", "address": {}}}),
        "Received unknown parameter: shipping[nam]. Did you mean shipping[name]?", "parameter_unknown",
        "shipping[nam]",
    ),
    "no parameter at all": Fact(
        "C", "gumroad cassettes", lambda w: w.v1.customers.create({"colour": "red"}),
        "Received unknown parameter: colour", "parameter_unknown", "colour",
    ),
    "payments of nobody": Fact(
        "C", "recorded April 2026", lambda w: w.v1.payment_intents.list({"customer": "pi_123"}),
        "No such customer: 'pi_123'", "resource_missing", "customer",
    ),
    "another's card": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.payment_intents.confirm(
            w.payment(customer="{customer}"), {"payment_method": "{card}"}
        ),
        "The PaymentMethod {card} does not belong to the Customer you supplied {customer}. Please use this "
        "PaymentMethod with the Customer that it belongs to instead.", None, "payment_method", PI,
    ),
    "a customer's card without the customer": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.payment_intents.confirm(w.payment(), {"payment_method": "{card}"}),
        "The `payment_method` parameter supplied {card} belongs to the Customer {owner}. Please include the "
        "Customer in the `customer` parameter on the PaymentIntent.", "parameter_missing", "source", PI,
    ),
    "a customer's card to be saved without the customer": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.setup_intents.confirm(w.setup(), {"payment_method": "{card}"}),
        "The payment method supplied ({card}) belongs to the Customer {owner}. Please include the "
        "Customer in the `customer` parameter on the SetupIntent.", None, NONE, SI,
    ),
    "cancel a saved card": Fact(
        "C", "observed facts, section 5", lambda w: w.v1.setup_intents.cancel(w.setup("succeeded")),
        "You cannot cancel this SetupIntent because it has a status of succeeded. Only a SetupIntent "
        "with one of the following statuses may be canceled: `requires_payment_method`, "
        "`requires_confirmation`, or `requires_action`.", SETUP_STATE, NONE, SI,
    ),
    "cancel twice": Fact(
        "L", "seahaven-stripe-world, 2026", lambda w: w.v1.setup_intents.cancel(w.setup("canceled")),
        "You cannot cancel this SetupIntent because it is already canceled.", SETUP_STATE, NONE, SI,
    ),
    "save twice": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.setup_intents.confirm(w.setup("succeeded"), {"payment_method": "pm_card_visa"}),
        "You cannot confirm this SetupIntent because it has already succeeded.", SETUP_STATE, NONE, SI,
    ),
    "save what was canceled": Fact(
        "L", "seahaven-stripe-world",
        lambda w: w.v1.setup_intents.confirm(w.setup("canceled"), {"payment_method": "pm_card_visa"}),
        "You cannot confirm this SetupIntent because it has been canceled.", SETUP_STATE, NONE, SI,
    ),
    "save nothing": Fact(
        "L", "seahaven-stripe-world", lambda w: w.v1.setup_intents.confirm(w.setup("canceled")),
        "You cannot confirm this SetupIntent because it's missing a payment method. You can either "
        "update the SetupIntent with a payment method and then confirm it again, or confirm it again "
        "directly with a payment method or ConfirmationToken.", SETUP_STATE, NONE, SI,
    ),
    "refund more than was paid": Fact(
        "C", "gumroad cassettes", lambda w: w.v1.refunds.create({"charge": w.charge(), "amount": 1100}),
        "Refund amount ($11.00) is greater than charge amount ($10.00)", None, "amount",
    ),
    "refund on the reader what is not Interac": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.terminal.readers.refund_payment(w.reader, {"payment_intent": w.in_person()}),
        "The charge to be refunded and the PaymentMethod provided for the refund must be "
        "interac_present type",
    ),
    "a new card for a customer": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.payment_methods.create(
            {"type": "card", "card": {"token": "tok_visa"}, "customer": w.customer()}
        ),
        "You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please instead "
        "create the PaymentMethod and then attach it using the attachment method of the PaymentMethods API.",
    ),
    "attach to nobody": Fact(
        "L", "seahaven-stripe-world, 2026", lambda w: w.v1.payment_methods.attach("pm_card_visa"),
        "Must provide customer or customer_account.", "parameter_missing",
    ),
    "attach twice": Fact(
        "C", "openfoodnetwork cassettes, 2026",
        lambda w: w.v1.payment_methods.attach(w.card(), {"customer": w.customer()}),
        "The payment method you provided has already been attached to a customer.", None, "payment_method",
    ),
    "no line of an address": Fact(
        "C", "observed facts, section 5",
        lambda w: w.v1.terminal.locations.create(
            {"display_name": "Shop", "address": {**ADDRESS, "line1": ""}}
        ),
        "You passed an empty string for 'address[line1]'. We assume empty values are an attempt to unset a "
        "parameter; however 'address[line1]' cannot be unset. You should remove 'address[line1]' from your "
        "request or supply a non-empty value.", "parameter_invalid_empty", "address[line1]",
    ),
    "no customer": Fact(
        "C", "observed facts, section 5", lambda w: w.v1.payment_intents.create({**ONLINE, "customer": ""}),
        "You passed an empty string for 'customer'. We assume empty values are an attempt to unset a "
        "parameter; however 'customer' cannot be unset. You should remove 'customer' from your request or "
        "supply a non-empty value.", "parameter_invalid_empty", "customer",
    ),
}  # fmt: skip


@pytest.fixture
def world(client: stripe.StripeClient, reader: str) -> World:
    return World(client, reader)


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    """`{card}` and the like replaced in parameters."""
    if isinstance(value, dict):
        return {name: with_ids(inner, ids) for name, inner in value.items()}
    return value.format(**ids) if isinstance(value, str) and value[:1] == "{" else value


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_what_stripe_was_seen_to_refuse(world, fact, monkeypatch):
    ids = {}
    if "{card}" in fact.message:
        owner = world.customer()
        ids = {"owner": owner, "card": world.card(owner), "customer": world.customer()}
        for service in (world.v1.payment_intents, world.v1.setup_intents):
            for name in ("create", "confirm"):
                call = getattr(service, name)
                monkeypatch.setattr(
                    service, name, lambda *given, call=call: call(*(with_ids(one, ids) for one in given))
                )
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fact.call(world)
    error = caught.value.json_body["error"]
    assert error["message"] == (fact.message.format(**ids) if ids else fact.message)
    assert caught.value.http_status == 400
    assert error.get("code") == fact.code
    assert error.get("param", NONE) == fact.param
    if fact.code:
        assert error["doc_url"] == f"https://stripe.com/docs/error-codes/{fact.code.replace('_', '-')}"
    for kind in (PI, SI):
        assert (kind in error) == (kind == fact.carries)
    if fact.carries:
        found = getattr(world.v1, f"{fact.carries}s").retrieve(error[fact.carries]["id"])
        assert error[fact.carries] == found.to_dict()


@pytest.mark.parametrize("certainty", ["C", "L"])
def test_each_fact_says_how_certain_it_is(certainty):
    known = [fact for fact in FACTS.values() if fact.certainty == certainty]
    assert known
    assert all(fact.source for fact in known)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "/v1/payment_intents/",
            "Unrecognized request URL (POST: /v1/payment_intents/). If you are trying to list objects, "
            "remove the trailing slash. If you are trying to retrieve an object, make sure you passed "
            "a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can "
            "help at https://support.stripe.com/.",
        ),
        (
            "/v1/payment_intentions",
            "Unrecognized request URL (POST: /v1/payment_intentions). Please see "
            "https://stripe.com/docs or we can help at https://support.stripe.com/.",
        ),
    ],
)
def test_no_such_call(target, path, message):
    """C: recorded in 2026."""
    answer = target.send("POST", path)
    assert (answer.status, answer.error["message"]) == (404, message)


def test_unknown_word_among_the_types(target):
    """C, in every version; `payment_intent_invalid_parameter` and its text are quoted in many places."""
    for version in ("2020-08-27", "2026-06-24.dahlia"):
        headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": version}
        form = {"amount": 1000, "currency": "usd", "payment_method_types[]": "card_presentt"}
        error = target.send("POST", "/v1/payment_intents", headers, **form).error
        assert error["message"].startswith('The payment method type "card_presentt" is invalid. ')
        assert error["param"] == "payment_method_types"
        assert error["code"] == "payment_intent_invalid_parameter"


EMPTY = {
    "a customer's name": ("/v1/customers", {"name": ""}, lambda body: body["name"] is None),
    "a customer's description": ("/v1/customers", {"description": ""}, lambda b: b["description"] is None),
    "a name on a parcel": (
        "/v1/customers",
        {"shipping[name]": "", "shipping[address][line1]": "1 Main St", "shipping[address][line2]": ""},
        lambda body: (body["shipping"]["name"], body["shipping"]["address"]["line1"]) == ("", "1 Main St"),
    ),
    "a payment's description": (
        "/v1/payment_intents",
        {"amount": 1000, "currency": "usd", "description": ""},
        lambda body: body["description"] is None,
    ),
}


@pytest.mark.parametrize(("path", "form", "holds"), EMPTY.values(), ids=EMPTY)
def test_empty_strings_that_are_taken(target, path, form, holds):
    """C: what clears or means nothing is no error."""
    answer = target.send("POST", path, **form)
    assert answer.status == 200, answer.body
    assert holds(answer.body)


def test_confirm_takes_capture_method(world):
    """C: a payment that is confirmed with manual capture is held, and no money moves."""
    payment = world.payment()
    held = world.v1.payment_intents.confirm(
        payment,
        {
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "payment_method_options": {"card": {"request_three_d_secure": "any"}},
        },
    )
    assert (held.status, held.amount_received, held.capture_method) == ("requires_capture", 0, "manual")
    assert held.payment_method_options.card.request_three_d_secure == "any"


def test_what_was_not_done_leaves_the_payment_as_it_was(world):
    """The object in an error is the one that there is."""
    payment = world.payment("requires_capture")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        world.v1.payment_intents.update(payment, {"description": "Tea", "amount": 900})
    assert caught.value.error.payment_intent.description is None


# -- headers


def test_headers_of_a_post(target):
    """C: recorded in 2026."""
    headers = {"Authorization": f"Bearer {target.key}", "Idempotency-Key": "order-1"}
    first = target.send("POST", "/v1/customers", headers, name="Ada")
    again = target.send("POST", "/v1/customers", headers, name="Ada")
    assert first.headers["original-request"] == first.headers["request-id"]
    assert again.headers["original-request"] == first.headers["request-id"]
    assert again.headers["request-id"] != first.headers["request-id"]
    assert again.headers["idempotent-replayed"] == "true"
    refused = target.send("POST", "/v1/payment_intents")
    for answer in (first, again, refused):
        assert answer.headers["stripe-should-retry"] == "false"
    assert "original-request" not in refused.headers
    read = target.send("GET", "/v1/customers")
    assert "stripe-should-retry" not in read.headers


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic !", "Bearer pk_test_1"])
def test_who_is_asked_for_a_key(target, authorization):
    answer = target.send("GET", "/v1/customers", {"Authorization": authorization} if authorization else {})
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Stripe"')
    assert "stripe-version" not in answer.headers
