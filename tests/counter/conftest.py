"""What tests of the counter share: a customer who takes no time, and the account served."""

from __future__ import annotations

import pytest

from irl_helpers.panels import customer
from tests.simulator.serving import serve


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nobody waits for the customer to type, or for the reader to ask."""
    monkeypatch.setattr(customer, "TYPING_A_PIN", 0)
    monkeypatch.setattr(customer, "ASKING", 0)


@pytest.fixture
def served(account_file):
    """The account over HTTP too."""
    with serve("--account", str(account_file)) as running:
        yield running
