"""What the browser tests share: one JupyterLab for all of them, one Chromium for each file.

`CHROMIUM` names another browser of that family. Where there is none, these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.chromium import NoChromium, chromium
from tests.browser.notebook import Notebook
from tests.browser.servers import Server, jupyterlab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file only: while Playwright runs, no test in this process can start an event loop."""
    try:
        with chromium() as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as server:
        yield server


SIZE: ViewportSize = {"width": 1280, "height": 900}


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with new_page(browser) as page:
        yield page


@pytest.fixture(scope="module")
def lab_page(browser: Browser) -> Iterator[Page]:
    """For one notebook after the other: loading JupyterLab costs more than most tests."""
    with new_page(browser) as page:
        yield page


@pytest.fixture
def open_notebook(lab_page: Page, lab: Server, account_file: Path) -> Iterator[Callable[..., Notebook]]:
    """Open a notebook of the project in JupyterLab, on this test's own account."""
    opened: list[Notebook] = []

    def open_one(name: str, environment: dict[str, str] | None = None) -> Notebook:
        lab_page.set_viewport_size(SIZE)
        path = name if lab_page.url.startswith(lab.url) else ""
        opened.append(Notebook(lab_page, f"{lab.url}/doc/tree/{name}", path))
        opened[-1].set_environment({"IRL_ACCOUNT_FILE": str(account_file), **(environment or {})})
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.close()


@pytest.fixture
def till(open_notebook: Callable[..., Notebook]) -> Notebook:
    """Part 3, run to its end, with an amount that is approved."""
    notebook = open_notebook("03_collect.ipynb")
    notebook.run_all()
    notebook.field("Amount").fill("12.50")
    return notebook
