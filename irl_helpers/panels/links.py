"""Text from Stripe as html: escaped, and with links."""

from __future__ import annotations

import re
from html import escape

from ..account import dashboard_url

_URL = re.compile(r"(https://[\w./?=#%~+-]+[\w/])")
_ID = re.compile(r"\b(?:pi|ch|re|cus|seti|tmr|tml)_[A-Za-z0-9]{8,}\b")


def linked(text: str) -> str:
    """The text as html; addresses become links, and ids where the account's Dashboard has a page for them."""

    def link(match: re.Match[str]) -> str:
        url = dashboard_url(match.group())
        return f'<a href="{url}" target="_blank" rel="noopener">{match.group()}</a>' if url else match.group()

    return "".join(
        f'<a href="{part}" target="_blank" rel="noopener">{part}</a>' if number % 2 else _ID.sub(link, part)
        for number, part in enumerate(_URL.split(escape(text)))
    )
