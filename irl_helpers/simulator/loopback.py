"""Addresses on this machine, and of receivers that somebody chose, read by one parser: what was checked here
is what is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[a-f0-9:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>[/?][!-\"$-~]*)?(?:#[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
# Any other name could be any machine's, and any other spelling of a number is read in several ways.
HERE = re.compile(r"localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[::1\]", re.ASCII)

TO_FETCH = "http://127.0.0.0/"
"""Of an endpoint that is sent nothing, since its webhooks are fetched. Nobody can listen there."""


class NotAnAddress(ValueError):
    """It is not written as `http://host:port/path`, in plain characters and with nobody's name in it."""


class AnotherMachine(ValueError):
    """It is an address, and not for certain one of this machine."""


class Address(NamedTuple):
    """An address in pieces. `port` is None for the scheme's own, `target` at least "/"."""

    scheme: str
    host: str
    port: int | None
    target: str

    @property
    def origin(self) -> str:
        """The address without what follows the host, such as `http://127.0.0.1:12111`."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")


def loopback(address: str, or_at: Collection[str] = ()) -> Address:
    """The pieces of an address whose host is `localhost`, in 127.0.0.0/8, or [::1], or one of those named.

    Raises NotAnAddress and AnotherMachine, without the address: it may carry a password.
    """
    found = _ADDRESS.fullmatch(address)
    port = int(found["port"]) if found and found["port"] else None
    if not found or (port is not None and not 0 < port < 65536):
        raise NotAnAddress
    host = found["host"].lower()
    if not HERE.fullmatch(host) and host not in or_at:
        raise AnotherMachine
    target = found["target"] or ""
    return Address(found["scheme"].lower(), host, port, target if target.startswith("/") else f"/{target}")
