"""Every notebook in a browser tab: its outputs are the stored ones, and nobody else is asked for anything."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser

from tests.lite.site import Lab
from tests.notebooks.masking import mask, texts
from tests.notebooks.running import name, notebooks


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """The addresses of all requests, in their order."""
    return []


@pytest.fixture(scope="module")
def lab(browser: Browser, site: str, asked: list[str]) -> Iterator[Lab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    context.on("request", lambda request: asked.append(request.url))
    yield Lab(context.new_page(), site)
    context.close()


def seen(cells: list[dict]) -> list[list[tuple[str, str]]]:
    """The outputs of the code cells, as they are compared."""
    outputs = [cell["outputs"] for cell in cells if cell["cell_type"] == "code"]
    return [[(what, mask(text)[0]) for what, text in texts(each)] for each in outputs]


@pytest.mark.parametrize("path", notebooks(), ids=name)
def test_a_notebook_shows_what_is_stored(lab, path):
    stored = seen(nbformat.read(path, as_version=4).cells)
    assert seen(lab.run(name(path))) == stored
    assert lab.broken == []


def test_nobody_else_is_asked_for_anything(site, asked):
    assert any(address.endswith("pyodide.asm.wasm") for address in asked)
    assert [address for address in asked if not address.startswith((site, "data:", "blob:"))] == []
    assert not any("later.zip" in address for address in asked), "python -m tests.lite.at_start"


@pytest.mark.parametrize("name", ["brotli", "gzip"])
def test_a_first_visit_is_small(built, asked, name):
    """Bytes over the wire until a notebook has run, with the files that lie compressed beside the others."""
    ending = {"brotli": ".br", "gzip": ".gz"}[name]
    paths = {
        built / unquote(urlsplit(address).path).lstrip("/") for address in asked if "/files/" not in address
    }
    files = [path for path in paths if path.is_file()]
    sizes = [min(path.stat().st_size, compressed(path, ending)) for path in files]
    assert len(files) > 100
    assert sum(sizes) < {"brotli": 12, "gzip": 13}[name] * 1_000_000


def compressed(path: Path, ending: str) -> float:
    beside = path.with_name(path.name + ending)
    return beside.stat().st_size if beside.exists() else inf
