"""What the guide and the README promise about themselves: links that lead somewhere, plans that add up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WORKSHOP = Path(__file__).resolve().parents[2] / "workshop"


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["README.md", "GUIDE.md"])
def test_links_lead_somewhere(name):
    page = WORKSHOP / name
    links = re.findall(r"\]\(((?!https?:)[^)]+)\)", page.read_text("utf-8"))
    assert links
    for link in links:
        path, _, anchor = link.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


def test_the_readme_has_the_table_that_the_measurement_prints():
    pytest.importorskip("playwright")
    from tests.workshop import bench

    assert f"| {' | '.join(bench.HEAD)} |" in (WORKSHOP / "README.md").read_text("utf-8")


@pytest.mark.parametrize(("column", "minutes"), [(1, 45), (2, 90), (3, 180)])
def test_the_minutes_of_each_plan_add_up(column, minutes):
    text = (WORKSHOP / "GUIDE.md").read_text("utf-8")
    table = text.partition("## Three plans")[2].partition("\n\n")[2].partition("\n\n")[0]
    head, _, *rows = [re.split(r" *\| *", line.strip("| ")) for line in table.splitlines()]
    assert head[column - 1] == f"{minutes} minutes"  # the cell before it is empty
    numbers = [re.match(r"\d+", row[column]) for row in rows]
    assert sum(int(number[0]) for number in numbers if number) == minutes
