"""What the request log shows can be run: the Python call and the curl line send the same request again."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
from base64 import b64encode
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl

import pytest
import stripe

from irl_helpers import account, cancel, collect, connect, setup
from irl_helpers.account import CurlTarget, curl_target, request_log, stripe_client
from irl_helpers.request_log import LoggedHTTPClient, LoggedRequest, RequestLog
from irl_helpers.request_log.code_samples import as_curl, as_python, find_method

HOME = CurlTarget("http://127.0.0.1:12111", "sk_test_offline:")


def sent(method, path, form="", key=None):
    return LoggedRequest(method, path, form, 200, "{}", "req_1", key, 0.0, 0.0)


class Recorder(stripe.HTTPClient):
    """Answers everything with the same empty object."""

    name = "recorder"

    def request(self, method, url, headers, post_data=None, **_):
        return '{"id": "x", "object": "list", "data": [], "has_more": false, "url": "/v1/x"}', 200, {}


def run(python):
    """What the official client sends when this is evaluated."""
    log = RequestLog()
    client = stripe.StripeClient("sk_test_x", http_client=LoggedHTTPClient(Recorder(), log))
    eval(python, {"client": client})
    [request] = log
    return request


def sale_with_everything():
    """Every call of the four parts, and some that only notebooks make."""
    client = stripe_client()
    shop = setup.create_location('Ada\'s "Shop" & more', {**setup.ADDRESS, "line2": "50% off\nupstairs ÄÖ"})
    reader = setup.register_reader("simulated-wpe", shop.id, "Till = 1 + 2")
    connect.list_readers(location=shop.id, status="online")
    connect.choose_reader(reader.id)
    setup.find_location("Nowhere")
    payment = collect.create_payment(1250, "usd", sale="sale 1")
    collect.process_payment(reader.id, payment.id)
    cancel.cancel_reader_action(reader.id)
    cancel.change_amount(payment.id, 1300)
    collect.process_payment(reader.id, payment.id)
    with pytest.raises(stripe.InvalidRequestError):
        cancel.change_amount(payment.id, -1)
    collect.simulate_payment(reader.id, "charge_declined")
    collect.process_payment(reader.id, payment.id)
    collect.simulate_payment(reader.id)
    collect.capture_payment(payment.id, 1000)
    other = collect.create_payment(900)
    cancel.cancel_payment(other.id, "abandoned")
    cart = {
        "currency": "usd",
        "tax": 5,
        "total": 905,
        "line_items": [{"description": "Tea", "amount": 450, "quantity": 2}],
    }
    client.v1.terminal.readers.set_reader_display(reader.id, params={"type": "cart", "cart": cart})
    client.v1.payment_intents.retrieve(payment.id, params={"expand": ["latest_charge"]})
    client.v1.payment_intents.update(payment.id, params={"metadata": {"a b": "1", "c": ""}})
    customer = client.v1.customers.create(params={"email": "ada+test@example.com"})
    client.v1.customers.payment_methods.list(customer.id)
    client.v1.refunds.create(params={"payment_intent": payment.id})
    client.v1.terminal.readers.delete(reader.id)


@pytest.fixture
def everything():
    sale_with_everything()
    return list(request_log())


def same(one, other):
    return (one.method, one.path, one.form) == (other.method, other.path, other.form)


def test_the_python_call_sends_the_same_request(everything):
    assert len(everything) > 20
    for request in everything:
        again = run(as_python(request))
        assert same(again, request), as_python(request)
        if request.idempotency_key == "sale 1-create-1250":
            assert again.idempotency_key == request.idempotency_key


def test_the_python_call_does_the_same_on_another_account(everything, monkeypatch, tmp_path):
    asked = next(request for request in everything if request.path == "/v1/payment_intents")
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / "fresh.sqlite"))
    payment = eval(as_python(asked), {"client": account.stripe_client()})
    assert (payment.amount, payment.capture_method, payment.metadata["sale"]) == (1250, "manual", "sale 1")


def test_none_of_the_calls_is_a_raw_request(everything):
    assert not [as_python(request) for request in everything if "raw_request" in as_python(request)]


def test_every_line_fits(everything):
    for request in everything:
        assert max(map(len, as_python(request).splitlines())) <= 100


EXPECTED = [
    (
        sent(
            "POST",
            "/v1/payment_intents",
            "amount=1250&currency=usd&allowed_payment_method_types[0]=card_present",
        ),
        "client.v1.payment_intents.create(\n    params={\n"
        '        "amount": 1250,\n        "currency": "usd",\n'
        '        "allowed_payment_method_types": ["card_present"],\n    },\n)',
    ),
    (sent("POST", "/v1/payment_intents/pi_1/capture"), 'client.v1.payment_intents.capture("pi_1")'),
    (sent("GET", "/v1/terminal/readers?limit=2"), 'client.v1.terminal.readers.list(params={"limit": 2})'),
    (sent("GET", "/v1/terminal/readers/tmr_1"), 'client.v1.terminal.readers.retrieve("tmr_1")'),
    (sent("DELETE", "/v1/terminal/readers/tmr_1"), 'client.v1.terminal.readers.delete("tmr_1")'),
    (
        sent(
            "POST",
            "/v1/test_helpers/terminal/readers/tmr_1/present_payment_method",
            "card_present[number]=4242424242424242",
        ),
        "client.v1.test_helpers.terminal.readers.present_payment_method(\n"
        '    "tmr_1",\n    params={"card_present": {"number": "4242424242424242"}},\n)',
    ),
    # Words before ids, and services inside services.
    (
        sent("GET", "/v1/payment_intents/search?query=a"),
        'client.v1.payment_intents.search(params={"query": "a"})',
    ),
    (sent("GET", "/v1/customers/cus_1/payment_methods"), 'client.v1.customers.payment_methods.list("cus_1")'),
    # An id that needs quoting is written as it was meant.
    (sent("GET", "/v1/customers/a%2Fb+c"), 'client.v1.customers.retrieve("a/b c")'),
    # What was refused is shown as it was sent.
    (sent("POST", "/v1/refunds", "amount=1.5"), 'client.v1.refunds.create(params={"amount": "1.5"})'),
    (sent("POST", "/v1/refunds", "amonut=1"), 'client.v1.refunds.create(params={"amonut": "1"})'),
    # A call that this library does not have.
    (sent("POST", "/v1/newer/x", "a=1"), 'client.raw_request("post", "/v1/newer/x", **{"a": "1"})'),
    (sent("GET", "/v1/newer/x"), 'client.raw_request("get", "/v1/newer/x")'),
]


@pytest.mark.parametrize(("request_", "python"), EXPECTED)
def test_the_python_call_reads_as_one_would_write_it(request_, python):
    assert as_python(request_) == python
    again = run(python)
    assert (again.method, again.path.partition("?")[0]) == (request_.method, request_.path.partition("?")[0])


@pytest.mark.parametrize("prefix", ["", "stripe-node-retry-"])
def test_keys_that_the_library_made_up_are_left_out(prefix):
    key = f"{prefix}f216fa00-8fbf-4baa-8dee-b7a9a994c136"
    made_up = sent("POST", "/v1/refunds", "charge=ch_1", key)
    assert "idempotency" not in as_python(made_up) + as_curl(made_up, *HOME[:2])
    chosen = replace(made_up, idempotency_key="order 7")
    assert 'options={"idempotency_key": "order 7"}' in as_python(chosen)
    assert "-H 'Idempotency-Key: order 7'" in as_curl(chosen, *HOME[:2])


def test_rubbish_is_shown_and_not_run():
    nasty = '"); __import__("os").system("true") #'
    request = sent("POST", "/v1/customers/x", f"name={nasty}&a[b=1&c[]=2&[=3")
    assert run(as_python(request)).path == "/v1/customers/x"
    assert shlex.split(as_curl(request, *HOME[:2]))[0] == "curl"


class Mirror(BaseHTTPRequestHandler):
    """Keeps what arrives."""

    arrived: ClassVar[list[tuple]] = []

    def do_GET(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        path, _, query = self.path.partition("?")
        self.arrived.append((self.command, path, parse_qsl(query or body, True), self.headers))
        self.send_response(204)
        self.end_headers()

    do_POST = do_DELETE = do_GET

    def log_message(self, *_):
        """Nothing on stderr."""


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_curl_line_sends_the_same_request(everything):
    with HTTPServer(("127.0.0.1", 0), Mirror) as mirror:
        threading.Thread(target=mirror.serve_forever, daemon=True).start()
        for request in everything:
            line = as_curl(request, f"http://127.0.0.1:{mirror.server_port}", '"$STRIPE_SECRET_KEY:"')
            subprocess.run(
                ["sh", "-c", line], check=True, env={**os.environ, "STRIPE_SECRET_KEY": "sk_test_mine"}
            )
            method, path, pairs, headers = Mirror.arrived.pop()
            sent_path, _, query = request.path.partition("?")
            assert (method, path) == (request.method, sent_path)
            assert pairs == parse_qsl(query or request.form, True)
            assert headers["Stripe-Version"] == stripe.api_version
            assert headers["Authorization"] == f"Basic {b64encode(b'sk_test_mine:').decode()}"
        mirror.shutdown()


def test_find_method_knows_what_the_parameters_are_called():
    method = find_method("POST", "/v1/terminal/readers")
    assert (method.name, method.params) == ("v1.terminal.readers.create", "terminal.ReaderCreateParams")
    assert find_method("POST", "/v1/nothing") is None


def test_curl_never_gets_a_key_of_ones_own(monkeypatch):
    assert curl_target() == CurlTarget("http://127.0.0.1:12111", "sk_test_offline:", "while make serve runs")
    secret = "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc"
    monkeypatch.setenv("STRIPE_SECRET_KEY", secret)
    assert curl_target() == CurlTarget("https://api.stripe.com", '"$STRIPE_SECRET_KEY:"')
    monkeypatch.setenv("IRL_API_BASE", "http://127.0.0.1:4242")
    assert curl_target() == CurlTarget("http://127.0.0.1:4242", '"$STRIPE_SECRET_KEY:"')


def test_an_upload_opens_its_file(tmp_path, monkeypatch):
    """Both samples name the file, and neither has it in it."""
    monkeypatch.chdir(tmp_path)
    path, log = Path("splash 1.png"), RequestLog()
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 5000)
    client = stripe.StripeClient("sk_test_x", http_client=LoggedHTTPClient(Recorder(), log))
    with path.open("rb") as file:
        client.v1.files.create({"purpose": "business_logo", "file": file})
    [request] = log
    assert as_python(request) == (
        "client.v1.files.create(\n"
        '    params={"purpose": "business_logo", "file": open("splash 1.png", "rb")},\n'
        ")"
    )
    assert as_curl(request, *HOME[:2]).splitlines()[3:] == [
        "  -F purpose=business_logo \\",
        "  -F 'file=@splash 1.png'",
    ]
    assert as_curl(request, "https://api.stripe.com", "x:").startswith(
        "curl https://files.stripe.com/v1/files"
    )
