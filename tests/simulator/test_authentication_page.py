"""The page on which a cardholder answers her bank, in the served simulator."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import stripe

from .serving import Served, serve

KEY = "sk_test_page"
AGAIN = "https://shop.example/done?order=7#top"
CARD = {"allowed_payment_method_types": ["card"], "payment_method": "pm_card_authenticationRequired"}
CONFIRMED = {**CARD, "confirm": True, "return_url": AGAIN}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve("--account", str(tmp_path_factory.mktemp("page") / "account.sqlite")) as running:
        yield running


@pytest.fixture
def client(served: Served) -> stripe.StripeClient:
    return served.client(KEY)


def visit(url: str, **form: str) -> tuple[int, str, str | None]:
    """(status, page, where it leads) of what a browser gets, which has no key."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    method, path = ("POST", parts.path) if form else ("GET", f"{parts.path}?{parts.query}")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{parts.netloc}"}
    connection.request(method, path, urlencode(form) or None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page, answer.getheader("Location")


def form(url: str, result: str) -> dict[str, str]:
    """What the page's buttons send."""
    query = parse_qs(urlsplit(url).query)
    return {name: values[0] for name, values in query.items() if "intent" in name} | {"result": result}


@pytest.mark.parametrize(
    ("result", "status"), [("succeed", "succeeded"), ("fail", "requires_payment_method")]
)
def test_a_payment(client, result, status):
    payment = client.v1.payment_intents.create({**CONFIRMED, "amount": 1250, "currency": "usd"})
    url = payment.next_action.redirect_to_url.url
    shown, page, _ = visit(url)
    assert (shown, "pay $12.50 USD" in page) == (200, True)
    answered, _, leads_to = visit(url, **form(url, result))
    assert answered == 303
    assert leads_to.startswith("https://shop.example/done?order=7&payment_intent=pi_")
    assert leads_to.endswith("&source_type=card#top")
    query = parse_qs(urlsplit(leads_to).query)
    assert query["redirect_status"] == ["succeeded" if result == "succeed" else "failed"]
    assert query["payment_intent_client_secret"] == [payment.client_secret]
    assert client.v1.payment_intents.retrieve(payment.id).status == status
    assert "Nothing is asked of you" in visit(url)[1]
    again, page, leads_to = visit(url, **form(url, "succeed"))
    assert (again, leads_to) == (200, None)
    assert client.v1.payment_intents.retrieve(payment.id).status == status


def test_a_card_to_save(client):
    setup = client.v1.setup_intents.create(CONFIRMED)
    url = setup.next_action.redirect_to_url.url
    assert "save your card" in visit(url)[1]
    status, _, leads_to = visit(url, **form(url, "succeed"))
    assert (status, "setup_intent=seti_" in leads_to) == (303, True)
    assert client.v1.setup_intents.retrieve(setup.id).status == "succeeded"


def test_a_connected_account_s_payment(client):
    account = client.v1.accounts.create().id
    options: stripe.RequestOptions = {"stripe_account": account}
    params = {**CONFIRMED, "amount": 1250, "currency": "usd"}
    payment = client.v1.payment_intents.create(params, options=options)
    url = payment.next_action.redirect_to_url.url
    assert f"merchant={account}" in url
    assert visit(url, **form(url, "succeed"))[0] == 303
    assert client.v1.payment_intents.retrieve(payment.id, options=options).status == "succeeded"


@pytest.mark.parametrize("secret", ["", "pi_x_secret_y", "\u00fc"])
def test_only_the_secret_opens_it(served, client, secret):
    payment = client.v1.payment_intents.create({**CONFIRMED, "amount": 1250, "currency": "usd"})
    query = {"payment_intent": payment.id, "payment_intent_client_secret": secret}
    assert visit(f"{served.url}/3d_secure_2/hosted?{urlencode(query)}")[0] == 404
    assert visit(f"{served.url}/3d_secure_2/hosted", **query, result="succeed")[0] == 404
    assert client.v1.payment_intents.retrieve(payment.id).status == "requires_action"


def test_another_site_cannot_answer_for_her(served, client):
    payment = client.v1.payment_intents.create({**CONFIRMED, "amount": 1250, "currency": "usd"})
    url = payment.next_action.redirect_to_url.url
    body = urlencode(form(url, "succeed"))
    head = "POST /3d_secure_2/hosted HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n"
    request = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    assert served.raw(request.encode())[0] == 403
