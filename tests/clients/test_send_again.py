"""The call for Node that the request log shows sends the same request again, with Stripe's own library."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from irl_helpers.account import request_log
from irl_helpers.request_log import LoggedRequest
from irl_helpers.request_log.code_samples import find_method
from irl_helpers.request_log.node_sample import as_node
from irl_helpers.simulator.routes import ROUTES
from tests.clients.test_clients import node
from tests.test_code_samples import sale_with_everything


def sent(method, path, form="", key=None):
    return LoggedRequest(method, path, form, 200, "{}", "req_1", key, 0.0, 0.0)


NASTY = 'name="); process.exit(1) //&metadata[__proto__]=%E2%80%A8&metadata[a b]=`${1}`'
EXPECTED = [
    (
        sent("POST", "/v1/payment_intents", "amount=1250&currency=usd&metadata[order no]=7", "order 7"),
        "stripe.paymentIntents.create(\n"
        '  { amount: 1250, currency: "usd", metadata: { "order no": "7" } },\n'
        '  { idempotencyKey: "order 7" },\n)',
    ),
    (sent("POST", "/v1/payment_intents/pi_1/capture"), 'stripe.paymentIntents.capture("pi_1")'),
    (sent("DELETE", "/v1/terminal/readers/tmr_1"), 'stripe.terminal.readers.del("tmr_1")'),
    (sent("GET", "/v1/customers/cus_1/payment_methods"), 'stripe.customers.listPaymentMethods("cus_1")'),
    (
        replace(sent("POST", "/v1/files", "purpose=business_logo&file=@a.png"), upload=True),
        "stripe.files.create(\n"
        '  { purpose: "business_logo", file: { data: fs.readFileSync("a.png"), name: "a.png" } },\n)',
    ),
    (sent("POST", "/v1/newer/x", "a=1"), 'stripe.rawRequest("POST", "/v1/newer/x", { a: "1" })'),
]


@pytest.mark.parametrize(("request_", "call"), EXPECTED)
def test_the_call_reads_as_one_would_write_it(request_, call):
    assert as_node(request_) == call


def test_every_call_that_the_simulator_answers_is_one_of_the_library_and_sends_the_same():
    """What a sale asks, what the simulator answers at all, and what a hostile program may send."""
    sale_with_everything()
    served = [
        sent(route.method, route.path.replace("*", "x_1"))
        for route in ROUTES
        if route.path.startswith("/v1/")
        and (route.method, route.path) != ("POST", "/v1/files")  # which takes a file, or nothing
        and find_method(route.method, route.path.replace("*", "x_1"))
    ]
    assert len(served) > 90
    written = [one for one, _ in EXPECTED if not one.upload]
    asked = [*request_log(), *written, *served, sent("POST", "/v1/customers/x", NASTY)]
    raw = {as_node(each) for each in asked if "rawRequest" in as_node(each)}
    assert len(raw) == 1, raw
    calls = json.dumps([as_node(each) for each in asked])
    again = node("send_again.mjs", given=calls)
    for request, found in zip(asked, again, strict=True):
        path, _, query = request.path.partition("?")
        found_path, _, found_query = found["path"].partition("?")
        assert (found["method"], found_path) == (request.method, path), as_node(request)
        pairs = parse_qsl(query or request.form, True)
        assert sorted(parse_qsl(found_query or found["body"], True)) == sorted(pairs), as_node(request)
        if f'idempotencyKey: "{request.idempotency_key}"' in as_node(request):
            assert found["key"] == request.idempotency_key
