"""`make soak`: the notebook of faults, on a served simulator."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.notebooks.running import ROOT, run
from tests.simulator.serving import serve


@pytest.mark.skipif("IRL_SOAK" not in os.environ, reason="a minute and a half: it waits before each new try")
def test_when_it_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with serve("--account", str(tmp_path / "served.sqlite")) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        notebook = run(ROOT / "notebooks" / "exercises" / "when_it_goes_wrong.ipynb")
    said = "".join(each.get("text", "") for cell in notebook.cells for each in cell.get("outputs", []))
    assert "webhook_doubled: 4 at once" in said
