"""A thing that has the name which a task needs, and cannot become right, makes way as the check says."""

from __future__ import annotations

import pytest

from irl_helpers import checks
from irl_helpers.account import stripe_client
from irl_helpers.panels import SetupPanel
from irl_helpers.setup import ADDRESS, find_location, find_reader
from tests.checks.learners import BRITISH, at_another_shop, baker_street


@pytest.mark.parametrize(
    "wrong",
    [lambda: baker_street(ADDRESS), at_another_shop, lambda: baker_street(code="simulated-wpe")],
    ids=["country", "place", "model"],
)
def test_what_the_check_says_and_the_panel_allows_ends_in_a_task_that_is_done(wrong):
    wrong()
    panel, terminal = SetupPanel(), stripe_client().v1.terminal
    if any("locations.update" in point.next for point in checks.setup().points):
        terminal.locations.update(find_location("Baker Street Shop").id, params={"display_name": "Old"})
        for box, value in zip(
            (panel.name, panel.line1, panel.city, panel.region, panel.postal_code, panel.country),
            ("Baker Street Shop", BRITISH["line1"], "London", "", BRITISH["postal_code"], "GB"),
            strict=True,
        ):
            box.value = value
        panel.create.click()
    panel.location.value = find_location("Baker Street Shop").id
    panel.model.value, panel.label.value = "simulated-s700", "Baker Street 1"
    panel.register.click()
    for way_out in ("readers.update", "readers.delete"):
        assert way_out in panel.error
        assert any(way_out in point.next for point in checks.setup().points)
    terminal.readers.delete(find_reader("Baker Street 1").id)
    panel.register.click()
    assert (panel.error, checks.setup().verdict) == ("", "done")
