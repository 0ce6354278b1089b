"""The objects of one account: read when they are first asked for, written at the end of a request."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from . import errors
from .ids import PREFIXES
from .object_json import Object, dumps
from .store import column, refs

_ROW = "id, body, inner, rowid, kind, ref1, ref2, ref3"
INSERT = (
    "INSERT INTO objects (account, id, created, body, inner, kind, ref1, ref2, ref3) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_BESIDE = "kind = ?, ref1 = ?, ref2 = ?, ref3 = ?"
# How many objects are kept between requests.
_KEPT = 300


class KeptObjects:
    """What the file has of the objects of the account with this number.

    They are kept from one request to the next, until `reread`.
    """

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self.db = db
        self.number = number
        self.reread()
        self.begin_objects()

    def reread(self) -> None:
        """Take every object from the file again, where somebody else has changed it."""
        self._objects: dict[str, Object] = {}
        self._inner: dict[str, Object] = {}
        # Where an object's row is, and the columns next to its JSON.
        self._rows: dict[str, tuple[int | None, tuple[Any, ...]]] = {}
        # The ids of all objects of a kind.
        self._every: dict[str, list[str]] = {}

    def begin_objects(self) -> None:
        """A new request, which has made and changed nothing yet."""
        self._new: dict[str, Object] = {}
        self._changed: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        if len(self._objects) > _KEPT:
            self.reread()

    def find(self, id: str, kind: str | None = None) -> Object | None:
        """The object with this id, or None, as for an empty one; of this kind, if one is named."""
        obj = self._objects.get(id)
        if obj is None:
            if not id:
                return None
            row = self.db.execute(
                f"SELECT {_ROW} FROM objects WHERE account = ? AND id = ?", (self.number, id)
            ).fetchone()
            if row is None:
                return None
            obj = self._read(row)
        return obj if kind in (None, obj["object"]) else None

    def _read(self, row: tuple[Any, ...]) -> Object:
        id, body, inner, rowid, *beside = row
        if id not in self._objects:
            self._objects[id] = json.loads(body)
            self._inner[id] = json.loads(inner) if inner else {}
            self._rows[id] = (rowid, tuple(beside))
        return self._objects[id]

    def require(self, id: str, kind: str) -> Object:
        """The object of this kind that another one names. Raises StripeError, 400, where there is none."""
        obj = self.find(id, kind)
        if obj is None:
            raise errors.no_such(kind, id, kind.rpartition(".")[2])
        return obj

    def inner(self, obj: Object) -> Object:
        """What the simulator knows about an object beyond what the API says; saved with it."""
        return self._inner.setdefault(obj["id"], {})

    def add_named(self, obj: Object) -> Object:
        """A new object that has its id already."""
        self._objects[obj["id"]] = self._new[obj["id"]] = obj
        return obj

    def save(self, obj: Object) -> None:
        """Keep the object as it is at the end of the request.

        To be called after a change also where the object is new or was saved before, once it had an event.
        """
        self._texts.pop(obj["id"], None)
        if obj["id"] not in self._new:
            self._changed[obj["id"]] = obj["object"]

    def is_saved(self, obj: Object) -> bool:
        """Whether the object will be kept as it is at the end of the request."""
        return obj["id"] in self._changed or obj["id"] in self._new

    def keep_content(self, id: str, content: bytes) -> None:
        """Keep what is in a file."""
        self.db.execute("INSERT INTO contents VALUES (?, ?, ?)", (self.number, id, content))

    def delete(self, obj: Object, **stub: Any) -> Object:
        """Leave only `{id, object, deleted: true}` of it; lists no longer show it."""
        gone = {"id": obj["id"], "object": obj["object"], "deleted": True, **stub}
        self._objects[obj["id"]] = gone
        self._texts.pop(obj["id"], None)
        self._changed[obj["id"]] = "deleted " + obj["object"]
        return gone

    def forget(self, ids: Sequence[str]) -> None:
        """Leave nothing of these objects, as if they had never been."""
        self.db.executemany(
            "DELETE FROM objects WHERE account = ? AND id = ?", [(self.number, id) for id in ids]
        )
        for id in ids:
            for kept in (self._objects, self._inner, self._rows):
                kept.pop(id, None)

    def select(
        self,
        kind: str,
        where: Object | None = None,
        extra: str = "",
        args: tuple[Any, ...] = (),
        limit: int = -1,
        oldest_first: bool = False,
    ) -> list[Object]:
        """Objects of a kind, newest first; `where` compares fields, `extra` is SQL on the row.

        Reads what earlier requests left, not what this one has changed so far.
        """
        rows, values = self._where(kind, where, extra, args)
        order = "ASC" if oldest_first else "DESC"
        sql = f"SELECT {_ROW} {rows} ORDER BY id {order} LIMIT {limit}"
        return [self._read(row) for row in self.db.execute(sql, values).fetchall()]

    def count(
        self, kind: str, where: Object | None = None, extra: str = "", args: tuple[Any, ...] = ()
    ) -> int:
        """How many `select` would find."""
        rows, values = self._where(kind, where, extra, args)
        found: int = self.db.execute(f"SELECT count(*) {rows}", values).fetchone()[0]
        return found

    def _where(
        self, kind: str, where: Object | None, extra: str, args: tuple[Any, ...]
    ) -> tuple[str, list[Any]]:
        # The kind is written out, so that SQLite sees that a partial index applies. '`' follows '_'.
        prefix = PREFIXES[kind]
        sql = f"FROM objects WHERE account = ? AND kind = '{kind}' AND id > '{prefix}_' AND id < '{prefix}`'"
        values: list[Any] = [self.number]
        for field, value in (where or {}).items():
            sql += f" AND {column(kind, field)} = ?"
            values.append(value)
        return (f"{sql} AND {extra}", [*values, *args]) if extra else (sql, values)

    def every(self, kind: str) -> list[Object]:
        """The same for a kind of which there are few, without looking into the file each time."""
        ids = self._every.get(kind)
        if ids is None:
            ids = self._every[kind] = [obj["id"] for obj in self.select(kind)]
        return [obj for id in ids if (obj := self.find(id))]

    def text(self, answer: Object) -> str:
        """An answer as JSON; after `write_objects`, without writing out again what was just written."""
        id = answer.get("id", "")
        return self._texts[id] if self._objects.get(id) is answer and id in self._texts else dumps(answer)

    def counts(self) -> dict[str, int]:
        """How many objects the account has of each kind."""
        counted = "SELECT kind, COUNT(*) FROM objects WHERE account = ? GROUP BY kind"
        return dict(self.db.execute(counted, (self.number,)).fetchall())

    def write_out(self, obj: Object) -> str:
        """The object as JSON, as it is now. Whoever changes it from here on saves it again: unless somebody
        does, it is not written out a second time."""
        text = self._texts[obj["id"]] = dumps(obj)
        return text

    def write_objects(self, now: int) -> None:
        """Write what is new and what has changed; `now` is when (Unix, seconds)."""
        for id, obj in self._new.items():
            beside = (obj["object"], *refs(obj))
            row = (self.number, id, obj.get("created", now), self._text(id), self._inner_text(id), *beside)
            self._every.pop(obj["object"], None)
            self._rows[id] = (self.db.execute(INSERT, row).lastrowid, beside)
        for id, kind in self._changed.items():
            obj = self._objects[id]
            rowid, before = self._rows[id]
            beside = (kind, *refs(obj))
            if beside == before:
                sql, values = "UPDATE objects SET body = ?, inner = ? WHERE rowid = ?", ()
            else:
                sql, values = f"UPDATE objects SET body = ?, inner = ?, {_BESIDE} WHERE rowid = ?", beside
                self._rows[id] = (rowid, beside)
                self._every.pop(obj["object"], None)
            self.db.execute(sql, (self._text(id), self._inner_text(id), *values, rowid))
        self._new, self._changed = {}, {}

    def _text(self, id: str) -> str:
        return self._texts.get(id) or self.write_out(self._objects[id])

    def _inner_text(self, id: str) -> str | None:
        inner = self._inner.get(id)
        return dumps(inner) if inner else None
