"""What the served simulator writes down of requests: who reads it, what is never in it, how much it is."""

from __future__ import annotations

import io
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient, traffic_file
from irl_helpers.simulator.masking import mask_form, mask_json
from irl_helpers.simulator.traffic_log import MAX_RECORD, TrafficLog

from .sale import new_payment, new_reader, pay
from .serving import Served, serve


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("traffic") / "account.sqlite"


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    with serve("--account", str(path)) as running:
        yield running


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """Of an account of this test's own."""
    return f"sk_test_{abs(hash(request.node.name))}"


@pytest.fixture
def client(served: Served, key: str) -> stripe.StripeClient:
    return served.client(key)


def listed(client: stripe.StripeClient, **params: Any) -> list[dict[str, Any]]:
    return json.loads(client.raw_request("get", "/_simulator/requests", **params).body)["data"]


def until(condition: Callable[[], bool]) -> None:
    """Ask again until it is so."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


# -- what is in a record


def test_a_request_is_written_down_as_it_came_and_was_answered(client):
    payment = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "usd", "metadata": {"table": "4 & 5"}},
        options={"idempotency_key": "order-4"},
    )
    (found,) = listed(client)
    answer = found.pop("answer")
    assert 0 < found.pop("seconds") < 60
    assert found.pop("user_agent").startswith("Stripe/v1 PythonBindings/")
    assert int(found.pop("at")) == payment.created
    assert found.pop("revision") >= 0
    assert found == {
        "object": "_simulator.request",
        "id": payment.last_response.request_id,
        "created": payment.created,
        "times": 1,
        "last": payment.created,
        "method": "POST",
        "path": "/v1/payment_intents",
        "form": "amount=1000&currency=usd&metadata[table]=4+%26+5",
        "upload": False,
        "status": 200,
        "error_code": None,
        "idempotency_key": "order-4",
        "replayed": False,
        "api_version": stripe.api_version,
        "stripe_account": None,
        "lost": False,
        "cut": False,
    }
    assert json.loads(answer) == {**payment.to_dict(), "client_secret": "****"}


def test_what_went_differently_is_said(client):
    payments = client.v1.payment_intents
    shop = client.v1.accounts.create({}).id
    params = {"amount": 1000, "currency": "usd"}
    for _ in range(2):
        payments.create(params, options={"idempotency_key": "twice", "stripe_account": shop})
    with pytest.raises(stripe.InvalidRequestError):
        payments.retrieve("pi_nobody")
    with pytest.raises(stripe.InvalidRequestError):
        client.raw_request("get", "/v1/nothing_of_the_kind?a=b")
    client.v1.files.create({"purpose": "dispute_evidence", "file": io.BytesIO(b"\x89PNG\r\n\x1a\nsecret")})
    client.raw_request("post", "/_simulator/faults", kind="answer_lost", count=1)
    client.v1.customers.list({"limit": 3})
    said = ("path", "form", "status", "error_code", "replayed", "stripe_account", "upload", "lost")
    assert [[one[name] for name in said] for one in listed(client)] == [
        ["/v1/customers", "limit=3", 200, None, False, None, False, False],
        ["/v1/customers", "limit=3", 200, None, False, None, False, True],
        ["/v1/files", "purpose=dispute_evidence&file=@blob", 200, None, False, None, True, False],
        ["/v1/nothing_of_the_kind", "a=b", 404, None, False, None, False, False],
        ["/v1/payment_intents/pi_nobody", "", 404, "resource_missing", False, None, False, False],
        ["/v1/payment_intents", "amount=1000&currency=usd", 200, None, True, shop, False, False],
        ["/v1/payment_intents", "amount=1000&currency=usd", 200, None, False, shop, False, False],
        ["/v1/accounts", "", 200, None, False, None, False, False],
    ]


def test_the_story_of_one_payment(client):
    reader = new_reader(client).id
    payment = pay(client, reader, new_payment(client).id)
    new_payment(client)
    story = [one["path"].rpartition("/")[2] for one in listed(client, object=payment.id)]
    assert story == ["capture", "present_payment_method", "process_payment_intent", "payment_intents"]
    assert [one["path"] for one in listed(client, object=payment.latest_charge)] == [
        f"/v1/payment_intents/{payment.id}/capture"
    ], "before it is captured nobody was told of the charge"
    assert listed(client, object="pi_nobody") == []


def test_newest_first_as_many_as_wanted_and_only_what_is_new(client):
    ids = [new_payment(client).last_response.request_id for _ in range(3)][::-1]
    assert [one["id"] for one in listed(client)] == ids
    answer = json.loads(client.raw_request("get", "/_simulator/requests", limit=2).body)
    assert ([one["id"] for one in answer["data"]], answer["has_more"]) == (ids[:2], True)
    assert [one["id"] for one in listed(client, ending_before=ids[1])] == ids[:1]
    assert listed(client, ending_before=ids[0]) == []
    for limit in (0, 501):
        with pytest.raises(stripe.InvalidRequestError, match="limit must be between 1 and 500"):
            listed(client, limit=limit)


def test_a_program_that_waits_is_one_record_until_something_happens(client):
    """So that what it waited for is still there, and the look that saw it is another one."""
    reader, payment = new_reader(client).id, new_payment(client).id
    first = listed(client, limit=1)[0]["id"]

    def wait(times: int) -> None:
        for _ in range(times):
            client.v1.terminal.readers.retrieve(reader)
            client.v1.payment_intents.retrieve(payment)

    wait(600)  # more than are kept, in one batch or in several
    listed(client)  # a batch ends
    wait(3)
    client.v1.payment_intents.retrieve(payment, {"expand": ["customer"]})
    new_payment(client)
    wait(2)
    found = listed(client, ending_before=first)
    kinds = {f"/v1/terminal/readers/{reader}": "reader", f"/v1/payment_intents/{payment}": "payment"}
    assert [(kinds.get(one["path"], one["method"]), one["form"] != "", one["times"]) for one in found] == [
        ("payment", False, 2),
        ("reader", False, 2),
        ("POST", True, 1),
        ("payment", True, 1),
        ("payment", False, 603),
        ("reader", False, 603),
    ]
    for one in found:
        assert one["created"] == int(one["at"]) <= one["last"]
    assert json.loads(found[4]["answer"])["id"] == payment
    assert [one["method"] for one in listed(client)][-1] == "POST", "the beginning is still there"


# -- what is not


def test_a_pages_own_looks_and_others_accounts_are_left_out(client, served):
    client.raw_request("get", "/_simulator/changes")
    client.raw_request("get", "/v1/payment_intents", headers={"Simulator-Unrecorded": "true"})
    served.client("sk_test_another").v1.customers.list()
    served.raw(b"GET /v1/customers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert listed(client) == []


CARD = "4242424242424242"
HIDDEN = {
    "a card": (f"card[number]={CARD}", CARD, "card[number]=****4242"),
    "a card in groups": ("card[number]=4242+4242+4242+4242", "4242+4242", "card[number]=****4242"),
    "a card with its brackets encoded": (f"card%5Bnumber%5D={CARD}", CARD, "card[number]=****4242"),
    "half a card": ("card[number]=42424242", "42424242", "card[number]=****4242"),
    "a card anywhere": (f"metadata[note]=it+was+{CARD}", CARD, "metadata[note]=it+was+****4242"),
    "a card's code": ("card[cvc]=123", "123", "card[cvc]=****"),
    "a key": ("metadata[note]=sk_test_4eC39", "4eC39", "metadata[note]=sk_test_****"),
    "a live key": ("metadata[note]=rk_live_4eC39", "4eC39", "metadata[note]=rk_live_****"),
    "a client secret": ("client_secret=pi_1_secret_abcdefgh", "abcdefgh", "client_secret=****"),
    "a token": ("payment_method_data[card][token]=tok_visa", "visa", "payment_method_data[card][token]=****"),
    "a source": ("source=tok_visa", "visa", "source=tok_****"),
    "a card and its code": ("name=378282246310005+1234", "378282246310005", "name=****0005+1234"),
    "a wrong number where a card is due": (
        "card[number]=4242424242424243",
        "42424242",
        "card[number]=****4243",
    ),
    "a signing secret": ("description=whsec_abc", "abc", "description=whsec_****"),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_hidden_in_a_form(case):
    sent, hidden, shown = HIDDEN[case]
    assert mask_form(f"amount=1&{sent}&currency=usd") == f"amount=1&{shown}&currency=usd"
    for end in range(len(sent)):
        # Wherever a text is cut off, what is cut in two is among its last hundred characters.
        assert hidden not in mask_form(sent[:end])


@pytest.mark.parametrize("sent", ["order=1764375598094-1", "order=2026-11-29-0001-0001", "at=1764375598094"])
def test_a_number_that_is_no_card_is_shown(sent):
    assert mask_form(f"metadata[{sent.replace('=', ']=')}") == f"metadata[{sent.replace('=', ']=')}"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ('{"client_secret":"pi_1_secret_2","id":"pi_1"}', '{"client_secret":"****","id":"pi_1"}'),
        ('{"secret":"a \\" quote","x":"y"}', '{"secret":"****","x":"y"}'),
        ('{"network_token":{"used":false}}', '{"network_token":{"used":false}}'),
        ('{"url":"http://x/?pi_client_secret=pi_1_secret_abcdefgh&a=b"}',
         '{"url":"http://x/?pi_client_secret=pi_1_secret_****&a=b"}'),
        ('{"id":"pi_3000012010123456789012","amount":12345678}',
         '{"id":"pi_3000012010123456789012","amount":12345678}'),
        # A time in milliseconds, and one that would pass for a card.
        ('{"last_seen_at":1764375598094}', '{"last_seen_at":1764375598094}'),
        (f'{{"at":[{CARD},-{CARD}],"x":{CARD}}}', f'{{"at":[{CARD},-{CARD}],"x":{CARD}}}'),
        (f'{{"number":{CARD}}}', '{"number":"****4242"}'),
        ('{"number":"4242424242424243"}', '{"number":"****4243"}'),
        (f'{{"note":"a \\" b: {CARD}, c\\n{CARD}"}}', '{"note":"a \\" b: ****4242, c\\n****4242"}'),
        (f'{{"note":"\\u00e9{CARD}"}}', '{"note":"\\u00e9****4242"}'),
        ('{"note":"was:\\nsk_live_4eC39"}', '{"note":"was:\\nsk_live_****"}'),
        (f'{{"{CARD}":1}}', '{"****4242":1}'),
    ],
)  # fmt: skip
def test_hidden_in_an_answer(answer, shown):
    assert mask_json(answer) == shown
    json.loads(shown)


def test_nothing_secret_reaches_the_disk(client, path, key):
    reader = new_reader(client).id
    secrets = [new_payment(client).client_secret, client.v1.terminal.connection_tokens.create().secret]
    hook = {"url": "http://127.0.0.1:1/", "enabled_events": ["charge.captured"]}
    secrets.append(client.v1.webhook_endpoints.create(hook).secret)
    card = {"number": "4000056655665556", "exp_month": 12, "exp_year": 2034, "cvc": "987"}
    client.v1.payment_methods.create({"type": "card", "card": card})
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": new_payment(client).id})
    client.v1.test_helpers.terminal.readers.present_payment_method(
        reader, {"card_present": {"number": "4000056655665556"}}
    )
    assert listed(client)[0]["path"].endswith("/present_payment_method")
    written = b"".join(
        each.read_bytes() for each in path.parent.glob(f"{traffic_file.traffic_path(path).name}*")
    )
    assert b"****5556" in written
    for secret in [*secrets, key, "4000056655665556", "=987"]:
        assert secret.encode() not in written


# -- how much


def test_what_is_long_is_cut_and_says_so(client):
    for number in range(12):
        client.v1.customers.create({"name": "é" * 200, "description": "x" * 300, "metadata": {"n": number}})
    client.v1.customers.create({"metadata": {f"field {n}": "y" * 490 for n in range(40)}})
    client.v1.customers.list({"limit": 100})
    for one in listed(client, limit=2):
        assert one["cut"]
        assert one["answer"].endswith("… (cut)")
        assert len(json.dumps(one, ensure_ascii=False).encode()) < MAX_RECORD + 3000, "its quotes aside"
        assert sum(len(str(value).encode()) for value in one.values()) <= MAX_RECORD


def note(log: TrafficLog, key: str, answer: str, number: int = 0) -> None:
    log.note(
        "GET",
        f"/v1/customers/cus_{number}",
        "",
        {"authorization": f"Bearer {key}"},
        b"",
        status=200,
        answer=answer,
        answered={"Request-Id": f"req_{number}"},
        created=0,
        revision=-1,
        seconds=0.001,
        lost=False,
    )


@pytest.fixture
def log(tmp_path: Path) -> TrafficLog:
    log = TrafficLog(tmp_path / "account.sqlite")
    log.begin("http://127.0.0.1:1")
    return log


def read(log: TrafficLog, key: str) -> list[traffic_file.Kept]:
    from irl_helpers.simulator.store import key_hash

    return log.file.requests(key_hash(key))


def test_the_last_500_of_each_account_are_kept(log):
    for number in range(1200):
        note(log, "sk_test_busy", "{}", number)
        if number == 100:
            log.flush()
            note(log, "sk_test_quiet", "{}", 7)
    log.flush()
    assert [one.id for one in read(log, "sk_test_busy")] == [f"req_{n}" for n in range(1199, 699, -1)]
    assert [one.id for one in read(log, "sk_test_quiet")] == ["req_7"]


def test_a_flood_of_large_answers_from_many_keys_stays_below_20_mb(log, tmp_path):
    file = traffic_file.traffic_path(tmp_path / "account.sqlite")
    for number in range(2000):
        note(log, f"sk_test_{number % 40}", '"' + "z" * 50_000 + '"', number)
        if number % 250 == 0:
            log.flush()
            assert file.stat().st_size <= 20_000_000
    log.flush()
    assert file.stat().st_size <= 20_000_000
    assert read(log, "sk_test_39")[0].id == "req_1999", "the newest are there"


# -- whose it is, and how long


def test_in_process_nothing_is_written_down(tmp_path):
    with closing(Simulator(tmp_path / "account.sqlite")) as simulator:
        client = stripe.StripeClient("sk_test_x", http_client=SimulatorHTTPClient(simulator))
        new_payment(client)
        answer = json.loads(client.raw_request("get", "/_simulator/requests").body)
    assert (answer["data"], answer["served"]) == ([], [])
    assert not [each.name for each in tmp_path.iterdir() if "traffic" in each.name]


def test_another_process_reads_it_as_it_comes_and_after_the_end(tmp_path):
    path = tmp_path / "account.sqlite"
    with closing(Simulator(path)) as simulator:
        beside = stripe.StripeClient("sk_test_served", http_client=SimulatorHTTPClient(simulator))
        with serve("--account", str(path)) as running:
            first = new_payment(running.client()).last_response.request_id
            until(lambda: [one["id"] for one in listed(beside)] == [first])
            assert json.loads(beside.raw_request("get", "/_simulator/requests").body)["served"] == [
                running.url
            ]
            second = new_payment(running.client()).last_response.request_id
            assert running.stop()[0] == 0
        answer = json.loads(beside.raw_request("get", "/_simulator/requests").body)
        assert [one["id"] for one in answer["data"]] == [second, first]
        assert answer["served"] == []
        # What one process forgets, no other one remembers.
        beside.raw_request("post", "/_simulator/reset")
        assert listed(beside) == []


def test_a_reset_forgets_also_what_is_not_written_down_yet(client, path, key):
    new_payment(client)
    with closing(Simulator(path)) as simulator:
        beside = stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator))
        beside.raw_request("post", "/_simulator/reset")
    assert listed(client) == []
    new_payment(client)
    assert len(listed(client)) == 1


@pytest.mark.parametrize("rubbish", [b"rubbish" * 1000, b""])
def test_a_file_that_cannot_be_used_is_begun_anew(client, path, rubbish):
    new_payment(client)
    assert len(listed(client)) == 1
    traffic_file.traffic_path(path).write_bytes(rubbish)
    new_payment(client)
    assert len(listed(client)) == 1


def test_a_file_of_another_version_is_begun_anew(log, tmp_path):
    with closing(sqlite3.connect(traffic_file.traffic_path(tmp_path / "account.sqlite"))) as db:
        db.execute("PRAGMA user_version = 99")
    note(log, "sk_test_x", "{}")
    log.flush()
    assert [one.id for one in read(log, "sk_test_x")] == ["req_0"]
