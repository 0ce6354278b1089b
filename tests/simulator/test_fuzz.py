"""Whatever is sent: an answer, or a well-formed Stripe error after which nothing has changed.

`IRL_SOAK=100` makes it a hundred times as long, and different each time.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from irl_helpers.simulator import Response, Simulator
from irl_helpers.simulator.routes import ROUTES

from .kept import check_kept
from .rubbish import Request, requests
from .sale import ADDRESS
from .standing_clock import stop_the_clock

REFILL_AFTER = 60
SOAK = int(os.environ.get("IRL_SOAK", "1"))
HEADERS = {"Authorization": "Bearer sk_test_fuzz"}
TYPES = {"api_error", "card_error", "idempotency_error", "invalid_request_error"}
TYPED = {"allowed_payment_method_types[]": "card_present"}
READERS, HELPERS = "/v1/terminal/readers", "/v1/test_helpers/terminal/readers"


class Fuzzed:
    """An account with something of everything in it, in every state; filled again now and then."""

    def __init__(self, path: Path) -> None:
        self.simulator = Simulator(path)
        self.ids: dict[str, list[str]] = {}
        self.before: list[Any] = []
        self.refill()

    def post(self, path: str, **params: Any) -> str:
        """Make something, if the simulator knows the call; its id."""
        response = self.simulator.handle("POST", path, HEADERS, urlencode(params))
        if "Unrecognized request URL" in response.body:
            return ""
        assert response.status == 200, (path, response.body)
        return json.loads(response.body).get("id", "")

    def refill(self) -> None:
        self.left = REFILL_AFTER
        self.post("/_simulator/reset")
        address = {f"address[{name}]": value for name, value in ADDRESS.items()}
        location = self.post("/v1/terminal/locations", display_name="Shop", **address)
        readers = [
            self.post(READERS, registration_code="simulated-wpe", location=location, label=label)
            for label in ("idle", "waiting", "cart", "done", "saving", "asking", "collecting")
        ]
        customer = self.post("/v1/customers", name="Ada")
        payments = [
            self.post("/v1/payment_intents", amount=1000, currency="usd", capture_method=method, **TYPED)
            for method in ("manual", "manual", "manual", "automatic", "manual", "manual")
        ]
        for payment in payments[:4]:
            self.post(f"{READERS}/{readers[3]}/process_payment_intent", payment_intent=payment)
            self.post(f"{HELPERS}/{readers[3]}/present_payment_method")
        self.post(f"/v1/payment_intents/{payments[1]}/capture")
        self.post(f"/v1/payment_intents/{payments[2]}/cancel")
        self.post(f"{READERS}/{readers[1]}/process_payment_intent", payment_intent=payments[4])
        cart = {"currency": "usd", "total": 659, "line_items[0][amount]": 659}
        cart |= {"line_items[0][description]": "Latte", "line_items[0][quantity]": 1}
        cart = {"cart" + re.sub(r"^(\w+)", r"[\1]", name): value for name, value in cart.items()}
        self.post(f"{READERS}/{readers[2]}/set_reader_display", type="cart", **cart)
        self.post("/v1/webhook_endpoints", url="http://127.0.0.1/", **{"enabled_events[]": "*"})
        card = self.post("/v1/payment_methods/pm_card_visa/attach", customer=customer)
        online = {"amount": 1000, "currency": "usd", "customer": customer, "payment_method": card}
        for more in ({}, {"confirm": "true"}, {"confirm": "true", "capture_method": "manual"}):
            self.post("/v1/payment_intents", **online, **{"allowed_payment_method_types[]": "card"}, **more)
        for token in ("pm_card_createDispute", "pm_card_createDisputeInquiry"):
            disputed = {"amount": 1000, "currency": "usd", "payment_method": token, "confirm": "true"}
            self.post("/v1/payment_intents", **disputed, **{"allowed_payment_method_types[]": "card"})
        self.post("/v1/payment_methods", type="card", **{"card[token]": "tok_mastercard"})
        self.post("/v1/setup_intents", **TYPED)
        self.post("/v1/setup_intents", customer=customer, payment_method=card)
        self.post("/v1/terminal/configurations", name="Tips")
        if saving := self.post("/v1/setup_intents", **TYPED):
            saved = {"setup_intent": saving, "allow_redisplay": "always"}
            self.post(f"{READERS}/{readers[4]}/process_setup_intent", **saved)
        question = {"inputs[0][type]": "email", "inputs[0][custom_text][title]": "Your address"}
        self.post(f"{READERS}/{readers[5]}/collect_inputs", **question)
        self.post(f"{READERS}/{readers[6]}/collect_payment_method", payment_intent=payments[5])
        self.post("/v1/refunds", payment_intent=payments[1], amount=100)
        sign = {"inputs[0][type]": "signature", "inputs[0][custom_text][title]": "Sign here"}
        self.post(f"{READERS}/{readers[3]}/collect_inputs", **sign)
        self.post(f"{HELPERS}/{readers[3]}/succeed_input_collection")
        connected = self.post("/v1/accounts", country="US", **{"capabilities[transfers][requested]": "true"})
        # What an account has from its beginning is made when it is first asked for anything.
        self.simulator.handle("GET", "/v1/account", HEADERS | {"Stripe-Account": connected})
        self.remember()

    def remember(self) -> None:
        self.before = self.dump()
        for row in self.before:
            # A connected account begins with the first request to it, and so may a refused one do.
            if row[0] == "objects" and row[2] == "account":
                named = {**HEADERS, "Stripe-Account": row[3]}
                self.simulator.handle("GET", "/v1/balance", named)
        self.before = self.dump()
        self.ids = {}
        for row in self.before:
            if row[0] == "objects":
                self.ids.setdefault(row[3].partition("_")[0], []).append(row[3])

    def dump(self) -> list[Any]:
        """Everything in the file but the account's revision and its last time."""

        def read(db: Any) -> list[Any]:
            tables = ("objects", "due", "deliveries", "funds", "contents")
            rows = [(table, *row) for table in tables for row in db.execute(f"SELECT * FROM {table}")]
            return rows + db.execute("SELECT clock_offset, faults FROM accounts").fetchall()

        return self.simulator.read(read)

    def named(self, text: str) -> str:
        """`@pi:3` is the third PaymentIntent, or one that nobody has."""

        def choose(match: re.Match[str]) -> str:
            known = self.ids.get(match[1])
            return known[int(match[2]) % len(known)] if known else f"{match[1]}_nobody"

        return re.sub(r"@([a-z]+):(\d)", choose, text)

    def send(self, request: Request) -> Response:
        body = request.body
        body = self.named(body) if isinstance(body, str) else body
        if isinstance(body, bytes):
            body = self.named(body.decode("latin-1")).encode("latin-1")
        headers = {name: self.named(value) for name, value in request.headers.items()}
        return self.simulator.handle(request.method, self.named(request.target), headers, body)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with pytest.MonkeyPatch.context() as patch:
        stop_the_clock(patch)
        account = Fuzzed(tmp_path_factory.mktemp("fuzz") / "account.sqlite")
        yield account
        account.simulator.close()


def no_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def check(fuzzed: Fuzzed, request: Request) -> int:
    """Send it; the status, when all that must hold does."""
    fuzzed.left -= 1
    if not fuzzed.left:
        fuzzed.refill()
    response = fuzzed.send(request)
    answer = json.loads(response.body.encode(), parse_constant=no_constant)
    assert isinstance(answer, dict)
    for name, value in response.headers.items():
        assert re.fullmatch(r"[ -~\x80-\xff]*", value), (name, value)
    check_kept(fuzzed.simulator, HEADERS["Authorization"])
    if response.status == 200:
        assert "error" not in answer
        if request.target.startswith("/_simulator/"):
            # A fault may well bring a 500, and what is due after the clock was moved comes with any request.
            assert fuzzed.simulator.handle("DELETE", "/_simulator/faults", HEADERS).status == 200
            assert fuzzed.simulator.handle("GET", "/v1/events", HEADERS).status == 200
        fuzzed.remember()
        return 200
    assert response.status in (400, 401, 402, 403, 404, 409, 413)
    error = answer["error"]
    assert error["type"] in TYPES
    assert isinstance(error["message"], str)
    assert error["message"]
    assert ("code" in error) == ("doc_url" in error)
    assert isinstance(error.get("param", ""), str)
    if response.status == 402:
        fuzzed.remember()
    else:
        assert fuzzed.dump() == fuzzed.before
    return response.status


def test_rubbish_is_answered_and_changes_nothing(fuzzed):
    answered: dict[int, int] = {}

    @settings(
        max_examples=2500 * SOAK,
        derandomize=SOAK == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        # A failure may come from what earlier requests left, so it cannot be shrunk alone.
        phases=[Phase.generate],
    )
    @given(requests())
    def fuzz(request: Request) -> None:
        status = check(fuzzed, request)
        answered[status] = answered.get(status, 0) + 1

    fuzz()
    # Rubbish that is all refused at the door proves little.
    assert answered[200] > sum(answered.values()) / 10, answered


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_refuses_what_it_does_not_know(fuzzed, route):
    path = re.sub(r"(\w+?)s/\*", r"\1s/nobody", route.path).replace("*", "nobody")
    for body in (
        "no_such_parameter=1",
        "metadata=1&metadata[a]=1",
        "a[" * 100,
        b"\xff\xfe",
        "a=%00",
        "x" * 1_000_001,
    ):
        target = f"{path}?{body}" if route.method == "GET" and isinstance(body, str) else path
        request = Request(route.method, target, HEADERS, "" if "?" in target else body)
        assert check(fuzzed, request) in (400, 403, 404, 413)
