"""What the terminal says when a room is open: addresses, the instructor's password, a code for cameras."""

from __future__ import annotations

import io
import sys

import segno

from workshop.room import INSTRUCTOR, Room, network_address

WHITE_ON_BLACK, PLAIN = "\x1b[97;40m", "\x1b[0m"  # whatever the terminal's own colors are


def welcome(room: Room, ip: str, port: int) -> str:
    """For a server that listens at `ip`; 0.0.0.0 is everywhere."""
    address = f"http://{network_address() if ip == '0.0.0.0' else ip}:{port}"
    return f"""
{qr_code(f"{address}/")}
The room is open at       {address}
  learners:               nothing but that address; whoever likes gives a name
  who is where:           {address}/room/table
  you, as {INSTRUCTOR}:     {room.keys.instructor_password}
  names and their checks: {room.learners}
Ctrl-C ends the server. Notebooks that are open go on; only their checks are not seen any more."""


def qr_code(text: str) -> str:
    """For a terminal: two rows of the code in a line of text."""
    drawn = io.StringIO()
    segno.make(text, error="l").terminal(drawn, border=2, compact=True)
    lines = drawn.getvalue().splitlines()
    if sys.stdout.isatty():
        lines = [f"{WHITE_ON_BLACK}{line}{PLAIN}" for line in lines]
    return "\n".join(lines)
