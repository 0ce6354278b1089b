"""What must be so before a room is opened, so that it neither fails later nor shows keys to learners."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys

from .room import HERE, Room, RoomError, as_root

PROXY = HERE / "node_modules" / ".bin" / "configurable-http-proxy"
# What a learner's process prints that may read one of these files; then it imports what it needs.
AS_A_LEARNER = """
import os, sys
if readable := [path for path in sys.argv[1:] if os.access(path, os.R_OK)]:
    print(*readable, sep="\\n")
else:
    import jupyterhub.singleuser, irl_helpers.account
"""


def check(room: Room) -> None:
    """Raises RoomError with what is missing, or in the way, and what to do."""
    if not PROXY.exists() or shutil.which("node") is None:
        raise RoomError("configurable-http-proxy is not installed: it needs Node. Then: make workshop")
    if not as_root():
        return
    if shutil.which("useradd") is None:
        raise RoomError(
            "As root, every learner gets a Unix user, and useradd is missing. Run it as a plain user."
        )
    try:
        # As root, each learner is a Unix user; one who can do nothing else stands for them here.
        done = _as_nobody("-c", AS_A_LEARNER, *_keys(room))
    except PermissionError as error:
        raise RoomError(_cannot_run(str(error))) from None
    if done.returncode:
        raise RoomError(_cannot_run("".join(done.stderr.strip().splitlines()[-1:])))
    if readable := done.stdout.splitlines():
        fix = " && ".join(f"chmod 600 {path}" for path in readable)
        raise RoomError(f"Learners could read the keys in {', '.join(readable)}. Keep them from it: {fix}")


def _keys(room: Room) -> list[str]:
    """Each `.env` of the project, or of a folder above it or above learners' homes."""
    folders = {HERE.parent / "notebooks", HERE, *HERE.parents, *room.homes.parents}
    found = (path for folder in folders for path in folder.glob(".env*") if path.suffix != ".example")
    return sorted(map(str, found))


def _as_nobody(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What our Python does for a Unix user without rights. Raises PermissionError if she may not run it."""
    nobody = pwd.getpwnam("nobody")
    return subprocess.run(
        [sys.executable, *arguments],
        cwd="/", user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _cannot_run(why: str) -> str:
    return (
        f"Learners cannot run {sys.executable} ({why}). Put the project where everyone may read it, such as "
        "/srv, with a Python that everyone may run: make clean, then make workshop PYTHON=/usr/bin/python3"
    )
