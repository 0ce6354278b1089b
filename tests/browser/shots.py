"""Pictures of what the tests see, for whoever wants to look at them: IRL_SHOTS=1 make test ARGS=tests/browser

They are not kept: git ignores them. Dozens of them take longer than some tests.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

SHOTS = Path(__file__).with_name("shots")
WANTED = bool(os.environ.get("IRL_SHOTS"))


def shot(page: Page, name: str, *, whole: bool = False) -> None:
    """What the page shows, as `shots/NAME.png` if somebody wants it; all of it with `whole`."""
    if WANTED:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=whole, animations="disabled")
