"""The Chromium of this machine, driven by Playwright, which brings none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

KNOWN = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-quic"]
# A Python in a tab lives some seconds here: to optimize it for longer costs more than it brings.
FLAGS += ["--js-flags=--liftoff-only"]


class NoChromium(Exception):
    """There is no browser to try anything in; the message says what to do."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The browser that `CHROMIUM` names, or the first found, with further flags. Raises NoChromium."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, KNOWN)), None)
    if found is None:
        raise NoChromium("no Chromium here: install it, or name one in CHROMIUM")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, headless=True, args=[*FLAGS, *flags])
        yield browser
        browser.close()
