"""What is not an ordinary request still gets a well-formed Stripe error, and faults on the way."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import threading
import urllib.request

import pytest
import stripe

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.server import application

from .sale import new_payment
from .serving import Served, serve

HEAD = b"Host: 127.0.0.1\r\nAuthorization: Bearer sk_test_raw\r\nConnection: close\r\n"
BIG = 3_000_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    with serve("--account", str(tmp_path_factory.mktemp("http") / "account.sqlite")) as running:
        yield running


def post(body: bytes, *headers: bytes) -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"POST /v1/terminal/locations HTTP/1.1\r\n%s%sContent-Length: %d\r\n\r\n%s" % (
        HEAD,
        lines,
        len(body),
        body,
    )


RUBBISH = {
    "no HTTP": (b"rubbish\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "unknown method": (b"BREW /v1/charges HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "PUT": (b"PUT /v1/charges HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "PATCH": (b"PATCH /v1/charges HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "OPTIONS": (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "CONNECT": (b"CONNECT localhost:1 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "DELETE of a list": (b"DELETE /v1/charges HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "unknown path": (b"GET /v1/unknown HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "bytes in the path": (b"GET /v1/charges/\xff HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "encoded bytes in the path": (b"GET /v1/charges/%ff%00 HTTP/1.1\r\n" + HEAD + b"\r\n", 404),
    "encoded bytes in the query": (b"GET /v1/charges?limit=%ff HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "no key": (b"GET /v1/charges HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 401),
    "JSON": (post(b'{"name": "x"}', b"Content-Type: application/json"), 400),
    "JSON without a type": (post(b'{"name": "x"}'), 400),
    "another encoding": (post("display_name=ü".encode("latin-1")), 400),
    "UTF-16": (post("display_name=x".encode("utf-16")), 400),
    "NUL": (post(b"display_name=a%00b"), 400),
    "large": (post(b"display_name=" + b"a" * BIG), 413),
    "bad chunks": (
        b"POST /v1/terminal/locations HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        400,
    ),
    "bad version": (b"GET /v1/charges HTTP/1.1\r\n" + HEAD + b"Stripe-Version: latest\r\n\r\n", 400),
    "rebinding": (b"GET /v1/charges HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 403),
    "a page elsewhere": (
        b"GET /v1/charges HTTP/1.1\r\n" + HEAD + b"Origin: https://evil.example\r\n\r\n",
        403,
    ),
    "a page without origin": (b"GET /v1/charges HTTP/1.1\r\n" + HEAD + b"Origin: null\r\n\r\n", 403),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_gets_a_stripe_error(served, kind):
    request, expected = RUBBISH[kind]
    status, body = served.raw(request)
    assert status == expected
    error = json.loads(body)["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert served.client("sk_test_raw").v1.terminal.locations.list().data == []


@pytest.mark.parametrize(
    "line",
    [
        b"Host: localhost:12111",
        b"Host: [::1]:80",
        b"Host: shop.localhost",
        b"Host: 127.0.0.1\r\nOrigin: http://localhost:8888",
        b"Host: 127.0.0.1\r\nUpgrade: websocket",
    ],
)
def test_requests_from_this_machine_are_answered(served, line):
    head = b"Authorization: Bearer sk_test_raw\r\nConnection: close\r\n"
    status, _ = served.raw(b"GET /v1/charges HTTP/1.1\r\n" + head + line + b"\r\n\r\n")
    assert status == 200


def test_head_has_no_body(served):
    status, body = served.raw(b"HEAD /v1/charges HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert (status, body) == (404, b"")


def test_pipelined_requests_are_answered_in_order(served):
    first = b"GET /v1/charges HTTP/1.1\r\n" + HEAD.replace(b"Connection: close\r\n", b"") + b"\r\n"
    status, answers = served.raw(first + b"GET /v1/unknown HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert status == 200
    assert answers.index(b'"object":"list"') < answers.index(b"Unrecognized request URL")


def test_a_bug_is_a_500_and_its_traceback_stays_here(tmp_path, caplog):
    class Broken(Simulator):
        def attempt(self, *request):
            raise ZeroDivisionError("secret detail")

    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    async def call():
        app = application(simulator, lambda: None, asyncio.Event())
        await app(
            {"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []},
            receive,
            send,
        )

    simulator = Broken(tmp_path / "account.sqlite")
    with caplog.at_level(logging.ERROR):
        asyncio.run(call())
    simulator.close()
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["error"]["type"] == "api_error"
    assert b"secret" not in sent[1]["body"]
    assert "secret detail" in caplog.text


def fault(client: stripe.StripeClient, kind: str, **limits: object) -> None:
    client.raw_request("post", "/_simulator/faults", kind=kind, **limits)


def test_lost_answer_is_retried_with_the_same_key(served):
    client = served.client("sk_test_lost")
    fault(client, "answer_lost", count=1, call="payment_intents.create")
    payment = new_payment(client)
    assert [one.id for one in client.v1.payment_intents.list().data] == [payment.id]


def test_slow_answer_holds_its_key_and_nobody_else(tmp_path):
    """While the answer is on its way, the same key is in use, and other requests are answered."""
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        watch_slow_answer(served)


def watch_slow_answer(served: Served) -> None:
    client = served.client("sk_test_slow")
    fault(client, "slow_answer", count=1, call="payment_intents.create", seconds=600)
    waiting = threading.Event()

    def slow():
        waiting.set()
        try:
            create("slow")
        except OSError:
            return

    def create(key: str) -> dict:
        request = urllib.request.Request(
            f"{served.url}/v1/payment_intents",
            data=b"amount=1000&currency=usd",
            headers={"Authorization": "Bearer sk_test_slow", "Idempotency-Key": key},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    thread = threading.Thread(target=slow)
    thread.start()
    waiting.wait()
    while not client.v1.payment_intents.list().data:
        pass
    with pytest.raises(urllib.error.HTTPError) as caught:
        create("slow")
    with caught.value as refusal:
        assert refusal.code == 409
        assert json.load(refusal)["error"]["code"] == "idempotency_key_in_use"
    assert create("other")["object"] == "payment_intent"
    assert served.stop() == (0, "", "")  # and Ctrl-C does not wait ten minutes
    thread.join()


def test_a_client_that_asks_first_is_told_to_go_on(served):
    """As curl does before a long form: it sends that only once it has been told so."""
    head = "POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk_test_served\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n".encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"name=Mira")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_an_answer_comes_in_one_piece(served):
    """Its head alone would wake the client up for nothing."""
    head = "{} /v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk_test_served\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        for method in ("GET", "GET", "HEAD", "GET"):
            connection.sendall(head.format(method).encode())
            got, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", got)[1])
            assert len(body) == (0 if method == "HEAD" else length)
