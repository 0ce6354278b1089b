"""The simulator's README: its tables are the simulator's, and its examples run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stripe.params import PaymentMethodCreateParams

from irl_helpers.simulator.routes import ROUTES
from irl_helpers.simulator.schema import OPTIONS
from irl_helpers.simulator.stripe_calls import RETIRED_CALLS
from tests.clients.test_clients import HERE as CLIENTS

from .readme import PARTS, README, written
from .serving import ROOT, serve

TEXT = README.read_text(encoding="utf-8")
# PaymentMethods of other types than cards are refused by their `type`.
OTHER_TYPES = set(re.findall(r"\w+", str(PaymentMethodCreateParams.__annotations__["type"])))
ADDRESS = "http://127.0.0.1:12111"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def blocks(language: str) -> list[str]:
    return [code for name, code in BLOCKS if name == language]


def run(*command: str, folder: Path) -> str:
    """What the program prints; it must not fail."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_tables_are_up_to_date():
    assert written(TEXT) == TEXT, "python -m tests.simulator.readme writes them again"


@pytest.mark.parametrize("part", PARTS)
def test_no_table_was_left_out(part):
    assert f"<!-- {part} -->\n|" in TEXT


def test_links_lead_somewhere():
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]*)\)", TEXT))
    assert links
    assert links <= anchors


def test_parameters_that_no_code_knows_are_listed():
    """So that a new release of the library does not add one unnoticed."""
    package = README.parent
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    section = TEXT.partition("## What is accepted")[2].partition("## What is guessed")[0]
    listed = set(re.findall(r"`(\w+)(?:\[|`)", section))
    unknown = set()
    for route in ROUTES:
        if route in RETIRED_CALLS:
            continue
        own = route.schema().__annotations__
        kinds = set(OTHER_TYPES if route.path.startswith("/v1/payment_methods") else ())
        for name in own.keys() - OPTIONS - kinds - listed:
            if not re.search(rf"\b{name}\b", code):
                unknown.add((route.path, name))
    assert not unknown
    assert "expand" not in listed


def test_python_examples(tmp_path):
    # Those of a test suite are run as such, by `test_testing`.
    in_process, over_http = [code for code in blocks("python") if "def test_" not in code]
    assert run(sys.executable, "-W", "error", "-c", in_process, folder=tmp_path) == "succeeded\n"
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        code = over_http.replace(ADDRESS, served.url)
        assert '"id": "tmr_' in run(sys.executable, "-W", "error", "-c", code, folder=tmp_path)


def test_curl_examples(tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        commands = "".join(blocks("sh")).splitlines()
        answers = [
            run(*command.replace(ADDRESS, served.url).split(), folder=tmp_path) for command in commands
        ]
    assert len(answers) == 4
    assert not [answer for answer in answers if '"error"' in answer]


def test_node_example(tmp_path):
    node = shutil.which("node")
    if node is None or not (CLIENTS / "node_modules" / "stripe").is_dir():
        pytest.skip("Node or its packages are not installed")
    # The other one is run by `test_testing`.
    example, _ = blocks("js")
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        code = example.replace("12111", str(served.port))
        assert run(node, "--input-type=module", "--eval", code, folder=CLIENTS) == "online\n"
