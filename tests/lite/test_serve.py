"""`python -m lite.serve`, as it is started."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("aiohttp")
pytest.importorskip("segno")

from lite.welcome import qr_code
from workshop.room import Room

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def started(*arguments):
    command = [sys.executable, "-m", "lite.serve", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            said, problems = server.communicate(timeout=60)
            assert (server.returncode, said, problems) == (0, "\nThe server has ended.\n", "")


@contextlib.contextmanager
def room_of(folder, kept):
    """The address of a room on this machine, and its instructor's password."""
    with started(folder, "--port", 0, "--room", "--ip", "127.0.0.1", "--kept", kept) as server:
        for line in server.stdout:
            if found := re.search(r"is open at +(\S+)", line):
                address = found[1]
            if line.startswith("Ctrl-C"):
                break
        yield address, Room(kept).keys.instructor_password


def refused(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "lite.serve", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.fixture
def dist(tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/index.html").write_text("the notebooks")
    return tmp_path / "dist"


def test_alone_it_listens_to_this_machine_and_says_where(dist):
    with started(dist, "--port", 0) as server:
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", server.stdout.readline())
        with urllib.request.urlopen(address[0]) as answer:
            assert answer.read() == b"the notebooks"
        # It is no room: nothing is asked, and nothing taken.
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address[0]}room/")


def test_a_room_is_on_the_network_with_what_the_instructor_needs(dist, tmp_path):
    kept = tmp_path / "room"
    with started(dist, "--port", 0, "--room", "--kept", kept) as server:
        words = ""
        for line in server.stdout:
            words += line
            if line.startswith("Ctrl-C"):
                break
        address = re.search(r"http://([\d.]+:\d+)$", words, re.MULTILINE)[0]
        assert qr_code(f"{address}/") in words
        assert Room(kept).keys.instructor_password in words
        with urllib.request.urlopen(address.replace(address[7:].split(":")[0], "127.0.0.1")) as answer:
            assert "If you like, give a name" in answer.read().decode()


def test_what_cannot_begin_says_why(dist, tmp_path):
    assert refused(tmp_path) == f"There is no site in {tmp_path}: make lite\n"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refused(dist, "--port", port).startswith(f"Port {port} is taken by another program.")
