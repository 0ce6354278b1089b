"""Declines and what cards leave on a charge, as Stripe was seen to answer them.

C: recorded, or documented for the newest version. L: likely, from an older or a second-hand recording.
"""

from __future__ import annotations

import contextlib
import re
import time

import pytest
import stripe

from irl_helpers.simulator.online_cards import ONLINE, TOKENS
from tests.simulator.sale import new_payment

ONLINE_PAYMENT = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"]}
AGAIN, NEVER, CONFIRM = "try_again_later", "do_not_try_again", "confirm_card_data"
DECLINED = "Your card was declined."
TOO_OFTEN = (
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
)
# name: (certainty, code, decline_code, advice_code, network_decline_code, network_advice_code, param,
# message). Recorded by openfoodnetwork at 2026-06-24.dahlia, on confirming; the last two in 2023, by gumroad.
CARDS = {
    "chargeDeclined": ("C", "card_declined", "generic_decline", AGAIN, "01", None, None, DECLINED),
    "visa_chargeDeclined": ("C", "card_declined", "generic_decline", AGAIN, "01", None, None, DECLINED),
    "visa_chargeDeclinedInsufficientFunds": (
        "C", "card_declined", "insufficient_funds", AGAIN, "51", "02", None,
        "Your card has insufficient funds.",
    ),
    "visa_chargeDeclinedLostCard": ("C", "card_declined", "lost_card", NEVER, "41", "01", None, DECLINED),
    "visa_chargeDeclinedStolenCard": ("C", "card_declined", "stolen_card", NEVER, "43", "01", None, DECLINED),
    "chargeDeclinedExpiredCard": (
        "C", "expired_card", "expired_card", CONFIRM, "54", "03", "exp_month", "Your card has expired.",
    ),
    "chargeDeclinedIncorrectCvc": (
        "C", "incorrect_cvc", "incorrect_cvc", CONFIRM, "N7", "03", "cvc",
        "Your card's security code is incorrect.",
    ),
    "chargeDeclinedProcessingError": (
        "C", "processing_error", "processing_error", AGAIN, "06", None, None,
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "visa_chargeDeclinedVelocityLimitExceeded": (
        "C", "card_declined", "card_velocity_exceeded", AGAIN, "61", "02", None, TOO_OFTEN,
    ),
    "radarBlock": ("C", "card_declined", "fraudulent", None, None, None, None, DECLINED),
    "cvcCheckFail": (
        "L", "incorrect_cvc", "incorrect_cvc", CONFIRM, "N7", "03", "cvc",
        "Your card's security code is incorrect.",
    ),
}  # fmt: skip
FIELDS = (
    "code",
    "decline_code",
    "advice_code",
    "network_decline_code",
    "network_advice_code",
    "param",
    "message",
)


@pytest.mark.parametrize("name", CARDS)
def test_declined_online(client, name):
    certainty, *expected = CARDS[name]
    payment = client.v1.payment_intents.create(ONLINE_PAYMENT).id
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.confirm(payment, {"payment_method": f"pm_card_{name}"})
    error = caught.value.json_body["error"]
    assert certainty in "CL"
    assert caught.value.http_status == 402
    assert [error.get(field) for field in FIELDS] == expected
    assert list(error) == sorted(error)
    # What has no value is left out.
    assert None not in error.values()
    kept = error["payment_intent"]
    last = kept["last_payment_error"]
    assert [last.get(field) for field in FIELDS] == expected
    assert (last["payment_method_type"], last["charge"]) == ("card", error["charge"])
    assert (kept["status"], kept["payment_method"]) == ("requires_payment_method", None)
    charge = client.v1.charges.retrieve(error["charge"])
    assert (charge.failure_code, charge.failure_message) == (expected[0], expected[-1])
    outcome = charge.outcome
    codes = (outcome.advice_code, outcome.network_decline_code, outcome.network_advice_code)
    assert codes == tuple(expected[2:5])


# C, unless the row says L: (decline, network_status, reason, risk_level, seller_message, type)
OUTCOMES = {
    "visa": ("approved_by_network", None, "normal", "Payment complete.", "authorized"),
    "visa_chargeDeclined": (
        "declined_by_network", "generic_decline", "normal",
        "The bank did not return any further details with this decline.", "issuer_declined",
    ),
    "visa_chargeDeclinedLostCard": (
        "declined_by_network", "lost_card", "normal", "The bank returned the decline code `lost_card`.",
        "issuer_declined",
    ),
    "chargeDeclinedExpiredCard": (
        "declined_by_network", "expired_card", "normal",
        "The bank returned the decline code `expired_card`.", "issuer_declined",
    ),
    "radarBlock": (
        "not_sent_to_network", "highest_risk_level", "highest", "Stripe blocked this payment as too risky.",
        "blocked",
    ),
    "riskLevelHighest": ("approved_by_network", None, "highest", "Payment complete.", "authorized"),  # L
    "riskLevelElevated": (  # L
        "approved_by_network", "elevated_risk_level", "elevated",
        "Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue.",
        "manual_review",
    ),
}  # fmt: skip


def pay_online(client, card, **params):
    """The charge of a payment with this card, declined or not."""
    payment = client.v1.payment_intents.create(ONLINE_PAYMENT | params).id
    with contextlib.suppress(stripe.CardError):
        client.v1.payment_intents.confirm(payment, {"payment_method": card})
    return client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]}).latest_charge


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcome_online(client, name):
    outcome = pay_online(client, f"pm_card_{name}").outcome
    found = (outcome.network_status, outcome.reason, outcome.risk_level, outcome.seller_message, outcome.type)
    assert found == OUTCOMES[name]
    assert 0 <= outcome.risk_score <= 99
    assert outcome.to_dict().get("rule") == ("block_if_high_risk" if name == "radarBlock" else None)


def at_reader(client, reader, amount=1000, number=None):
    """The charge of a payment at the reader."""
    payment = new_payment(client, amount).id
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    card = {"type": "card_present", "card_present": {"number": number}} if number else {}
    action = client.v1.test_helpers.terminal.readers.present_payment_method(reader, card).action
    intent = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    return action, intent, intent.latest_charge


MORE = (
    " In testmode, using a physical test card with designated amount ending values produce specific decline "
    "responses. See https://stripe.com/docs/terminal/references/testing#physical-test-cards for details."
)
# ending: (certainty, code, decline_code, sentence, the bank's answer, its certainty)
ENDINGS = {
    1: (
        "L", "card_declined", "call_issuer", "Your card was declined. You can call your bank for details.",
        "3031",
    ),
    2: ("L", "offline_pin_required", "offline_pin_required", "This transaction requires a PIN.", "3035"),
    3: (
        "L", "online_or_offline_pin_required", "online_or_offline_pin_required",
        "This transaction requires a PIN.", "3035",
    ),
    5: ("L", "card_declined", "generic_decline", DECLINED, "3035"),  # C for the answer
    65: ("L", "card_declined", "withdrawal_count_limit_exceeded", TOO_OFTEN, "3635"),
    75: ("L", "card_declined", "pin_try_exceeded", "Allowable number of PIN tries exceeded.", "3735"),
}  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_amounts_that_a_reader_has_declined(client, reader, ending):
    _, code, decline_code, sentence, answer = ENDINGS[ending]
    action, intent, charge = at_reader(client, reader, 1000 + ending)
    error = intent.last_payment_error
    assert (action.failure_code, action.failure_message) == (code, sentence + MORE)
    assert (error.code, error.decline_code, error.message) == (code, decline_code, sentence + MORE)
    assert error.payment_method_type == "card_present"
    details = charge.payment_method_details.card_present
    assert (details.receipt.authorization_response_code, details.emv_auth_data) == (answer, f"8A02{answer}")
    assert details.receipt.authorization_code is None


# C for Visa, Mastercard and Interac, L for the others: (AID, name, account_type)
RECEIPTS = {
    "4242424242424242": ("A0000000031010", "Stripe Credit", "credit"),
    "5555555555554444": ("A0000000041010", "MASTERCARD", "credit"),
    "5200828282828210": ("A0000000041010", "MASTERCARD", "checking"),
    "5105105105105100": ("A0000000041010", "MASTERCARD", "prepaid"),
    "378282246310005": ("A000000025010402", "AMERICAN EXPRESS", "credit"),
    "6011111111111117": ("A0000001523010", "DISCOVER", "credit"),
    "3566002020360505": ("A0000000651010", "JCB CREDIT", "credit"),
    "6200000000000005": ("A000000333010102", "UNIONPAY CREDIT", "credit"),
}


@pytest.mark.parametrize("number", RECEIPTS)
def test_receipt_of_a_card_at_a_reader(client, reader, number):
    _, _, charge = at_reader(client, reader, number=number)
    details = charge.payment_method_details.card_present
    receipt = details.receipt
    shown = (receipt.dedicated_file_name, receipt.application_preferred_name, receipt.account_type)
    assert shown == RECEIPTS[number]
    assert re.fullmatch(r"[0-9A-F]{16}", receipt.application_cryptogram)
    assert (receipt.authorization_code, charge.authorization_code) == ("123456", "123456")  # L
    assert (receipt.authorization_response_code, details.emv_auth_data) == ("3030", "8A023030")
    outcome = charge.outcome.to_dict()
    assert (outcome["risk_level"], "risk_score" in outcome) == ("not_assessed", False)  # L


def test_receipt_of_interac(client, reader):
    """C: recorded in person."""
    payment = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "cad", "allowed_payment_method_types": ["interac_present"]}
    ).id
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    charge = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]}).latest_charge
    receipt = charge.payment_method_details.interac_present.receipt
    shown = (receipt.dedicated_file_name, receipt.application_preferred_name, receipt.account_type)
    assert shown == ("A0000002771010", "Interac", "checking")
    results = (receipt.terminal_verification_results, receipt.transaction_status_information)
    assert results == ("8000008000", "6800")


# -- the cards that Stripe documents


@pytest.mark.parametrize("name", TOKENS)
def test_cards_by_name(client, name):
    """C: each is a new PaymentMethod, also where it is only looked at."""
    card = ONLINE[TOKENS[name]]
    first, second = (client.v1.payment_methods.retrieve(name) for _ in range(2))
    assert first.id.startswith("pm_")
    assert first.id != second.id
    shown = (first.card.brand, first.card.last4, first.card.funding, first.card.country)
    assert shown == (card.brand, card.number[-4:], card.funding, card.country)
    today = time.gmtime(first.created)
    assert (first.card.exp_month, first.card.exp_year) == (today.tm_mon, today.tm_year + 1)
    assert client.v1.payment_methods.retrieve(second.id).card.fingerprint == first.card.fingerprint


# C: recorded by pay and openfoodnetwork.
LAST4 = {"pm_card_amex": "8431", "pm_card_discover": "9424", "pm_card_cn": "0002", "pm_card_us": "4242"}


@pytest.mark.parametrize("name", LAST4)
def test_last_digits(client, name):
    assert client.v1.payment_methods.retrieve(name).card.last4 == LAST4[name]


@pytest.mark.parametrize("call", ["retrieve", "confirm"])
def test_name_of_no_card(client, call):
    name = "pm_card_wood"
    calls = {
        "retrieve": lambda: client.v1.payment_methods.retrieve(name),
        "confirm": lambda: client.v1.payment_intents.create({**ONLINE_PAYMENT, "payment_method": name}),
    }
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod: 'pm_card_wood'") as caught:
        calls[call]()
    assert caught.value.code == "resource_missing"


def test_a_looked_at_card_can_be_charged(client):
    card = client.v1.payment_methods.retrieve("pm_card_visa").id
    assert pay_online(client, card).paid


@pytest.mark.parametrize("name", ["visa_chargeDeclined", "chargeDeclinedExpiredCard"])
def test_declined_when_attached(client, name):
    """C: `param` is there, and empty."""
    customer = client.v1.customers.create().id
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_methods.attach(f"pm_card_{name}", {"customer": customer})
    error = caught.value.json_body["error"]
    _, code, decline_code, advice, network, *_ = CARDS[name]
    assert (error["code"], error["decline_code"], error["param"]) == (code, decline_code, "")
    assert (error["advice_code"], error["network_decline_code"]) == (advice, network)


def test_declined_when_saved(client):
    """C-L: the SetupIntent and the PaymentMethod are in the error, and no charge."""
    setup = client.v1.setup_intents.create({"allowed_payment_method_types": ["card"]}).id
    with pytest.raises(stripe.CardError) as caught:
        client.v1.setup_intents.confirm(setup, {"payment_method": "pm_card_chargeDeclinedExpiredCard"})
    error = caught.value.json_body["error"]
    assert (error["code"], error["decline_code"], error["param"]) == (
        "expired_card",
        "expired_card",
        "exp_month",
    )
    assert error["setup_intent"]["last_setup_error"]["decline_code"] == "expired_card"
    assert (error["payment_method"]["type"], "charge" in error) == ("card", False)


def test_saved_and_then_declined(client):
    """C: this card attaches, and every charge declines."""
    customer = client.v1.customers.create().id
    card = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer}).id
    charge = pay_online(client, card, customer=customer)
    assert (charge.status, charge.outcome.reason) == ("failed", "generic_decline")


# -- what the bank says of what was typed in: C, recorded in 2023


def typed(client, number, **address):
    billing = {"address": address} if address else {}
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    return client.v1.payment_methods.create({"type": "card", "card": card, "billing_details": billing}).id


@pytest.mark.parametrize(
    ("number", "address", "checks", "code"),
    [
        ("4242424242424242", {}, (None, None, "pass"), None),
        ("4242424242424242", {"line1": "1 Main St", "postal_code": "94111"}, ("pass", "pass", "pass"), None),
        ("4000000000000101", {}, (None, None, "fail"), "incorrect_cvc"),
        ("4000000000000036", {}, (None, None, "pass"), None),
        ("4000000000000036", {"postal_code": "94111"}, (None, "fail", "pass"), "incorrect_zip"),
        ("4000000000000028", {"line1": "1 Main St"}, ("fail", None, "pass"), None),
        ("4000000000000127", {}, (None, None, "fail"), "incorrect_cvc"),
    ],
)
def test_checks(client, number, address, checks, code):
    card = typed(client, number, **address)
    assert client.v1.payment_methods.retrieve(card).card.checks.cvc_check == "unchecked"
    charge = pay_online(client, card)
    found = charge.payment_method_details.card.checks
    assert (found.address_line1_check, found.address_postal_code_check, found.cvc_check) == checks
    assert charge.failure_code == code


def test_code_of_an_approval_online(client):
    """C: six digits."""
    assert re.fullmatch(
        r"\d{6}", pay_online(client, "pm_card_visa").payment_method_details.card.authorization_code
    )
