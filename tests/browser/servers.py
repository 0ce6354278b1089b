"""A JupyterLab and a Voilà of their own: private folders, an offline account, the code of this tree."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.notebooks.offline import offline_environment
from tests.notebooks.running import ROOT

STARTING = 60  # seconds, on a machine that is busy
QUIET = {"fetchNews": "false", "checkForUpdates": False}


class Server(NamedTuple):
    """`url` is where it answers, `account` the file that its kernels use unless a test names another, `log`
    what it writes on the terminal, `process` its number."""

    url: str
    account: Path
    log: Path
    process: int


def environment(folder: Path) -> dict[str, str]:
    """What a server under test sees: no key, no home of a person, and the package as it is in this tree."""
    env = {**os.environ, **offline_environment(folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""}
    quiet = Path(env["JUPYTER_CONFIG_DIR"], "lab/user-settings/@jupyterlab/apputils-extension")
    quiet.mkdir(parents=True, exist_ok=True)
    (quiet / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    return env


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Server]:
    """JupyterLab over a copy of the notebooks, with `window.jupyterapp` for the tests."""
    notebooks = folder / "notebooks"
    ignore = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=ignore)
    with _running(
        folder, make("lab"),
        "--no-browser", "--ip=127.0.0.1", "--expose-app-in-browser", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={notebooks}", answers="/api",
    ) as server:  # fmt: skip
        yield server


@contextmanager
def voila(folder: Path, *arguments: str) -> Iterator[Server]:
    """The point of sale as `make pos` serves it, with more arguments for Voilà."""
    with _running(folder, make("pos"), "--no-browser", *arguments, answers="/voila/static/") as server:
        yield server


class Counter(NamedTuple):
    """`api` is where programs are answered, `page` where the page is, `process` what ends both."""

    api: str
    page: str
    account: Path
    process: subprocess.Popen[str]


@contextmanager
def counter(folder: Path) -> Iterator[Counter]:
    """What `make counter` starts, at ports that are free."""
    env = environment(folder)
    run = [*make("counter"), "--port=0", "--page-port=0", "--no-browser"]
    with (folder / "counter.log").open("w") as log:
        process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=log, text=True, env=env, cwd=folder)
    assert process.stdout is not None
    with process:
        try:
            said = [process.stdout.readline() for _ in range(3)]
            found = re.findall(r"http://\S+", "".join(said))
            assert len(found) == 2, (said, (folder / "counter.log").read_text())
            simulator, page = found
            yield Counter(simulator, page, Path(env["IRL_ACCOUNT_FILE"]), process)
        finally:
            process.terminate()


def make(target: str) -> list[str]:
    """The command of `make TARGET`, wherever it is run."""
    environment = {**os.environ, "MAKEFLAGS": ""}
    command = ["make", "--no-print-directory", "-n", target]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    python, *words = shlex.split(said.splitlines()[-1])
    assert python.endswith("/python"), said
    return [sys.executable, *(str(ROOT / word) if (ROOT / word).is_file() else word for word in words)]


@contextmanager
def _running(folder: Path, command: list[str], *arguments: str, answers: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    env = environment(folder)
    run = [*command, *arguments, f"--port={number}"]
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(run, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=folder)
    try:
        url = f"http://127.0.0.1:{number}"
        _wait_for(url + answers, process, log)
        yield Server(url, Path(env["IRL_ACCOUNT_FILE"]), log, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url):
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer.\n{log.read_text()[-2000:]}")
