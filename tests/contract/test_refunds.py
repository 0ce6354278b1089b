"""Refunds: how much goes back, what the charge then says, and which refunds are refused."""

from __future__ import annotations

import re

import pytest
import stripe

from irl_helpers.simulator.states import REFUND, REFUND_STATUSES, refund_move
from tests.simulator.sale import new_payment, pay

REFUND_FAIL = {"type": "card_present", "card_present": {"number": "4000000000005126"}}
PENDING, FAILING = "pm_card_pendingRefund", "pm_card_refundFail"
# C (LAGO, 2025-04-30.basil): a change is said under both names.
UPDATED = ["refund.updated", "charge.refund.updated"]
DECLINED = {"type": "card_present", "card_present": {"number": "4000000000000002"}}


@pytest.fixture
def paid(client, reader):
    """A payment of $10.00."""
    return pay(client, reader, new_payment(client).id)


def charge_of(client, payment):
    return client.v1.charges.retrieve(payment.latest_charge)


def authorize(client, reader, payment, card=None):
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader, card)
    return client.v1.payment_intents.retrieve(payment.id)


def test_full_refund(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "reason": "requested_by_customer"})
    assert (refund.amount, refund.currency, refund.status, refund.reason) == (
        1000,
        "usd",
        "succeeded",
        "requested_by_customer",
    )
    assert (refund.charge, refund.payment_intent) == (paid.latest_charge, paid.id)
    assert refund.payment_method == paid.payment_method
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    assert client.v1.payment_intents.retrieve(paid.id).status == "succeeded"
    assert client.v1.refunds.retrieve(refund.id).to_dict() == refund.to_dict()


def test_two_parts_make_the_whole(client, paid):
    first = client.v1.refunds.create({"charge": paid.latest_charge, "amount": 300})
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded) == (300, False)
    second = client.v1.refunds.create({"charge": paid.latest_charge})
    assert second.amount == 700
    charge = client.v1.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    assert [refund.id for refund in charge.refunds.data] == [second.id, first.id]


def test_only_what_was_captured_goes_back(client, reader):
    payment = authorize(client, reader, new_payment(client))
    client.v1.payment_intents.capture(payment.id, {"amount_to_capture": 600})
    with pytest.raises(stripe.InvalidRequestError, match=r"\(\$7\.00\).*\(\$6\.00\)"):
        client.v1.refunds.create({"payment_intent": payment.id, "amount": 700})
    assert client.v1.refunds.create({"payment_intent": payment.id}).amount == 600
    assert charge_of(client, payment).refunded is True


def test_events(client, paid, events):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "amount": 400})
    [created] = events.check(["refund.created"], refund.id)
    assert created.data.object.amount == 400
    story = ["charge.succeeded", "charge.captured", "refund.created", "charge.refunded"]
    told = events.check(story, paid.latest_charge)
    [refunded] = [event for event in told if event.type == "charge.refunded"]
    assert refunded.data.object.amount_refunded == 400
    # C (gumroad's and openfoodnetwork's): what the refund has changed.
    assert refunded.data.previous_attributes.to_dict() == {"amount_refunded": 0}


def test_metadata_update(client, paid, events):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "metadata": {"why": "cold", "by": "Ada"}})
    changed = client.v1.refunds.update(refund.id, {"metadata": {"why": "spilled", "by": "", "new": "1"}})
    assert changed.metadata.to_dict() == {"why": "spilled", "new": "1"}
    story = ["refund.created", *UPDATED]
    _, *told = events.check(story, refund.id)
    for event in told:
        assert event.data.previous_attributes.to_dict() == {
            "metadata": {"why": "cold", "by": "Ada", "new": None}
        }
    client.v1.refunds.update(refund.id, {"metadata": {"new": "1"}})
    events.check(story, refund.id)


@pytest.mark.parametrize(
    ("amount", "message", "code"),
    [
        (0, "This value must be greater than or equal to 1.", "parameter_invalid_integer"),
        (-5, "This value must be greater than or equal to 1.", "parameter_invalid_integer"),
        (1001, "Refund amount ($10.01) is greater than charge amount ($10.00)", None),
    ],
)
def test_amount_that_is_refused(client, paid, amount, message, code):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": amount})
    error = caught.value
    assert (error.http_status, error.param, error.code, error.user_message) == (400, "amount", code, message)
    assert charge_of(client, paid).amount_refunded == 0


def test_already_refunded(client, paid):
    client.v1.refunds.create({"payment_intent": paid.id})
    for amount in ({}, {"amount": 1}):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.refunds.create({"payment_intent": paid.id, **amount})
        assert caught.value.code == "charge_already_refunded"
        assert caught.value.user_message == f"Charge {paid.latest_charge} has already been refunded."


NO_CHARGE = "does not have a successful charge to refund."


@pytest.mark.parametrize(
    ("card", "then", "message"),
    [
        (None, None, "You must cancel the PaymentIntent to reverse the authorization"),
        (None, "cancel", NO_CHARGE),
        (DECLINED, None, NO_CHARGE),
        (DECLINED, "cancel", NO_CHARGE),
    ],
    ids=["held", "released", "declined", "declined and canceled"],
)
def test_nothing_was_taken(client, reader, card, then, message):
    payment = authorize(client, reader, new_payment(client), card)
    if then:
        getattr(client.v1.payment_intents, then)(payment.id)
    for named in ({"payment_intent": payment.id}, {"charge": payment.latest_charge}):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.refunds.create(named)
        assert message in caught.value.user_message
        assert payment.id in caught.value.user_message
        assert caught.value.code is None


def test_no_card_was_presented(client):
    with pytest.raises(stripe.InvalidRequestError, match=NO_CHARGE):
        client.v1.refunds.create({"payment_intent": new_payment(client).id})


@pytest.mark.parametrize(
    ("params", "status", "param", "message"),
    [
        ({"charge": "ch_nobody"}, 404, "id", "No such charge: 'ch_nobody'"),
        ({"payment_intent": "pi_nobody"}, 400, "payment_intent", "No such payment_intent: 'pi_nobody'"),
        ({}, 400, None, "One of the following params should be provided for this request: "),
        (
            {"charge": "ch_nobody", "reason": "expired_uncaptured_charge"},
            400,
            "reason",
            "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
        ),
    ],
)
def test_what_is_named_must_exist(client, params, status, param, message):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params)
    assert (caught.value.http_status, caught.value.param) == (status, param)
    assert caught.value.user_message.startswith(message)


def test_charge_and_payment_must_belong_together(client, reader, paid):
    other = pay(client, reader, new_payment(client).id)
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        client.v1.refunds.create({"payment_intent": other.id, "charge": paid.latest_charge})
    both = client.v1.refunds.create({"payment_intent": paid.id, "charge": paid.latest_charge})
    assert both.charge == paid.latest_charge


# -- the card whose refunds fail -------------------------------------------------------------------------


def test_refund_fails_later(client, reader, later, events):
    payment = authorize(client, reader, new_payment(client), REFUND_FAIL)
    client.v1.payment_intents.capture(payment.id)
    refund = client.v1.refunds.create({"payment_intent": payment.id, "amount": 400})
    kept = client.v1.refunds.create({"payment_intent": payment.id, "amount": 600})
    assert (refund.status, "failure_reason" in refund) == ("succeeded", False)
    assert charge_of(client, payment).refunded is True
    later(60)

    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert client.v1.refunds.retrieve(kept.id).status == "failed"
    charge = charge_of(client, payment)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    # C (zulip's recording of 2020, and Stripe's page on testing); their order is a guess.
    told = events.about(payment.id)[-8:]
    assert [event.type for event in told] == [*UPDATED, "charge.updated", "refund.failed"] * 2
    for event in told[:2]:
        assert event.data.previous_attributes.to_dict() == {
            "failure_balance_transaction": None,
            "failure_reason": None,
            "status": "succeeded",
        }
    assert told[2].data.previous_attributes.to_dict() == {"amount_refunded": 1000, "refunded": True}
    assert told[3].data.object.status == "failed"
    back = client.v1.balance_transactions.retrieve(failed.failure_balance_transaction)
    assert (back.type, back.amount, back.fee, back.source) == ("refund_failure", 400, 0, refund.id)
    # The money is the merchant's again, and can be refunded once more.
    assert client.v1.refunds.create({"payment_intent": payment.id}).amount == 1000


def test_other_refunds_stay(client, paid, later):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    later(30 * 86_400)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


# -- what comes later, by itself ---------------------------------------------------------------------------


def test_the_reference(client, paid, later, events):
    """C (openfoodnetwork, 2026-06-24.dahlia): about a second later."""
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    card = refund.destination_details.card
    assert (card.reference_status, "reference" in card) == ("pending", False)
    later(2)
    card = client.v1.refunds.retrieve(refund.id).destination_details.card
    assert (card.reference_status, card.reference_type) == ("available", "acquirer_reference_number")
    assert re.fullmatch(r"\d{15,16}", card.reference)
    _, *told = [event for event in events.about(refund.id) if event.data.object.object == "refund"]
    assert [event.type for event in told] == UPDATED
    for event in told:
        assert event.data.previous_attributes.to_dict() == {
            "destination_details": {"card": {"reference": None, "reference_status": "pending"}}
        }
        assert event.request.id is None


def paid_with(client, token):
    return client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "payment_method": token,
            "confirm": True,
        }
    )


def test_a_refund_that_waits(client, later, events):
    """C (docs.stripe.com/testing): pending, and some time later succeeded."""
    payment = paid_with(client, PENDING)
    refund = client.v1.refunds.create({"payment_intent": payment.id})
    assert (refund.status, refund.balance_transaction is None) == ("pending", False)
    later(60)
    done = client.v1.refunds.retrieve(refund.id)
    assert (done.status, done.destination_details.card.reference_status) == ("succeeded", "available")
    told = [event for event in events.about(refund.id) if event.type in UPDATED]
    assert [event.type for event in told] == UPDATED
    assert {event.data.previous_attributes["status"] for event in told} == {"pending"}


def test_a_refund_that_fails_of_a_card_that_was_typed_in(client, later):
    """C (docs.stripe.com/testing)."""
    refund = client.v1.refunds.create({"payment_intent": paid_with(client, FAILING).id})
    assert refund.status == "succeeded"
    later(60)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"


def test_expiring_a_card_refund(client, paid):
    """Only a refund that waits for the customer can expire (D); the text is ours."""
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.test_helpers.refunds.expire(refund.id)
    assert caught.value.http_status == 400
    assert "requires_action" in caught.value.user_message
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert refund_move("requires_action", "expire") == "failed"


# -- before 2025-03-31, what was not taken of a hold made a Refund -----------------------------------------

OLD, NEW = "2025-02-24.acacia", "2025-03-31.basil"
STATES = ("captured", "refunded", "amount_captured", "amount_refunded")


@pytest.fixture
def held(client, reader):
    """A payment of $10.00 that waits for its capture."""
    return authorize(client, reader, new_payment(client))


@pytest.mark.parametrize(
    ("version", "expected", "refunded"),
    [(OLD, (True, False, 600, 400), [400]), (NEW, (True, False, 600, 0), [])],
)
def test_a_part_of_a_hold(target, client, held, version, expected, refunded):
    """C (Stripe's changelog of 2025-03-31; G): two transactions then, one now."""
    target.client(stripe_version=version).v1.payment_intents.capture(held.id, {"amount_to_capture": 600})
    charge = charge_of(client, held)
    assert tuple(charge[name] for name in STATES) == expected
    refunds = client.v1.refunds.list({"payment_intent": held.id}).data
    assert [refund.amount for refund in refunds] == refunded
    made = [client.v1.balance_transactions.retrieve(one.balance_transaction) for one in (charge, *refunds)]
    assert (sum(one.amount for one in made), sum(one.net for one in made)) == (600, 579)
    # What was captured is what can still be refunded.
    assert client.v1.refunds.create({"payment_intent": held.id}).amount == 600
    assert charge_of(client, held).refunded is True


@pytest.mark.parametrize(
    ("version", "expected", "refunded"),
    [(OLD, (False, True, 0, 1000), [(1000, None)]), (NEW, (False, False, 0, 0), [])],
)
def test_a_hold_that_is_released(target, client, held, version, expected, refunded):
    """C (Stripe's changelog of 2025-03-31): no money has moved."""
    target.client(stripe_version=version).v1.payment_intents.cancel(held.id)
    assert tuple(charge_of(client, held)[name] for name in STATES) == expected
    refunds = client.v1.refunds.list({"payment_intent": held.id}).data
    assert [(refund.amount, refund.balance_transaction) for refund in refunds] == refunded


@pytest.mark.parametrize(
    ("version", "reason", "refunded"),
    [(OLD, "automatic", ["expired_uncaptured_charge"]), (NEW, "expired", [])],
)
def test_a_hold_that_ran_out(client, target, held, later, version, reason, refunded):
    """C (Stripe's changelog of 2025-03-31): by the account's own version, since nobody asks."""
    client.raw_request("post", "/_simulator/api_version", version=version)
    later(2 * 86_400 + 60)
    ended = target.client(stripe_version=version).v1.payment_intents.retrieve(held.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", reason)
    made = client.v1.refunds.list({"payment_intent": held.id}).data
    assert [refund.reason for refund in made] == refunded


# -- lists, and canceling ----------------------------------------------------------------------------------


@pytest.mark.offline_only("lists every refund of the account")
def test_lists(client, reader, paid):
    other = pay(client, reader, new_payment(client).id)
    ours = [client.v1.refunds.create({"payment_intent": paid.id, "amount": 10}).id for _ in range(12)][::-1]
    theirs = client.v1.refunds.create({"payment_intent": other.id})

    def ids(**filters):
        return [refund.id for refund in client.v1.refunds.list(filters).auto_paging_iter()]

    assert ids() == [theirs.id, *ours]
    assert ids(limit=5) == [theirs.id, *ours]
    assert ids(payment_intent=paid.id) == ids(charge=paid.latest_charge) == ours
    assert ids(charge=other.latest_charge) == [theirs.id]
    assert ids(created={"gt": theirs.created}) == []
    assert ids(created={"gte": theirs.created - 60}) == [theirs.id, *ours]
    charge = client.v1.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
    assert (len(charge.refunds.data), charge.refunds.has_more) == (10, True)
    assert [refund.id for refund in charge.refunds.auto_paging_iter()] == ours


def test_expanding(client, paid):
    refund = client.v1.refunds.create(
        {"payment_intent": paid.id, "expand": ["charge.refunds", "payment_intent", "payment_method"]}
    )
    assert [inner.id for inner in refund.charge.refunds.data] == [refund.id]
    assert refund.payment_intent.amount == 1000
    assert refund.payment_method.type == "card_present"
    assert "refunds" not in charge_of(client, paid)
    shown = client.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge.refunds"]})
    assert shown.latest_charge.refunds.data[0].id == refund.id


def test_canceling_a_card_refund(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.cancel(refund.id)
    assert (caught.value.code, caught.value.user_message) == (None, "Canceling this refund is unsupported.")
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_only_a_refund_that_waits_for_the_customer_can_be_canceled():
    assert [status for status in REFUND_STATUSES if status in REFUND["cancel"]] == ["requires_action"]
    assert refund_move("requires_action", "cancel") == "canceled"


@pytest.mark.parametrize("call", ["retrieve", "update", "cancel"])
def test_unknown_refund(client, call):
    with pytest.raises(stripe.InvalidRequestError, match="No such refund: 're_nobody'") as caught:
        getattr(client.v1.refunds, call)("re_nobody")
    assert caught.value.http_status == 404
