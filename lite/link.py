"""`python -m lite.link README.md ADDRESS`: the link to the published site, at the place marked for it.

The workflow that publishes the site knows its address; nothing else does.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

MARK = "<!-- where the site is published -->"
PLACE = re.compile(rf"{MARK}(.*?{MARK})?")
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?/[\w./-]*")


def linked(text: str, address: str) -> str:
    """The text with a link to this address in place of any other. Raises ValueError for what is no address of
    a site, and for a text without one place for it."""
    if not ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no address of a published site.")
    made, times = PLACE.subn(f"{MARK}[Open them in your browser]({address}){MARK}", text)
    if times != 1:
        raise ValueError(f"There must be one {MARK}, and there are {times}.")
    return made


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(linked(page.read_text("utf-8"), sys.argv[2]), "utf-8")
