"""All checks together, and what looking costs."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import pytest

from irl_helpers import checks
from irl_helpers.account import request_log, revision
from irl_helpers.setup import ADDRESS, create_location, register_reader
from tests.checks.cases import everything_is_done
from tests.checks.learners import baker_street, corrected, pier, sale, still_prompted

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_progress_leads_to_the_notebooks_in_green_and_red_and_says_well_done(monkeypatch):
    sale()
    for folder in (NOTEBOOKS, NOTEBOOKS / "exercises"):
        monkeypatch.chdir(folder)
        html = checks.progress()._repr_mimebundle_()["text/html"]
        links = re.findall(r'href="([^"]+)"', html)
        assert len(links) == len(checks.CHECKS)
        assert all((folder / link).is_file() for link in links)
    assert html.count("background-color:#0d7a4f") == 1
    assert html.count("background-color:#b42332") == len(checks.CHECKS) - 1
    everything_is_done()
    assert checks.progress().summary == f"{len(checks.CHECKS)} of {len(checks.CHECKS)} done. Well done!"


def test_progress_shows_all_checks_at_a_glance():
    pier()
    sale()
    progress = checks.progress()
    assert progress.passed == {name: name in ("connect", "collect") for name in checks.CHECKS}
    assert str(progress).splitlines()[:4] == [
        f"2 of {len(checks.CHECKS)} done",
        "✗ Part 1, the shop in Baker Street: not yet, 0 of 5",
        "✓ Part 2, the reader on the pier: done",
        "✓ Part 3, a payment of $27.30: done",
    ]


def test_progress_of_another_account_is_looked_up_with_its_client(client):
    if not client.v1.terminal.readers.list().data:
        assert not any(checks.progress(client).passed.values())
    shop = create_location("Harbour Shop", ADDRESS, client=client)
    register_reader("simulated-wpe", shop.id, "Pier 2", client=client)
    progress = checks.progress(client)
    # What its owner's application works with is kept elsewhere.
    assert [point.claim for point in progress.results["connect"].points] == [
        "a reader labelled Pier 2",
        "it is Harbour 2 under its new name",
    ]
    assert progress.passed["connect"]
    assert not any(checks.progress().passed.values())


def test_a_check_changes_nothing_and_leaves_the_log_to_the_learner():
    pier()
    corrected()
    still_prompted()
    before, requests = revision(), len(request_log())
    checks.progress()
    assert (revision(), len(request_log())) == (before, requests)


@pytest.mark.parametrize(("newest", "pages"), [(True, 1), (False, 2)])
def test_lists_are_read_only_as_far_as_needed(monkeypatch, newest, pages):
    def others():
        for _ in range(120):
            create_location("Elsewhere", ADDRESS)

    for do in (others, baker_street) if newest else (baker_street, others):
        do()
    monkeypatch.setattr("irl_helpers.checks.account_contents.unlogged", nullcontext)
    before = len(request_log())
    assert checks.setup().passed
    asked = [request.path for request in list(request_log())[before:]]
    assert len([path for path in asked if path.startswith("/v1/terminal/locations")]) == pages
