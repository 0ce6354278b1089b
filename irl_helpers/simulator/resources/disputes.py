"""Disputes: a cardholder asks the bank for the money back. https://docs.stripe.com/api/disputes

They come with certain test cards, as soon as the money is taken. Evidence ends them, or time.
"""

from __future__ import annotations

import copy

from .. import fees
from ..account import Account, Object
from ..errors import StripeError, invalid
from ..later_cards import Case, after
from ..metadata import merge
from ..paging import page
from ..previous_attributes import previous_attributes
from ..states import DISPUTE_CLOSED, dispute_move
from . import balance_transactions, charges

KIND = "dispute"
DECIDES_AFTER = 5
"""Seconds from the evidence to the bank's decision."""
_ANSWER_WITHIN_DAYS = 9
_MOST_CHARACTERS = 150_000
_FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation",
    "receipt", "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
_TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
# What test mode's bank reads in `uncategorized_text`, and what it then does.
DECISIONS = {
    "winning_evidence": "win",
    "losing_evidence": "lose",
    "escalate_inquiry_evidence": "escalate",
}
_ELIGIBLE: dict[str, Object] = {
    "visa_compelling_evidence_3": {
        "required_actions": ["missing_prior_undisputed_transactions"],
        "status": "requires_action",
    },
    "visa_compliance": {"status": "requires_fee_acknowledgement"},
    "mastercard_compliance": {"status": "requires_fee_acknowledgement"},
}
_PROGRAMS = {
    "visa_compelling_evidence_3": "Visa Compelling Evidence 3.0",
    "visa_compliance": "Visa compliance",
    "mastercard_compliance": "Mastercard compliance",
}


def begin(account: Account, charge: Object) -> None:
    """The disputes that a charge's card brings, now that its money has been taken. Events are sent."""
    for case in after(charges.details(charge)).disputes:
        _open(account, charge, case)


def _open(account: Account, charge: Object, case: Case) -> None:
    card = charges.details(charge)
    payer = charge["billing_details"]
    evidence: Object = dict.fromkeys(sorted((*_TEXTS, *_FILES)))
    evidence.update(customer_email_address=payer["email"], customer_name=payer["name"], enhanced_evidence={})
    inquiry = case.type == "inquiry"
    dispute = account.add(
        "du",
        KIND,
        amount=charge["amount_captured"],
        balance_transactions=[],
        charge=charge["id"],
        created=account.now,
        currency=charge["currency"],
        enhanced_eligibility_types=[case.enhanced] if case.enhanced else [],
        evidence=evidence,
        evidence_details={
            "due_by": None,
            "enhanced_eligibility": {case.enhanced: _ELIGIBLE[case.enhanced]} if case.enhanced else {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        intended_submission_method=None,
        is_charge_refundable=inquiry,
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {
                "brand": card["brand"],
                "case_type": case.type,
                "network": card["network"],
                "network_reason_code": case.network_reason_code,
            },
            "type": "card",
        },
        reason=case.reason,
        status="warning_needs_response" if inquiry else "needs_response",
    )
    account.inner(charge).setdefault("disputes", []).append(dispute["id"])
    charge["disputed"] = True
    account.save(charge)
    _wait_for_answer(account, dispute)
    if not inquiry:
        _move_money(account, dispute, balance_transactions.of_withdrawal(account, dispute))
    account.emit("charge.dispute.created", dispute)
    if not inquiry:
        account.emit("charge.dispute.funds_withdrawn", dispute)


def _wait_for_answer(account: Account, dispute: Object) -> None:
    """Until the end of a day; who has not answered by then loses."""
    last_day = account.now // fees.DAY + _ANSWER_WITHIN_DAYS
    dispute["evidence_details"]["due_by"] = (last_day + 1) * fees.DAY - 1
    account.schedule((last_day + 1) * fees.DAY, "close_unanswered_dispute", dispute["id"])


def _move_money(account: Account, dispute: Object, transaction: str) -> None:
    dispute["balance_transactions"] = [*dispute["balance_transactions"], transaction]


def view(account: Account, dispute: Object) -> Object:
    """With its balance transactions in full, as they are now."""
    shown = [
        account.view(account.require(id, balance_transactions.KIND)) for id in dispute["balance_transactions"]
    ]
    return {**dispute, "balance_transactions": shown}


def refundable(account: Account, charge: Object) -> bool:
    """Whether no dispute has taken the charge's money away."""
    ids = account.inner(charge).get("disputes", ())
    return all(account.require(id, KIND)["is_charge_refundable"] for id in ids)


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "dispute", in_path=True)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/disputes", params, ("charge", "payment_intent"))


def update(account: Account, params: Object, id: str) -> Object:
    """Stage evidence, and submit it unless `submit` is false. Raises StripeError once it was submitted."""
    dispute = account.get(id, KIND, "dispute", in_path=True)
    before = copy.deepcopy(dispute)
    details = dispute["evidence_details"]
    given = params.get("evidence") or {}
    dispute_move(dispute["status"], "stage" if given else "update")
    dispute["metadata"] = merge(dispute["metadata"], params.get("metadata"))
    if "intended_submission_method" in params:
        dispute["intended_submission_method"] = params["intended_submission_method"]
    if given:
        _add_evidence(account, dispute, given)
    submit = params.get("submit", bool(given))
    if submit and details["has_evidence"]:
        dispute["status"] = dispute_move(dispute["status"], "submit")
        details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
        account.schedule(account.time + DECIDES_AFTER, "decide_dispute", dispute["id"])
    account.save(dispute)
    if replaced := previous_attributes(before, dispute):
        account.emit("charge.dispute.updated", dispute, replaced)
    return dispute


def _add_evidence(account: Account, dispute: Object, given: Object) -> None:
    for program in given.get("enhanced_evidence") or {}:
        if program not in dispute["enhanced_eligibility_types"]:
            raise StripeError(
                f"Disputed transaction {dispute['charge']} is not eligible for {_PROGRAMS[program]}."
            )
    for name in _FILES:
        if name in given:
            account.get(given[name], "file", f"evidence[{name}]")
    evidence = dispute["evidence"] = {**dispute["evidence"], **given}
    if sum(len(text) for name in _TEXTS if (text := evidence[name])) > _MOST_CHARACTERS:
        raise invalid(f"The evidence may have {_MOST_CHARACTERS:,} characters at most.", "evidence")
    dispute["evidence_details"]["has_evidence"] = True


def close(account: Account, params: Object, id: str) -> Object:
    """The dispute is accepted, and cannot be won any more."""
    dispute = account.get(id, KIND, "dispute", in_path=True)
    _close(account, dispute, "close")
    return dispute


def close_unanswered(account: Account, dispute: Object) -> None:
    """Time is over for an answer."""
    due = dispute["evidence_details"]["due_by"] < account.time
    if due and dispute["status"] in ("needs_response", "warning_needs_response"):
        _close(account, dispute, "close")


def decide(account: Account, dispute: Object) -> None:
    """The bank has read the evidence, if it is of the kind that test mode's bank can read."""
    call = DECISIONS.get(dispute["evidence"]["uncategorized_text"] or "")
    if dispute["status"] in DISPUTE_CLOSED or call is None:
        return
    if call == "escalate" and account.require(dispute["charge"], charges.KIND)["refunded"]:
        # Its money is the customer's again, and is not taken twice.
        call = "lose"
    if call != "escalate":
        _close(account, dispute, call)
    elif dispute["status"] == "warning_under_review":
        _escalate(account, dispute)


def _close(account: Account, dispute: Object, call: str) -> None:
    before = {"status": dispute["status"]}
    dispute["status"] = dispute_move(dispute["status"], call)
    account.save(dispute)
    if dispute["status"] == "won":
        dispute["is_charge_refundable"] = True
        _move_money(account, dispute, balance_transactions.of_reversal(account, dispute))
        account.emit("charge.dispute.funds_reinstated", dispute)
    account.emit("charge.dispute.closed", dispute, before)


def _escalate(account: Account, dispute: Object) -> None:
    """An inquiry becomes a chargeback, which takes the money and wants an answer of its own."""
    before = copy.deepcopy(dispute)
    dispute.update(status=dispute_move(dispute["status"], "escalate"), is_charge_refundable=False)
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    _wait_for_answer(account, dispute)
    account.save(dispute)
    replaced = previous_attributes(before, dispute)
    _move_money(account, dispute, balance_transactions.of_withdrawal(account, dispute))
    account.emit("charge.dispute.updated", dispute, replaced)
    account.emit("charge.dispute.funds_withdrawn", dispute)
