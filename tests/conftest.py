"""What tests share: an account of their own, the official client, and errors that are not swallowed."""

from __future__ import annotations

import logging
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import ipywidgets
import pytest
import stripe
from ipywidgets.widgets.widget import _instances as widgets

from irl_helpers.panels import CollectPanel
from irl_helpers.panels.till import TillSeen
from irl_helpers.setup import own_reader
from irl_helpers.simulator import Simulator

# `make test` runs half of the tests in the background, where a shell lets nobody hear Ctrl-C, and what these
# tests start would not hear it either.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, and no time limit for one: a red run is red for the next person as well.
hypothesis.settings.load_profile("ci")


@pytest.fixture(autouse=True)
def account_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An offline account for this test alone, as `stripe_client()` finds it; empty until it is used."""
    path = tmp_path / "account.sqlite"
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(path))
    return path


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a simulator makes where there is no file. A copy of it costs a tenth of another one."""
    path = tmp_path_factory.mktemp("empty") / "simulator.sqlite"
    Simulator(path).close()
    return path


@pytest.fixture
def client(stripe_test_key: str | None, tmp_path: Path, empty_file: Path) -> Iterator[stripe.StripeClient]:
    """The official client: on an empty simulator in process or, with --stripe=test-mode, on Stripe."""
    if stripe_test_key:
        yield stripe.StripeClient(stripe_test_key, max_network_retries=2)
        return
    from irl_helpers.simulator.file_damage import find_damage

    from .simulator.checked import CheckedHTTPClient

    shutil.copy(empty_file, tmp_path / "simulator.sqlite")
    simulator = Simulator(tmp_path / "simulator.sqlite")
    yield stripe.StripeClient(
        "sk_test_client_fixture", http_client=CheckedHTTPClient(simulator), max_network_retries=2
    )
    assert simulator.read(find_damage) == "", "what was written is what can be read"
    simulator.close()


@pytest.fixture
def till(client: stripe.StripeClient) -> stripe.terminal.Reader:
    """A simulated reader of the `client`'s account."""
    return own_reader("Till", client=client)


@pytest.fixture
def reader() -> stripe.terminal.Reader:
    """A simulated reader of the account that `stripe_client()` finds, and so the panels."""
    return own_reader("Till")


@pytest.fixture
def physical_reader(
    reader: stripe.terminal.Reader, monkeypatch: pytest.MonkeyPatch
) -> stripe.terminal.Reader:
    """The `reader` again, which the panels of part 3 take for a device on a counter."""
    retrieve = CollectPanel.read

    def physical(panel: CollectPanel) -> TillSeen:
        seen = retrieve(panel)
        for each in seen.sale.readers:
            each.device_type = "bbpos_wisepos_e"
        return seen

    monkeypatch.setattr(CollectPanel, "read", physical)
    return reader


@pytest.fixture(autouse=True)
def handlers_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Button.click()` raises what a handler raised; ipywidgets only logs it, and a test would pass."""

    def call(dispatcher, *args, **kwargs):
        for callback in dispatcher.callbacks:
            callback(*args, **kwargs)

    monkeypatch.setattr(ipywidgets.CallbackDispatcher, "__call__", call)


@pytest.fixture(autouse=True)
def widgets_go() -> Iterator[None]:
    """ipywidgets keeps each widget until it is closed. What a test has made goes with it: others look for
    garbage, too."""
    before = set(widgets)
    yield
    for made in [widgets[id] for id in widgets.keys() - before]:
        made.close()


@pytest.fixture(autouse=True)
def lost_errors() -> Iterator[list[str]]:
    """What asyncio only logs, such as an exception in a task that nobody awaits, fails the test that left it.
    A test that means to leave some takes them out of the list."""
    lost: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: lost.append(logging.Formatter().format(record))
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    yield lost
    logger.removeHandler(handler)
    assert not lost, "\n".join(lost)
