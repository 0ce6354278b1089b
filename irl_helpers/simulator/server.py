"""The simulator over HTTP: an ASGI function around `Simulator.handle`, for any Stripe SDK and curl.

Only this machine can reach it, unless somebody chose otherwise (see `reach`). A request is answered in the
event loop itself, because that takes less than a millisecond; whatever takes long (a slow answer on demand,
a webhook) waits without blocking the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from . import authentication_page, downloads, receipt_page
from .errors import StripeError, unknown_url
from .file_trouble import AccountFileError, pauses
from .forms import MAX_BYTES, parse_form
from .http_protocol import StripeHTTPProtocol
from .reach import HOST, PORT, Reach
from .response import Response
from .simulator import Simulator
from .traffic_log import EVERY, TrafficLog
from .webhook_sender import WebhookSender

# A body beyond MAX_BYTES is read to its end, so that the client gets to see the error; beyond this it is not.
_READ_AT_MOST = 64 * MAX_BYTES
logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Any]


def application(simulator: Simulator, wrote: Callable[[], None], stopping: asyncio.Event) -> Application:
    """The ASGI application. It calls `wrote` when webhooks may be due; `stopping` makes slow answers come."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _read(receive)
        if body is None:
            scope["state"]["hang_up"]()
            return
        began = time.perf_counter()
        response = await _answer(simulator, scope, headers, body)
        if scope["method"] != "GET":
            wrote()
        try:
            if response.delay:
                await _wait(stopping, response.delay)
        finally:
            simulator.answered(response)
            simulator.traffic.note(
                scope["method"],
                scope["path"],
                scope["query_string"].decode("latin-1"),
                headers,
                body,
                status=response.status,
                answer=response.body,
                answered=response.headers,
                created=response.at,
                revision=response.revision,
                seconds=time.perf_counter() - began,
                lost=response.drop,
            )
        if response.drop:
            scope["state"]["hang_up"]()
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        content = response.body.encode() if response.content is None else response.content
        lines = [
            (name.encode(), value.encode("latin-1", "replace")) for name, value in response.headers.items()
        ]
        lines.append((b"Content-Length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": lines})
        await send({"type": "http.response.body", "body": content})

    return app


async def _read(receive: Any) -> bytes | None:
    """The body, cut off behind MAX_BYTES; None when the client left, or sends without end."""
    kept: list[bytes] = []  # joined at the end: a body that grows is copied with each piece
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message["body"]
        if size <= MAX_BYTES:
            kept.append(chunk)
        size += len(chunk)
        if not message["more_body"]:
            return b"".join(kept)
        if size > _READ_AT_MOST:
            return None


async def _answer(
    simulator: Simulator, scope: dict[str, Any], headers: dict[str, str], body: bytes
) -> Response:
    """The answer, once nobody else writes to the file; meanwhile others are answered."""
    waits = pauses()
    while True:
        try:
            return _attempt(simulator, scope, headers, body)
        except AccountFileError as trouble:
            pause = next(waits, None) if trouble.kind == "busy" else None
            if pause is None:
                # Only whoever waits for another program has a better chance next time.
                again = {"Stripe-Should-Retry": str(trouble.kind == "busy").lower()}
                return Response.refusal(
                    StripeError(str(trouble), type="api_error", status=503, headers=again)
                )
        await asyncio.sleep(pause)


def _attempt(simulator: Simulator, scope: dict[str, Any], headers: dict[str, str], body: bytes) -> Response:
    try:
        _check_origin(simulator.reach, headers)
        if len(body) > MAX_BYTES:
            raise StripeError("The request body is too large.", status=413)
        if scope["method"] == "GET" and scope["path"].startswith(receipt_page.PATH):
            return _receipt(simulator, scope["path"])
        if scope["path"] == authentication_page.PATH and scope["method"] in ("GET", "POST"):
            return _authenticate(simulator, scope["query_string"].decode("latin-1"), body.decode("latin-1"))
        if scope["method"] == "GET" and (wanted := downloads.PATH.fullmatch(scope["path"])):
            return _download(simulator, headers, wanted[1])
        target = scope["raw_path"]
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        return simulator.attempt(scope["method"], target.decode("utf-8", "replace"), headers, body)
    except AccountFileError:
        raise
    except StripeError as error:
        return Response.refusal(error)
    except Exception:
        # A bug must not end the server, nor may a client see its traceback.
        logger.exception("%s %s", scope["method"], scope["path"])
        return Response.refusal(
            StripeError("Sorry! The simulator has a bug: see its console.", type="api_error", status=500)
        )


def _receipt(simulator: Simulator, path: str) -> Response:
    """A receipt, without a key: whoever has its address may read it."""
    page = simulator.look(receipt_page.page, path)
    if page is None:
        raise unknown_url("GET", path[:200])
    return Response(200, page, receipt_page.HEADERS)


def _authenticate(simulator: Simulator, query: str, body: str) -> Response:
    """The page for a cardholder, and where she is sent once she has answered on it."""
    given = parse_form(body or query)
    asked = simulator.read(authentication_page.find, given)
    if asked is None:
        raise unknown_url("GET", authentication_page.PATH)
    leads_to = ""
    if body and asked.intent["status"] == "requires_action":
        result = str(given.get("result"))
        leads_to = simulator.change(asked.key, authentication_page.complete, asked, result)
        asked = simulator.read(authentication_page.find, given) or asked
    headers = {**authentication_page.HEADERS, **({"Location": leads_to} if leads_to else {})}
    return Response(303 if leads_to else 200, authentication_page.html(asked), headers)


def _download(simulator: Simulator, headers: dict[str, str], file: str) -> Response:
    """What is in a file."""
    lower = {name.lower(): value for name, value in headers.items()}
    content, type = simulator.read(downloads.contents, lower, file, simulator.reach.keys)
    return Response(200, "", {**downloads.HEADERS, "Content-Type": type}, content=content)


def _check_origin(reach: Reach, headers: dict[str, str]) -> None:
    """Refuse what a web page elsewhere makes a browser send here (DNS rebinding)."""
    for name in ("host", "origin"):
        value = headers.get(name)
        if value and not reach.answers_to(value):
            raise StripeError(
                f"This simulator only answers requests made to this machine, such as http://{HOST}:{PORT}; "
                f"the request's {name.title()} header names another. Serve it with --allow-host and that "
                "name if it is one of yours.",
                status=403,
            )


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket on this machine's own address, or on another one of it; port 0 takes any free one.

    Raises OSError when the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio switches off the delays that TCP makes between small packets.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def serve(simulator: Simulator, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests on `sock` until Ctrl-C or SIGTERM; `ready` is called as soon as one would be."""
    # Once the server has shut down, uvicorn raises the signal that ended it again.
    signal.signal(signal.SIGTERM, _stop)
    asyncio.run(_serve(simulator, sock, lambda _: ready()))


@contextlib.contextmanager
def served_meanwhile(simulator: Simulator) -> Iterator[str]:
    """The simulator served by a thread of its own, on a free port; its address."""
    started: queue.SimpleQueue[_Server] = queue.SimpleQueue()
    with listen(0) as sock:
        simulator.address = "http://{}:{}".format(*sock.getsockname())
        thread = threading.Thread(
            target=lambda: asyncio.run(_serve(simulator, sock, started.put)), name="simulator", daemon=True
        )
        thread.start()
        server = started.get(timeout=60)
        try:
            yield simulator.address
        finally:
            server.should_exit = True
            thread.join()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


async def _serve(simulator: Simulator, sock: socket.socket, ready: Callable[[_Server], None]) -> None:
    stopping = asyncio.Event()
    sender = WebhookSender(simulator.path, simulator.traffic, webhooks_to=simulator.reach.webhooks_to)
    config = uvicorn.Config(
        application(simulator, sender.wake, stopping),
        http=StripeHTTPProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    sender.start()
    simulator.traffic.begin(simulator.address)
    writing = asyncio.create_task(_keep_written(simulator.traffic))
    try:
        await _Server(config, stopping, ready).serve(sockets=[sock])
    finally:
        writing.cancel()
        sender.stop()
        simulator.traffic.end()


async def _keep_written(traffic: TrafficLog) -> None:
    """Write down what it remembers, a batch at a time, whatever goes wrong with one."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await asyncio.to_thread(traffic.flush)
        except Exception:
            logger.exception("Requests were not written down.")


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, ready: Callable[[_Server], None]
    ) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready(self)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)
