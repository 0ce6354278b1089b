"""Who may do what in the hub. Nobody is an admin, and no page of the hub gives out a token.

What runs in a browser may be a learner's: without `--domain` all servers share one origin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .room import INSTRUCTOR

ROLES: list[dict[str, Any]] = [
    {
        "name": "user",
        "description": "A learner: her own server. JupyterHub's own role would let her pages make tokens",
        "scopes": ["read:users!user", "users:activity!user", "servers!user", "access:servers!user"],
    },
    {
        "name": "instructor",
        "description": "The table of who is where",
        "users": [INSTRUCTOR],
        "scopes": ["access:services!service=progress"],
    },
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
]


def first_page(table: str) -> Callable[[Any], str]:
    """Where somebody is led who has logged in: the instructor to the table at this address, a learner to her
    server (that is '')."""
    return lambda handler: table if handler.current_user and handler.current_user.name == INSTRUCTOR else ""
