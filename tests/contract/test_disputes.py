"""Disputes: how they come, what they take, and how they end.

How sure, and who saw it, stands with each fact: D(ocumented by Stripe), G(umroad's recordings), L(ago's),
S(een at 2026-07-29.dahlia and later).
"""

from __future__ import annotations

import pytest

from irl_helpers.simulator.errors import StripeError
from irl_helpers.simulator.later_cards import LATER
from irl_helpers.simulator.states import DISPUTE, DISPUTE_CLOSED, dispute_move
from tests.contract.errors import refused

ONLINE = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card"]}
CHARGEBACK, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"
OPENED = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
WINNING = {"evidence": {"uncategorized_text": "winning_evidence"}}
LOSING = {"evidence": {"uncategorized_text": "losing_evidence"}}
ESCALATING = {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}}


def paid(client, token=CHARGEBACK, **more):
    params = {**ONLINE, "payment_method": token, "confirm": True, "capture_method": "automatic", **more}
    return client.v1.payment_intents.create(params)


def dispute_of(client, payment):
    [dispute] = client.v1.disputes.list({"payment_intent": payment.id}).data
    return dispute


def types(events, dispute):
    """What was said of it, but for its charge and the rest of the payment."""
    return [one.type for one in events.about(dispute.id) if one.data.object.id == dispute.id]


def sums(client, dispute):
    """(amounts, fees) of its transactions, oldest first."""
    found = client.v1.disputes.retrieve(dispute.id).balance_transactions
    return [one.amount for one in found], [one.fee for one in found]


# token -> (reason, status, case type, the network's code): C for the first four (D, G, S), L for the rest
OPENS = {
    CHARGEBACK: ("fraudulent", "needs_response", "chargeback", "10.4"),
    "pm_card_createDisputeProductNotReceived": (
        "product_not_received", "needs_response", "chargeback", "13.1",
    ),
    INQUIRY: ("fraudulent", "warning_needs_response", "inquiry", "10"),
    "pm_card_createCe3EligibleDispute": ("fraudulent", "needs_response", "chargeback", "10.4"),
    "pm_card_createComplianceDispute": ("noncompliant", "needs_response", "compliance", None),
    "pm_card_createMastercardComplianceDispute": ("noncompliant", "needs_response", "compliance", None),
    "pm_card_createAutoRepresentmentEligibleDispute": ("fraudulent", "needs_response", "chargeback", "10.4"),
    "pm_card_createRapidDisputeResolutionDispute": ("fraudulent", "needs_response", "chargeback", "10.4"),
    "pm_card_createCe3BlockDispute": ("fraudulent", "needs_response", "chargeback", "10.4"),
    "pm_card_createEthocaAlert": ("fraudulent", "needs_response", "chargeback", "4837"),
}  # fmt: skip


@pytest.mark.parametrize("token", OPENS)
def test_how_a_dispute_comes(client, token):
    payment = paid(client, token)
    dispute = dispute_of(client, payment)
    card = dispute.payment_method_details.card
    assert (dispute.reason, dispute.status, card.case_type, card.network_reason_code) == OPENS[token]
    assert (dispute.charge, dispute.payment_intent) == (payment.latest_charge, payment.id)
    assert (dispute.amount, dispute.currency) == (1000, "usd")
    assert client.v1.charges.retrieve(payment.latest_charge).disputed is True
    # C (G, L): answered within nine days, to the end of the last one.
    assert (dispute.evidence_details.due_by + 1) % 86_400 == 0
    assert 8 * 86_400 < dispute.evidence_details.due_by - dispute.created < 10 * 86_400
    details = dispute.evidence_details
    assert (details.has_evidence, details.past_due, details.submission_count) == (False, False, 0)
    assert {value for name, value in dispute.evidence.to_dict().items() if name != "enhanced_evidence"} == {
        None
    }
    inquiry = card.case_type == "inquiry"
    assert dispute.is_charge_refundable is inquiry
    assert sums(client, dispute) == (([], []) if inquiry else ([-1000], [1500]))


def test_every_disputing_card_is_here():
    tokens = {f"pm_card_{card.name}" for card in LATER.values() if card.disputes}
    assert tokens == {*OPENS, "pm_card_createMultipleDisputes"}


def test_more_than_one(client):
    """L (D: "disputed multiple times")."""
    payment = paid(client, "pm_card_createMultipleDisputes")
    assert len(client.v1.disputes.list({"charge": payment.latest_charge}).data) == 2


def test_a_warning_of_the_network_is_no_dispute(client):
    payment = paid(client, "pm_card_createIssuerFraudRecord")
    assert client.v1.disputes.list({"payment_intent": payment.id}).data == []


def test_the_number_that_is_typed_in(client):
    card = {"number": "4000000000000259", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    billing = {"name": "Ada", "email": "ada@example.com"}
    method = client.v1.payment_methods.create({"type": "card", "card": card, "billing_details": billing})
    dispute = dispute_of(client, paid(client, method.id))
    # C (L): what the payment knows of its customer is in the evidence.
    assert (dispute.evidence.customer_name, dispute.evidence.customer_email_address) == (
        "Ada",
        "ada@example.com",
    )


def test_events_in_their_order(client, events):
    """L (S): between those of the charge and of the PaymentIntent; with the transaction in both."""
    payment = paid(client)
    story = ["payment_intent.created", "charge.succeeded", *OPENED, "payment_intent.succeeded"]
    told = events.check(story, payment.id)
    assert [len(event.data.object.balance_transactions) for event in told if event.type in OPENED] == [1, 1]
    inquiry = paid(client, INQUIRY)
    events.check([*story[:2], "charge.dispute.created", story[-1]], inquiry.id)


def test_a_hold_is_disputed_once_it_is_captured(client, events):
    """L (S): of what was captured."""
    payment = paid(client, capture_method="manual")
    assert client.v1.disputes.list({"payment_intent": payment.id}).data == []
    client.v1.payment_intents.capture(payment.id, {"amount_to_capture": 700})
    assert dispute_of(client, payment).amount == 700
    told = [event.type for event in events.about(payment.id)]
    assert told[-4:] == ["charge.captured", *OPENED, "payment_intent.succeeded"]


def test_its_transaction(client):
    """C (G, S)."""
    dispute = dispute_of(client, paid(client))
    [made] = dispute.balance_transactions
    assert (made.amount, made.fee, made.net) == (-1000, 1500, -2500)
    assert (made.type, made.reporting_category, made.source) == ("adjustment", "dispute", dispute.id)
    assert made.description == f"Chargeback withdrawal for {dispute.charge}"
    assert [fee.description for fee in made.fee_details] == ["Dispute fee"]
    # S: at once (in 2023, G: with the payments of that day).
    assert (made.status, made.available_on) == ("available", made.created)


def test_no_refund_of_what_was_charged_back(client):
    """C (G)."""
    payment = paid(client)
    error = refused(client.v1.refunds.create, {"payment_intent": payment.id})
    assert (error.http_status, error.code, error.param) == (400, "charge_disputed", None)
    assert (
        error.user_message == f"Charge {payment.latest_charge} has been charged back; cannot issue a refund."
    )
    inquiry = paid(client, INQUIRY)
    assert client.v1.refunds.create({"payment_intent": inquiry.id}).status == "succeeded"


# -- evidence -------------------------------------------------------------------------------------------

# token, evidence -> (status at once, at the end, amounts, fees, refundable): C, D
ENDS = [
    (CHARGEBACK, WINNING, "under_review", "won", [-1000, 1000], [1500, 0], True),
    (CHARGEBACK, LOSING, "under_review", "lost", [-1000], [1500], False),
    (INQUIRY, WINNING, "warning_under_review", "warning_closed", [], [], True),
    (INQUIRY, LOSING, "warning_under_review", "warning_closed", [], [], True),
    (INQUIRY, ESCALATING, "warning_under_review", "needs_response", [-1000], [1500], False),
]  # fmt: skip


@pytest.mark.parametrize(("token", "evidence", "first", "last", "amounts", "fees", "refundable"), ENDS)
def test_evidence(client, later, events, token, evidence, first, last, amounts, fees, refundable):
    payment = paid(client, token)
    dispute = dispute_of(client, payment)
    before = dispute.status
    submitted = client.v1.disputes.update(dispute.id, evidence)
    assert (submitted.status, submitted.is_charge_refundable) == (first, token == INQUIRY)
    details = submitted.evidence_details
    assert (details.has_evidence, details.submission_count, details.submission_method) == (True, 1, "manual")
    assert submitted.evidence.uncategorized_text == evidence["evidence"]["uncategorized_text"]
    later(60)
    ended = client.v1.disputes.retrieve(dispute.id)
    assert (ended.status, ended.is_charge_refundable) == (last, refundable)
    assert sums(client, dispute) == (amounts, fees)
    told = [event for event in events.about(dispute.id) if event.data.object.id == dispute.id]
    opened = OPENED[:1] if token == INQUIRY else OPENED
    new = {
        "won": ["charge.dispute.funds_reinstated", "charge.dispute.closed"],
        "needs_response": ["charge.dispute.updated", "charge.dispute.funds_withdrawn"],
    }.get(last, ["charge.dispute.closed"])
    assert [event.type for event in told] == [*opened, "charge.dispute.updated", *new]
    replaced = told[len(opened)].data.previous_attributes.to_dict()
    assert replaced["evidence"] == {"uncategorized_text": None}
    assert replaced["status"] == before
    if last in DISPUTE_CLOSED:
        assert told[-1].data.previous_attributes.to_dict() == {"status": first}
    if refundable:
        assert client.v1.refunds.create({"payment_intent": payment.id}).amount == 1000


def test_winning_gives_the_amount_back(client, later):
    """C (G, 2024-12; S): and not the fee."""
    dispute = dispute_of(client, paid(client))
    client.v1.disputes.update(dispute.id, WINNING)
    later(60)
    made = client.v1.disputes.retrieve(dispute.id).balance_transactions[-1]
    assert (made.type, made.reporting_category) == ("adjustment", "dispute_reversal")
    assert made.description == f"Chargeback reversal for {dispute.charge}"
    assert (made.amount, made.net, made.fee_details) == (1000, 1000, [])


def test_any_other_evidence_waits_for_the_bank(client, later):
    """L."""
    dispute = dispute_of(client, paid(client))
    client.v1.disputes.update(dispute.id, {"evidence": {"product_description": "A latte"}})
    later(30 * 86_400)
    assert client.v1.disputes.retrieve(dispute.id).status == "under_review"


def test_staging(client, later):
    """C (S): nothing is sent to the bank before `submit`."""
    dispute = dispute_of(client, paid(client))
    staged = client.v1.disputes.update(dispute.id, {**WINNING, "submit": False})
    details = staged.evidence_details
    assert (staged.status, details.has_evidence, details.submission_count) == ("needs_response", True, 0)
    later(60)
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    assert client.v1.disputes.update(dispute.id, {"submit": True}).status == "under_review"
    later(60)
    assert client.v1.disputes.retrieve(dispute.id).status == "won"


def test_metadata(client, events):
    """C: the status stays."""
    dispute = dispute_of(client, paid(client))
    changed = client.v1.disputes.update(dispute.id, {"metadata": {"order": "7"}})
    assert (changed.status, changed.metadata.to_dict()) == ("needs_response", {"order": "7"})
    assert types(events, dispute) == [*OPENED, "charge.dispute.updated"]
    client.v1.disputes.update(dispute.id, {"metadata": {"order": "7"}})
    assert types(events, dispute) == [*OPENED, "charge.dispute.updated"]


@pytest.mark.parametrize(("token", "last"), [(CHARGEBACK, "lost"), (INQUIRY, "warning_closed")])
def test_accepting(client, events, token, last):
    """C (L): at once, and the fee is kept."""
    dispute = dispute_of(client, paid(client, token))
    before = dispute.status
    assert client.v1.disputes.close(dispute.id).status == last
    told = [event for event in events.about(dispute.id) if event.type == "charge.dispute.closed"]
    assert [event.data.previous_attributes.to_dict() for event in told] == [{"status": before}]
    for call, params in ((client.v1.disputes.close, {}), (client.v1.disputes.update, WINNING)):
        error = refused(call, dispute.id, params)
        assert (error.http_status, error.code, error.param) == (400, None, None)
        assert error.user_message == "This dispute is already closed"


@pytest.mark.parametrize(("token", "last"), [(CHARGEBACK, "lost"), (INQUIRY, "warning_closed")])
def test_who_does_not_answer_loses(client, later, token, last):
    dispute = dispute_of(client, paid(client, token))
    later(dispute.evidence_details.due_by - dispute.created - 60)
    assert client.v1.disputes.retrieve(dispute.id).status == dispute.status
    later(120)
    assert client.v1.disputes.retrieve(dispute.id).status == last


def test_an_escalated_inquiry_wants_an_answer_of_its_own(client, later):
    dispute = dispute_of(client, paid(client, INQUIRY))
    later(5 * 86_400)
    client.v1.disputes.update(dispute.id, ESCALATING)
    later(5 * 86_400)
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    client.v1.disputes.update(dispute.id, WINNING)
    later(60)
    assert client.v1.disputes.retrieve(dispute.id).status == "won"


PRIOR = {"visa_compelling_evidence_3": {"prior_undisputed_transactions": [{"charge": "ch_nobody"}]}}


def test_what_was_given_back_is_not_taken_again(client, later):
    """D: "After the payment has been fully refunded, no further funds are withdrawn"."""
    payment = paid(client, INQUIRY)
    dispute = dispute_of(client, payment)
    client.v1.refunds.create({"payment_intent": payment.id})
    client.v1.disputes.update(dispute.id, ESCALATING)
    later(60)
    ended = client.v1.disputes.retrieve(dispute.id)
    assert (ended.status, ended.balance_transactions) == ("warning_closed", [])


REFUSED = [
    (
        {"evidence": {"enhanced_evidence": PRIOR}},
        "Disputed transaction {charge} is not eligible for Visa Compelling Evidence 3.0.",
        None,
    ),
    ({"evidence": {"receipt": "file_nobody"}}, "file_nobody", "evidence[receipt]"),
    ({"evidence": {"uncategorized_text": "x" * 150_001}}, "150,000 characters", "evidence"),
    ({"evidence": {"colour": "red"}}, "unknown parameter", "evidence[colour]"),
]  # fmt: skip


@pytest.mark.parametrize(("params", "message", "param"), REFUSED)
def test_evidence_that_is_refused(client, params, message, param):
    """C for the first (S): the whole update is dropped."""
    dispute = dispute_of(client, paid(client))
    error = refused(client.v1.disputes.update, dispute.id, {**params, "metadata": {"order": "7"}})
    assert message.format(charge=dispute.charge) in error.user_message
    assert (error.http_status, error.param) == (400, param)
    assert client.v1.disputes.retrieve(dispute.id).to_dict() == dispute.to_dict()


def test_submitting_twice(client):
    """The text is ours."""
    dispute = dispute_of(client, paid(client))
    client.v1.disputes.update(dispute.id, LOSING)
    error = refused(client.v1.disputes.update, dispute.id, WINNING)
    assert error.user_message == "This dispute's evidence has already been submitted."


# -- lists, and the table ---------------------------------------------------------------------------------


def test_lists(client):
    payment, other = paid(client), paid(client)
    dispute = dispute_of(client, payment)

    def ids(**filters):
        return [one.id for one in client.v1.disputes.list(filters).data]

    assert ids(charge=payment.latest_charge) == ids(payment_intent=payment.id) == [dispute.id]
    assert ids(limit=2) == [dispute_of(client, other).id, dispute.id]
    assert ids(created={"gt": dispute.created + 60}) == []
    assert ids(charge="ch_nobody") == []
    shown = client.v1.disputes.retrieve(dispute.id, {"expand": ["charge", "payment_intent"]})
    assert (shown.charge.id, shown.payment_intent.id) == (payment.latest_charge, payment.id)


@pytest.mark.parametrize("call", ["retrieve", "update", "close"])
def test_unknown_dispute(client, call):
    error = refused(getattr(client.v1.disputes, call), "du_nobody")
    assert (error.http_status, error.code, error.param) == (404, "resource_missing", "dispute")
    assert error.user_message == "No such dispute: 'du_nobody'"


def test_the_same_key_closes_once(client):
    dispute = dispute_of(client, paid(client))
    options = {"idempotency_key": f"close {dispute.id}"}
    first = client.v1.disputes.close(dispute.id, {}, options)
    assert client.v1.disputes.close(dispute.id, {}, options).to_dict() == first.to_dict()


@pytest.mark.parametrize("status", sorted(DISPUTE_CLOSED))
def test_nothing_opens_a_closed_dispute_again(status):
    for call in DISPUTE:
        with pytest.raises(StripeError, match="already closed"):
            dispute_move(status, call)
