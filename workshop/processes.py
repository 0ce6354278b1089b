"""Starting and stopping what a room consists of: a proxy, a hub, and a server for each learner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from . import detached, preconditions
from .preconditions import PROXY
from .room import HERE, Doors, Room, RoomError

PATIENCE = 120  # seconds until the hub must answer


@contextmanager
def hub(room: Room, ip: str = "", port: int = 8000, domain: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A hub that answers, behind a proxy. Afterwards the hub is ended; the proxy and learners' servers go on.

    With a domain every learner has a host name of her own below it. Raises RoomError when something needed is
    missing, or another hub or program is in the way.
    """
    preconditions.check(room)
    if _processes(room, "hub"):
        raise RoomError(f"A hub runs in {room.folder} already.")
    _end(_processes(room, "service"))  # of a hub that was killed
    before = room.doors().domain if room.ports_file.exists() else domain
    doors = room.choose_doors(port, domain)
    if before != domain:
        _end(_processes(room, "server"))  # they know themselves by another address
    _start_proxy(room, ip, doors)
    with open(room.folder / "hub.log", "a", opener=_private_log) as log:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "start_hub.py"), "--config", str(HERE / "jupyterhub_config.py")],
            cwd=room.folder,
            env=_environment(room, "hub"),
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us; we end it in order
        )
    try:
        _wait_for(f"http://127.0.0.1:{doors.progress}/", process, room)
        _wait_for(_routes(room, doors), process, room, until=b'"hub":true')
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def stop(room: Room) -> None:
    """End everything that runs in this room: first the hub, so that it does not start anything again. What
    learners detached is killed, as `detached` says."""
    for role in ("hub", "service"):
        _end(_processes(room, role))
    servers = _processes(room, "server")
    theirs = {child for server in servers for child in _children(server)} - set(servers)
    _end(servers)
    detached.end(room)
    for process in theirs:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _end(_processes(room, "proxy"))


def _start_proxy(room: Room, ip: str, doors: Doors) -> None:
    arguments = [
        f"--ip={ip}",
        f"--port={doors.public}",
        "--api-ip=127.0.0.1",
        f"--api-port={doors.proxy}",
        f"--error-target=http://127.0.0.1:{doors.hub}/hub/error",
        *(["--host-routing"] if doors.domain else []),
    ]
    running = _processes(room, "proxy")
    if any(process.cmdline()[-len(arguments) :] == arguments for process in running):
        return  # learners' pages go on talking through it
    _end(running)
    with open(room.folder / "proxy.log", "a", opener=_private_log) as log:
        process = subprocess.Popen(
            [str(PROXY), *arguments],
            cwd=room.folder,
            env=_environment(room, "proxy") | {"CONFIGPROXY_AUTH_TOKEN": room.keys.proxy_token},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _wait_for(_routes(room, doors), process, room)


def _routes(room: Room, doors: Doors) -> urllib.request.Request:
    """What the proxy is asked for to hear where it leads."""
    headers = {"Authorization": f"token {room.keys.proxy_token}"}
    return urllib.request.Request(f"http://127.0.0.1:{doors.proxy}/api/routes", headers=headers)


def _wait_for(
    what: str | urllib.request.Request, process: subprocess.Popen[bytes], room: Room, until: bytes = b""
) -> None:
    """Until something answers there, with these bytes in it."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(what, timeout=5) as answer:
                if until in answer.read():
                    return
            time.sleep(0.1)
        except urllib.error.HTTPError:
            return  # it answers, and be it that we may not look
        except OSError:
            time.sleep(0.1)
    raise RoomError(f"It does not start: see the end of hub.log and proxy.log in {room.folder}")


# Every process of a room carries its folder and its role in its environment; pids may have been given away.


def _environment(room: Room, role: str) -> dict[str, str]:
    return {**os.environ, "IRL_ROOM": str(room.folder), "IRL_ROLE": role}


def _processes(room: Room, role: str) -> list[psutil.Process]:
    """A learner may mark a process of hers as she likes: only servers may be another Unix user's."""
    found = []
    for process in psutil.process_iter():
        try:
            environment, owner = process.environ(), process.uids().real
        except psutil.Error:
            continue
        if owner != os.getuid() and role != "server":
            continue
        if environment.get("IRL_ROOM") == str(room.folder) and environment.get("IRL_ROLE") == role:
            found.append(process)
    return found


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(signal.SIGTERM)
        except psutil.NoSuchProcess:
            continue
    for process in _running(processes, 20):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _running(processes, 5)


def _running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still run after so many seconds. One that has ended may be listed for some seconds more,
    until the system's first process, whose child it has become, takes note."""
    give_up = time.monotonic() + seconds
    while (running := [process for process in processes if runs(process)]) and time.monotonic() < give_up:
        time.sleep(0.02)
    return running


def runs(process: psutil.Process) -> bool:
    """Whether a process does anything any more."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _private_log(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
