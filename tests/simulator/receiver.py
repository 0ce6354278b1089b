"""A small web server on this machine that receives webhooks, as an application would."""

from __future__ import annotations

import queue
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


class Receiver:
    """`answers` are the statuses of the next answers, then 200, in `words`; none is given unless `release` is
    set."""

    def __init__(self, origin: str) -> None:
        self.url = f"{origin}/webhook?shop=1"
        self.answers: list[int] = []
        self.words = b""
        self.release = threading.Event()
        self.release.set()
        self.requests: queue.Queue[tuple[str, bytes, str]] = queue.Queue()

    def next(self, secret: str) -> stripe.Event:
        """The next webhook, its signature checked. Raises queue.Empty when none comes."""
        path, body, signature = self.requests.get(timeout=20)
        assert path == "/webhook?shop=1"
        return stripe.Webhook.construct_event(body, signature, secret)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port; by https with the certificate in `tls`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.put((self.path, body, self.headers["Stripe-Signature"]))
            receiver.release.wait(20)
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.end_headers()
            self.wfile.write(receiver.words)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver = Receiver(f"{'https://localhost' if tls else 'http://127.0.0.1'}:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.release.set()
            server.shutdown()
            thread.join()
