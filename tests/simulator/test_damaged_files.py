"""Account files that went wrong: each is refused in one sentence, or serves as if nothing had happened.

`make soak` damages 200 files.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from irl_helpers.simulator import AccountFileError, Simulator, SimulatorHTTPClient, store
from irl_helpers.simulator.file_damage import find_damage

from .sale import new_payment, new_reader, pay

KEY = "sk_test_damaged"
HEADERS = {"Authorization": f"Bearer {KEY}"}
FILES = 200 if "IRL_SOAK" in os.environ else 24

Bytes = bytearray


def _flip(data: Bytes, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 20, 2000])):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _flip_the_first_page(data: Bytes, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(4096)] = chance.randrange(256)


def _truncate(data: Bytes, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _overwrite(data: Bytes, chance: random.Random) -> None:
    start, size = chance.randrange(len(data)), chance.choice([100, 4096, 50_000])
    data[start : start + size] = chance.randbytes(min(size, len(data) - start))


def _empty_pages(data: Bytes, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 5])):
        start = chance.randrange(len(data) // 4096) * 4096
        data[start : start + 4096] = bytes(4096)


def _swap_pages(data: Bytes, chance: random.Random) -> None:
    one, other = (chance.randrange(1, len(data) // 4096) * 4096 for _ in range(2))
    data[one : one + 4096], data[other : other + 4096] = data[other : other + 4096], data[one : one + 4096]


def _letters(data: Bytes, chance: random.Random) -> None:
    """Still text, and still JSON, but not what was written."""
    start = data.index(b'{"id":"')
    for _ in range(chance.choice([3, 30, 300])):
        place = chance.randrange(start, len(data))
        if chr(data[place]).isalnum() and data[place] < 128:
            data[place] = chance.choice(b"abcdefghijklmnopqrstuvwxyz0123456789")


def _append(data: Bytes, chance: random.Random) -> None:
    data += chance.randbytes(chance.choice([1, 4096, 100_000]))


WAYS: list[Callable[[Bytes, random.Random], None]] = [
    _flip, _flip_the_first_page, _truncate, _overwrite, _empty_pages, _swap_pages, _letters, _append,
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account with some of everything."""
    import stripe

    path = tmp_path_factory.mktemp("whole") / "account.sqlite"
    simulator = Simulator(path)
    client = stripe.StripeClient(KEY, http_client=SimulatorHTTPClient(simulator))
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1/", "enabled_events": ["*"]})
    reader = new_reader(client)
    for _ in range(6):
        payment = pay(client, reader.id, new_payment(client).id)
        client.v1.refunds.create({"payment_intent": payment.id, "amount": 500})
        client.v1.customers.create({"email": "mira@example.com", "name": "Mira"})
    client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": new_payment(client).id})
    client.raw_request("post", "/_simulator/faults", kind="webhook_late", count=5, seconds=9)
    new_payment(client)
    simulator.close()
    return path


def use(simulator: Simulator) -> None:
    """Look at everything and change something. Raises whatever the simulator raises."""

    def call(method: str, path: str, form: str = "") -> str:
        response = simulator.handle(method, path, HEADERS, form)
        assert response.status < 500, response.body
        return response.body

    import json

    seen: dict[str, list[str]] = {}
    for name in (
        "payment_intents", "charges", "refunds", "customers", "events", "setup_intents", "webhook_endpoints",
        "terminal/readers", "terminal/locations", "terminal/configurations",
    ):  # fmt: skip
        found = json.loads(call("GET", f"/v1/{name}?limit=100&expand[]=data.latest_charge"))
        found = found if "data" in found else json.loads(call("GET", f"/v1/{name}?limit=100"))
        seen[name] = [str(each.get("id")) for each in found.get("data", [])]
        for id in seen[name][:3]:
            call("GET", f"/v1/{name}/{id}")
    call("GET", "/v1/payment_intents/search?query=currency:'usd'")
    for id in seen["terminal/readers"]:
        call("POST", f"/v1/test_helpers/terminal/readers/{id}/present_payment_method")
        call("POST", f"/v1/terminal/readers/{id}/cancel_action")
    for id in seen["payment_intents"][:2]:
        call("POST", f"/v1/payment_intents/{id}/cancel")
        call("POST", f"/v1/payment_intents/{id}", "metadata[a]=b")
    for id in seen["charges"][:2]:
        call("POST", "/v1/refunds", f"charge={id}")
    call("POST", "/_simulator/clock", "advance=260000")
    call("GET", "/v1/payment_intents")
    call("POST", "/_simulator/deliveries")
    call("POST", "/v1/payment_intents", "amount=1000&currency=usd")


def test_whole_file(whole):
    """Nothing is found where nothing is wrong."""
    simulator = Simulator(whole)
    use(simulator)
    assert simulator.read(find_damage) == ""
    simulator.close()


@pytest.mark.parametrize("seed", range(FILES))
def test_damaged_file(tmp_path, whole, seed):
    chance = random.Random(seed)
    path = tmp_path / "account.sqlite"
    shutil.copy(whole, path)
    data = bytearray(path.read_bytes())
    WAYS[seed % len(WAYS)](data, chance)
    path.write_bytes(data)
    try:
        simulator = Simulator(path)
    except AccountFileError as problem:
        said = str(problem)
        store.begin_anew(path).close()
        simulator = Simulator(path)
    else:
        try:
            use(simulator)
            said = ""
        except AccountFileError as problem:
            said = str(problem)
    print(f"outcome {WAYS[seed % len(WAYS)].__name__}: {said.replace(str(tmp_path), '')}")
    assert not said or (str(path) in said and "\n" not in said)
    assert simulator.handle("POST", "/_simulator/reset", HEADERS).status == 200
    made = simulator.handle("POST", "/v1/payment_intents", HEADERS, "amount=1000&currency=usd")
    assert made.status == 200, "an empty account works"
    simulator.close()
    use(simulator := Simulator(path))
    simulator.close()
