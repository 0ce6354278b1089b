"""An account's own API version: where it comes from, and who may overrule it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import stripe

from irl_helpers import account
from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from irl_helpers.simulator.versions import NEWEST

from .sale import SALE, new_payment, new_reader, pay
from .serving import refused, serve

OLD, OLDER, OLDEST = "2024-06-20", "2022-08-01", "2020-08-27"
KEY = "sk_test_versions"
TYPED = "amount=1000&currency=usd&payment_method_types[]=card_present"
HOOK = {"url": "http://127.0.0.1:4242/", "enabled_events": ["payment_intent.succeeded"]}


def ask(
    simulator: Simulator, method: str, path: str, body: str = "", version: str = ""
) -> tuple[str | None, dict[str, Any]]:
    """(the version of the answer, the answer)."""
    headers = {"Authorization": f"Bearer {KEY}"} | ({"Stripe-Version": version} if version else {})
    response = simulator.handle(method, path, headers, body)
    return response.headers.get("Stripe-Version"), json.loads(response.body)


def version_of(simulator: Simulator) -> str | None:
    return ask(simulator, "GET", "/v1/payment_intents")[0]


def client_of(simulator: Simulator) -> stripe.StripeClient:
    return stripe.StripeClient(KEY, http_client=SimulatorHTTPClient(simulator))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "account.sqlite"


def opened(path: Path, version: str = "") -> Simulator:
    return Simulator(path, version)


# The control, what the file was opened with, what is stored -> what counts. The request's own wins over all.
@pytest.mark.parametrize(
    ("chosen", "given", "stored", "counts"),
    [
        ("", "", "", NEWEST),
        ("", "", OLD, OLD),
        ("", OLDER, OLD, OLDER),
        (OLDEST, OLDER, OLD, OLDEST),
        (OLDEST, "", OLD, OLDEST),
    ],
)
def test_whose_version_counts(path, chosen, given, stored, counts):
    simulator = opened(path)
    assert version_of(simulator) == NEWEST
    if stored:
        simulator.write(lambda db: db.execute("UPDATE accounts SET api_version = ?", [stored]))
    simulator.close()
    simulator = opened(path, given)
    ask(simulator, "POST", "/_simulator/api_version", f"version={chosen}")
    for simulator_again in (simulator, opened(path, given)):
        assert version_of(simulator_again) == counts
        control = ask(simulator_again, "GET", "/_simulator/api_version")[1]
        assert control["api_version"] == counts
        answer = ask(simulator_again, "GET", "/v1/charges", version="2019-12-03")
        assert answer[0] == "2019-12-03"
        simulator_again.close()


def test_reset_forgets_the_choice(path):
    simulator = opened(path)
    ask(simulator, "POST", "/_simulator/api_version", f"version={OLDEST}")
    ask(simulator, "POST", "/_simulator/reset")
    assert version_of(simulator) == NEWEST
    simulator.close()


def test_a_version_is_kept_when_a_newer_one_comes_out(path):
    """What is stored is the version that was the newest when the account was made."""
    opened(path).close()
    simulator = opened(path)
    version_of(simulator)
    stored = simulator.read(lambda db: db.execute("SELECT api_version FROM accounts").fetchall())
    assert stored == [(NEWEST,)]
    simulator.close()


@pytest.mark.parametrize("version", ["2020-08-28", "latest", "' OR 1"])
def test_what_never_was_a_version_is_refused(path, version):
    simulator = opened(path)
    answer = ask(simulator, "POST", "/_simulator/api_version", f"version={version}")[1]
    assert answer["error"]["message"] == f"Invalid Stripe API version: {version}"
    assert version_of(simulator) == NEWEST
    simulator.close()


def test_old_calls_need_no_change(path):
    simulator = opened(path, OLDEST)
    made = ask(simulator, "POST", "/v1/payment_intents", TYPED)[1]
    assert (made["payment_method_types"], made["charges"]["data"]) == (["card_present"], [])
    refused_now = ask(simulator, "POST", "/v1/payment_intents", TYPED, NEWEST)[1]
    assert refused_now["error"]["code"] == "payment_method_types_no_longer_supported"
    simulator.close()


def deliveries(simulator: Simulator, endpoint: str) -> list[stripe.Event]:
    """Each checked as its receiver would, and just as Stripe writes it."""
    secret = json.loads(
        simulator.read(
            lambda db: db.execute("SELECT inner FROM objects WHERE id = ?", [endpoint]).fetchone()[0]
        )
    )["secret"]
    found = []
    for one in ask(simulator, "POST", "/_simulator/deliveries", f"endpoint={endpoint}")[1]["data"]:
        assert one["body"] == json.dumps(json.loads(one["body"]), indent=2, ensure_ascii=False)
        found.append(stripe.Webhook.construct_event(one["body"], one["signature"], secret))
    return found


@pytest.mark.parametrize(
    ("default", "own", "sent", "listed"),
    [
        (NEWEST, None, NEWEST, NEWEST),
        (NEWEST, OLDEST, OLDEST, NEWEST),
        (OLDEST, None, OLDEST, OLDEST),
        (OLDEST, NEWEST, NEWEST, OLDEST),
        (OLD, OLDER, OLDER, OLD),
    ],
)
def test_events_have_the_version_of_their_endpoint(path, default, own, sent, listed):
    simulator = opened(path, default)
    client = client_of(simulator)
    endpoint = client.v1.webhook_endpoints.create(HOOK | ({"api_version": own} if own else {}))
    pay(client, new_reader(client).id, new_payment(client).id)
    (event,) = deliveries(simulator, endpoint.id)
    (kept,) = client.v1.events.list({"type": "payment_intent.succeeded"}).data
    assert (event.api_version, kept.api_version) == (sent, listed)
    for one in (event, kept):
        assert ("charges" in one.data.object) == (one.api_version < "2022-11-15")
        assert ("invoice" in one.data.object) == (one.api_version < "2025-03-31")
    if sent < "2022-11-15":
        assert event.data.object.charges.data[0].amount_captured == 1000
    simulator.close()


def test_an_event_is_rendered_once(path):
    """What happens after it, to the account's version or to the payment, does not change it."""
    simulator = opened(path, OLDEST)
    client = client_of(simulator)
    endpoint = client.v1.webhook_endpoints.create({**HOOK, "api_version": OLDER})
    reader, payment = new_reader(client).id, new_payment(client)
    pay(client, reader, payment.id)
    ask(simulator, "POST", "/_simulator/api_version", f"version={NEWEST}")
    client.v1.refunds.create({"payment_intent": payment.id})
    (event,) = deliveries(simulator, endpoint.id)
    assert event.data.object.charges.data[0].amount_refunded == 0
    assert client.v1.events.list({"type": SALE[-1]}).data[0].api_version == OLDEST
    simulator.close()


def test_keys_of_an_event_stand_in_stripes_order(path):
    simulator = opened(path)
    client = client_of(simulator)
    endpoint = client.v1.webhook_endpoints.create(HOOK)
    pay(client, new_reader(client).id, new_payment(client).id)
    body = ask(simulator, "POST", "/_simulator/deliveries", f"endpoint={endpoint.id}")[1]["data"][0]["body"]
    keys = ["id", "object", "api_version", "created", "data", "livemode", "pending_webhooks", "request"]
    assert [*json.loads(body)] == [*keys, "type"]
    simulator.close()


def test_signature_has_a_part_that_means_nothing(path):
    simulator = opened(path)
    client = client_of(simulator)
    endpoint = client.v1.webhook_endpoints.create(HOOK)
    pay(client, new_reader(client).id, new_payment(client).id)
    sent = ask(simulator, "POST", "/_simulator/deliveries", f"endpoint={endpoint.id}")[1]["data"][0]
    time, right, fake = sent["signature"].split(",")
    assert [part.partition("=")[0] for part in (time, right, fake)] == ["t", "v1", "v0"]
    assert len(fake) == len(right)
    assert fake[3:] != right[3:]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(sent["body"], f"{time},v1={fake[3:]}", endpoint.secret)
    simulator.close()


# -- how it is passed down


@pytest.mark.parametrize(
    ("arguments", "variable", "expected"),
    [
        ((), "", NEWEST),
        ((), OLD, OLD),
        (("--api-version", OLDER), OLD, OLDER),
        (("--api-version", ""), OLD, NEWEST),
    ],
)
@pytest.mark.parametrize("module", ["irl_helpers.simulator", "irl_helpers.serve"])
def test_served(path, module, arguments, variable, expected):
    command = [sys.executable, "-m", module]
    environment = {"IRL_API_VERSION": variable}
    with serve("--account", str(path), *arguments, command=command, environment=environment) as served:
        shown = served.client().raw_request("get", "/_simulator/api_version")
        assert json.loads(shown.body)["api_version"] == expected


def test_served_with_what_is_no_version(path):
    code, out, err = refused("--account", str(path), "--api-version", "2020-08-28")
    assert (code, out) == (2, "")
    assert "there is no API version '2020-08-28'" in err


def test_notebooks(monkeypatch):
    monkeypatch.setenv("IRL_API_VERSION", OLDEST)
    new_payment(account.stripe_client())
    assert account.stripe_client().v1.events.list().data[0].api_version == OLDEST
    monkeypatch.setenv("IRL_API_VERSION", "2020-08-28")
    with pytest.raises(account.AccountError, match="IRL_API_VERSION is '2020-08-28'"):
        account.stripe_client()
