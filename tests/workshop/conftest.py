"""Tests share a room, and bring learners of their own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # JupyterHub does not run there
else:
    from tests.workshop import rooms


@pytest.fixture(scope="module")
def room(one_room: rooms.Room) -> rooms.Room:
    """A running room, with a Unix user for each learner where the tests run as root."""
    one_room.reopen()
    return one_room


@pytest.fixture(scope="session")
def one_room() -> Iterator[rooms.Room]:
    """The same for all files, which may leave it stopped or with a domain."""
    # The browser tests look into the page.
    settings = "c.Spawner.args.append('--LabApp.expose_app_in_browser=True')\n"
    yield from _room(as_root=os.geteuid() == 0, settings=settings)


@pytest.fixture(scope="module")
def plain_room() -> Iterator[rooms.Room]:
    """A running room of a plain user, whose servers are started one by one, as on a Mac."""
    yield from _room(as_root=False, settings="c.LearnerSpawner.copies = False\n")


def _room(**how: Any) -> Iterator[rooms.Room]:
    pytest.importorskip("jupyterhub", reason="it comes with `make test`")
    if shutil.which("node") is None or not (rooms.ROOT / "workshop/node_modules").is_dir():
        pytest.skip("its proxy is not installed: run `make test` where npm is")
    try:
        with rooms.room(**how) as running:
            yield running
    except rooms.Unavailable as reason:
        pytest.skip(str(reason))
