"""Receivers that misbehave, files that cannot be written, and several senders: webhooks go on being sent."""

from __future__ import annotations

import logging
import queue
import shutil
import socket
import sqlite3
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient, webhook_deliveries
from irl_helpers.simulator.webhook_sender import FIRST_PAUSE, WebhookSender

from .misbehaving import BEHAVIOURS, LIMIT, misbehaving, never, trickle
from .receiver import receiving
from .sale import SALE, new_payment, new_reader, pay
from .serving import serve

NOWHERE = "http://127.0.0.1:1/"


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with closing(Simulator(tmp_path / "account.sqlite")) as simulator:
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> stripe.StripeClient:
    return client_of(simulator, "sk_test_sender")


def client_of(simulator: Simulator, key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator))


@contextmanager
def sending(simulator: Simulator, **options: float) -> Iterator[WebhookSender]:
    sender = WebhookSender(simulator.path, **{"limit": LIMIT, **options})
    sender.start()
    try:
        yield sender
    finally:
        sender.stop()


def hook(client: stripe.StripeClient, url: str, *events: str) -> str:
    """A new endpoint; its secret."""
    return client.v1.webhook_endpoints.create({"url": url, "enabled_events": list(events) or ["*"]}).secret


def pending(client: stripe.StripeClient) -> int:
    return sum(event.pending_webhooks for event in client.v1.events.list({"limit": 100}).data)


def advance(client: stripe.StripeClient, seconds: int) -> None:
    client.raw_request("post", "/_simulator/clock", advance=seconds)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("webhook ")]


# -- receivers that misbehave


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_receiver_that_misbehaves_costs_at_most_the_limit_and_is_tried_again(simulator, client, behaviour):
    with misbehaving(BEHAVIOURS[behaviour]) as receiver, sending(simulator):
        hook(client, receiver.url)
        new_payment(client)
        first = receiver.attempts.get(timeout=20)
        advance(client, 30)
        second = receiver.attempts.get(timeout=20)
        assert second - first < LIMIT + 10
        assert pending(client) == 1


def test_the_end_of_an_answer_is_not_waited_for(simulator, client):
    with misbehaving(trickle(b"HTTP/1.1 200 OK\r\n\r\n")) as receiver, sending(simulator, limit=10):
        hook(client, receiver.url)
        new_payment(client)
        until(lambda: pending(client) == 0, seconds=5)


@pytest.mark.parametrize("status", [301, 307, 400, 410, 429, 500, 503])
def test_only_a_2xx_is_a_receipt(simulator, client, status):
    with receiving() as receiver, sending(simulator):
        receiver.answers = [status]
        secret = hook(client, receiver.url)
        new_payment(client)
        first = receiver.next(secret)
        assert receiver.requests.empty(), "no redirect is followed"
        until(lambda: receiver.answers == [] and threads() != [])
        advance(client, 30)
        assert receiver.next(secret).id == first.id
        until(lambda: pending(client) == 0)


def test_receivers_that_hang_take_a_bounded_number_of_threads_and_others_get_theirs(simulator):
    with misbehaving(never) as receiver, receiving() as good, sending(simulator, threads=4):
        for name in ("one", "two"):
            hanging = client_of(simulator, f"sk_test_hanging_{name}")
            for _ in range(12):
                hook(hanging, receiver.url, "payment_intent.created")
            new_payment(hanging)
        client = client_of(simulator, "sk_test_good")
        secret = hook(client, good.url)
        most = 0
        payment = new_payment(client)
        while good.requests.empty():
            most = max(most, len(threads()))
            time.sleep(0.02)
        assert good.next(secret).data.object.id == payment.id
        assert 0 < most <= 4


def test_ten_thousand_that_wait_for_a_receiver_that_hangs_slow_no_call(simulator, client):
    def typical() -> float:
        took = []
        for _ in range(40):
            began = time.perf_counter()
            client.v1.payment_intents.retrieve(new_payment(client).id)
            took.append(time.perf_counter() - began)
            time.sleep(0.01)
        return statistics.median(took)

    with misbehaving(never) as receiver, sending(simulator):
        hook(client, NOWHERE, "charge.refunded")
        quiet = typical()
        hook(client, receiver.url, "payment_intent.canceled")
        client.v1.payment_intents.cancel(new_payment(client).id)
        receiver.attempts.get(timeout=20)
        many = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000) "
        columns = "account, event, endpoint, at"
        simulator.write(
            lambda db: db.execute(
                f"{many} INSERT INTO deliveries ({columns}) SELECT {columns} FROM deliveries, n"
            )
        )
        # Fivefold, for machines that do other things too. It was thirtyfold.
        assert typical() < 5 * quiet


# -- https


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side, with a certificate that nobody has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_https_with_a_certificate_of_ones_own(simulator, client, tls):
    with receiving(tls) as receiver, sending(simulator, limit=10):
        secret = hook(client, receiver.url)
        assert receiver.url.startswith("https://localhost:")
        payment = new_payment(client)
        assert receiver.next(secret).data.object.id == payment.id
        until(lambda: pending(client) == 0)


@pytest.mark.parametrize("behaviour", ["never answers", "trickles a header", "no handshake"])
def test_https_receiver_that_hangs(simulator, client, tls, behaviour):
    def secured(connection: socket.socket, over: threading.Event) -> None:
        with tls.wrap_socket(connection.dup(), server_side=True) as stream:
            BEHAVIOURS[behaviour](stream, over)

    # The first bytes of a handshake are what `misbehaving` has read when nobody is there to answer them.
    behave, read = (never, True) if behaviour == "no handshake" else (secured, False)
    with misbehaving(behave, read) as receiver, sending(simulator):
        hook(client, receiver.url.replace("http:", "https:"))
        new_payment(client)
        first = receiver.attempts.get(timeout=20)
        advance(client, 30)
        assert receiver.attempts.get(timeout=20) - first < LIMIT + 2
        assert pending(client) == 1


# -- a file that cannot be written


def test_a_locked_file_is_said_and_waited_for(simulator, client, caplog):
    with receiving() as receiver, sending(simulator, patience=0.1, limit=20):
        secret = hook(client, receiver.url)
        payment = new_payment(client)
        assert receiver.next(secret).data.object.id == payment.id
        receiver.release.clear()
        with closing(sqlite3.connect(simulator.path, isolation_level=None)) as other:
            client.v1.payment_intents.cancel(payment.id)
            # It is sent, and that it arrived is yet to be noted.
            assert receiver.next(secret).type == "payment_intent.canceled"
            other.execute("BEGIN IMMEDIATE")
            receiver.release.set()
            until(lambda: len(caplog.records) >= 2)
            other.execute("ROLLBACK")
        until(lambda: "sent again" in caplog.text)
        until(lambda: pending(client) == 0)
        assert receiver.requests.empty(), "nothing was sent twice"
    said = [record.getMessage() for record in caplog.records if "database is locked" in record.getMessage()]
    pauses = [float(line.split()[-2]) for line in said]
    assert pauses == [FIRST_PAUSE * 2**n for n in range(len(said))]


@pytest.mark.parametrize("step", ["waiting", "claim", "record"])
@pytest.mark.parametrize(
    "problem", [sqlite3.OperationalError("database or disk is full"), KeyError("a fault of ours")]
)
def test_whatever_goes_wrong_the_sender_goes_on(simulator, client, caplog, monkeypatch, step, problem):
    """And sends nothing twice: what was sent is remembered until it is noted."""
    real = getattr(webhook_deliveries, step)
    left = [problem] * 2

    def fails_twice(*arguments):
        if left:
            raise left.pop()
        return real(*arguments)

    with receiving() as receiver, sending(simulator):
        secret = hook(client, receiver.url)
        monkeypatch.setattr(webhook_deliveries, step, fails_twice)
        payment = new_payment(client)
        assert receiver.next(secret).data.object.id == payment.id
        until(lambda: pending(client) == 0)
        assert receiver.requests.empty()
        assert not left
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [str(problem) in caplog.text, len(errors)] == [True, 3]


def test_a_file_that_is_gone_is_not_made_again(simulator, client, caplog):
    """It would be an empty account, which nobody asked for."""
    for file in simulator.path.parent.glob("account.sqlite*"):
        file.unlink()
    with sending(simulator):
        until(lambda: "unable to open database file" in caplog.text)
    assert not simulator.path.exists()


# -- several senders on one file


def test_the_clock_moves_on_while_a_delivery_is_on_its_way(simulator, client):
    """Another sender does not take it: how long one is kept is a matter of the machine's clock."""
    with receiving() as receiver, sending(simulator, limit=20), sending(simulator, limit=20):
        receiver.release.clear()
        secret = hook(client, receiver.url)
        new_payment(client)
        receiver.next(secret)
        advance(client, 24 * 3600)
        with pytest.raises(queue.Empty):
            receiver.requests.get(timeout=1)
        receiver.release.set()
        until(lambda: pending(client) == 0)


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        pytest.param(0, False, id="at the same moment"),
        pytest.param(-5, False, id="by one that looked before and had to wait for the file"),
        pytest.param(webhook_deliveries.LEASE - 1, False, id="while it may be on its way"),
        pytest.param(webhook_deliveries.LEASE + 1, True, id="when its sender must have died"),
        pytest.param(-24 * 3600, True, id="after the machine's clock was set back"),
    ],
)
def test_a_claimed_delivery_is_claimed_again(simulator, client, later, taken):
    hook(client, NOWHERE)
    new_payment(client)
    # Due by any of these clocks.
    simulator.write(lambda db: db.execute("UPDATE deliveries SET at = 0"))
    now = time.time()
    assert len(simulator.write(webhook_deliveries.claim, now, 16)) == 1
    again = simulator.write(webhook_deliveries.claim, now + later, 16)
    assert len(again) == taken


def test_two_servers_on_one_file_send_nothing_twice_and_all_in_order(tmp_path):
    path = tmp_path / "account.sqlite"
    with (
        receiving() as receiver,
        serve("--account", str(path)) as one,
        serve("--account", str(path)) as two,
    ):
        clients = [one.client(), two.client()]
        secret = hook(clients[0], receiver.url)
        expected = []
        for turn in range(15):
            client = clients[turn % 2]
            paid = pay(client, new_reader(client).id, new_payment(client).id)
            expected += [(type, paid.id) for type in SALE]
            advance(client, 61)
        arrived = [receiver.next(secret) for _ in expected]
        assert len({event.id for event in arrived}) == len(expected)
        assert [event.type for event in arrived] == [type for type, _ in expected]
        until(lambda: pending(clients[0]) == 0)
        assert receiver.requests.empty()


def test_it_stops_at_once_and_what_was_on_its_way_is_sent_later(simulator, client, monkeypatch):
    with misbehaving(never) as receiver:
        with sending(simulator, limit=30):
            hook(client, receiver.url)
            new_payment(client)
            receiver.attempts.get(timeout=20)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + webhook_deliveries.LEASE + 1)
        with sending(simulator):
            receiver.attempts.get(timeout=20)
