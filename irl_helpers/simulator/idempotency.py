"""Idempotency keys: the first answer to a POST is kept for 24 hours and given again."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from .account import Account
from .errors import StripeError

KEPT_SECONDS = 24 * 60 * 60
# Old answers are removed at every so many writes, and then one of so many parts is gone through: primes, so
# that none is left out when only every other write has a key.
_EVERY, _PARTS = 13, 79


def fingerprint(path: str, form: str) -> str:
    """What two requests have in common if they ask for the same."""
    return hashlib.sha256(f"{path}\n{form}".encode()).hexdigest()


def check(key: str | None) -> str | None:
    """The key of a request, None for an empty one. Raises StripeError for one that no header can carry."""
    if key and (len(key) > 255 or not key.isprintable() or max(key) > "\xff"):
        raise StripeError(
            "Idempotency keys can have up to 255 printable characters.", type="idempotency_error"
        )
    return key or None


@lru_cache(maxsize=8)
def _number(account: int, key: str) -> int:
    """Where the file finds the answer that this key got in the account of this number."""
    digest = hashlib.sha256(f"{account}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def replay(account: Account, key: str, request: str) -> tuple[int, str, str] | None:
    """The (status, body, id of the request) that this key got before, or None.

    Raises StripeError when the request differs.
    """
    row = account.db.execute(
        "SELECT request, status, body, original, key, account FROM answers WHERE number = ? AND created > ?",
        (_number(account.number, key), account.time - KEPT_SECONDS),
    ).fetchone()
    if row is None or row[4:] != (key, account.number):
        return None
    if row[0] != request:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    return row[1], row[2], row[3]


def remember(account: Account, key: str, request: str, id: str, status: int, body: str) -> None:
    """Keep the answer that this key got to the request with this id; old ones go a part at a time."""
    account.db.execute(
        "INSERT OR REPLACE INTO answers VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_number(account.number, key), account.number, key, request, status, body, account.time, id),
    )
    turn, rest = divmod(account.revision, _EVERY)
    if rest:
        return
    # Each time another part is gone through, so that no request waits long.
    least, most = account.db.execute(
        "SELECT (SELECT min(id) FROM answers), (SELECT max(id) FROM answers)"
    ).fetchone()
    part = (most - least) // _PARTS + 1
    least += turn % _PARTS * part
    account.db.execute(
        "DELETE FROM answers WHERE id >= ? AND id < ? AND account = ? AND created <= ?",
        (least, least + part, account.number, account.time - KEPT_SECONDS),
    )


def in_use(key: str) -> StripeError:
    """409: an earlier request with this key is not answered yet."""
    return StripeError(
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        code="idempotency_key_in_use",
        type="idempotency_error",
        status=409,
    )
