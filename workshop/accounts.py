"""Looking at learners' accounts, and emptying them: always with the learner's own rights.

A process of her Unix user opens the file, so that nothing in it or around it can make us touch another's.
One Python imports what is needed, and is copied for each learner: a room takes a second and not a minute.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .room import HERE, Room, as_root, unix_user


def reset(room: Room, names: list[str]) -> dict[str, str]:
    """Empty the accounts of these learners; what is open in their notebooks goes on. The answer says for each
    what went wrong, '' for nothing."""
    return _in_another_process("reset", room, names)


def _in_another_process(todo: str, room: Room, names: list[str]) -> dict[str, str]:
    command = [sys.executable, "-m", "workshop.accounts", todo, str(room.folder)]
    done = subprocess.run(
        command, cwd=HERE.parent, input=json.dumps(names), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _reset() -> str:
    from irl_helpers.account import reset_account

    if Path(os.environ["IRL_ACCOUNT_FILE"]).exists():
        reset_account()
    return ""


def _as_learner(room: Room, name: str, work: Callable[[], str]) -> str:
    """What `work` returns in a copy of this process with the learner's rights, or what went wrong there."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with open(reading, encoding="utf-8") as pipe:
            answer = pipe.read()
        os.wait()
        return answer
    status = 1
    try:
        os.close(reading)
        if as_root():
            user = pwd.getpwnam(unix_user(name))
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        os.environ |= {
            "IRL_ACCOUNT_FILE": str(room.account_file(name)),
            "STRIPE_SECRET_KEY": "",
            "IRL_API_BASE": "",
        }
        os.environ["HOME"] = str(room.home(name))
        try:
            answer = work()
        except Exception as problem:  # noqa: BLE001  one learner's broken account must not hide the others'
            answer = f"{type(problem).__name__}: {problem}"
        os.write(writing, answer.encode())
        status = 0
    finally:
        os._exit(status)


def main(todo: str, folder: str) -> None:
    import irl_helpers.account
    import irl_helpers.simulator  # noqa: F401  before there are copies

    room = Room(folder)
    work = {"reset": _reset}[todo]
    print(json.dumps({name: _as_learner(room, name, work) for name in json.load(sys.stdin)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
