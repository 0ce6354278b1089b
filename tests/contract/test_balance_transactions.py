"""What every movement of money leaves: its transaction, fee and net, and the balance that they add up to."""

from __future__ import annotations

import itertools
import re
import time
from collections import Counter

import pytest
import stripe

from tests.contract.errors import refused
from tests.simulator.sale import new_payment, pay

AT_READER = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
ONLINE = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"], "confirm": True}
MIDNIGHT = 86_400


@pytest.fixture
def transaction(client):
    return lambda id: client.v1.balance_transactions.retrieve(id)


@pytest.fixture
def wait(client, stripe_test_key):
    """`wait(3)`: some seconds pass."""
    if stripe_test_key:
        return lambda seconds: time.sleep(seconds + 5)
    return lambda seconds: client.raw_request("post", "/_simulator/clock", advance=seconds)


def paid_online(client, token="pm_card_visa", method="automatic", **more):
    params = {**ONLINE, "capture_method": method, "payment_method": token, **more}
    return client.v1.payment_intents.create({**params, "expand": ["latest_charge"]})


def charge_of(client, payment):
    return client.v1.charges.retrieve(payment.latest_charge, {"expand": ["balance_transaction"]})


# Fact, how sure, and who saw it: L(iberapay), G(umroad), P(ay): their recordings, at up to 2026-03-25.dahlia
def test_a_payment_at_a_reader(client, reader, transaction):
    """C. Stripe's published price for payments in person; the shape is recorded by L and P."""
    payment = new_payment(client)
    client.v1.payment_intents.update(payment.id, {"description": "Lunch"})
    charge = charge_of(client, pay(client, reader, payment.id))
    made = charge.balance_transaction
    assert (made.amount, made.fee, made.net, made.currency) == (1000, 32, 968, "usd")
    assert (made.type, made.reporting_category, made.source) == ("charge", "charge", charge.id)
    assert (made.description, made.exchange_rate, made.balance_type) == ("Lunch", None, "payments")
    assert [fee.to_dict() for fee in made.fee_details] == [
        {
            "amount": 32,
            "application": None,
            "currency": "usd",
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    assert (made.status, made.available_on % MIDNIGHT) == ("pending", 0)
    assert made.available_on > made.created
    assert re.fullmatch(r"txn_\w{24}", made.id)
    assert transaction(made.id).to_dict() == made.to_dict()


@pytest.mark.parametrize("method", ["automatic", "automatic_async"])
def test_when_the_transaction_is_there(client, method, wait, events):
    """C, a whole event recorded at 2025-02-24.acacia: an asynchronous capture has it 3 seconds later."""
    payment = paid_online(client, method=method)
    charge = payment.latest_charge
    assert charge.captured
    assert (charge.balance_transaction is None) == (method == "automatic_async")
    wait(4)
    charge = charge_of(client, client.v1.payment_intents.retrieve(payment.id))
    assert (charge.balance_transaction.net, charge.balance_transaction.fee) == (941, 59)
    told = [event for event in events.about(charge.id) if event.type == "charge.updated"]
    assert len(told) == (method == "automatic_async")
    for event in told:
        assert event.data.object.balance_transaction == charge.balance_transaction.id
        assert event.data.previous_attributes["balance_transaction"] is None
        assert event.request.to_dict() == {"id": None, "idempotency_key": None}


def test_nothing_moves_before_the_capture(client, reader, payment, transaction):
    """C. Null until then; the amount is what was captured, and so is that of the fee."""
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    held = client.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge"]})
    assert held.latest_charge.balance_transaction is None
    params = {"amount_to_capture": 600, "expand": ["latest_charge.balance_transaction"]}
    made = client.v1.payment_intents.capture(payment, params).latest_charge.balance_transaction
    assert (made.amount, made.fee, made.net) == (600, 21, 579)


def test_declined_payments_move_nothing(client):
    with pytest.raises(stripe.CardError) as caught:
        paid_online(client, "pm_card_visa_chargeDeclined")
    charge = client.v1.charges.retrieve(caught.value.error.charge)
    assert (charge.balance_transaction, charge.receipt_url) == (None, None)


PRICES = [
    ("pm_card_visa", {}, 59),
    ("pm_card_jcb", {}, 74),
    ("pm_card_visa", {"payment_method_options": {"card": {"moto": True}}}, 64),
]


@pytest.mark.parametrize(("token", "more", "fee"), PRICES, ids=["here", "from abroad", "by telephone"])
@pytest.mark.offline_only("an account's prices are its own")
def test_what_a_payment_costs(client, token, more, fee):
    """C for the first (P), L for the others (price pages)."""
    charge = paid_online(client, token, **more).latest_charge
    assert client.v1.balance_transactions.retrieve(charge.balance_transaction).fee == fee


def test_the_country_of_the_account_decides(client, simulated, transaction):
    """L (price pages): what a card from abroad is, and how many working days it takes."""
    client.raw_request("post", "/_simulator/account", country="GB")
    charge = paid_online(client, "pm_card_visa", currency="gbp").latest_charge
    made = transaction(charge.balance_transaction)
    # 1.5 % and 20 p, and 1.5 % more for a card of the US.
    assert (made.fee, made.currency) == (50, "gbp")
    assert 3 * MIDNIGHT > made.available_on - made.created - 2 * MIDNIGHT > 0
    assert client.v1.balance.retrieve().pending[0].amount == 950


@pytest.mark.parametrize("token", ["pm_card_bypassPending", "pm_card_bypassPendingInternational"])
def test_available_at_once(client, token, transaction):
    """C (docs.stripe.com/testing)."""
    made = transaction(paid_online(client, token).latest_charge.balance_transaction)
    assert (made.status, made.available_on) == ("available", made.created)


def test_available_later(client, later, transaction):
    """C. No event says so."""
    made = transaction(paid_online(client).latest_charge.balance_transaction)
    before = client.v1.balance.retrieve()
    assert (before.available[0].amount, before.pending[0].amount) == (0, 941)
    later(made.available_on - made.created)
    assert transaction(made.id).status == "available"
    assert client.v1.balance_transactions.list().data[0].status == "available"
    after = client.v1.balance.retrieve()
    assert (after.available[0].amount, after.pending[0].amount) == (941, 0)


def test_a_refund_takes_from_its_payment(client, transaction):
    """C (G, 2024-12): fees are not given back, and both become available on the same day."""
    payment = paid_online(client, description="Lunch")
    refund = client.v1.refunds.create({"payment_intent": payment.id, "amount": 300})
    made = transaction(refund.balance_transaction)
    assert (made.amount, made.fee, made.net, made.fee_details) == (-300, 0, -300, [])
    assert (made.type, made.reporting_category, made.source) == ("refund", "refund", refund.id)
    assert made.description == "REFUND FOR CHARGE (Lunch)"
    assert made.available_on == transaction(payment.latest_charge.balance_transaction).available_on
    plain = client.v1.refunds.create({"payment_intent": paid_online(client).id})
    assert transaction(plain.balance_transaction).description == "REFUND FOR CHARGE"


def test_a_refund_of_what_is_there(client, later, transaction):
    """C. It is available at once."""
    payment = paid_online(client)
    later(7 * 86_400)
    made = transaction(client.v1.refunds.create({"payment_intent": payment.id}).balance_transaction)
    assert (made.status, made.available_on) == ("available", made.created)


def test_the_balance_of_a_new_account(client, simulated):
    """C (G): never empty."""
    nothing = [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    assert client.v1.balance.retrieve().to_dict() == {
        "object": "balance",
        "available": nothing,
        "livemode": False,
        "pending": nothing,
    }


def test_the_balance_is_the_sum_of_its_transactions(client, reader, later):
    """In each currency, whatever happened."""
    paid = pay(client, reader, new_payment(client).id)
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 400})
    for token in ("pm_card_createDispute", "pm_card_bypassPending", "pm_card_refundFail"):
        client.v1.refunds.create({"payment_intent": paid_online(client).id, "amount": 100})
        paid_online(client, token, currency="eur", amount=5000)
    for seconds in (0, 60, 3 * 86_400, 30 * 86_400):
        later(seconds)
        balance = client.v1.balance.retrieve()
        sums: dict[str, Counter[str]] = {"available": Counter(), "pending": Counter()}
        for one in client.v1.balance_transactions.list({"limit": 100}).auto_paging_iter():
            sums[one.status][one.currency] += one.net
        for side in sums:
            shown = {one.currency: one.amount for one in getattr(balance, side)}
            assert shown.keys() == {"usd", "eur"}
            assert shown == {currency: sums[side][currency] for currency in shown}


def test_a_connected_account_has_a_balance_of_its_own(client, simulated, later):
    """Nothing of it is in the platform's, nor found there."""
    theirs = {"stripe_account": client.v1.accounts.create({"country": "US"}).id}
    params = {**ONLINE, "payment_method": "pm_card_visa", "expand": ["latest_charge"]}
    charge = client.v1.payment_intents.create(params, theirs).latest_charge
    later(4)
    [made] = client.v1.balance_transactions.list({"source": charge.id}, theirs).data
    assert client.v1.balance.retrieve({}, theirs).pending[0].amount == made.net == 941
    assert client.v1.balance.retrieve().pending[0].amount == 0
    assert client.v1.balance_transactions.list().data == []
    assert refused(client.v1.balance_transactions.retrieve, made.id).http_status == 404


def test_lists(client, reader):
    """C for what a filter finds; a dispute is never found by its id (L)."""
    charge = paid_online(client, "pm_card_visa").latest_charge
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 100})
    disputed = paid_online(client, "pm_card_createDispute").latest_charge
    [dispute] = client.v1.disputes.list({"charge": disputed.id}).data

    def ids(**filters):
        return [one.id for one in client.v1.balance_transactions.list(filters).data]

    assert ids(source=charge.id) == [charge.balance_transaction]
    assert ids(source=refund.id) == [refund.balance_transaction]
    assert ids(source=disputed.id) == [disputed.balance_transaction]
    assert ids(source=dispute.id) == []
    assert ids(source="ch_nobody") == ids(type="nothing") == []
    assert ids(type="refund", limit=1) == [refund.balance_transaction]
    assert dispute.balance_transactions[0].id in ids(type="adjustment")
    assert ids(created={"gt": dispute.created + 60}) == []
    assert set(ids(currency="usd")) >= {refund.balance_transaction}
    newest, second = ids(limit=2)
    assert ids(starting_after=newest, limit=1) == [second]
    assert ids(ending_before=second, limit=1) == [newest]


def test_expanding(client):
    """L. Each source is of its own kind."""
    charge = paid_online(client, "pm_card_createDispute").latest_charge
    shown = client.v1.balance_transactions.list({"limit": 3, "expand": ["data.source"]}).data
    kinds = {one.source.object for one in shown}
    assert kinds >= {"charge", "dispute"}
    found = client.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction.source"]})
    assert found.balance_transaction.source.id == charge.id


def test_what_is_not_there(client):
    """L (seahaven-stripe-world, 2026-09)."""
    error = refused(client.v1.balance_transactions.retrieve, "txn_nobody")
    assert (error.http_status, error.code, error.param) == (404, "resource_missing", "id")
    assert error.user_message == "No such balance transaction: 'txn_nobody'"
    error = refused(client.v1.balance_transactions.list, {"payout": "po_nobody"})
    assert (error.http_status, error.code) == (400, "resource_missing")
    assert error.user_message == "No such payout: 'po_nobody'"


def test_an_order_of_their_own(client):
    """Ids sort by age."""
    made = [paid_online(client).latest_charge.balance_transaction for _ in range(3)]
    listed = [one.id for one in client.v1.balance_transactions.list({"type": "charge", "limit": 3}).data]
    assert listed == made[::-1]
    assert all(a != b for a, b in itertools.pairwise(made))
