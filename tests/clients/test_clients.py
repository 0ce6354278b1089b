"""Other clients, each a program of its own, drive a sale and a cancel over HTTP.

What they need is installed by `make test`'s set-up step; without it, or without Node, they are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.serving import Served, serve

HERE = Path(__file__).parent
OLD_PYTHON = ["4.1", "10", "15"]
EXPECTED = {
    "readers": ["Till"],
    "sale": ["succeeded", "succeeded", 1000],
    "action": None,
    "changed": ["succeeded", "succeeded", 2500],
    "canceled": "canceled",
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve("--account", str(tmp_path / "account.sqlite")) as running:
        yield running


def run(*command: str, environment: dict[str, str] | None = None, given: str = "") -> Any:
    """The JSON that a program prints, what it wrote to stderr shown if it fails."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        input=given,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def served_as_before(tmp_path: Path) -> Iterator[Served]:
    """The same, with an account of 2020."""
    account = str(tmp_path / "account.sqlite")
    with serve("--account", account, "--api-version", "2020-08-27") as running:
        yield running


def node(script: str, *arguments: str, package: str = "stripe", given: str = "") -> Any:
    """What a program for Node prints; skipped where there is no Node, or not its package."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed")
    if not (HERE / "node_modules" / package).is_dir():
        pytest.skip("its packages are not installed: run `make test` where npm is")
    return run(program, str(HERE / script), *arguments, given=given)


def test_newest_node_client(served):
    answer = node("sale.mjs", served.url)
    assert answer == {
        **EXPECTED,
        "refused": ["StripeInvalidRequestError", 400, "payment_intent_unexpected_state"],
    }


@pytest.mark.parametrize("version", OLD_PYTHON)
def test_old_python_client(served, version):
    modules = HERE / ".python" / f"stripe-{version}"
    if not (modules / "stripe").is_dir():
        pytest.skip(f"stripe {version} is not installed: run `make test`")
    answer = run(sys.executable, str(HERE / "sale.py"), served.url, environment={"PYTHONPATH": str(modules)})
    ran, api_version = answer.pop("version")
    assert ran.startswith(f"{version}.")
    assert api_version < "2026-09-30"
    assert answer == {
        **EXPECTED,
        "refused": ["InvalidRequestError", 400, "payment_intent_unexpected_state"],
    }


def test_raw_http_without_a_version(served_as_before):
    assert run(sys.executable, str(HERE / "raw_http.py"), served_as_before.url) == {
        "token": "pst_test",
        "status": 200,
        "receipt": ["succeeded", True, "visa", "4242"],
        "refund": "succeeded",
        "refunds": 1,
    }


def test_raw_http_on_an_account_of_today(served):
    """As at Stripe: the same program stops where its account has a version that refuses its parameters."""
    assert run(sys.executable, str(HERE / "raw_http.py"), served.url) == {
        "token": "pst_test",
        "status": 400,
        "code": "payment_method_types_no_longer_supported",
    }


def test_node_client_that_sends_no_version(served_as_before):
    assert node("no_version.mjs", served_as_before.url, package="stripe-11") == {
        "version": "2020-08-27",
        "sale": ["succeeded", "succeeded", 1000],
        "receipt": "Stripe Credit",
        "retrieved": 1,
        "automatic": "automatic",
    }


@pytest.mark.parametrize("own", ["2020-08-27", "2023-10-16", "2025-03-31.basil"])
def test_events_for_receivers_that_insist_on_their_version(served, own):
    """stripe-go's `ConstructEvent`, done again in Node: PyPI has Go (75 MB), but nobody there has stripe-go.

    The real one, of stripe-go 86.2.0, took an event of its own version and refused the others, tried by hand.
    """
    same = {"written_anew": "StripeSignatureVerificationError", "indented": True, "fake": True}
    assert node("strict_events.mjs", served.url, own) == [
        {"strict": own < "2022-11-15", **same},
        {"strict": "Error", **same},
    ]
