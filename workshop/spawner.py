"""A learner's server: as her own Unix user if the room runs as root, in her turn when many come at once."""

from __future__ import annotations

import asyncio
import itertools
import os
import pwd
import resource
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.spawner import LocalProcessSpawner, set_user_setuid
from jupyterhub.utils import url_path_join, wait_for_http_server
from traitlets import Instance, Integer

from .room import Room, RoomError, as_root, unix_user

# Below the ports that systems hand out by themselves: nobody takes one between choosing and listening.
PORTS = range(20000, 30000)
PROCESSES = 256  # and threads, of one learner


class LearnerSpawner(LocalProcessSpawner):
    """As many servers start at once as the machine bears; the others see how many are before them."""

    room = Instance(Room).tag(config=True)
    at_once = Integer(4, help="how many servers start at the same time").tag(config=True)
    answer_timeout = Integer(120, help="seconds from its turn until one must answer").tag(config=True)

    _line: ClassVar[list[LearnerSpawner]] = []
    _starting: ClassVar[set[LearnerSpawner]] = set()
    _moved: ClassVar[asyncio.Condition | None] = None
    _ports: ClassVar[Any] = itertools.cycle(PORTS)

    async def start(self) -> tuple[str, int]:
        """Wait for a turn and start the server; it answers when this returns."""
        cls = LearnerSpawner
        cls._moved = cls._moved or asyncio.Condition()
        cls._line.append(self)
        try:
            async with cls._moved:
                await cls._moved.wait_for(lambda: cls._line[0] is self and len(cls._starting) < self.at_once)
                cls._starting.add(self)
        finally:
            cls._line.remove(self)
            await self._tell()
        try:
            return await self._start()
        finally:
            cls._starting.discard(self)
            await self._tell()

    async def _tell(self) -> None:
        async with LearnerSpawner._moved:
            LearnerSpawner._moved.notify_all()

    async def _start(self) -> tuple[str, int]:
        home = self.room.home(self.user.name)
        await asyncio.to_thread(make_home, self.user.name, home)
        self.port = next(port for port in self._ports if _is_free(port))
        ip, port = await super().start()
        # JupyterHub itself would count this time against all who start, however many there are.
        answers = wait_for_http_server(
            url_path_join(f"http://{ip}:{port}", self.server.base_url, "api"), timeout=self.answer_timeout
        )
        await answers
        return ip, port

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What the learner reads while she waits."""
        said = None
        while True:
            before = self._line.index(self) if self in self._line else None
            if before != said or said is None:
                said = before
                if before is None:
                    yield {"progress": 60, "message": "Your notebooks are being laid out…"}
                    return
                yield {"progress": 10, "message": f"Many are coming in at once: {before} before you…"}
            await asyncio.sleep(1)

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        home = str(self.room.home(name))
        become = set_user_setuid(unix_user(name)) if as_root() else lambda: os.chdir(home)
        limit = self.mem_limit

        def preexec() -> None:
            os.umask(0o077)
            if as_root():
                resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
                if limit:
                    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
            become()

        return preexec

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        name = self.user.name
        home = self.room.home(name)
        return env | {
            "USER": unix_user(name) if as_root() else name,
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "IRL_ROOM": str(self.room.folder),
            "IRL_ROLE": "server",
            # Whatever a `.env` above the room's folder says: keys stay out of the room, accounts apart.
            "IRL_ACCOUNT_FILE": str(self.room.account_file(name)),
            "STRIPE_SECRET_KEY": "",
            "IRL_API_BASE": "",
        }


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def make_home(name: str, home: Path) -> None:
    """The learner's home and, as root, her Unix user. Raises RoomError when either is somebody else's."""
    if not as_root():
        home.mkdir(mode=0o700, exist_ok=True)
        return
    user = _unix_user(unix_user(name), home)
    try:
        home.mkdir(mode=0o700)
        os.chown(home, user.pw_uid, user.pw_gid)
    except FileExistsError:
        if home.stat().st_uid != user.pw_uid:
            raise RoomError(f"{home} belongs to another Unix user. Move it away.") from None


def _unix_user(user: str, home: Path) -> pwd.struct_passwd:
    try:
        found = pwd.getpwnam(user)
    except KeyError:
        words = ["--home-dir", str(home), "--no-create-home", "--user-group", "--shell", "/bin/bash"]
        comment = ["--comment", "learner in a Get Paid IRL workshop"]
        done = subprocess.run(
            ["useradd", *words, *comment, user], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RoomError(f"The Unix user {user} cannot be made: {done.stderr.strip()}") from None
        found = pwd.getpwnam(user)
    if found.pw_dir != str(home):
        raise RoomError(f"The Unix user {user} exists and lives in {found.pw_dir}, not in this room.")
    return found
