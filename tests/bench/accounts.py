"""The official client on an account file, in process; what it is answered there, canned; and a full file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient
from tests.bench.calls import Shop, new_shop
from tests.bench.canned_client import Answer, CannedHTTPClient, DurableHTTPClient

KEY = "sk_test_bench"


class _Recorder(SimulatorHTTPClient):
    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator)
        self.answers: list[Answer] = []

    def request(self, *args: Any, **options: Any) -> Answer:
        self.answers.append(super().request(*args, **options))
        return self.answers[-1]


def client(http_client: stripe.HTTPClient) -> stripe.StripeClient:
    return stripe.StripeClient(KEY, http_client=http_client, max_network_retries=2)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Simulator, Shop]]:
    """A shop on an account file."""
    simulator = Simulator(path)
    yield simulator, new_shop(client(SimulatorHTTPClient(simulator)))
    simulator.close()


def answers(simulator: Simulator, act: Callable[[stripe.StripeClient], object]) -> list[Answer]:
    """What the simulator answers to what `act` does with a client."""
    recorder = _Recorder(simulator)
    act(client(recorder))
    return recorder.answers


def floor(simulator: Simulator, shop: Shop, call: str, kept: Path | None = None) -> Shop:
    """The same shop, with the answers to this call canned; those to writes are kept in a file, if named."""
    canned = answers(simulator, lambda recorded: getattr(shop._replace(client=recorded), call)())
    transport = DurableHTTPClient(canned, kept) if kept else CannedHTTPClient(canned)
    return shop._replace(client=client(transport))


def fill(shop: Shop, payments: int) -> None:
    """Let the shop make so many sales."""
    for _ in range(payments):
        shop.sale()
