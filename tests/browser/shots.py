"""Pictures of what the tests see, to be looked at. They are not kept: git ignores them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SHOTS = Path(__file__).with_name("shots")


def shot(page: Page, name: str, *, whole: bool = False) -> Path:
    """What the page shows, as `shots/NAME.png`; all of it with `whole`."""
    SHOTS.mkdir(exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path
