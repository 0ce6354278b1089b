"""Where a receiver's name leads. What was looked up and allowed here is what is called, with no second
look. Which hosts somebody chose: `reach.py`."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, NamedTuple

_PRIVATE = [
    ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]


class Found(NamedTuple):
    """One of the addresses of a name, as `socket.connect` takes it."""

    family: int
    address: Any


def look_up(host: str, port: int, *, here_only: bool) -> list[Found]:
    """The addresses of a host that webhooks may go to: this machine's own, and unless it is `here_only`,
    those of private networks.

    Link-local ones are none of them: there a cloud tells its machines their secrets.
    Raises OSError where the name leads nowhere, or to other addresses only.
    """
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [
        Found(family, address)
        for family, *_, address in known
        if _allowed(str(address[0]), here_only=here_only)
    ]
    if not found:
        where = "on this machine" if here_only else "on this machine or in a private network"
        raise PermissionError(f"{host} is at {known[0][4][0]}, which is not {where}: nothing was sent.")
    return found


def is_public(text: str) -> bool:
    """Whether it is an address, not a name, and one that webhooks never go to."""
    try:
        return not _allowed(text, here_only=False)
    except ValueError:
        return False


def _allowed(text: str, *, here_only: bool) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    # One of the older kind in the newer spelling leads to the same place.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return True
    return not here_only and any(address in network for network in _PRIVATE)
