"""Sends webhooks: a background task of the served simulator. No API call ever waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from urllib.parse import urlsplit

from . import webhook_deliveries as deliveries
from .simulator import Simulator
from .webhook_deliveries import Delivery
from .webhook_signature import signature

TIMEOUT = 10
# A notebook writes to the same file without telling us.
LOOK_EVERY = 0.25
logger = logging.getLogger(__name__)


async def send_webhooks(simulator: Simulator, news: asyncio.Event) -> None:
    """Send what is due until cancelled, soonest after `news` is set. Endpoints do not wait for each other."""
    busy: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            news.clear()
            for endpoint, batch in _take(simulator, set(busy)).items():
                task = busy[endpoint] = asyncio.create_task(_send_all(simulator, batch))
                task.add_done_callback(lambda _, endpoint=endpoint: (busy.pop(endpoint), news.set()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_EVERY)
    finally:
        tasks = list(busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _take(simulator: Simulator, busy: set[str]) -> dict[str, list[Delivery]]:
    batches: dict[str, list[Delivery]] = {}
    now = time.time()
    if simulator.read(deliveries.waiting, now):
        for delivery in simulator.write(deliveries.take, now, busy):
            batches.setdefault(delivery.endpoint, []).append(delivery)
    return batches


async def _send_all(simulator: Simulator, batch: list[Delivery]) -> None:
    """One endpoint's deliveries, in their order."""
    for delivery in batch:
        try:
            arrived = await asyncio.wait_for(_send(delivery), TIMEOUT)
        except (OSError, TimeoutError, EOFError, ValueError):
            # Nobody listens, or what answers is no HTTP: tried again later.
            arrived = False
        simulator.write(deliveries.record_try, delivery, arrived)


async def _send(delivery: Delivery) -> bool:
    """POST it; whether the answer was a 2xx."""
    url = urlsplit(delivery.url)
    body = delivery.body.encode()
    tls = _no_questions() if url.scheme == "https" else None
    port = url.port or (443 if tls else 80)
    reader, writer = await asyncio.open_connection(url.hostname, port, ssl=tls)
    try:
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {url.netloc.rpartition('@')[2]}",
            "Content-Type: application/json; charset=utf-8",
            f"Content-Length: {len(body)}",
            "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            f"Stripe-Signature: {signature(body, delivery.secret, int(time.time()))}",
            "Connection: close",
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        version, status = (await reader.readline()).split(maxsplit=2)[:2]
        with contextlib.suppress(TimeoutError, OSError):
            # The rest is of no interest, but some servers complain when nobody reads it.
            async with asyncio.timeout(1):
                while await reader.read(65536):
                    pass
        return version.startswith(b"HTTP/") and 200 <= int(status) < 300
    finally:
        writer.close()


def _no_questions() -> ssl.SSLContext:
    """The certificate of a server on this machine is its own; nothing is gained by doubting it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
