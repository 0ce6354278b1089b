"""What uvicorn's HTTP protocol does not do by itself: refuse rubbish in Stripe's words, hang up, and keep
little of what it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from typing import Any

from httptools import HttpParserError
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .errors import StripeError
from .forms import MAX_BYTES
from .response import Response

# A request's line, its headers and its trailers together.
MAX_HEAD = 65_536
# Requests that were sent before the answer to an earlier one.
MAX_AHEAD = 100
MAX_CONNECTIONS = 1_000
# What is kept of all requests and answers that are not finished; and of one, up to which nobody asks.
MAX_KEPT = 64_000_000
_SMALL = 16_384


class StripeHTTPProtocol(HttpToolsProtocol):
    """Gives the application `scope["state"]["hang_up"]()`, which ends the connection without an answer.

    Too long a head gets a 431. Whoever sends too many requests ahead, or keeps too much unfinished, is
    hung up on.
    """

    # Bytes of the request that is being read, without its body.
    _head = 0
    _too_long = False
    # Bytes since the last answer.
    _unanswered = 0
    _got_on = False
    transport: _InOnePiece  # type: ignore[assignment]  # it stands for asyncio's

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to read, unless too many others do."""
        super().connection_made(transport)
        self.transport = _InOnePiece(transport)
        self.flow = _ReadNoFurther(transport, self.pipeline)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on, as far as the limits allow."""
        self._unanswered += len(data)
        self._got_on = False
        super().data_received(data)
        # The parser keeps what it cannot make anything of yet.
        if not self._got_on:
            self._count(len(data))
            if self._too_long:
                self.send_400_response("")
        self._keep_within_limits()

    def on_message_begin(self) -> None:
        """Give each request a way to hang up."""
        super().on_message_begin()
        self._got_on, self._head = True, 0
        self.scope["state"]["hang_up"] = self.transport.close

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        self._count(len(name) + len(value) + 4)
        if self._too_long:
            raise HttpParserError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is complete."""
        if self._too_long or len(self.pipeline) >= MAX_AHEAD:
            raise HttpParserError
        self._got_on, self._head = True, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._got_on, self._head = True, 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Go on to the next request, if the answers are read."""
        self._unanswered = 0
        self.transport.flush()
        super().on_response_complete()
        self._keep_within_limits()

    def send_400_response(self, msg: str) -> None:
        """The answer to what is not HTTP, or too long."""
        if self.transport.is_closing():
            return
        if len(self.pipeline) >= MAX_AHEAD:
            self._hang_up()
            return
        error = StripeError("The request is not valid HTTP.")
        if self._too_long:
            error = StripeError("The request's address and headers are too long.", status=431)
        response = Response.refusal(error)
        body = response.body.encode()
        headers = {**response.headers, "Content-Length": str(len(body)), "Connection": "close"}
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[response.status] + lines + b"\r\n" + body)
        self.transport.close()

    @property
    def kept(self) -> int:
        """About how many bytes are kept for this connection."""
        return min(self._unanswered, MAX_BYTES) + self.transport.get_write_buffer_size()

    def _count(self, length: int) -> None:
        self._head += length
        self._too_long = self._head > MAX_HEAD

    def _keep_within_limits(self) -> None:
        if self.kept <= _SMALL:
            return
        all_of_us = (each for each in self.connections if isinstance(each, StripeHTTPProtocol))
        if sum(each.kept for each in all_of_us) > MAX_KEPT:
            self._hang_up()

    def _hang_up(self) -> None:
        self.pipeline.clear()
        self.transport.abort()


class _InOnePiece:
    """A transport that sends the head of an answer together with its body.

    uvicorn writes one after the other: the client would wake up for the first, only to wait for the second.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def get_write_buffer_size(self) -> int:
        """How many bytes wait to be sent, a head apart."""
        return self._transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Send it, unless it is an answer's head: the body follows, or `flush` does."""
        # An interim one, such as 100 Continue, is all that comes for now.
        if not self._head and data.endswith(b"\r\n\r\n") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
            return
        self._transport.write(self._head + data)
        self._head = b""

    def flush(self) -> None:
        """Send a head that no body follows."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Send what is left, and close."""
        self.flush()
        self._transport.close()


class _ReadNoFurther(FlowControl):
    """Reads nothing more while requests that were read are waiting for their turn."""

    def __init__(self, transport: asyncio.Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        """Read on, unless requests are waiting."""
        if not self._waiting:
            super().resume_reading()
