"""Whatever is sent to the served simulator, it keeps little of it in memory, and goes on answering.

`make soak` sends twenty times as much.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import psutil
import pytest

from .serving import Served, serve

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="measured where a process's memory is plain")

KEY = "sk_test_memory"
MB = 1_000_000
# How much is sent, and by how much the server may grow meanwhile. It may keep 64 MB of what it is sent.
SENT = (200 if "IRL_SOAK" in os.environ else 10) * MB
GROWTH = 128 * MB if "IRL_SOAK" in os.environ else 80 * MB
PATIENCE = 60  # seconds

HEAD = b"Host: 127.0.0.1\r\nAuthorization: Bearer %s\r\n" % KEY.encode()
START = b"GET /v1/payment_intents HTTP/1.1\r\n" + HEAD
CHUNKED = b"POST /v1/payment_intents HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LIST = b"GET /v1/payment_intents?limit=100 HTTP/1.1\r\n" + HEAD + b"\r\n"
SLOW = b"POST /v1/refunds HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n"
PIECE = 50_000


def form(field: bytes) -> bytes:
    """A request whose form has as many of this field as a body may have."""
    body = field * (999_000 // len(field))
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST /v1/payment_intents HTTP/1.1\r\n" + HEAD + length + b"\r\n" + body


def bomb(start: bytes, piece: bytes) -> Iterator[bytes]:
    return chain([start], repeat(piece, SENT // len(piece)))


# What one connection sends without end.
BOMBS: dict[str, Callable[[], Iterator[bytes]]] = {
    "one header": lambda: bomb(START + b"X: ", b"x" * PIECE),
    "many headers": lambda: bomb(START, b"X-Name: a value\r\n" * 3000),
    "an address": lambda: bomb(b"GET /", b"x" * PIECE),
    "a method": lambda: bomb(b"", b"X" * PIECE),
    "a trailer": lambda: bomb(CHUNKED + b"0\r\nX: ", b"x" * PIECE),
    "many trailers": lambda: bomb(CHUNKED + b"0\r\n", b"X-Name: a value\r\n" * 3000),
    "the name of a chunk": lambda: bomb(CHUNKED + b"1;", b"x" * PIECE),
    "a body": lambda: bomb(START + b"Content-Length: 100000000000\r\n\r\n", b"x" * PIECE),
    "forms of many fields": lambda: bomb(b"", form(b"a=&")),
    "forms of one list": lambda: bomb(b"", form(b"a[]=&")),
    "forms that go deep": lambda: bomb(b"", form(b"a" + b"[a]" * 3000 + b"=&")),
    "forms of one name": lambda: bomb(b"", form(b"a")),
    "forms of one value": lambda: bomb(b"", form(b"metadata[a]=" + b"%41" * 300_000)),
    "requests of no use": lambda: bomb(b"", b"GET / HTTP/1.1\r\n\r\n" * 3000),
    "lists that nobody reads": lambda: bomb(b"", LIST * 300),
    "a slow request, and others": lambda: bomb(SLOW, b"GET / HTTP/1.1\r\n\r\n" * 3000),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With a hundred payments, so that a list of them is large, and refunds that take their time."""
    with serve("--account", str(tmp_path_factory.mktemp("memory") / "account.sqlite")) as running:
        client = running.client(KEY)
        for _ in range(100):
            client.v1.payment_intents.create(
                {"amount": 1000, "currency": "usd", "metadata": {str(n): "x" * 400 for n in range(20)}}
            )
        client.raw_request(
            "post", "/_simulator/faults", kind="slow_answer", call="refunds.create", seconds=3600
        )
        client.v1.payment_intents.list({"limit": 100})
        yield running


def resident(served: Served) -> int:
    """Bytes in memory, now."""
    return psutil.Process(served.process.pid).memory_info().rss


class Watch:
    """The most that the server had in memory while the block ran."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.before = self.most = resident(served)

    def look(self) -> None:
        self.most = max(self.most, resident(self._served))

    def check(self) -> None:
        self.look()
        grown = (self.most - self.before) / MB
        print(f"grew by {grown:.0f} MB")
        assert grown < GROWTH / MB
        assert len(self._served.client(KEY).v1.payment_intents.list().data) == 10, "others are answered"


def send(connection: socket.socket, pieces: Iterator[bytes], watch: Watch) -> bytes:
    """Send without reading, until all is sent or nothing more is taken; what the server has answered."""
    connection.settimeout(2)
    with contextlib.suppress(OSError):
        for piece in pieces:
            connection.sendall(piece)
            watch.look()
    watch.look()
    answer = b""
    with contextlib.suppress(OSError):
        while len(answer) < 2000 and (chunk := connection.recv(2000)):
            answer += chunk
    return answer


@pytest.mark.parametrize("kind", BOMBS)
def test_one_connection(served, kind):
    watch = Watch(served)
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as connection:
        answer = send(connection, BOMBS[kind](), watch)
        assert answer[:12] in (b"", b"HTTP/1.1 200", b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.1 431"), kind
        watch.check()


@pytest.mark.parametrize(
    ("each", "bytes_each"),
    [
        pytest.param(START + b"X: " + b"x" * 60_000, 60_000, id="half a head"),
        pytest.param(START + b"Content-Length: 999999\r\n\r\n" + b"x" * 900_000, 900_000, id="half a body"),
        pytest.param(LIST, 1_000_000, id="an answer that nobody reads"),
    ],
)
def test_many_connections(served, each, bytes_each):
    watch = Watch(served)
    with contextlib.ExitStack() as stack:
        for _ in range(min(900, 4 * SENT // bytes_each)):
            try:
                connection = socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE)
            except OSError:
                break
            stack.enter_context(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with contextlib.suppress(OSError):
                connection.sendall(each)
            watch.look()
        time.sleep(0.1)
        watch.check()


@pytest.mark.parametrize("size", [8_000, 200_000])
def test_a_head_may_be_long_and_not_too_long(served, size):
    """A long head is answered, in one piece or in several; a longer one is refused in Stripe's words."""
    for pieces in (1, 20):
        with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as connection:
            request = START + b"Connection: close\r\nX: " + b"x" * size + b"\r\n\r\n"
            step = len(request) // pieces + 1
            answer = b""
            with contextlib.suppress(OSError):
                for start in range(0, len(request), step):
                    connection.sendall(request[start : start + step])
                    time.sleep(0.002)
            with contextlib.suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    answer += chunk
        if size < 10_000:
            assert answer.startswith(b"HTTP/1.1 200")
        else:
            assert answer.startswith(b"HTTP/1.1 431")
            assert b'"invalid_request_error"' in answer


def test_requests_sent_together_are_all_answered(served):
    """Reading ahead is limited, not forbidden."""
    together = 60
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as connection:
        connection.sendall(LIST * together)
        answers, size = 0, 0
        while answers < together:
            chunk = connection.recv(1_000_000)
            assert chunk
            size += len(chunk)
            answers += chunk.count(b"HTTP/1.1 200")
