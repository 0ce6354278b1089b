"""Receivers of webhooks that hang, trickle, or speak something else."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# How long the tests let one delivery take, in seconds.
LIMIT = 0.3


def never(connection: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def trickle(head: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def behave(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(head)
        while not over.wait(LIMIT / 10):
            connection.sendall(b"x")

    return behave


def _say(answer: bytes) -> Callable[[socket.socket, threading.Event], None]:
    return lambda connection, over: connection.sendall(answer)


def _flood(connection: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


BEHAVIOURS = {
    "never answers": never,
    "trickles its first line": trickle(b"HTTP/1.1 2"),
    "trickles a header": trickle(b"HTTP/1.1 200 OK\r\nX: "),
    "says Continue without end": _flood,
    "hangs up": _say(b""),
    "speaks no HTTP": _say(b"220 mail.example.com ESMTP\r\n"),
    "has no status": _say(b"HTTP/1.1 \r\n\r\n"),
}


class Misbehaving:
    """What a receiver that misbehaves was sent: the moment of each attempt."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self.attempts: queue.Queue[float] = queue.Queue()


@contextmanager
def misbehaving(
    behave: Callable[[socket.socket, threading.Event], None], read: bool = True
) -> Iterator[Misbehaving]:
    """Behaves like that to each connection, once it has `read` a request."""
    over = threading.Event()
    running: list[threading.Thread] = []

    def serve_one(connection: socket.socket) -> None:
        with connection:
            if read:
                connection.recv(65536)
            receiver.attempts.put(time.monotonic())
            # The sender hangs up, as it should.
            with suppress(OSError):
                behave(connection, over)

    def accept() -> None:
        while True:
            connection, _ = server.accept()
            if over.is_set():
                connection.close()
                return
            running.append(threading.Thread(target=serve_one, args=(connection,)))
            running[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        receiver = Misbehaving(server.getsockname()[1])
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield receiver
        finally:
            over.set()
            socket.create_connection(server.getsockname()).close()
            for thread in [accepting, *running]:
                thread.join()
