"""What tests of faults share: a till on an empty account, in process and served."""

from __future__ import annotations

import pytest

from irl_helpers.account import reset_account, stripe_client
from tests.faults.at_till import Till, over_http
from tests.simulator.serving import serve


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    with serve("--account", str(tmp_path_factory.mktemp("faults") / "account.sqlite")) as running:
        yield running


@pytest.fixture(params=["in process", "served"])
def client(request, monkeypatch):
    """The official client, on an empty account."""
    if request.param == "served":
        over_http(request.getfixturevalue("served"), monkeypatch)
        reset_account()
    return stripe_client()


@pytest.fixture
def till(client) -> Till:
    return Till(client)
