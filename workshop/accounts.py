"""Looking at learners' accounts, and emptying them: always with the learner's own rights, and for a while.

A process of her Unix user opens the file, so that nothing in it or around it can make us touch another's.
What takes too long, or is too large, is hers alone: all are looked at side by side, until one deadline.
One Python imports what is needed, and is copied for each learner: a room takes a second and not a minute.
"""

from __future__ import annotations

import json
import os
import pwd
import resource
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from .room import HERE, Room, as_root, unix_user

UNREADABLE = "could not be read"
LARGEST = 256 * 2**20  # bytes of an account file
MEMORY = 512 * 2**20  # bytes that looking at one may take
ANSWER = 2**16  # bytes that are read of what a copy says
SECONDS = 3.0  # for all
EACH = 0.2  # seconds more for each of many: they share the machine


def reset(room: Room, names: list[str]) -> dict[str, str]:
    """Empty the accounts of these learners; what is open in their notebooks goes on. The answer says for each
    what went wrong, '' for nothing."""
    answers = _in_another_process("reset", room, names)
    said = {name: (answer.get("problem"), answer.get("detail")) for name, answer in answers.items()}
    return {name: _one_line(": ".join(filter(None, problem))) for name, problem in said.items()}


def progress(room: Room, names: list[str]) -> dict[str, dict[str, Any]]:
    """How far these learners are: `{"ana": {"passed": {"setup": True, …}}}`, `{"ben": {"problem": "…"}}`,
    {} for one who has done nothing yet."""
    return _in_another_process("progress", room, names)


def _in_another_process(todo: str, room: Room, names: list[str]) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "workshop.accounts", todo, str(room.folder)]
    answers = subprocess.check_output(command, cwd=HERE.parent, input=json.dumps(names), text=True)
    return {name: dict(answer) for name, answer in json.loads(answers).items()}


def _one_line(text: str) -> str:
    """For a terminal: a learner may have written some of it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


# -- in that process, a copy of it for each learner


def _reset() -> dict[str, Any]:
    from irl_helpers.account import reset_account

    reset_account()
    return {}


def _progress() -> dict[str, Any]:
    from irl_helpers import checks

    return {"passed": checks.progress().passed}


WORK = {"reset": _reset, "progress": _progress}


def _side_by_side(room: Room, names: list[str], work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` returns in a copy of this process for each learner, with her rights. {} for a learner who
    has no account yet."""
    answers: dict[str, Any] = {name: {} for name in names}
    give_up = time.monotonic() + SECONDS + EACH * len(names)
    with selectors.DefaultSelector() as pipes:
        for name in names:
            if os.path.lexists(room.account_file(name)):
                answers[name] = {"problem": UNREADABLE}  # until it is read
                pid, pipe = _copy(room, name, work)
                pipes.register(pipe, selectors.EVENT_READ, (name, pid, bytearray()))
        while pipes.get_map() and (left := give_up - time.monotonic()) > 0:
            for key, _ in pipes.select(left):
                name, pid, said = key.data
                more = os.read(key.fd, ANSWER)
                said += more
                if more and len(said) <= ANSWER:
                    continue
                if not more:
                    answers[name] = _answer(bytes(said))
                pipes.unregister(key.fd)
                _end(pid, key.fd)
        for key in list(pipes.get_map().values()):
            _end(key.data[1], key.fd)
    return answers


def _answer(said: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(said))
    except ValueError:  # it was ended while it spoke, or before
        return {"problem": UNREADABLE}


def _copy(room: Room, name: str, work: Callable[[], dict[str, Any]]) -> tuple[int, int]:
    """Its pid, and where it says, as JSON, what `work` returned or what went wrong."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, reading
    try:
        try:
            _become(room, name)
            _check_size(room, name)
            answer = work()
        except MemoryError:
            answer = {"problem": UNREADABLE}
        except Exception as problem:  # noqa: BLE001  one learner's broken account must not hide the others'
            answer = {"problem": UNREADABLE, "detail": f"{type(problem).__name__}: {problem}"[:500]}
        os.write(writing, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _end(pid: int, pipe: int) -> None:
    os.close(pipe)
    os.kill(pid, signal.SIGKILL)  # we have not waited for it, so it is still ours
    os.waitpid(pid, 0)


def _check_size(room: Room, name: str) -> None:
    """Raises ValueError for what is no file, or too large a one."""
    for suffix in ("", "-wal"):
        path = f"{room.account_file(name)}{suffix}"
        if os.path.lexists(path):
            found = os.stat(path)
            if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
                raise ValueError(f"{path} is no file of at most {LARGEST} bytes")


def _become(room: Room, name: str) -> None:
    if as_root():
        user = pwd.getpwnam(unix_user(name))
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    for limit, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_CPU, int(SECONDS))):
        resource.setrlimit(limit, (most, most))
    os.environ |= {"HOME": str(room.home(name)), **room.settings(name)}


def main(todo: str, folder: str) -> None:
    """Print, as JSON, what WORK[todo] returns for each learner named on standard input."""
    # Before there are copies.
    import irl_helpers.checks
    import irl_helpers.simulator  # noqa: F401

    room = Room(folder)
    print(json.dumps(_side_by_side(room, json.load(sys.stdin), WORK[todo])))


if __name__ == "__main__":
    main(*sys.argv[1:])
