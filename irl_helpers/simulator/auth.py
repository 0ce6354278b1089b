"""API keys: Basic or Bearer, test keys only; anything else gets Stripe's 401."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from .errors import StripeError

OFFLINE_KEY = "sk_test_offline"
"""The key of the account that notebooks use. Not a secret, and not Stripe's."""

_TEST_KEY = re.compile(r"(sk|rk)_test_[A-Za-z0-9_]+")


_WHO = {"WWW-Authenticate": 'Bearer realm="Stripe"'}


def api_key(headers: Mapping[str, str], only: Collection[str] = ()) -> str:
    """The test key of a request (header names in lower case), one of `only` if there are any.

    Raises StripeError, 401, for any other.
    """
    key = _check(headers.get("authorization", ""))
    # All are compared, and each to its end: how long that takes tells nothing.
    if only and not sum(hmac.compare_digest(key, one) for one in only):
        raise _invalid(key)
    return key


def is_test_key(key: str) -> bool:
    """Whether it is written as a secret test key is."""
    return _TEST_KEY.fullmatch(key) is not None and len(key) <= 255


@lru_cache(maxsize=64)
def _check(header: str) -> str:
    scheme, _, value = header.partition(" ")
    value = value.strip()
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    elif scheme.lower() != "bearer":
        value = ""
    if not value:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
            "https://stripe.com/docs/api#authentication for details, or we can help at "
            "https://support.stripe.com/.",
            status=401,
            headers=_WHO,
        )
    if value.startswith("pk_"):
        raise StripeError(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can "
            "find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
            status=401,
            headers=_WHO,
        )
    if not is_test_key(value):
        raise _invalid(value)
    return value


def _invalid(key: str) -> StripeError:
    return StripeError(f"Invalid API Key provided: {mask(key)}", status=401, headers=_WHO)


@lru_cache(maxsize=64)
def mask(key: str) -> str:
    """The prefix and the last four characters, as Stripe shows a key; short ones not at all."""
    found = re.match(r"[a-z]{2}_(?:test|live)_", key)
    prefix = found.group() if found else ""
    rest = len(key) - len(prefix)
    return prefix + "*" * min(rest, 40) if rest <= 8 else prefix + "*" * min(rest - 4, 40) + key[-4:]
