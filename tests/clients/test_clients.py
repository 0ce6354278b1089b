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


def run(*command: str, environment: dict[str, str] | None = None) -> dict:
    """The JSON that a program prints, what it wrote to stderr shown if it fails."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_newest_node_client(served):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    if not (HERE / "node_modules" / "stripe").is_dir():
        pytest.skip("its packages are not installed: run `make test` where npm is")
    answer = run(node, str(HERE / "sale.mjs"), served.url)
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
