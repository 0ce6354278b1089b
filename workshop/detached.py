"""Ending what learners detached from their servers, even if it no longer says whose it is.

Where the system lets us make a cgroup, all that learners run begins there, and nobody gets out of it without
rights of ours. As root, each learner is a Unix user besides, and all of that user's processes are hers.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import time
from contextlib import suppress
from pathlib import Path

from .room import USER_PREFIXES, Room, as_root, private

PATIENCE = 5  # seconds


def make_cgroup(room: Room) -> str:
    """The room's cgroup, below our own; '' where there is none to be had."""
    name = f"irl-{hashlib.sha256(str(room.folder).encode()).hexdigest()[:12]}"
    try:
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        mounted = next(mount[4] for mount in mounts if mount[mount.index("-") + 1] == "cgroup2")
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        ours = next(line.removeprefix("0::/") for line in lines if line.startswith("0::/"))
        folder = Path(mounted, ours, name)
        folder.mkdir(exist_ok=True)
    except (OSError, StopIteration):
        return ""
    with open(
        room.cgroup_file, "a", opener=private
    ) as file:  # the hub may be started from elsewhere next time
        file.write(f"{folder}\n")
    return str(folder)


def join(cgroup: str) -> None:
    """Put this process there, and so all that it will start; '' is nowhere."""
    if cgroup:
        with suppress(OSError):  # a plain user may make one, and not be let in
            Path(cgroup, "cgroup.procs").write_text("0")


def end(room: Room) -> None:
    """Kill what is left, at once."""
    with suppress(FileNotFoundError):
        for cgroup in set(room.cgroup_file.read_text().splitlines()):
            _end_cgroup(Path(cgroup))
        room.cgroup_file.unlink()
    if as_root():
        for home in room.homes.iterdir():
            user = pwd.getpwuid(home.lstat().st_uid)
            if user.pw_dir == str(home) and user.pw_name.startswith(USER_PREFIXES):
                _end_user(user)


def _end_cgroup(cgroup: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while cgroup.exists() and time.monotonic() < give_up:
        if (cgroup / "cgroup.kill").exists():
            (cgroup / "cgroup.kill").write_text("1")
        else:
            for pid in (cgroup / "cgroup.procs").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        with suppress(OSError):  # they are still ending
            cgroup.rmdir()
            return
        time.sleep(0.05)


def _end_user(user: pwd.struct_passwd) -> None:
    """The system ends all of a user's processes in one step, when that user asks: none can run away."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
            os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
            if os.getresuid() == (user.pw_uid,) * 3 and user.pw_uid != 0:
                os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
