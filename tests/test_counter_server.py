"""`make counter` says plainly why it does not begin. That it does, `tests/browser/test_counter.py` sees."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

COMMAND = [sys.executable, "-m", "irl_helpers.counter_server", "--no-browser"]


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def refused(*arguments: str) -> str:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize(
    ("option", "other", "who"),
    [("--port", "--page-port", "another simulator"), ("--page-port", "--port", "another page")],
)
def test_a_port_that_is_taken_is_said_plainly(taken, option, other, who):
    said = refused(option, taken, other, "0")
    assert said.startswith(f"Port {taken} is taken, perhaps by {who} (make ")
    assert said.endswith(f"choose one with {option}.\n")


def test_a_port_that_is_none(taken):
    assert refused("--port", "70000") == "--port: there is no port 70000.\n"


def test_what_the_simulator_refuses_ends_both(tmp_path):
    (tmp_path / "seed.json").write_text("[")
    account = str(tmp_path / "account.sqlite")
    ports = ("--port", "0", "--page-port", "0")
    said = refused(*ports, "--account", account, "--seed", str(tmp_path / "seed.json"))
    assert said.endswith("The simulator did not start.\n")
    assert "seed.json" in said
