"""The contents of files, where their `url` leads: the one answer that is neither JSON nor a page.

https://docs.stripe.com/file-upload#download-file-contents
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Mapping

from .auth import api_key
from .errors import no_such
from .store import key_hash

PATH = re.compile(r"/v1/files/(file_[A-Za-z0-9]+)/contents")
_TYPES = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    # Nothing in it may run, should a browser show it.
    "svg": "image/svg+xml",
}
HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


def contents(
    db: sqlite3.Connection, headers: Mapping[str, str], id: str, keys: Collection[str] = ()
) -> tuple[bytes, str]:
    """(the content, its Content-Type) of a file of the account that the request's key opens, or of the
    connected one that it names; `headers` have their names in lower case,
    and `keys` are the only ones, if there are any.

    Raises StripeError: 401 without a test key, 404 where there is no such file, or none that can be had back.
    """
    scope = key_hash(api_key(headers, keys))
    if connected := headers.get("stripe-account"):
        scope += f"/{connected}"
    found = db.execute(
        "SELECT content, json_extract(body, '$.type') FROM accounts "
        "JOIN objects ON objects.account = accounts.id AND objects.id = ? "
        "JOIN contents ON contents.account = accounts.id AND contents.id = objects.id "
        "WHERE key_hash = ? AND json_extract(body, '$.url') IS NOT NULL",
        (id, scope),
    ).fetchone()
    if found is None:
        raise no_such("file", id, "file", in_path=True)
    return found[0], _TYPES.get(found[1], "application/octet-stream")
