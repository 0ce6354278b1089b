"""What the contract is tested against: the simulator in process, the simulator over HTTP, or Stripe itself.

    python -m pytest tests/contract                      both simulators
    python -m pytest tests/contract --stripe=test-mode   Stripe itself, with the STRIPE_SECRET_KEY that is set

Tests use the `client` fixture and nothing else. What only a simulator can do (its clock, its faults, an empty
account) is skipped against Stripe, with the reason.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from irl_helpers.simulator import Simulator
from tests.contract.events import Events
from tests.contract.targets import InProcess, OverHTTP, Target
from tests.simulator.sale import new_payment, new_reader
from tests.simulator.serving import Served, serve

# In process an account has the newest version.
OLD_DEFAULT = "2020-08-27"
_keys = (f"sk_test_contract_{number}" for number in itertools.count(1))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "offline_only(reason): cannot be asked of Stripe")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "target" in metafunc.fixturenames:
        test_mode = metafunc.config.getoption("stripe") == "test-mode"
        ways = ["Stripe"] if test_mode else ["in process", "over HTTP"]
        metafunc.parametrize("target", ways, indirect=True)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One served simulator for all tests; each has a key, and so an account, of its own.

    Those accounts have an old version, so that the contract holds whatever an account's own version is.
    """
    account = str(tmp_path_factory.mktemp("contract") / "account.sqlite")
    with serve("--account", account, "--api-version", OLD_DEFAULT) as running:
        yield running


@pytest.fixture
def simulator(tmp_path: Path, empty_file: Path) -> Iterator[Simulator]:
    """One in process, for this test alone."""
    shutil.copy(empty_file, tmp_path / "simulator.sqlite")
    simulator = Simulator(tmp_path / "simulator.sqlite")
    yield simulator
    simulator.close()


@pytest.fixture
def target(request: pytest.FixtureRequest, stripe_test_key: str | None) -> Target:
    """Where requests go."""
    reason = request.node.get_closest_marker("offline_only")
    if request.param == "Stripe":
        if reason:
            pytest.skip(reason.args[0])
        return OverHTTP("https://api.stripe.com", stripe_test_key)
    if request.param == "over HTTP":
        return OverHTTP(request.getfixturevalue("served").url, next(_keys), OLD_DEFAULT)
    return InProcess(request.getfixturevalue("simulator"), next(_keys))


@pytest.fixture
def client(target: Target) -> stripe.StripeClient:
    """The official client."""
    return target.client()


@pytest.fixture
def simulated(stripe_test_key: str | None) -> None:
    if stripe_test_key:
        pytest.skip("Stripe has no clock and no faults to turn")


@pytest.fixture
def later(simulated: None, client: stripe.StripeClient) -> Callable[[float], None]:
    """`later(30)`: half a minute passes."""
    return lambda seconds: client.raw_request("post", "/_simulator/clock", advance=seconds)


@pytest.fixture
def fault(simulated: None, client: stripe.StripeClient) -> Callable[..., Any]:
    """`fault("slow_bank", reader=…)`: something goes wrong from now on; `fault(None)`: no longer."""

    def turn(kind: str | None, **limits: Any) -> None:
        if kind is None:
            client.raw_request("delete", "/_simulator/faults")
        else:
            client.raw_request("post", "/_simulator/faults", kind=kind, **limits)

    return turn


@pytest.fixture
def press_cancel(simulated: None, client: stripe.StripeClient) -> Callable[[str], None]:
    """`press_cancel(reader)`: the customer presses cancel on the device."""
    return lambda reader: client.raw_request("post", f"/_simulator/readers/{reader}/press_cancel")


@pytest.fixture
def answer_input(simulated: None, client: stripe.StripeClient) -> Callable[..., Any]:
    """`answer_input(reader, value=…)`: the customer answers the input that the screen shows."""
    return lambda reader, **given: client.raw_request(
        "post", f"/_simulator/readers/{reader}/answer_input", **given
    )


@pytest.fixture
def events(client: stripe.StripeClient, stripe_test_key: str | None) -> Events:
    """What has been said about some objects; Stripe may take a while to say it."""
    return Events(client, patient=bool(stripe_test_key))


@pytest.fixture
def reader(client: stripe.StripeClient) -> str:
    """The id of a simulated reader at a location of its own."""
    return new_reader(client).id


@pytest.fixture
def payment(client: stripe.StripeClient) -> str:
    """The id of a payment of $10.00 that is captured later."""
    return new_payment(client).id
