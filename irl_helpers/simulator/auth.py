"""API keys: Basic or Bearer, test keys only; anything else gets Stripe's 401."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache

from .errors import StripeError

_TEST_KEY = re.compile(r"(sk|rk)_test_[A-Za-z0-9_]+")


_WHO = {"WWW-Authenticate": 'Bearer realm="Stripe"'}


def api_key(headers: Mapping[str, str]) -> str:
    """The test key of a request (header names in lower case). Raises StripeError, 401, for any other."""
    return _check(headers.get("authorization", ""))


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
    if not _TEST_KEY.fullmatch(value) or len(value) > 255:
        raise StripeError(f"Invalid API Key provided: {mask(value)}", status=401, headers=_WHO)
    return value


def mask(key: str) -> str:
    """The prefix and the last four characters, as Stripe shows a key; short ones not at all."""
    found = re.match(r"[a-z]{2}_(?:test|live)_", key)
    prefix = found.group() if found else ""
    rest = len(key) - len(prefix)
    return prefix + "*" * min(rest, 40) if rest <= 8 else prefix + "*" * min(rest - 4, 40) + key[-4:]
