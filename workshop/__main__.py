"""`python -m workshop start|stop|reset|forget`: run a room. `make workshop` is the first of them."""

from __future__ import annotations

import argparse
import re
import signal
import sys
from pathlib import Path

from . import instructor, processes
from .pins import Pins
from .room import HERE, INSTRUCTOR, Doors, Room, RoomError, as_root, network_address

MALICE = """
NOT STARTED AS ROOT: learners are kept from each other's mistakes, not from malice (workshop/README.md)."""
AGAIN = "What learners run goes on. Again: make workshop. The end of it all: make workshop-stop."


def main(arguments: list[str] | None = None) -> int:
    """0 when it was done, 2 with a reason when it was not."""
    parser = argparse.ArgumentParser(prog="python -m workshop", description=__doc__)
    parser.add_argument("--room", type=Path, default=HERE / ".room", help="its folder; else workshop/.room")
    todo = parser.add_subparsers(required=True, metavar="start|stop|reset|forget")
    start = todo.add_parser("start", help="let learners in, until Ctrl-C; what they run goes on")
    start.add_argument("--port", type=int, default=8000)
    start.add_argument("--ip", default="", help="the address to listen at; default: all of this machine's")
    start.add_argument("--domain", type=_domain, default="", help="names below it lead here: see GUIDE.md")
    start.set_defaults(run=_start)
    stop = todo.add_parser("stop", help="end the hub, the proxy and every learner's server")
    stop.set_defaults(run=lambda room, options: processes.stop(room))
    reset = todo.add_parser("reset", help="empty offline accounts; notebooks stay as they are")
    reset.add_argument("names", nargs="*", metavar="NAME")
    reset.add_argument("--everyone", action="store_true")
    reset.set_defaults(run=_reset)
    forget = todo.add_parser("forget", help="who comes next as NAME chooses a new PIN")
    forget.add_argument("names", nargs="+", metavar="NAME")
    forget.set_defaults(run=_forget)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(Room(options.room), options) or 0)
    except RoomError as problem:
        print(problem, file=sys.stderr)
        return 2


def _start(room: Room, options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us, the hub ends in order
    with processes.hub(room, options.ip, options.port, options.domain) as hub:
        print(_welcome(room, room.doors()), flush=True)
        try:
            hub.wait()
        except KeyboardInterrupt:
            print(f"\nThe hub stops. {AGAIN}")
            return 0
    # A young hub answers before it listens to signals, and the one of `stop` then ends it as it would any.
    if hub.returncode in (0, -signal.SIGTERM):
        print("\nThe hub was stopped.")
        return 0
    print(f"\nThe hub ended by itself. Its last words are in {room.folder / 'hub.log'}", file=sys.stderr)
    return 2


def _domain(text: str) -> str:
    if text and not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z][a-z0-9-]*[a-z0-9]", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no domain, such as room.test")
    return text


def _welcome(room: Room, doors: Doors) -> str:
    host = network_address()
    lines = [
        f"\nThe room is open at        {doors.address(host)}",
        f"  learners: the password   {room.keys.learner_password}   with a name and a PIN that they choose",
        f"  you, as {INSTRUCTOR}:      {room.keys.instructor_password}",
        f"  who is where:            {doors.table(host)}",
        f"  homes and logs:          {room.folder}",
    ]
    if not as_root():
        lines.append(MALICE)
    if doors.domain:
        lines.append(f"\n{doors.domain} and every name below it must lead to {host} (workshop/GUIDE.md).")
    return "\n".join([*lines, "Ctrl-C stops the hub."])


def _reset(room: Room, options: argparse.Namespace) -> int:
    names = Pins(room.pins).names() if options.everyone else options.names
    if not names:
        raise RoomError("Whose account? Name learners, or say --everyone.")
    problems = instructor.reset(room, names)
    for name, problem in problems.items():
        print(f"{name}: {problem or 'an empty account; notebooks as they were'}")
    return 2 if any(problems.values()) else 0


def _forget(room: Room, options: argparse.Namespace) -> int:
    for name in instructor.forget(room, options.names):
        print(f"{name} can choose a new PIN now. Her notebooks and her account are as they were.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
