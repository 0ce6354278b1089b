"""The style sheets: each panel brings a copy of panel.css, so whichever comes last must change nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from irl_helpers import panels, point_of_sale

PANELS, POINT_OF_SALE = (Path(str(each.__file__)).parent for each in (panels, point_of_sale))
SHEETS = {
    PANELS / "panel.css": ".irl-panel",
    PANELS / "counter.css": ".irl-panel.irl-counter",
    POINT_OF_SALE / "point_of_sale.css": ".irl-panel.irl-pos",
}


def selectors(sheet: str) -> list[str]:
    """All selectors of a style sheet, in order; of a list `a, b` each."""
    bare = re.sub(r"/\*.*?\*/|@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet, flags=re.DOTALL)
    rules = [found.strip() for found in re.findall(r"[^{};]+(?=\{)", bare)]
    return [one.strip() for rule in rules if rule[0] != "@" for one in re.split(r",(?![^()]*\))", rule)]


def test_these_are_all_style_sheets():
    assert set(SHEETS) == {*PANELS.glob("*.css"), *POINT_OF_SALE.glob("*.css")}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_holds_for_its_panel_alone_and_beats_the_one_for_all(path):
    found = selectors(path.read_text("utf-8"))
    assert len(found) > 50
    panel = re.compile(re.escape(SHEETS[path]) + r"(?![\w-])")
    assert [each for each in found if not panel.search(each)] == []
