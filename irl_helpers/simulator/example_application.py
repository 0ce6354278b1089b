"""An application beside the simulator, such as `compose.yaml` starts: it sells something, and is told of it.

`python -m irl_helpers.simulator.example_application`, with `STRIPE_API_BASE` and `STRIPE_SECRET_KEY` in the
environment, and in `APPLICATION_HOST` the name by which the simulator reaches this program.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

# How long the webhook of a sale is waited for, in seconds.
PATIENCE = 30


@contextmanager
def receiving(host: str, webhooks: queue.Queue[tuple[bytes, str]]) -> Iterator[int]:
    """A web server on a free port of this address; it puts each webhook and its signature into the queue."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhooks.put((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what arrives is printed below."""

    with HTTPServer((host, 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Sell once; 0 when the webhook that says so has come and its signature is right, 1 when none came."""
    base, name = environment["STRIPE_API_BASE"], environment.get("APPLICATION_HOST", "127.0.0.1")
    client = stripe.StripeClient(
        environment["STRIPE_SECRET_KEY"], base_addresses={"api": base, "files": base}, max_network_retries=5
    )
    webhooks: queue.Queue[tuple[bytes, str]] = queue.Queue()
    with receiving("127.0.0.1" if name == "127.0.0.1" else "0.0.0.0", webhooks) as port:
        hook = client.v1.webhook_endpoints.create(
            {"url": f"http://{name}:{port}/webhook", "enabled_events": ["payment_intent.succeeded"]}
        )
        try:
            payment = sell(client, 1000)
            body, signature = webhooks.get(timeout=PATIENCE)
        except queue.Empty:
            print("No webhook has come.", file=sys.stderr)
            return 1
        finally:
            client.v1.webhook_endpoints.delete(hook.id)
    event = stripe.Webhook.construct_event(body, signature, str(hook.secret))
    print(f"{event.type}: {payment}")
    return 0


def sell(client: stripe.StripeClient, amount: int) -> str:
    """One sale at a new reader, `amount` in cents; the id of its PaymentIntent."""
    v1 = client.v1
    reader = v1.terminal.readers.create({"registration_code": "simulated-wpe"}).id
    payment = v1.payment_intents.create(
        {"amount": amount, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    ).id
    v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment})
    v1.test_helpers.terminal.readers.present_payment_method(reader)
    return payment


if __name__ == "__main__":
    sys.exit(main())
