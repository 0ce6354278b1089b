"""Faults of the way to Stripe, and of Stripe, do what they say."""

from __future__ import annotations

import threading

import pytest
import stripe

from irl_helpers import faults
from irl_helpers.account import AccountError, stripe_client
from tests.faults.at_till import over_http
from tests.simulator.sale import new_payment
from tests.simulator.serving import serve


def test_a_lost_request_was_not_executed(till):
    with faults.request_lost(call="payment_intents.create", count=3):
        with pytest.raises(stripe.APIConnectionError):
            new_payment(till.client)
        assert till.payments() == [till.payment]
        assert new_payment(till.client).id in till.payments()


def test_a_lost_answer_was_executed_and_a_retry_does_it_no_second_time(till):
    create = till.client.v1.payment_intents.create
    sale = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    with faults.answer_lost(call="payment_intents.create", count=3):
        with pytest.raises(stripe.APIConnectionError):
            create(sale, {"idempotency_key": "sale 1"})
        assert len(till.payments()) == 2
        assert create(sale, {"idempotency_key": "sale 1"}).id == till.payments()[0]
    assert len(till.payments()) == 2
    assert create(sale, {"idempotency_key": "sale 2"}).id == till.payments()[0]
    assert len(till.payments()) == 3


@pytest.mark.parametrize("fault", [faults.request_lost, faults.answer_lost, faults.server_error])
def test_the_client_itself_survives_two_in_a_row(till, fault):
    with fault(call="payment_intents.create", count=2):
        payment = new_payment(till.client)
    assert till.payments() == [payment.id, till.payment]


def test_too_many_requests_and_an_error_at_stripe_are_told_apart(till):
    with faults.rate_limit(call="capture"), pytest.raises(stripe.RateLimitError) as caught:
        till.client.v1.payment_intents.capture(till.payment)
    assert caught.value.error.code == "rate_limit"
    with faults.server_error(), pytest.raises(stripe.APIError) as caught:
        new_payment(till.client)
    assert caught.value.http_status == 500
    assert till.payments() == [till.payment]


def test_a_slow_answer_holds_up_nobody_else(tmp_path, monkeypatch):
    with serve("--account", str(tmp_path / "slow.sqlite")) as served:
        over_http(served, monkeypatch)
        made: list[str] = []
        slow = threading.Thread(target=lambda: made.append(new_payment(stripe_client()).id))
        with faults.slow_answer(call="payment_intents.create", count=1, seconds=600):
            slow.start()
            while faults.active():
                pass
            [payment] = stripe_client().v1.payment_intents.list().data
            assert made == []
        served.stop()
        slow.join()
        assert made == [payment.id]


def test_in_process_no_answer_can_be_slow():
    with pytest.raises(AccountError, match="served simulator"):
        faults.slow_answer()
