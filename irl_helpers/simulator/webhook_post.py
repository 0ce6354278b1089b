"""Posting one webhook to a receiver, with a limit on the whole time that it may take.

A limit on each read would not do: a receiver that sends a byte now and then could hold it up for ever.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .loopback import HERE, Address, loopback
from .webhook_addresses import look_up

if TYPE_CHECKING:
    from typing_extensions import Buffer

# How long the end of an answer is waited for: it tells little, but some servers complain if nobody reads it.
_END_SECONDS = 1.0
_END_BYTES = 65536
_BEGIN_BYTES = 1000
# A name may have several addresses, such as "localhost" two. So many are tried.
_ADDRESSES = 4


class Answer(NamedTuple):
    """What a receiver answered: its status, and how its body begins."""

    status: int
    begins: str

    @property
    def took_it(self) -> bool:
        """Only a 2xx says so."""
        return 200 <= self.status < 300


def post(url: str, body: bytes, signature: str, limit: float, or_at: Collection[str] = ()) -> Answer:
    """What the receiver answered within `limit` seconds.

    It is on this machine, or at one of the hosts in `or_at`, in a private network. Raises OSError,
    http.client.HTTPException or ValueError where there was no answer in that time, or none that is HTTP.
    """
    address = loopback(url, or_at)
    connection = _Connection(address, time.monotonic() + limit)
    try:
        connection.putrequest("POST", address.target, skip_host=True, skip_accept_encoding=True)
        for name, value in {
            "Host": address.origin.partition("//")[2],
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
            "Connection": "close",
        }.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        with connection.getresponse() as response:
            connection.stream.deadline = min(connection.stream.deadline, time.monotonic() + _END_SECONDS)
            begins = b""
            with contextlib.suppress(OSError, http.client.HTTPException):
                begins = response.read1(_BEGIN_BYTES)
                response.read(_END_BYTES)
            return Answer(response.status, begins.decode(errors="replace"))
    finally:
        connection.close()


def _left(deadline: float) -> float:
    """Seconds until then. Raises TimeoutError when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the receiver took too long")
    return left


class _Socket(socket.socket):
    """Gives up at its deadline, however often a byte comes."""

    deadline = 0.0

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(_left(self.deadline))
        return super().recv_into(buffer, nbytes, flags)


class _TLSSocket(ssl.SSLSocket):
    """The same under TLS, where what is sent goes out in pieces too."""

    deadline = 0.0

    def recv_into(self, buffer: Buffer, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(_left(self.deadline))
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Buffer, flags: int = 0) -> int:
        self.settimeout(_left(self.deadline))
        return super().send(data, flags)


class _Connection(http.client.HTTPConnection):
    """A connection whose socket gives up at `deadline`."""

    stream: _Socket | _TLSSocket

    def __init__(self, address: Address, deadline: float) -> None:
        self._tls = address.scheme == "https"
        self._deadline = deadline
        self._here_only = HERE.fullmatch(address.host) is not None
        super().__init__(address.host.strip("[]"), address.port or (443 if self._tls else 80))

    def connect(self) -> None:
        self.sock = self.stream = self._connected()
        self.stream.settimeout(_left(self._deadline))
        self.stream.deadline = self._deadline
        if self._tls:
            # The handshake as a whole has the time that is left.
            wrapped = _trusting().wrap_socket(self.stream, server_hostname=self.host)
            assert isinstance(wrapped, _TLSSocket)
            self.sock = self.stream = wrapped
            self.stream.deadline = self._deadline

    def _connected(self) -> _Socket:
        """To the first of the receiver's addresses that answers. Raises OSError where none does."""
        found = look_up(self.host, self.port, here_only=self._here_only)[:_ADDRESSES]
        each = _left(self._deadline) / len(found)
        problem = OSError()
        for family, address in found:
            stream = _Socket(family, socket.SOCK_STREAM)
            try:
                stream.settimeout(each)
                stream.connect(address)
            except OSError as failed:
                stream.close()
                problem = failed
            else:
                return stream
        raise problem


@cache
def _trusting() -> ssl.SSLContext:
    """The certificate of a server so near is its own; nothing is gained by doubting it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class = _TLSSocket
    return context
