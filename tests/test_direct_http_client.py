"""Calls to a served simulator: over connections that are kept, and without the library's own transport."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from irl_helpers.direct_http_client import DirectHTTPClient

URL = "/v1/customers"


class Server(ThreadingHTTPServer):
    """Keeps connections, as long as it likes: `hangs_up` makes it close each without a word."""

    daemon_threads = True

    def __init__(self) -> None:
        self.connections: list[object] = []
        self.bodies: list[bytes] = []
        self.status, self.hangs_up = 200, False
        self.closed = threading.Semaphore(0)
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.server_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        self.server.connections.append(self)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.server.shutdown_request(self.request)
        self.server.closed.release()

    def answer(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = '{"name": "Zoë"}'.encode()
        self.send_response(self.server.status)
        self.send_header("Request-Id", "req_1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.hangs_up

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client() -> Iterator[DirectHTTPClient]:
    client = DirectHTTPClient(20)
    yield client
    client.close()


def test_one_connection_carries_one_call_after_the_other(server, client):
    for method in ("get", "post", "delete", "get"):
        body, status, headers = client.request(method, server.url + URL, {"X": "y"}, "name=Zoë")
        assert (body, status) == ('{"name": "Zoë"}', 200)
        assert headers["request-id"] == headers.get("Request-Id") == "req_1"
    assert (len(server.connections), set(server.bodies)) == (1, {"name=Zoë".encode()})


def test_a_connection_that_the_server_has_closed_meanwhile_is_opened_again(server, client):
    server.hangs_up = True
    for number in range(3):
        client.request("post", server.url + URL, {}, f"n={number}")
        assert server.closed.acquire(timeout=60)
    assert server.bodies == [b"n=0", b"n=1", b"n=2"], "nothing is sent twice"
    assert len(server.connections) == 3


@pytest.mark.parametrize("status", [301, 307])
def test_an_answer_that_leads_away_is_not_followed(server, client, status):
    server.status = status
    with pytest.raises(stripe.APIConnectionError, match="sends to another address") as caught:
        client.request("get", server.url + URL, {})
    assert not caught.value.should_retry


def test_where_nobody_answers_it_says_so_and_may_be_tried_again(client):
    with pytest.raises(stripe.APIConnectionError, match="ConnectionError: ") as caught:
        client.request("get", "http://127.0.0.1:9/", {})
    assert caught.value.should_retry


def test_it_lets_go_of_its_connections(server):
    """An open one would be said when it is forgotten, and warnings are errors here."""
    client = DirectHTTPClient(20)
    client.request("get", server.url + URL, {})
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None
    assert server.closed.acquire(timeout=60)
