"""A cell that is run before those above it, in a kernel that knows nothing of this project yet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from irl_helpers.before_first_cell import explain_in_kernels
from tests.notebooks.running import ROOT

NOTEBOOK = ROOT / "notebooks/03_collect.ipynb"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingKernelClient]:
    """One that JupyterLab would start for part 3."""
    monkeypatch.delenv("PYTHONSTARTUP", raising=False)
    explain_in_kernels()
    monkeypatch.setenv("JPY_SESSION_NAME", str(NOTEBOOK))
    monkeypatch.setenv("PYTHONSTARTUP", os.environ["PYTHONSTARTUP"])  # which ends with the test
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(NOTEBOOK.parent))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel: BlockingKernelClient, source: str) -> dict[str, Any]:
    reply: dict[str, Any] = kernel.execute_interactive(source, timeout=60, output_hook=lambda _: None)
    return reply["content"]


def test_it_is_said_which_cell_makes_the_name(kernel):
    said = run(kernel, "client.v1.payment_intents.create(params={})")
    assert said["ename"] == "NameError"
    assert len(said["traceback"]) == 3
    assert "name 'client' is not defined" in said["traceback"][0]
    assert "it has not run" in said["traceback"][1]
    assert "Run the cells above first" in said["traceback"][2]
    # What is no name of this notebook is as ever, and so is every other error.
    assert "Traceback (most recent call last)" in "".join(run(kernel, "nobody_made_this")["traceback"])
    assert run(kernel, "1 / 0")["ename"] == "ZeroDivisionError"
    assert (
        run(kernel, "assert not [name for name in dir() if 'irl' in name or 'before' in name]")["status"]
        == "ok"
    )


def test_after_the_first_cell_all_errors_are_explained(kernel, account_file):
    begin = "from irl_helpers.account import stripe_client; client = stripe_client()"
    assert run(kernel, f"import os; os.environ['IRL_ACCOUNT_FILE'] = {str(account_file)!r}")["status"] == "ok"
    assert run(kernel, begin)["status"] == "ok"
    said = run(kernel, "client.v1.terminal.locations.retrieve('tml_nowhere')")
    assert said["traceback"][0].startswith("InvalidRequestError: No such location")
    assert len(said["traceback"]) == 3


def test_somebodys_own_startup_file_stays(monkeypatch, tmp_path):
    own = str(tmp_path / "mine.py")
    monkeypatch.setenv("PYTHONSTARTUP", own)
    explain_in_kernels()
    assert os.environ["PYTHONSTARTUP"] == own


def test_a_plain_python_that_reads_the_file_says_nothing():
    startup = ROOT / "irl_helpers/kernel_startup.py"
    done = subprocess.run(
        [sys.executable, "-i"],  # with a command, it would not read the file
        env={**os.environ, "PYTHONSTARTUP": str(startup)},
        input="import sys; print('irl_helpers.before_first_cell' in sys.modules)\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.strip() == "True"
    assert "Traceback" not in done.stderr
