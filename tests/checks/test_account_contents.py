"""What checks find in an account."""

from __future__ import annotations

import stripe

from irl_helpers import clock, setup
from irl_helpers.account import stripe_client
from irl_helpers.checks.account_contents import AccountContents
from irl_helpers.collect import capture_payment, create_payment, process_payment, simulate_payment
from irl_helpers.refund import refund_payment


def test_a_refund_that_fails_leaves_the_shop_what_the_payment_brought():
    reader = setup.own_reader("Till")
    payment = create_payment(6840)
    process_payment(reader.id, payment.id)
    simulate_payment(reader.id, "refund_fail")
    payment = capture_payment(payment.id)
    account = AccountContents(stripe_client())
    brought = account.net(payment)
    assert 6000 < brought < 6840
    refund = refund_payment(payment.id)
    assert account.net(payment) == brought - 6840
    clock.advance(minutes=5)
    assert isinstance(refund, stripe.Refund)
    assert stripe_client().v1.refunds.retrieve(refund.id).status == "failed"
    assert account.net(payment) == brought
