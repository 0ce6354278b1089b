"""One account for the length of one request: its objects, its time, its events.

Handlers read and write through this and know no SQL. What they did is written by `flush`, and stays once the
caller commits the transaction.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors
from .ids import ordered_id
from .kept_objects import INSERT, KeptObjects
from .object_json import Object as Object
from .object_json import dumps
from .versions import NEWEST

if TYPE_CHECKING:
    from .traffic_log import TrafficLog

_COLUMNS = "id, revision, clock_offset, last_time, next_due, faults, api_version, chosen_version"
# Those connected to the account of a key.
_CONNECTED = "key_hash GLOB ? || '/*'"


class AccountTables(NamedTuple):
    """What objects of a kind add to an account; see `account_tables`.

    `views`: kind -> function, for fields that are worked out when an object is answered, such as a reader's
    `last_seen_at`. `event_sinks` are called with the events of a request, in their order, just before they
    are written. `beginnings` give what an account has from its beginning, and write it at once, since a
    request that only reads saves nothing. `shape` gives an object as a version answers it; from
    `shaped_until` on, it would change nothing. `event_versions` are those in which events are wanted.
    `hints`: kind -> function, for what to try where there is no object of this kind and id.
    """

    views: Mapping[str, Callable[[Account, Object], Object]]
    event_sinks: Sequence[Callable[[Account, list[Object]], None]]
    beginnings: Sequence[Callable[[Account], None]]
    shape: Callable[[Account, Object, str], Object]
    shaped_until: str
    event_versions: Callable[[Account], set[str]]
    hints: Mapping[str, Callable[[Account, str], str]]


class Account(KeptObjects):
    """The account that a key opens, as a request sees it.

    Between requests it is kept, with the objects that they used, until something else writes to the file.
    `given_version` is the API version that whoever opened the file wants instead of the stored one.
    `address` is where its pages are served, or would be, `webhooks_to` other hosts that get webhooks;
    `traffic`, what is noted of it where it is served.
    A connected account has a `platform`, the account of the key that opens both: that one's clock and version
    are its own.
    """

    address = "http://127.0.0.1:12111"
    traffic: TrafficLog
    webhooks_to: Collection[str] = ()

    def __init__(
        self,
        db: sqlite3.Connection,
        hashed_key: str,
        tables: AccountTables,
        given_version: str = "",
        platform: Account | None = None,
    ) -> None:
        self.platform = platform
        # What may be shown of the key of a request.
        self.shown_key = ""
        self._tables = tables
        self._given_version = given_version
        row = db.execute(f"SELECT {_COLUMNS} FROM accounts WHERE key_hash = ?", (hashed_key,)).fetchone()
        new = row is None
        if new:
            db.execute(
                "INSERT OR IGNORE INTO accounts (key_hash, api_version) VALUES (?, ?)", (hashed_key, NEWEST)
            )
            row = db.execute(f"SELECT {_COLUMNS} FROM accounts WHERE key_hash = ?", (hashed_key,)).fetchone()
        self.key = hashed_key
        number, self.revision, self.clock_offset, self.time, self.next_due, faults, *versions = row
        super().__init__(db, number)
        self._clock_was_set = False
        self._stored_version, self._chosen_version = versions
        self.faults: list[Object] = json.loads(faults)
        self.begin()
        if new:
            self._begin()

    def begin(self) -> None:
        """A new request."""
        self.begin_objects()
        self._look_at_the_clock()
        self.version = self.api_version
        # Whether a list is to say how many objects it has in all.
        self.wants_total = False
        self.request: Object = {"id": None, "idempotency_key": None}
        # Each with its data in the account's version, and what it is in other versions, as JSON.
        self._events: list[tuple[Object, str, str | None]] = []
        self._due_changed = False
        self._ids = 0
        # By prefix, the id that the next object gets instead of a new one.
        self.chosen_ids: dict[str, str] = {}

    def _look_at_the_clock(self) -> None:
        """Time goes on at the machine's pace, from where it was if the machine's clock was set back; a
        connected account's is its platform's."""
        if self.platform:
            self._clock_was_set = self._clock_was_set or self.clock_offset != self.platform.clock_offset
            self.clock_offset, self.time = self.platform.clock_offset, self.platform.time
            return
        now = time.time()
        if now + self.clock_offset < self.time:
            self.clock_offset = self.time - now
            self._clock_was_set = True
        self.time = now + self.clock_offset

    def reread(self) -> None:
        """Take every object from the file again, where somebody else has changed it."""
        super().reread()
        # When the oldest event in the file was created; None where that is not known.
        self.oldest_event: int | None = None

    def _begin(self) -> None:
        for begin in self._tables.beginnings:
            begin(self)

    @property
    def api_version(self) -> str:
        """The version of events, and of a request that names none: chosen by the controls, or else given by
        whoever opened the file, or else the one that is stored."""
        if self.platform:
            return self.platform.api_version
        return self._chosen_version or self._given_version or self._stored_version

    def choose_version(self, version: str) -> None:
        """Let this be the account's version, whatever was given or stored; '' lets those count again."""
        self._chosen_version = version
        self.db.execute("UPDATE accounts SET chosen_version = ? WHERE id = ?", (version, self.number))

    @property
    def connected(self) -> str | None:
        """The id of a connected account; None for one that a key opens by itself."""
        return self.key.partition("/")[2] if self.platform else None

    @property
    def now(self) -> int:
        """Unix time in seconds, as in `created`."""
        return int(self.time)

    @property
    def unsettled(self) -> bool:
        """Whether time has brought something that the file does not say yet."""
        return self._clock_was_set or (self.next_due is not None and self.next_due <= self.time)

    # -- objects

    def get(self, id: str, kind: str, param: str, *, in_path: bool = False) -> Object:
        """The object with this id, or Stripe's "No such …" (404 in the path, 400 as a parameter)."""
        obj = self.find(id, kind)
        if obj is None or obj.get("deleted"):
            hint = self._tables.hints.get(kind)
            raise errors.no_such(kind, id, param, in_path=in_path, hint=hint(self, id) if hint else "")
        return obj

    def new_id(self, prefix: str) -> str:
        """An id that sorts after all earlier ones of its prefix, unless one was chosen."""
        if self.chosen_ids and prefix in self.chosen_ids:
            return self.chosen_ids.pop(prefix)
        self._ids += 1
        return ordered_id(prefix, self.revision, self._ids)

    def add(self, prefix: str, kind: str, **fields: Any) -> Object:
        """A new object with an id of its own, kept as it is at the end of the request."""
        return self.add_named({"id": self.new_id(prefix), "object": kind, **fields})

    def view(self, obj: Object, version: str = "") -> Object:
        """The object as the API answers it, in the request's version or another."""
        version = version or self.version
        view = self._tables.views.get(obj["object"])
        shown = view(self, obj) if view else obj
        return shown if version >= self._tables.shaped_until else self._tables.shape(self, shown, version)

    def clear(self) -> None:
        """Empty the account of everything, those connected to it included, and set its clock back to now; a
        connected account keeps its platform's clock."""
        connected = self.db.execute(f"SELECT id FROM accounts WHERE {_CONNECTED}", (self.key,)).fetchall()
        numbers = [self.number, *(number for (number,) in connected)]
        self.traffic.file.forget(self.key, numbers)
        for number in numbers:
            # Events that were only kept to be delivered; see `webhook_deliveries.keep_what_is_due`.
            self.db.execute(
                "DELETE FROM objects WHERE account = 0 AND id IN "
                "(SELECT event FROM deliveries WHERE coalesce(origin, account) = ?)",
                (number,),
            )
            for table in ("objects", "due", "answers", "deliveries", "funds", "contents"):
                self.db.execute(f"DELETE FROM {table} WHERE account = ?", (number,))
        self.db.execute(f"DELETE FROM accounts WHERE {_CONNECTED}", (self.key,))
        self.db.execute("DELETE FROM notes WHERE account = ?", (self.key,))
        self.faults = []
        if not self.platform:
            self.clock_offset, self.time = 0.0, time.time()
            self._stored_version = NEWEST
            self.db.execute("UPDATE accounts SET api_version = ? WHERE id = ?", (NEWEST, self.number))
            self.choose_version("")
        self.reread()
        self._due_changed = True
        self._begin()

    def advance(self, seconds: float) -> None:
        """Move the clock forward, and that of the accounts connected to this one."""
        self.clock_offset += seconds
        self.time += seconds
        sql = f"UPDATE accounts SET clock_offset = ? WHERE {_CONNECTED}"
        self.db.execute(sql, (self.clock_offset, self.key))

    # -- events, and what is due later

    def emit(self, type: str, obj: Object, previous: Object | None = None) -> None:
        """An event about the object as it is now; `previous` holds what an update replaced."""
        event = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": self.api_version,
            "created": self.now,
            # Written in its place by `flush`.
            "data": None,
            "livemode": False,
            "pending_webhooks": 0,
            "request": self.request,
            "type": type,
        }
        if self.connected:
            event["account"] = self.connected
        # The snapshot is written out at once: the object may change again before the request ends.
        more = f',"previous_attributes":{dumps(previous)}}}' if previous else "}"
        shown = self.view(obj, self.api_version)
        text = self.write_out(obj) if shown is obj else dumps(shown)
        data = f'{{"object":{text}{more}'
        others = ",".join(
            f'"{version}":{{"object":{dumps(self.view(obj, version))}{more}'
            for version in self._tables.event_versions(self) - {self.api_version}
        )
        self._events.append((event, data, f"{{{others}}}" if others else None))

    def schedule(self, at: float, what: str, id: str) -> None:
        """Do `what` (a name in `scheduled_jobs.JOBS`) to the object, at the first request from `at` on."""
        self.db.execute("INSERT OR IGNORE INTO due VALUES (?, ?, ?, ?)", (self.number, at, what, id))
        self._due_changed = True

    def take_due(self) -> tuple[float, str, str] | None:
        """The earliest thing that is due by now, removed from the list."""
        row: tuple[float, str, str] | None = self.db.execute(
            "SELECT at, what, id FROM due WHERE account = ? AND at <= ? ORDER BY at LIMIT 1",
            (self.number, self.time),
        ).fetchone()
        if row:
            self.db.execute(
                "DELETE FROM due WHERE account = ? AND at = ? AND what = ? AND id = ?", (self.number, *row)
            )
            self._due_changed = True
        return row

    # -- the end of the request

    def flush(self) -> None:
        """Write what the request did; the caller commits the transaction."""
        self.write_objects(self.now)
        if self._events:
            for sink in self._tables.event_sinks:
                sink(self, [event for event, _, _ in self._events])
        for event, data, others in self._events:
            body = dumps(event).replace('"data":null', f'"data":{data}', 1)
            row = (self.number, event["id"], event["created"], body, others)
            self.db.execute(INSERT, (*row, "event", event["type"], None, None))
        if self._due_changed:
            self.next_due = self.db.execute(
                "SELECT min(at) FROM due WHERE account = ?", (self.number,)
            ).fetchone()[0]
        self._events = []
        self.revision += 1
        self._clock_was_set = False
        self.db.execute(
            "UPDATE accounts SET revision = ?, clock_offset = ?, last_time = ?, next_due = ?, faults = ? "
            "WHERE id = ?",
            (
                self.revision,
                self.clock_offset,
                self.time,
                self.next_due,
                dumps(self.faults) if self.faults else "[]",
                self.number,
            ),
        )
