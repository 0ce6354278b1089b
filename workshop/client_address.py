"""From which address somebody logs in. Forged headers do not count, and addresses one has many of are one."""

from __future__ import annotations

import os
import socket
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

# The kernel tells its table a page at a time, and goes on at the same place of a chain: what was closed
# meanwhile moves a line out of sight. With long chains, of 4000 looks at a connection that stood 3 missed it
# while others came and went, and none did while nothing else happened.
LOOKS = 5
CONNECTIONS = Path("/proc/net/tcp")
HERE = "this machine"


def address_of(request: HTTPServerRequest) -> str:
    """The address that the proxy saw: it adds that to what the client said."""
    return one_of_many(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())


def one_of_many(seen: str) -> str:
    """IPv6 addresses of one network are one, and so are all with which this machine talks to itself."""
    try:
        address = ip_address(seen)
    except ValueError:
        return HERE
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return HERE if address.is_loopback else str(ip_network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return HERE if address.is_loopback else str(address)


def came_by_the_proxy(request: HTTPServerRequest) -> bool:
    """Whether it is not another Unix user of this machine who talks to the hub, past the proxy, and says what
    she likes about her address. True where the system does not tell."""
    stream = getattr(request.connection, "stream", None)
    if stream is None or not CONNECTIONS.exists():
        return True
    if stream.closed():
        return False
    # Both ends: from one port there are as many connections as there are places to go to, and one that was
    # closed a moment ago is root's.
    ends = [_in_the_table(end) for end in (stream.socket.getpeername(), stream.socket.getsockname())]
    for _ in range(LOOKS):
        for line in CONNECTIONS.read_text().splitlines()[1:]:
            _, local, remote, _, _, _, _, owner, *_ = line.split()
            if [local, remote] == ends:
                return int(owner) == os.geteuid()
    return False


def _in_the_table(end: tuple[str, int]) -> str:
    host, port = end
    return f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"
