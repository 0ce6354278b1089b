"""The drop-down of readers: what it offers is what a panel then works with."""

from __future__ import annotations

import asyncio

import pytest

from irl_helpers import faults, panels, setup
from irl_helpers.connect import choose_reader
from irl_helpers.panels.reader_choice import NONE_CHOSEN
from irl_helpers.point_of_sale import PointOfSale

# All of these work with a reader while one is there, whatever somebody chose.
KINDS = [
    panels.CollectPanel, panels.CancelPanel, panels.CartPanel, panels.SaveCardPanel, panels.CounterPanel,
    PointOfSale,
]  # fmt: skip


def look(panel):
    asyncio.run(panel.look())


def offers(panel):
    return [value for _, value in panel.reader.options]


@pytest.mark.parametrize("kind", KINDS)
def test_none_is_offered_only_while_none_is_chosen(kind, reader):
    other = setup.register_reader("simulated-s700", reader.location, "Other")
    panel = kind()
    assert sorted(offers(panel)) == sorted([reader.id, other.id])
    for chosen in (reader.id, other.id, reader.id):
        panel.reader.value = chosen
        look(panel)
        assert (panel.reader.value, [each.id for each in panel.shown_readers()]) == (chosen, [chosen])
    with faults.reader_offline(reader.id):
        look(panel)
        assert (panel.reader.value, offers(panel)) == ("", ["", other.id])
    look(panel)
    assert (panel.reader.value, sorted(offers(panel))) == (reader.id, sorted([reader.id, other.id]))


@pytest.mark.parametrize("kind", KINDS)
def test_without_any_reader_there_is_none_to_choose(kind):
    panel = kind()
    assert (panel.reader.options, panel.reader.value) == ((NONE_CHOSEN,), "")


def test_in_part_2_a_choice_can_be_taken_back(reader):
    choose_reader(reader.id)
    panel = panels.ConnectPanel()
    assert (offers(panel), panel.reader.value) == (["", reader.id], reader.id)
    panel.reader.value = ""
    assert panel.log[-1] == "No reader is chosen any more."
