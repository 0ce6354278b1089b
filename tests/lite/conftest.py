"""What the tests of the browser build share: one build, one server, one Chromium for each file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import NoChromium, chromium
from tests.lite.site import build, served


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make lite` makes."""
    if shutil.which("npm") is None:
        pytest.skip("no npm here: the browser build needs Node 20 or newer")
    return build(tmp_path_factory.mktemp("lite") / "dist")


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    with served(built) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file only, like that of tests/browser. It finds no other machine."""
    try:
        with chromium("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1") as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))
