"""One process that has imported all that a learner's server needs. Every server is a copy of it.

A copy shares the memory of what was imported, and needs no time to import it: that is half of what a learner
costs. It ends with the hub that started it; the servers do not.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from importlib import import_module
from typing import Any

from irl_helpers.kernel_sockets import leave_out

from . import detached, learner_server
from .room import HERE

SERVICES = ("api", "config", "contents", "events", "kernels", "kernelspecs", "nbconvert", "sessions")
IMPORTS = [f"jupyter_server.services.{name}.handlers" for name in SERVICES]
IMPORTS += ["jupyter_server.services.kernels.connection.channels", "jupyter_server_terminals.app"]
IMPORTS += ["jupyterhub.singleuser", "jupyterhub.singleuser.extension", "jupyterlab.labapp", "nbformat.v4"]

# -- the hub's side


class ForkServer:
    """Starts that process when the first server is wanted, and another if it is gone."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()

    async def new(self, **server: Any) -> int:
        """The pid of a new server; what to give is what `_serve` takes."""
        async with self._asking:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "workshop.fork_server",
                    cwd=HERE.parent,
                    env=self._environment,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    start_new_session=True,
                )
            orders, answers = self._process.stdin, self._process.stdout
            assert orders is not None
            assert answers is not None
            orders.write(b"+" + json.dumps(server).encode() + b"\n")
            if not (answer := await answers.readline()):
                raise RuntimeError("The process that servers are copies of ended; see hub.log")
            return int(answer)

    async def end(self) -> None:
        """End that process; its servers go on."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()


# -- that process's side


def main() -> None:
    """Import everything once, then become a learner's server in a copy for each order on standard input."""
    detached.join(os.environ["IRL_CGROUP"])
    sys.path.pop(0)  # the project, which is not to be where servers look for modules
    import_all()
    gc.collect()
    gc.freeze()  # whatever is shared now is not touched by collections
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the servers that end
    # A byte says that one more is wanted. What it is to be is read by the copy alone: whoever looks through a
    # server's memory must not find what another one was told, such as its token.
    while os.read(0, 1):
        told, telling = os.pipe()
        if os.fork() == 0:
            os.close(told)
            order = json.loads(_line())
            os.close(telling)
            print(os.getpid(), flush=True)
            _serve(**order)
            return
        os.close(telling)
        os.read(told, 1)  # until the copy has read its line, or is gone
        os.close(told)


def _line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def import_all() -> None:
    """Import what every learner's server needs."""
    leave_out()
    for name in IMPORTS:
        import_module(name)
    # Its schemas are read when they are first needed.
    nbformat = sys.modules["nbformat"]
    nbformat.validate(nbformat.v4.new_notebook())


def _serve(environment: dict[str, str], notebooks: str, arguments: list[str], user: str, memory: int) -> None:
    """Become this learner's server."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # the log; the pipe to the hub is not for servers
    os.closerange(3, 1024)
    os.environ.clear()
    os.environ.update(environment)
    learner_server.become(user, memory)
    learner_server.main(notebooks, *arguments)


if __name__ == "__main__":
    main()
