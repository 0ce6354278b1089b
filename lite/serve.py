"""`python -m lite.serve`: the built site, to this machine or, with `--room`, to a room full of learners."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from . import site

BUILT = Path(__file__).resolve().parent.parent / "dist"
WAITING = 4096  # connections that the system holds until we take them: a thousand browsers open six each
IDLE = 75  # seconds that an open connection is kept for the next file
END = 1  # second that files under way get when the server ends


def main(arguments: list[str] | None = None) -> int:
    """0 when it was ended, 2 with a reason when it could not begin."""
    parser = argparse.ArgumentParser(prog="python -m lite.serve", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=BUILT, help="what `make lite` built; else dist/"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--room", action="store_true", help="on the network, with a table of who is where")
    parser.add_argument("--ip", help="the address to listen at; else loopback, or with --room all of them")
    parser.add_argument("--kept", type=Path, help="where a room is kept; else workshop/.room")
    options = parser.parse_args(arguments)
    if not (options.folder / "index.html").is_file():
        return _refuse(f"There is no site in {options.folder}: make lite")
    routes, welcome = _room(options.kept) if options.room else ([], _alone)
    application = site.application(options.folder, routes)
    ip = options.ip or ("0.0.0.0" if options.room else "127.0.0.1")
    _let_many_in()
    try:
        asyncio.run(_serve(application, ip, options.port, welcome))
    except OSError as problem:
        return _refuse(_explained(problem, options.port))
    except KeyboardInterrupt:
        pass
    print("\nThe server has ended.")
    return 0


async def _serve(
    application: web.Application, ip: str, port: int, welcome: Callable[[str, int], str]
) -> None:
    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    runner = web.AppRunner(application, access_log=None, keepalive_timeout=IDLE, shutdown_timeout=END)
    await runner.setup()
    try:
        await web.TCPSite(runner, ip, port, backlog=WAITING).start()
        print(welcome(ip, runner.addresses[0][1]), flush=True)
        await ended.wait()
    finally:
        await runner.cleanup()


def _room(kept: Path | None) -> tuple[list[web.RouteDef], Callable[[str, int], str]]:
    from workshop.room import HERE, Room
    from workshop.tab_room import TabRoom

    from .welcome import welcome

    room = Room(kept or HERE / ".room")
    return TabRoom(room).routes(), lambda ip, port: welcome(room, ip, port)


def _alone(ip: str, port: int) -> str:
    return f"The notebooks are at http://{ip}:{port}/ (Ctrl-C ends the server)"


def _let_many_in() -> None:
    """As many open files as the system allows: each connection is one, and each file being sent."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _explained(problem: OSError, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f'Port {port} is taken by another program. Another one: make lite-serve ARGS="--port {port + 1}"'
        )
    if problem.errno == errno.EACCES:
        return f"Port {port} may be opened by root only. Choose one above 1023."
    return f"Port {port} cannot be opened: {os.strerror(problem.errno or 0)}."


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
