"""The simulator in place of the network, and after every request a look at what must always hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from irl_helpers.simulator import SimulatorHTTPClient
from irl_helpers.simulator.version_steps import SHAPED_UNTIL
from irl_helpers.simulator.versions import NEWEST
from tests.types.library_types import SEEN_CODES, problems
from tests.types.seen import see

from .kept import check_kept


class CheckedHTTPClient(SimulatorHTTPClient):
    """Answers have the shape that the library expects, and memory says what the file says."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **options: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            body, status, answer_headers = super().request(method, url, headers, post_data, **options)
        finally:
            check_kept(self._simulator, (headers or {}).get("Authorization", ""))
        # What older versions had is not in the installed library's classes.
        newest = answer_headers.get("stripe-version", NEWEST) >= SHAPED_UNTIL
        if newest and not urlsplit(url).path.startswith("/_simulator/"):
            answer = json.loads(body)
            found = problems(answer)
            assert not found, "\n".join(found)
            if not any(code in body for code in SEEN_CODES):
                see(answer)
        return body, status, answer_headers
