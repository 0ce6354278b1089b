"""The page behind a charge's `receipt_url`: for whoever has its address, and for nobody else."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from irl_helpers.simulator.server import HOST, PORT

from .sale import new_payment, new_reader, pay
from .serving import Served, serve

HOSTILE = "<script>alert('x')</script> & \"tea\""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve("--account", str(tmp_path_factory.mktemp("receipts") / "account.sqlite")) as running:
        yield running


@pytest.fixture(scope="module")
def client(served: Served) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_receipts", base_addresses={"api": served.url, "files": served.url})


@pytest.fixture
def charge(client: stripe.StripeClient) -> stripe.Charge:
    payment = new_payment(client, 1234)
    client.v1.payment_intents.update(payment.id, {"description": HOSTILE})
    paid = pay(client, new_reader(client).id, payment.id)
    return client.v1.charges.retrieve(paid.latest_charge)


def get(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), refusal.read().decode()


def test_what_it_says(served, charge):
    """Without a key: what was paid, with which card, and what a card's receipt must show."""
    assert charge.receipt_url.startswith(served.url + "/")
    status, headers, page = get(charge.receipt_url)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    printed = charge.payment_method_details.card_present.receipt
    for text in ("$12.34 USD", "…4242", printed.application_preferred_name, printed.dedicated_file_name):
        assert text in page


def test_text_from_outside_is_escaped(charge):
    _, headers, page = get(charge.receipt_url)
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;tea&quot;" in page
    assert headers["content-security-policy"].startswith("default-src 'none';")


def test_it_knows_what_came_later(client, charge):
    client.v1.refunds.create({"charge": charge.id, "amount": 200})
    assert "$2.00 USD" in get(charge.receipt_url)[2]


def test_nobody_finds_it_by_guessing(served, client, charge):
    start, token = charge.receipt_url.rsplit("/", 1)
    assert len(token) >= 32
    other = client.v1.charges.retrieve(
        pay(client, new_reader(client).id, new_payment(client).id).latest_charge
    )
    wrong = [
        f"{start}/{token[:-1]}",
        f"{start}/{token}x",
        f"{start}/{token}/",
        f"{start}/",
        start,
        f"{start}/{other.receipt_url.rsplit('/', 1)[1]}",
        f"{served.url}/receipts/payment/",
        f"{served.url}/receipts/payment/%00",
        f"{served.url}/receipts/payment//{token}",
        f"{served.url}/receipts/payment/{charge.payment_intent}/{token}",
    ]
    for url in wrong:
        status, _, body = get(url)
        assert status == 404, url
        assert "Unrecognized request URL" in body


def test_only_this_page_needs_no_key(served, charge):
    assert get(f"{served.url}/v1/charges/{charge.id}")[0] == 401
    status, _, body = get(charge.receipt_url, Host="example.com")
    assert status == 403
    assert "only answers requests made to this machine" in body


def test_in_process_it_is_where_make_serve_would_show_it(tmp_path: Path):
    """And there it is, once that file is served."""
    file = tmp_path / "account.sqlite"
    simulator = Simulator(file)
    client = stripe.StripeClient("sk_test_receipts", http_client=SimulatorHTTPClient(simulator))
    paid = pay(client, new_reader(client).id, new_payment(client).id)
    url = client.v1.charges.retrieve(paid.latest_charge).receipt_url
    simulator.close()
    assert url.startswith(f"http://{HOST}:{PORT}/receipts/payment/ch_")
    with serve("--account", str(file)) as running:
        assert get(running.url + url.removeprefix(f"http://{HOST}:{PORT}"))[0] == 200
