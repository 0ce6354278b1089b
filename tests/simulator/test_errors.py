"""An error names no page of Stripe's dashboard: nothing of an offline account is there."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.errors import StripeError
from irl_helpers.simulator.response import Response

HEADERS = {"Authorization": "Bearer sk_test_errors"}
DECLINED = {
    "amount": 1000,
    "currency": "usd",
    "payment_method": "pm_card_visa_chargeDeclined",
    "allowed_payment_method_types[]": "card",
    "confirm": "true",
}


@pytest.fixture
def simulator(tmp_path):
    simulator = Simulator(tmp_path / "account.sqlite")
    yield simulator
    simulator.close()


@pytest.mark.parametrize(
    ("method", "path", "params", "status"),
    [
        ("GET", "/v1/charges/ch_nobody", {}, 404),
        ("POST", "/v1/payment_intents", {"amount": "ten"}, 400),
        ("POST", "/v1/payment_intents", DECLINED, 402),  # is kept, and so goes another way
    ],
)
def test_an_answer_has_no_link_to_its_log(simulator, method, path, params, status):
    answer = simulator.handle(method, path, HEADERS, urlencode(params))
    assert answer.status == status
    assert answer.headers["Request-Id"].startswith("req_")
    assert "request_log_url" not in json.loads(answer.body)["error"]


def test_nor_has_one_that_never_got_to_an_account():
    answer = Response.refusal(StripeError("The request is not valid HTTP."))
    assert "request_log_url" not in json.loads(answer.body)["error"]
