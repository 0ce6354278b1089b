"""In a browser tab: a room's table learns which checks are passed, if the learner gave her name there.

The site says in `room.json` whether it is a room, and under which name this browser is in it. Without a name,
and on a public site, nothing is sent. What is sent: `{"passed": {"setup": true}}`, and a cookie for the name.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..settings import programs_can_run

_sending: set[Any] = set()  # tasks, each until it is done


def tell(passed: Mapping[str, bool]) -> None:
    """Begin to send which checks are passed, by their names. Nobody waits for it, and it raises nothing."""
    if not programs_can_run():
        import asyncio

        from js import location
        from pyodide.http import pyfetch

        # This is a worker, whose script lies among the site's extensions.
        site = f"{location.href.partition('/extensions/')[0]}/"
        task = asyncio.ensure_future(send(pyfetch, site, dict(passed)))
        _sending.add(task)
        task.add_done_callback(_sending.discard)


async def send(fetch: Callable[..., Awaitable[Any]], site: str, passed: Mapping[str, bool]) -> None:
    """Send it with a `fetch` like the browser's; `site` is an address with a slash at its end.

    A room that is over, or out of reach, is no trouble of the learner's: her next check says it again.
    """
    try:
        answer = await fetch(f"{site}room.json", cache="no-store")
        room = await answer.json() if answer.ok else None
        if isinstance(room, dict) and room.get("name"):
            body, kind = json.dumps({"passed": dict(passed)}), {"Content-Type": "application/json"}
            await fetch(f"{site}room/progress", method="POST", headers=kind, body=body)
    except (OSError, ValueError):
        return
