"""A pytest plugin: a shop with a card reader for each test that asks for one.

It comes with the package: a test needs only to name `terminal` or `terminal_server`. Nothing but pytest is
imported before one does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..simulator import Simulator
    from .terminal import Terminal

# Addresses on this machine are reached without a proxy.
_NO_PROXY = ("NO_PROXY", "no_proxy")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "terminal(seed): what is in the account of `terminal` and `terminal_server` from the beginning: a "
        "JSON file, by its path from the test's own folder, or the same as a dict",
    )


@pytest.fixture
def terminal(request: pytest.FixtureRequest, _terminal_simulator: Simulator) -> Terminal:
    """An account of this test's own, a reader registered to it, and the official client, in process."""
    from .terminal import in_process

    return _seeded(request, lambda seed: in_process(_terminal_simulator, seed))


@pytest.fixture
def terminal_server(
    request: pytest.FixtureRequest, _terminal_address: tuple[Simulator, str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """The same over HTTP, for an application in any language. Until the test ends, the environment says
    where: `STRIPE_API_BASE`, `STRIPE_SECRET_KEY` and `STRIPE_WEBHOOK_SECRET`."""
    from .terminal import over_http

    simulator, address = _terminal_address
    for name in _NO_PROXY:
        monkeypatch.setenv(name, ",".join(filter(None, [os.environ.get(name), "127.0.0.1"])))
    shop = _seeded(request, lambda seed: over_http(simulator, address, seed))
    monkeypatch.setenv("STRIPE_API_BASE", address)
    monkeypatch.setenv("STRIPE_SECRET_KEY", shop.key)
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", shop.webhook_secret)
    return shop


@pytest.fixture(scope="session")
def _terminal_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One file for all tests: each has a key, and so an account, of its own."""
    from .. import Simulator

    simulator = Simulator(tmp_path_factory.mktemp("terminal") / "account.sqlite")
    yield simulator
    simulator.close()


@pytest.fixture(scope="module")
def _terminal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, str]]:
    """A simulator of its own, and where it is served. Its thread may be busy sending webhooks."""
    from .. import Simulator

    try:
        from ..server import served_meanwhile
    except ModuleNotFoundError as missing:
        pytest.fail(f"terminal_server needs {missing.name}, which is not installed.", pytrace=False)
    simulator = Simulator(tmp_path_factory.mktemp("terminal_server") / "account.sqlite")
    with served_meanwhile(simulator) as address:
        yield simulator, address
    simulator.close()


def _seeded(request: pytest.FixtureRequest, make: Callable[[Any], Terminal]) -> Terminal:
    """What `make` makes with the seed that the nearest marker names, or None; the test fails for a wrong
    one."""
    marker = request.node.get_closest_marker("terminal")
    if marker is None:
        return make(None)
    if marker.args or marker.kwargs.keys() != {"seed"}:
        pytest.fail('The marker is written as @pytest.mark.terminal(seed="shop.json").', pytrace=False)
    from ..seed import SeedError, read_seed

    seed = marker.kwargs["seed"]
    try:
        if isinstance(seed, dict):
            # As it would be read from a file.
            return make(json.loads(json.dumps(seed)))
        return make(read_seed(request.path.parent / seed))
    except SeedError as problem:
        named = "the seed" if isinstance(seed, dict) else seed
        pytest.fail(f"{named}: {problem}", pytrace=False)
