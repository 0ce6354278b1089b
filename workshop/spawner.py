"""A learner's server: as her own Unix user if the room runs as root, in her turn when many come at once."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar

import psutil
from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import url_path_join, wait_for_http_server
from traitlets import Bool, Instance, Integer

from .detached import join, make_cgroup
from .fork_server import ForkServer
from .learner_server import become
from .room import HERE, Room, RoomError, as_root, unix_user

# Below the ports that systems hand out by themselves: nobody takes one between choosing and listening.
PORTS = range(20000, 30000)
NOTEBOOKS = HERE.parent / "notebooks"


class LearnerSpawner(LocalProcessSpawner):
    """As many servers start at once as the machine bears; the others see how many are before them."""

    room = Instance(Room).tag(config=True)
    at_once = Integer(4, help="how many servers start at the same time").tag(config=True)
    answer_timeout = Integer(120, help="seconds from its turn until one must answer").tag(config=True)

    copies = Bool(sys.platform == "linux", help="start servers as copies of fork_server.py").tag(config=True)

    _began = ""  # see the function of that name
    _alive: int | None = None  # a file of the system's, readable when the process has ended
    _ending: asyncio.Task[None] | None = None

    _one_for_all: ClassVar[ForkServer | None] = None
    _line: ClassVar[list[LearnerSpawner]] = []
    _starting: ClassVar[set[LearnerSpawner]] = set()
    _moved: ClassVar[asyncio.Condition] = asyncio.Condition()
    _ports: ClassVar[Any] = itertools.cycle(PORTS)

    async def start(self) -> tuple[str, int]:
        """Wait for a turn and start the server; it answers when this returns."""
        cls = LearnerSpawner
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
        if self.copies:
            self.pid = await self._fork_server().new(
                environment=self.get_env(),
                notebooks=str(NOTEBOOKS),
                arguments=self.get_args(),
                user=self._unix_user(),
                memory=self.mem_limit,
            )
            self._began = _began(self.pid)
        else:
            await super().start()
        await self._until_it_answers(
            url_path_join(f"http://127.0.0.1:{self.port}", self.server.base_url, "api")
        )
        return "127.0.0.1", self.port

    async def _until_it_answers(self, url: str) -> None:
        """JupyterHub itself would count this time against all who start, however many there are."""
        answers = asyncio.ensure_future(wait_for_http_server(url, timeout=self.answer_timeout))
        try:
            while not answers.done():
                await asyncio.wait([answers], timeout=0.5)
                if await self.poll() is not None:
                    raise RoomError("The server ended before it answered; hub.log says why.")
            answers.result()
            if not _listens(self.pid, self.port):
                raise RoomError(f"Another program answers at port {self.port}.")
        finally:
            answers.cancel()

    def get_state(self) -> dict[str, Any]:
        """What the next hub must know to find this server again, and no other process."""
        return {**super().get_state(), "began": self._began}

    def load_state(self, state: dict[str, Any]) -> None:
        """Find the server that another hub started."""
        super().load_state(state)
        self._began = state.get("began", "")

    def start_polling(self) -> None:
        """And hear at once, where the system tells, that the server has ended, by itself too: whoever listens
        at its port afterwards must not get those who look for her."""
        super().start_polling()
        if self.pid and hasattr(os, "pidfd_open"):
            with contextlib.suppress(ProcessLookupError):
                self._alive = os.pidfd_open(self.pid)
                asyncio.get_running_loop().add_reader(self._alive, self._has_ended, self._alive)

    def stop_polling(self) -> None:
        """And let go of what says whether it runs."""
        super().stop_polling()
        if self._alive is not None:
            asyncio.get_running_loop().remove_reader(self._alive)
            os.close(self._alive)
            self._alive = None

    def _has_ended(self, alive: int) -> None:
        asyncio.get_running_loop().remove_reader(alive)
        self._ending = asyncio.create_task(self._tell_the_hub())

    async def _tell_the_hub(self) -> None:
        give_up = time.monotonic() + self.http_timeout
        while not self._callbacks and time.monotonic() < give_up:
            await asyncio.sleep(0.05)  # it is about to lead learners here
        await self.poll_and_notify()

    async def poll_and_notify(self) -> int | None:
        """Tell the hub, which ends the proxy's route; later, if it does not listen yet."""
        return await super().poll_and_notify() if self._callbacks else None

    async def poll(self) -> int | None:
        """None while it runs. A copy is nobody's child, and its number may be another process's by now."""
        if self.proc is None and self.copies and self.pid and not self._runs():
            self.clear_state()
            return 0
        ended: int | None = await super().poll()
        return ended

    def _runs(self) -> bool:
        began = _began(self.pid)
        return began != "" and self._began in ("", began)

    def _fork_server(self) -> ForkServer:
        """It gets nothing of ours that a learner could look for in its memory."""
        if LearnerSpawner._one_for_all is None:
            environment = {name: os.environ[name] for name in self.env_keep if name in os.environ}
            marks = {
                "IRL_ROOM": str(self.room.folder),
                "IRL_ROLE": "server",
                "IRL_CGROUP": make_cgroup(self.room),
            }
            LearnerSpawner._one_for_all = ForkServer(environment | marks)
        return LearnerSpawner._one_for_all

    def _unix_user(self) -> str:
        return unix_user(self.user.name) if as_root() else ""

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
        """Make the server run as the learner's own Unix user."""
        cgroup = make_cgroup(self.room)

        def begin() -> None:
            join(cgroup)
            become(self._unix_user(), self.mem_limit)

        return begin

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """The environment of the learner's server."""
        name = self.user.name
        home = self.room.home(name)
        return env | {
            "USER": self._unix_user() or name,
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "IRL_ROOM": str(self.room.folder),
            "IRL_ROLE": "server",
            **self.room.settings(name),
        }


def _began(pid: int) -> str:
    """When this process began, by a clock that nobody sets; '' if it has ended, be it a zombie."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else fields[18]


def _listens(pid: int, port: int) -> bool:
    """Whether it is this process that answers there: a learner's program might have been quicker."""
    connections = psutil.Process(pid).net_connections("tcp")
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections)


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
