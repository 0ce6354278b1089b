"""Connection tokens, with which an app's SDK connects to readers. Server-driven integrations need none.

https://docs.stripe.com/api/terminal/connection_tokens
"""

from __future__ import annotations

from ..account import Account, Object
from ..ids import random_text

KIND = "terminal.connection_token"


def create(account: Account, params: Object) -> Object:
    """A token has no id and is not kept: there is nothing here to connect with it."""
    token = {"object": KIND, "secret": f"pst_test_{random_text(40)}"}
    if location := params.get("location"):
        token["location"] = account.get(location, "terminal.location", "location")["id"]
    return token
