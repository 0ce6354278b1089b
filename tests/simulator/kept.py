"""What the simulator keeps in memory between requests is what the file says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.store import key_hash


@lru_cache(maxsize=5000)
def parsed(text: str) -> Any:
    """What an object's text in the file says, to be read only: most are as they were a request ago."""
    return json.loads(text)


def check_kept(simulator: Simulator, authorization: str) -> None:
    """AssertionError when a request changed an object without saving it, or when memory is behind."""
    key = key_hash(authorization.removeprefix("Bearer "))

    def check(db: Any) -> None:
        for account in simulator._accounts.values():
            if account.key.partition("/")[0] != key:
                continue
            rows = db.execute("SELECT id, body, inner FROM objects WHERE account = ?", (account.number,))
            stored = {id: (parsed(body), parsed(inner or "{}")) for id, body, inner in rows}
            for id, obj in account._objects.items():
                assert stored[id] == (obj, account._inner.get(id, {})), id
            for kind, ids in account._every.items():
                assert ids == [obj["id"] for obj in account.select(kind)], kind
            row = db.execute(
                "SELECT revision, clock_offset, next_due, faults FROM accounts WHERE id = ?",
                (account.number,),
            ).fetchone()
            assert row[:-1] == (
                account.revision,
                account.clock_offset,
                account.next_due,
            )
            assert json.loads(row[-1]) == account.faults

    simulator.read(check)
