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
from typing import Any

from .room import HERE, Room, as_root, unix_user


def reset(room: Room, names: list[str]) -> dict[str, str]:
    """Empty the accounts of these learners; what is open in their notebooks goes on. The answer says for each
    what went wrong, '' for nothing."""
    answers = _in_another_process("reset", room, names)
    return {name: answer.get("problem", "") for name, answer in answers.items()}


def progress(room: Room, names: list[str]) -> dict[str, dict[str, Any]]:
    """How far these learners are: `{"ana": {"passed": {"setup": True, …}}}`, `{"ben": {"problem": "…"}}`,
    {} for one who has done nothing yet."""
    return _in_another_process("progress", room, names)


def _in_another_process(todo: str, room: Room, names: list[str]) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "workshop.accounts", todo, str(room.folder)]
    answers = subprocess.check_output(command, cwd=HERE.parent, input=json.dumps(names), text=True)
    return {name: dict(answer) for name, answer in json.loads(answers).items()}


# -- in that process, a copy of it for each learner


def _reset() -> dict[str, Any]:
    from irl_helpers.account import reset_account

    reset_account()
    return {}


def _progress() -> dict[str, Any]:
    from irl_helpers import checks

    return {"passed": checks.progress().passed}


WORK = {"reset": _reset, "progress": _progress}


def _as_learner(room: Room, name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` returns in a copy of this process with the learner's rights, or what went wrong there.
    {} for a learner who has no account yet."""
    if not os.path.lexists(room.account_file(name)):
        return {}
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with open(reading, encoding="utf-8") as pipe:
            said = pipe.read()
        os.wait()
        return dict(json.loads(said)) if said else {"problem": "no answer"}
    try:
        try:
            _become(room, name)
            answer = work()
        except Exception as problem:  # noqa: BLE001  one learner's broken account must not hide the others'
            answer = {"problem": f"{type(problem).__name__}: {problem}"}
        os.write(writing, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _become(room: Room, name: str) -> None:
    if as_root():
        user = pwd.getpwnam(unix_user(name))
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    os.environ |= {"STRIPE_SECRET_KEY": "", "IRL_API_BASE": "", "HOME": str(room.home(name))}
    os.environ["IRL_ACCOUNT_FILE"] = str(room.account_file(name))


def main(todo: str, folder: str) -> None:
    """Print, as JSON, what WORK[todo] returns for each learner named on standard input."""
    # Before there are copies.
    import irl_helpers.checks
    import irl_helpers.simulator  # noqa: F401

    room = Room(folder)
    print(json.dumps({name: _as_learner(room, name, WORK[todo]) for name in json.load(sys.stdin)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
