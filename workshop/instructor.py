"""What whoever leads a room does for a learner: empty her account, forget her PIN. From a terminal as well as
from the table's page."""

from __future__ import annotations

from . import accounts
from .names import normal_name
from .pins import Pins
from .room import Room, RoomError


def reset(room: Room, names: list[str]) -> dict[str, str]:
    """Empty these accounts, and leave the notebooks. By name: what went wrong, '' for nothing.

    Raises RoomError for a name that is nobody's; then nothing is done.
    """
    return accounts.reset(room, _known(room, names))


def forget(room: Room, names: list[str]) -> list[str]:
    """Let who comes next under each name choose a PIN; the names as they are kept.

    Raises RoomError for a name that is nobody's; then nothing is done.
    """
    known = _known(room, names)
    for name in known:
        Pins(room.pins).forget(name)
    return known


def _known(room: Room, names: list[str]) -> list[str]:
    wanted = [normal_name(name) or name for name in names]
    known = Pins(room.pins).names()
    if unknown := set(wanted) - set(known):
        who = ", ".join(sorted(unknown))
        raise RoomError(f"No such learner: {who}. There are: {', '.join(known) or 'none'}.")
    return wanted
