"""A list reads what it shows, and neither every object of the account nor a copy sorted on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.routes import ROUTES
from irl_helpers.simulator.store import INDEXED, column

from .plans import plans

HEADERS = {"Authorization": "Bearer sk_test_plans"}
LISTS = [route.path for route in ROUTES if route.call.endswith(".list") and route.path.startswith("/v1/")]
# Cannot be had without its filter.
FILTERED = "/v1/setup_attempts"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    simulator = Simulator(tmp_path_factory.mktemp("plans") / "account.sqlite")
    yield simulator
    simulator.close()


@pytest.fixture(scope="module")
def ids(simulator: Simulator) -> dict[str, str]:
    """Of what a filter only takes when there is one."""

    def make(path: str, **params: str) -> str:
        return json.loads(simulator.handle("POST", path, HEADERS, urlencode(params)).body)["id"]

    types = {"allowed_payment_method_types[]": "card_present"}
    return {"customer": make("/v1/customers"), "setup_intent": make("/v1/setup_intents", **types)}


def check(steps: list[str], index: str) -> None:
    assert steps
    for step in steps:
        assert step.startswith(f"SEARCH objects USING INDEX {index} "), steps


@pytest.mark.parametrize("path", [path for path in LISTS if path != FILTERED])
def test_a_list(simulator, path):
    """Its newest objects lie together in an index that has the order of the list."""
    check(plans(simulator, path, HEADERS), "objects_by_id")


# Values that a closed list of words asks for.
KNOWN = {"purpose": "business_logo"}
FILTERS = [
    ("/v1/payment_intents", "payment_intent", "customer"),
    ("/v1/charges", "charge", "payment_intent"),
    ("/v1/charges", "charge", "customer"),
    ("/v1/refunds", "refund", "charge"),
    ("/v1/refunds", "refund", "payment_intent"),
    ("/v1/disputes", "dispute", "charge"),
    ("/v1/disputes", "dispute", "payment_intent"),
    ("/v1/balance_transactions", "balance_transaction", "source"),
    ("/v1/balance_transactions", "balance_transaction", "type"),
    ("/v1/customers", "customer", "email"),
    ("/v1/setup_intents", "setup_intent", "customer"),
    ("/v1/setup_intents", "setup_intent", "payment_method"),
    ("/v1/payment_methods", "payment_method", "customer"),
    (FILTERED, "setup_attempt", "setup_intent"),
    ("/v1/events", "event", "type"),
    ("/v1/terminal/readers", "terminal.reader", "location"),
    ("/v1/files", "file", "purpose"),
]


@pytest.mark.parametrize(("path", "kind", "field"), FILTERS)
def test_a_filter(simulator, ids, path, kind, field):
    """So do those that a filter lets through."""
    query = urlencode({field: ids.get(field, KNOWN.get(field, "nobody"))})
    steps = plans(simulator, f"{path}?{query}", HEADERS)
    check(steps, f"objects_by_{column(kind, field)}")


def test_every_indexed_field_has_its_filter():
    """But for those that only narrow what another one found."""
    indexed = {(kind, field) for kind, fields in INDEXED.items() for field in fields}
    narrowing = {("payment_method", "allow_redisplay"), ("payment_method", "type")}
    assert {(kind, field) for _, kind, field in FILTERS} == indexed - narrowing
