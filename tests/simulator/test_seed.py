"""`--seed FILE`: what an account has from the beginning. All of it is put there, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from irl_helpers.simulator.file_damage import find_damage
from irl_helpers.simulator.seed import SeedError, plant, read_seed

from .sale import ADDRESS
from .serving import refused, serve

KEY = "sk_test_offline"
SEED: dict[str, list[Any]] = {
    "locations": [{"id": "tml_shop", "display_name": "Shop", "address": ADDRESS}],
    "readers": [
        {"id": "tmr_till", "label": "Till", "location": "tml_shop"},
        {"registration_code": "simulated-s700", "label": "Bar"},
    ],
    "customers": [
        {
            "id": "cus_Ada",
            "name": "Ada ☕",
            "cards": ["pm_card_mastercard", {"id": "pm_Ada", "payment_method": "pm_card_amex"}],
        }
    ],
    "payments": [
        {"id": "pi_asked", "amount": 1000, "currency": "usd"},
        {
            "id": "pi_held",
            "amount": 2000,
            "currency": "usd",
            "reader": "tmr_till",
            "capture_method": "manual",
        },
        {
            "id": "pi_part",
            "amount": 3000,
            "currency": "usd",
            "reader": "tmr_till",
            "capture_method": "manual",
            "capture": 1200,
        },
        {
            "id": "pi_declined",
            "amount": 4000,
            "currency": "usd",
            "reader": "tmr_till",
            "card": "charge_declined",
        },
        {
            "id": "pi_online",
            "amount": 5000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_visa",
        },
        {
            "id": "pi_refused",
            "amount": 6000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_chargeDeclined",
        },
        {
            "id": "pi_Ada",
            "amount": 7000,
            "currency": "usd",
            "customer": "cus_Ada",
            "payment_method": "pm_Ada",
            "confirm": True,
            "metadata": {"order": 7},
        },
    ],
}
for payment in SEED["payments"]:
    if "reader" not in payment:
        payment["allowed_payment_method_types"] = ["card"]
STATUSES = {
    "pi_asked": "requires_payment_method",
    "pi_held": "requires_capture",
    "pi_part": "succeeded",
    "pi_declined": "requires_payment_method",
    "pi_online": "succeeded",
    "pi_refused": "requires_payment_method",
    "pi_Ada": "succeeded",
}


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with closing(Simulator(tmp_path / "account.sqlite")) as simulator:
        yield simulator


def client_of(simulator: Simulator, key: str = KEY) -> stripe.StripeClient:
    return stripe.StripeClient(key, http_client=SimulatorHTTPClient(simulator))


def counts(simulator: Simulator) -> dict[str, int]:
    return client_of(simulator).raw_request("post", "/_simulator/reset").data["objects"]


def test_everything_in_a_seed_is_there_when_it_is_served(tmp_path):
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(SEED, ensure_ascii=False), encoding="utf-8")
    options = ("--account", str(tmp_path / "account.sqlite"), "--seed", str(file))
    with serve(*options) as served:
        told = served.process.stdout.readline()
        assert told == "Seeded with 1 location, 2 readers, 1 customer, 7 payments.\n"
        client = served.client(KEY)
        assert {one.id: one.status for one in client.v1.payment_intents.list().data} == STATUSES
        assert client.v1.payment_intents.retrieve("pi_part").amount_received == 1200
        assert client.v1.payment_intents.retrieve("pi_Ada").metadata["order"] == "7"
        till = client.v1.terminal.readers.retrieve("tmr_till")
        assert (till.label, till.location, till.action) == ("Till", "tml_shop", None)
        assert client.v1.customers.retrieve("cus_Ada").name == "Ada ☕"
        kept = client.v1.customers.payment_methods.list("cus_Ada").data
        assert [(one.id == "pm_Ada", one.card.brand) for one in kept] == [
            (True, "amex"),
            (False, "mastercard"),
        ]
        # What is made from now on stands beside it, and the seed's payments go on as any others.
        new = client.v1.terminal.locations.create({"display_name": "Bar", "address": ADDRESS})
        assert {one.id for one in client.v1.terminal.locations.list().data} == {"tml_shop", new.id}
        assert client.v1.payment_intents.capture("pi_held").status == "succeeded"
        assert served.client("sk_test_other").v1.payment_intents.list().data == []
    with serve(*options) as served:
        assert "was left out. A seed is for an empty account" in served.process.stdout.readline()
        assert served.client(KEY).v1.payment_intents.retrieve("pi_held").status == "succeeded"


def changed(section: str, at: int, **fields: Any) -> dict[str, Any]:
    """The seed with other fields in one entry, at whose end so much else is right."""
    seed = json.loads(json.dumps(SEED))
    seed[section][at] |= fields
    return seed


deep: Any = "end"
for _ in range(100):
    deep = [deep]

WRONG = {
    "a list": ([], "an object with locations"),
    "another word": ({**SEED, "reader": []}, "'reader' is none of locations, readers"),
    "no list": ({**SEED, "readers": {}}, r"^readers: a list"),
    "no object": ({**SEED, "readers": ["tmr_1"]}, r"^readers\[0\]: an object"),
    "unknown parameter": (changed("readers", 1, colour="red"), r"^readers\[1\]\.colour: .*unknown parameter"),
    "missing parameter": ({"locations": [{"display_name": "Shop"}]}, r"^locations\[0\]\.address: Missing"),
    "inside": (changed("locations", 0, address={"country": "US"}), r"^locations\[0\]\.address\[line1\]: "),
    "another type": (changed("payments", 0, amount=9.99), r"^payments\[0\]\.amount: Invalid integer: 9.99"),
    "too little": (changed("payments", 0, amount=1), r"^payments\[0\]\.amount: "),
    "nobody's reader": (changed("payments", 1, reader="tmr_9"), r"^payments\[1\]\.reader.*No such reader"),
    "a path": (changed("payments", 1, reader="../x"), r"^payments\[1\]\.reader.*No such reader"),
    "nobody's place": (changed("readers", 0, location="tml_9"), r"^readers\[0\]\.location: No such location"),
    "real card": (changed("payments", 1, card="4111111111111111"), r"^payments\[1\]\.card: That is not one"),
    "captured too early": (changed("payments", 0, capture=True), r"^payments\[0\]\.capture: "),
    "captured too much": (changed("payments", 2, capture=90_000), r"^payments\[2\]\.capture.*: "),
    "no such card": (
        changed("customers", 0, cards=["pm_mine"]),
        r"^customers\[0\]\.cards\[0\]\.payment_method",
    ),
    "a card in a list": (changed("customers", 0, cards=[[]]), r"^customers\[0\]\.cards\[0\]: an object"),
    "a card that is a list": (changed("customers", 0, cards=[{"payment_method": []}]), r"\.payment_method: "),
    "declined when kept": (
        changed("customers", 0, cards=["pm_card_chargeDeclined"]),
        r"^customers\[0\]\.cards\[0\]: Your card was declined",
    ),
    "another prefix": (changed("readers", 1, id="till"), r"^readers\[1\]\.id: .* tmr_, a letter"),
    "as if it were new": (changed("readers", 1, id="tmr_3abc"), r"^readers\[1\]\.id: "),
    "with a slash": (changed("readers", 1, id="tmr_a/b"), r"^readers\[1\]\.id: "),
    "a number": (changed("readers", 1, id=7), r"^readers\[1\]\.id: "),
    "twice": (changed("readers", 1, id="tmr_till"), r"^readers\[1\]\.id: tmr_till is there already"),
    "one of Stripe's": (
        changed("customers", 0, cards=[{"id": "pm_card_visa"}]),
        r"^customers\[0\]\.cards\[0\]\.id: pm_card_visa is there already",
    ),
    "half a character": (changed("customers", 0, name="\ud83d"), r"^customers\[0\]\.name: .*character"),
    "no character": (
        changed("customers", 0, metadata={"a\0": "b"}),
        r"^customers\[0\]\.metadata: .*character",
    ),
    "too deep": (changed("customers", 0, name=deep), r"^customers\[0\]: .*nested too deeply"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_seed_says_where_and_leaves_nothing(what, simulator):
    seed, said = WRONG[what]
    with pytest.raises(SeedError, match=said) as caught:
        plant(simulator, KEY, seed)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    with pytest.raises(stripe.InvalidRequestError, match="No such location"):
        client_of(simulator).v1.terminal.locations.retrieve("tml_shop")
    assert counts(simulator).keys() <= {"terminal.configuration"}
    assert simulator.read(find_damage) == ""
    # The same account takes the right one afterwards.
    assert len(plant(simulator, KEY, SEED)["payments"]) == len(SEED["payments"])


FILES = {
    "not there": (None, "it cannot be read (No such file"),
    "no JSON": (b'{"readers": [\n  {"label": "Till",}\n]}', "line 2, column "),
    "no text": (b"\xff\xfe\x00", "it is not a JSON file"),
    "without end": (b"[" * 100_000, "it is not a JSON file"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_no_seed_says_why(what, tmp_path):
    content, said = FILES[what]
    if content is not None:
        (tmp_path / "shop.json").write_bytes(content)
    with pytest.raises(SeedError) as caught:
        read_seed(tmp_path / "shop.json")
    assert str(caught.value).startswith(said)


def test_a_wrong_seed_ends_the_start_in_one_line(tmp_path):
    file = tmp_path / "shop.json"
    file.write_text('{"readers": [{"colour": 1}]}')
    code, out, err = refused("--port", "0", "--account", str(tmp_path / "a.sqlite"), "--seed", str(file))
    assert (code, out) == (2, "")
    assert err == f"{file}: readers[0].colour: Received unknown parameter: colour\n"
