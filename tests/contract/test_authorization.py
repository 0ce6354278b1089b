"""API keys, and the headers of every answer."""

from __future__ import annotations

import base64
import re

import pytest
import stripe

PATH = "/v1/terminal/locations"
MISSING = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using "
    "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
)
IRISH = {"line1": "1 Main Street", "postal_code": "D01", "country": "IE"}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def test_bearer_and_basic_open_the_same_account(client, target):
    location = client.v1.terminal.locations.create(
        {"display_name": "Shop", "address": {"country": "IE"} | IRISH}
    )
    for headers in ({"Authorization": f"Bearer {target.key}"}, basic(f"{target.key}:")):
        answer = target.send("GET", f"{PATH}/{location.id}", headers)
        assert (answer.status, answer.body["display_name"]) == (200, "Shop")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, basic(":"), {"Authorization": "Digest x"}],
    ids=["none", "empty", "bearer of nothing", "basic of nothing", "another scheme"],
)
def test_no_key(target, headers):
    answer = target.send("GET", PATH, headers)
    assert answer.status == 401
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["message"].startswith(MISSING)
    assert "code" not in answer.error


@pytest.mark.parametrize("key", ["sk_test_", "rubbish", "sk_live_" + "x" * 24 + "1234", "sk_test_wr√ong"])
def test_wrong_key(target, key):
    answer = target.send("GET", PATH, basic(f"{key}:"))
    assert answer.status == 401
    assert answer.error["message"].startswith("Invalid API Key provided: ")
    assert answer.error["type"] == "invalid_request_error"
    assert key not in answer.error["message"] or key == "sk_test_"


def test_wrong_key_is_masked(target):
    key = "sk_live_" + "x" * 24 + "1234"
    assert target.send("GET", PATH, basic(f"{key}:")).error["message"] == (
        f"Invalid API Key provided: sk_live_{'*' * 24}1234"
    )


def test_publishable_key(target):
    answer = target.send("GET", PATH, {"Authorization": "Bearer pk_test_" + "x" * 24})
    assert (answer.status, answer.error["code"]) == (401, "secret_key_required")


def test_the_library_raises_its_authentication_error(target):
    with pytest.raises(stripe.AuthenticationError) as caught:
        target.client("sk_live_" + "x" * 24).v1.terminal.locations.list()
    assert caught.value.http_status == 401


@pytest.mark.offline_only("needs two accounts")
def test_each_key_is_an_account_of_its_own(client, target, payment):
    other = target.client(f"{target.key}_other")
    assert other.v1.payment_intents.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        other.v1.payment_intents.retrieve(payment)
    assert caught.value.http_status == 404
    assert client.v1.payment_intents.retrieve(payment).id == payment


def test_answers_name_their_request_and_their_version(client, target):
    ids = set()
    for path, status in ((PATH, 200), (f"{PATH}/tml_nobody", 404)):
        answer = target.send("GET", path)
        assert answer.status == status
        assert re.fullmatch(r"req_\w{14}", answer.headers["request-id"])
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.headers["stripe-version"]
        ids.add(answer.headers["request-id"])
    assert len(ids) == 2
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.terminal.locations.retrieve("tml_nobody")
    assert str(caught.value).startswith(f"Request {caught.value.request_id}: ")
