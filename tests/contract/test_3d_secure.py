"""Cards whose bank wants to hear from the cardholder.

C: docs.stripe.com/testing for what each card does, pay-rails' recordings (2025 and 2026) for `next_action`,
LAGO's for off-session payments and `error_on_requires_action`, GOV.UK Pay's for a failed authentication.
"""

from __future__ import annotations

import json

import pytest
import stripe

from .errors import refused

ONLINE = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"]}
ASKED, PAID = "requires_action", "succeeded"
AGAIN = "https://shop.example/done?order=7#top"

# C: pm_card_… -> what becomes of it on session, if it is requested, off session, and there once it is set up
CARDS = {
    "authenticationRequired": (ASKED, ASKED, "402", "402"),
    "authenticationRequiredOnSetup": (ASKED, ASKED, "402", PAID),
    "authenticationRequiredSetupForOffSession": (ASKED, ASKED, PAID, PAID),
    "threeDSecure2Required": (ASKED, ASKED, "402", "402"),
    "threeDSecureRequired": (ASKED, ASKED, "402", "402"),
    "threeDSecureOptional": (PAID, ASKED, PAID, PAID),
    "amex_threeDSecureNotSupported": (PAID, PAID, PAID, PAID),
    "visa": (PAID, PAID, PAID, PAID),
}


@pytest.fixture
def answer(simulated, client):
    """`answer(intent, "fail")`: what the cardholder says to her bank."""

    def give(intent, result: str = "succeed"):
        kind = f"{intent.object}s"
        body = client.raw_request("post", f"/_simulator/{kind}/{intent.id}/authenticate", result=result).body
        return client.deserialize(json.loads(body), api_mode="V1")

    return give


def pay(client: stripe.StripeClient, card: str, **more) -> stripe.PaymentIntent:
    params = {**ONLINE, "payment_method": f"pm_card_{card}", "confirm": True, **more}
    return client.v1.payment_intents.create(params)


def outcome(client: stripe.StripeClient, card: str, **more) -> str:
    try:
        return pay(client, card, **more).status
    except stripe.CardError as error:
        return str(error.http_status)


@pytest.mark.parametrize("card", CARDS)
def test_when_a_card_s_bank_asks(client, answer, card):
    on_session, on_request, off_session, once_set_up = CARDS[card]
    assert outcome(client, card) == on_session
    asked = {"card": {"request_three_d_secure": "any"}}
    assert outcome(client, card, payment_method_options=asked) == on_request
    assert outcome(client, card, off_session=True) == off_session
    customer = client.v1.customers.create().id
    saved = client.v1.setup_intents.create(
        {
            "allowed_payment_method_types": ["card"],
            "customer": customer,
            "payment_method": f"pm_card_{card}",
            "confirm": True,
        }
    )
    if saved.status == ASKED:
        saved = answer(saved)
    assert saved.status == "succeeded"
    params = {**ONLINE, "customer": customer, "payment_method": saved.payment_method, "off_session": True}
    try:
        status = client.v1.payment_intents.create({**params, "confirm": True}).status
    except stripe.CardError as error:
        status = str(error.http_status)
    assert status == once_set_up


def test_what_waits_for_the_cardholder(client, events):
    payment = pay(client, "authenticationRequired")
    assert (payment.status, payment.latest_charge) == (ASKED, None)
    assert payment.payment_method
    action = payment.next_action
    assert (action.type, action.use_stripe_sdk.type) == ("use_stripe_sdk", "stripe_3ds2_fingerprint")
    types = ["payment_intent.created", "payment_intent.requires_action"]
    events.check(types, payment.id)


def test_a_page_to_send_her_to(client):
    payment = pay(client, "authenticationRequired", return_url=AGAIN)
    to = payment.next_action.redirect_to_url
    assert (payment.next_action.type, to.return_url) == ("redirect_to_url", AGAIN)
    assert "/3d_secure_2/hosted?" in to.url
    assert payment.id in to.url


@pytest.mark.parametrize("url", ["done", "javascript://x", "http://a b"])
def test_no_address_to_return_to(client, url):
    error = refused(pay, client, "authenticationRequired", return_url=url)
    assert (error.code, error.param) == ("url_invalid", "return_url")


def test_she_passes(client, answer, events):
    paid = answer(pay(client, "authenticationRequired"))
    assert (paid.status, paid.next_action, paid.amount_received) == (PAID, None, 1000)
    charge = client.v1.charges.retrieve(paid.latest_charge)
    heard = charge.payment_method_details.card.three_d_secure
    assert (heard.result, heard.authentication_flow) == ("authenticated", "challenge")


def test_she_passes_and_the_money_is_held(client, answer):
    held = answer(pay(client, "authenticationRequired", capture_method="manual"))
    assert (held.status, held.amount_capturable) == ("requires_capture", 1000)
    assert client.v1.payment_intents.capture(held.id).status == PAID


def test_she_does_not_pass(client, answer):
    failed = answer(pay(client, "authenticationRequired"), "fail")
    assert (failed.status, failed.payment_method, failed.latest_charge) == (
        "requires_payment_method",
        None,
        None,
    )
    assert failed.next_action is None
    error = failed.last_payment_error
    assert (error.type, error.code) == ("invalid_request_error", "payment_intent_authentication_failure")
    assert error.message == (
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
        "PaymentMethod to attempt to fulfill this PaymentIntent again."
    )
    [event] = client.v1.events.list({"type": "payment_intent.payment_failed"}).data
    assert event.data.object.id == failed.id
    assert client.v1.payment_intents.confirm(failed.id, {"payment_method": "pm_card_visa"}).status == PAID


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("threeDSecureRequiredChargeDeclined", "generic_decline"),
    ],
)
def test_the_bank_declines_although_she_passed(client, answer, card, code):
    failed = answer(pay(client, card))
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.decline_code == code
    assert client.v1.charges.retrieve(failed.latest_charge).status == "failed"


def test_her_bank_cannot_be_asked(client):
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "threeDSecureRequiredProcessingError")
    assert caught.value.code == "card_declined"


def test_off_session_nobody_can_be_asked(client):
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "authenticationRequired", off_session=True)
    error = caught.value.error
    assert (error.code, error.decline_code) == ("authentication_required", "authentication_required")
    assert error.message == "Your card was declined. This transaction requires authentication."
    charge = client.v1.charges.retrieve(error.charge)
    assert (charge.failure_code, charge.outcome.reason) == (
        "authentication_required",
        "authentication_required",
    )
    assert error.payment_intent.status == "requires_payment_method"


def test_an_error_instead_of_an_action(client):
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "authenticationRequired", error_on_requires_action=True)
    error = caught.value.error
    assert (error.code, error.decline_code) == ("authentication_required", "authentication_not_handled")
    assert error.payment_intent.status == "requires_payment_method"


@pytest.mark.parametrize("step", ["cancel", "another card", "confirm again"])
def test_what_else_ends_the_wait(client, answer, step):
    waiting = pay(client, "authenticationRequired")
    payments = client.v1.payment_intents
    if step == "cancel":
        ended = payments.cancel(waiting.id)
    elif step == "another card":
        ended = payments.update(waiting.id, {"payment_method": "pm_card_visa"})
    else:
        ended = payments.confirm(waiting.id, {"payment_method": "pm_card_visa"})
    assert ended.status in ("canceled", "requires_confirmation", "succeeded")
    assert ended.next_action is None
    assert "does not wait" in str(refused(answer, waiting))


def test_a_card_is_saved_once_she_passes(client, answer, events):
    customer = client.v1.customers.create().id
    setup = client.v1.setup_intents.create(
        {
            "allowed_payment_method_types": ["card"],
            "customer": customer,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": AGAIN,
            "expand": ["latest_attempt"],
        }
    )
    assert (setup.status, setup.next_action.type) == (ASKED, "redirect_to_url")
    assert setup.latest_attempt.status == ASKED
    assert client.v1.customers.payment_methods.list(customer).data == []
    done = answer(setup)
    assert (done.status, done.next_action) == ("succeeded", None)
    [attempt] = client.v1.setup_attempts.list({"setup_intent": setup.id}).data
    assert attempt.status == "succeeded"
    assert attempt.payment_method_details.card.three_d_secure.result == "authenticated"
    [saved] = client.v1.customers.payment_methods.list(customer).data
    assert saved.id == done.payment_method
    types = ["setup_intent.created", "setup_intent.requires_action", "setup_intent.succeeded"]
    events.check(types, setup.id)


def test_a_card_is_not_saved_if_she_does_not(client, answer):
    setup = client.v1.setup_intents.create(
        {
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
        }
    )
    failed = answer(setup, "fail")
    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    [attempt] = client.v1.setup_attempts.list({"setup_intent": setup.id}).data
    assert attempt.status == "failed"
