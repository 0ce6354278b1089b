"""`make counter`: the account served to programs over HTTP, and the counter beside them as a web page.

`python -m irl_helpers.counter_server [--port 12111] [--page-port 8866] [--account FILE] [--seed FILE]
[--no-browser]`
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import stripe

from .account import OFFLINE_KEY, AccountError
from .settings import SettingsError, settings
from .setup import have_a_reader
from .simulator.reach import HOST, PORT
from .simulator.server import listen

PAGE_PORT = 8866
"""As `make pos` has it."""

READER = "Counter 1"
"""The label of the first one, as the notebook has it."""

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "reader.ipynb"
STARTING, ENDING = 60, 10  # seconds that a server may take
_ADDRESS = re.compile(r"http://\S+")


class CannotStart(Exception):
    """One of the two did not start; the message says which, and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run both until Ctrl-C, or until one of them ends; 0 for the former, 1 for the latter, 2 when they could
    not begin."""
    parser = argparse.ArgumentParser(
        prog="python -m irl_helpers.counter_server",
        description="The served simulator for your own application, and its counter as a web page.",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"of the simulator; default {PORT}, 0: any")
    parser.add_argument("--page-port", type=int, default=PAGE_PORT, help=f"default {PAGE_PORT}, 0: any")
    parser.add_argument("--account", type=Path, help="the account file; default: the one notebooks use")
    parser.add_argument("--seed", type=Path, help="what an empty account has from the beginning")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    running: list[subprocess.Popen[str]] = []
    try:
        port = _free(options.port, "--port", "another simulator (make serve)")
        page_port = _free(options.page_port, "--page-port", "another page (make pos)")
        file = (options.account or settings().file).resolve()
        served = _serve(running, port, file, options.seed)
        _work_on(file)
        page = _show(running, page_port, options.no_browser)
        print(f"Your application talks to  {served}  with the key {OFFLINE_KEY}")
        print(f"The counter is at          {page}")
        print(f"Both work on {file}. Ctrl-C ends them.", flush=True)
        while all(each.poll() is None for each in running):
            time.sleep(0.2)
        ended = "simulator" if running[0].poll() is not None else "page"
        print(f"The {ended} has ended, and so the other one does too.", file=sys.stderr)
        return 1
    except (CannotStart, SettingsError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        _end(running)


def _free(port: int, option: str, perhaps: str) -> int:
    """The port, or one that is free for 0. Raises CannotStart where it cannot be had."""
    try:
        with listen(port) as sock:
            return int(sock.getsockname()[1])
    except OverflowError:
        raise CannotStart(f"{option}: there is no port {port}.") from None
    except OSError as problem:
        why = f"is taken, perhaps by {perhaps}" if problem.errno == errno.EADDRINUSE else "cannot be used"
        raise CannotStart(f"Port {port} {why}; choose one with {option}.") from None


def _serve(running: list[subprocess.Popen[str]], port: int, file: Path, seed: Path | None) -> str:
    """Start the simulator; its address. What else it says is passed on."""
    command = [sys.executable, "-m", "irl_helpers.serve", "--port", str(port), "--account", str(file)]
    command += ["--seed", str(seed)] if seed is not None else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    running.append(process)
    assert process.stdout is not None
    found = _ADDRESS.search(process.stdout.readline())
    if found is None:
        raise CannotStart("The simulator did not start.")
    threading.Thread(target=_pass_on, args=(process.stdout,), daemon=True).start()
    return found.group()


def _pass_on(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, end="", flush=True)


def _work_on(file: Path) -> None:
    """This account for the page and for this process, whatever `.env` says. An application may ask for its
    reader before anybody opens the page."""
    os.environ.update({"STRIPE_SECRET_KEY": "", "IRL_API_BASE": "", "IRL_ACCOUNT_FILE": str(file)})
    try:
        have_a_reader(READER)
    except (stripe.StripeError, AccountError) as problem:
        raise CannotStart(f"The account has no reader, and none can be registered: {problem}") from None


def _show(running: list[subprocess.Popen[str]], port: int, no_browser: bool) -> str:
    """Start the page; its address once it answers."""
    command = [sys.executable, "-m", "irl_helpers.kernel_sockets", "irl_helpers.page_server", str(NOTEBOOK)]
    command += [f"--port={port}", *(["--no-browser"] if no_browser else [])]
    with tempfile.TemporaryFile("w+") as said:  # about each request; to be read where it does not start
        process = subprocess.Popen(command, stdout=said, stderr=said, text=True)
        running.append(process)
        address = f"http://{HOST}:{port}"
        if _answers(f"{address}/voila/static/", process):
            return address
        said.seek(0)
        raise CannotStart(f"The page did not start.\n{said.read()[-2000:]}".rstrip())


def _answers(address: str, process: subprocess.Popen[str]) -> bool:
    """Whether the process answers there before its time is over."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _end(running: list[subprocess.Popen[str]]) -> None:
    """End both, the last one first; Ctrl-C may have ended them already."""
    for process in reversed(running):
        process.terminate()
    for process in reversed(running):
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
