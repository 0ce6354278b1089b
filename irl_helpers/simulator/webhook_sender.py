"""Sends webhooks for the served simulator, in threads of its own: no call ever waits for a receiver."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Collection
from pathlib import Path

from . import webhook_deliveries as deliveries
from .masking import mask_text
from .traffic_file import Try
from .traffic_log import TrafficLog
from .webhook_deliveries import Delivery
from .webhook_post import post
from .webhook_signature import signature

# How long one delivery may take, in seconds, whatever the receiver does.
LIMIT = 10.0
# How many deliveries are on their way at a time; one endpoint has one.
THREADS = 16
# A notebook writes to the same file without telling us.
LOOK_EVERY = 0.25
# After a failure to read or write the file, in seconds; doubled each time.
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 60.0
logger = logging.getLogger(__name__)


class WebhookSender:
    """Sends what is due in an account file, from `start` to `stop`.

    One thread looks into the file and writes to it, through a connection of its own; up to `threads` others
    talk to the receivers, which are on this machine or at the hosts in `webhooks_to`, for `limit` seconds
    each at most. A delivery is claimed in the file before it is sent, so that several senders on one file
    send nothing twice, and keep the order of each endpoint.
    Where the file cannot be written (its disk is full, or it is locked for more than `patience` seconds),
    it says so on the log and goes on after a pause: what is due waits in the file.
    """

    def __init__(
        self,
        path: Path,
        traffic: TrafficLog | None = None,
        *,
        webhooks_to: Collection[str] = (),
        limit: float = LIMIT,
        threads: int = THREADS,
        patience: float = 5.0,
    ) -> None:
        self._path = path
        self._traffic = traffic or TrafficLog(path)
        self._webhooks_to = webhooks_to
        self._limit = limit
        self._threads = threads
        self._patience = patience
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._claimed: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[tuple[Delivery, bool]] = queue.SimpleQueue()
        # Outcomes that are not in the file yet.
        self._unwritten: list[tuple[Delivery, bool]] = []
        self._on_their_way = 0
        self._opened: tuple[int, int] | None = None
        self._workers = 0
        self._owner = threading.Thread(target=self._keep_sending, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._owner.start()

    def wake(self) -> None:
        """Something may be due: look now."""
        self._news.set()

    def stop(self) -> None:
        """Claim nothing more. What is on its way now is sent again by the next sender."""
        self._stopping.set()
        self._news.set()
        self._owner.join(1)
        for _ in range(self._workers):
            self._claimed.put(None)

    def _keep_sending(self) -> None:
        """Look, send and note until told to stop; whatever goes wrong ends one round only."""
        pause = FIRST_PAUSE
        db: sqlite3.Connection | None = None
        while True:
            last = self._stopping.is_set()
            self._news.clear()
            try:
                if db is not None and self._identity() != self._opened:
                    # A reset has begun another file in its place.
                    db.close()
                    db = None
                db = db or self._open()
                self._round(db, 0 if last else self._threads - self._on_their_way)
            except sqlite3.Error as problem:
                logger.error("Webhooks are not sent now (%s); next try in %g seconds.", problem, pause)
            except Exception:
                logger.exception("Webhooks are not sent now; next try in %g seconds.", pause)
            else:
                if pause > FIRST_PAUSE:
                    logger.error("Webhooks are sent again.")
                pause = FIRST_PAUSE
                if last:
                    break
                self._news.wait(LOOK_EVERY)
                continue
            if db is not None:
                db.close()
                db = None
            if last:
                break
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        if db is not None:
            db.close()

    def _open(self) -> sqlite3.Connection:
        """The account file, which the simulator has made and brought up to date. Never makes one anew."""
        self._opened = self._identity()
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(address, uri=True, timeout=self._patience, isolation_level=None)

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is; None while there is none."""
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _round(self, db: sqlite3.Connection, free: int) -> None:
        """Note what came of deliveries, and claim what is due for `free` threads, in one transaction."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._unwritten.append(self._outcomes.get_nowait())
                self._on_their_way -= 1
        if not self._unwritten and not (free and deliveries.waiting(db, time.time())):
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            for delivery, arrived in self._unwritten:
                deliveries.record(db, delivery, arrived)
            claimed = deliveries.claim(db, time.time(), free)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        self._unwritten.clear()
        for delivery in claimed:
            self._on_their_way += 1
            if self._workers < self._on_their_way:
                self._workers += 1
                threading.Thread(target=self._work, name=f"webhook {self._workers}", daemon=True).start()
            self._claimed.put(delivery)

    def _work(self) -> None:
        """Send one claimed delivery after the other."""
        while delivery := self._claimed.get():
            self._outcomes.put((delivery, self._send(delivery)))
            self._news.set()

    def _send(self, delivery: Delivery) -> bool:
        """Whether it arrived; what became of it is noted."""
        body = delivery.body.encode()
        began = time.time()
        signed = signature(body, delivery.secret, int(began))
        answer, why = None, ""
        try:
            answer = post(delivery.url, body, signed, self._limit, self._webhooks_to)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            # Nobody listens, or not in time, or what answers is not HTTP: tried again later.
            why = str(problem) or type(problem).__name__
        except Exception:
            logger.exception("%s was not sent to %s.", delivery.event, delivery.endpoint)
            why = "a bug of the simulator: see its console"
        self._traffic.sent(
            Try(
                account=delivery.account,
                event=delivery.event,
                endpoint=delivery.endpoint,
                at=delivery.at,
                seconds=round(max(0.0, time.time() - began), 6),
                signature=signed,
                status=answer.status if answer else None,
                answer=mask_text(answer.begins if answer else why),
            )
        )
        return answer is not None and answer.took_it
