"""Who may ask the served simulator, and where its webhooks may go: this machine, unless somebody chose
more."""

from __future__ import annotations

import re
from typing import NamedTuple

HOST = "127.0.0.1"
PORT = 12111

_ORIGIN = re.compile(
    r"(?:https?://)?(?P<host>[^/:\[\]]+|\[[^/\[\]]+\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII
)
_HERE = re.compile(r"localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\]", re.ASCII)


class Reach(NamedTuple):
    """What is allowed beyond a machine's own: as it is made, nothing.

    `keys`: if there are any, no others open an account. `names`: what the simulator may be called in a
    request's Host and Origin. `webhooks_to`: hosts of webhook endpoints, which must have a private address.
    """

    keys: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    webhooks_to: frozenset[str] = frozenset()

    def answers_to(self, header: str) -> bool:
        """Whether a Host or Origin header names this machine, by one of its own names or of `names`.

        A browser can be made to send anything to a server here, from a page elsewhere (DNS rebinding); but
        then it says so.
        """
        found = _ORIGIN.fullmatch(header)
        host = found["host"].lower() if found else ""
        return host in self.names or _HERE.fullmatch(host) is not None


HERE_ONLY = Reach()
