"""What keeps a reader from working is said, with what to do: in every panel that shows a reader."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from irl_helpers import faults, panels, setup
from irl_helpers.panels.fault_switches import SWITCHES
from irl_helpers.panels.panel import Panel
from irl_helpers.panels.reader_trouble import A_FAULT_IS_ON, HOLDS_UP, OFFLINE
from irl_helpers.point_of_sale import PointOfSale, open_shop

OF_THE_STATE = f"the reader is offline: {A_FAULT_IS_ON}"


class Kind(NamedTuple):
    panel: type[Panel]
    headline: bool = True  # whether its state is about the reader alone

    def made(self, reader):
        if self.panel is PointOfSale:
            return PointOfSale(reader)
        panel = self.panel()
        if self.panel is panels.SetupPanel:
            panel.label.value = "Window"
            panel.register.click()
        return panel


KINDS = [
    Kind(panels.SetupPanel, headline=False), Kind(panels.ConnectPanel, headline=False),
    Kind(panels.CollectPanel), Kind(panels.CancelPanel), Kind(panels.CartPanel),
    Kind(panels.SaveCardPanel), Kind(panels.CounterPanel), Kind(PointOfSale),
]  # fmt: skip
ALL = {getattr(panels, name) for name in panels.__all__} - {panels.RequestLogView} | {PointOfSale}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.panel.__name__)


def look(panel):
    asyncio.run(panel.look())


def seen(panel):
    """What the panel says of readers that do not work; '' for nothing."""
    return panel.trouble.says.value if panel.trouble.view.layout.display != "none" else ""


def headline(panel):
    return panel.messages.state_line.value


@pytest.fixture
def shop():
    return open_shop()


def test_these_are_all_panels():
    assert {kind.panel for kind in KINDS} == ALL


@every_kind
@pytest.mark.parametrize("anybody", [True, False], ids=["every reader", "this reader"])
def test_a_fault_that_puts_it_to_sleep_is_named_and_ended(kind, anybody, shop):
    panel = kind.made(shop)
    assert seen(panel) == ""
    reader = panel.shown_readers()[0]
    faults.reader_offline(None if anybody else reader.id).start()
    faults.rate_limit(call="refunds.create").start()
    look(panel)
    assert reader.label in seen(panel)
    assert A_FAULT_IS_ON in seen(panel)
    assert "faults.clear()" in seen(panel)
    assert (OF_THE_STATE in headline(panel)) is kind.headline
    panel.trouble.end_fault.click()
    assert (panel.error, seen(panel)) == ("", "")
    assert OF_THE_STATE not in headline(panel)
    assert [each.kind for each in faults.active()] == ["rate_limit"]


@every_kind
@pytest.mark.parametrize("fault", [kind for kind, does in HOLDS_UP.items() if does != OFFLINE])
def test_one_that_holds_up_a_reader_that_is_online_is_named_and_ended(kind, fault, shop):
    panel = kind.made(shop)
    reader = panel.shown_readers()[0]
    getattr(faults, fault)(reader.id).start()
    look(panel)
    assert f"{reader.label} ({reader.id}) {HOLDS_UP[fault]}: {A_FAULT_IS_ON}." in seen(panel)
    assert "until the fault ends" in seen(panel)
    assert "faults.clear()" in seen(panel)
    assert "power" not in seen(panel)
    assert "offline" not in headline(panel)
    panel.trouble.end_fault.click()
    assert (panel.error, seen(panel)) == ("", "")


def test_a_bank_that_takes_its_time_answers_when_its_fault_is_ended(reader):
    panel = panels.CollectPanel("12.50")
    panel.process.click()
    other = setup.register_reader("simulated-wpe", reader.location, "Other")
    faults.slow_bank(other.id).start()
    look(panel)
    assert seen(panel) == ""
    faults.slow_bank(reader.id).start()
    panel.simulate.click()
    assert "the bank is asked" in headline(panel)
    assert HOLDS_UP["slow_bank"] in seen(panel)
    panel.trouble.end_fault.click()
    assert (panel.state, panel.error, seen(panel)) == ("authorized", "", "")


def test_those_that_stand_until_somebody_ends_them_are_all_here(reader):
    started = [SWITCHES[kind].fault(reader.id) for kind in SWITCHES if kind != "slow_answer"]
    stand = {each.kind for each in started if "reader" in each.limits and "count" not in each.limits}
    assert stand == set(HOLDS_UP)


@every_kind
def test_without_a_fault_it_says_what_to_do(kind, shop, monkeypatch):
    panel = kind.made(shop)
    monkeypatch.setattr("irl_helpers.panels.panel.changes", lambda: None)  # as in test mode
    with faults.reader_offline():
        look(panel)
        assert "power" in seen(panel)
        assert "last seen 20" in seen(panel)
        assert A_FAULT_IS_ON not in seen(panel) + headline(panel)
        assert panel.trouble.end_fault.layout.display == "none"
    look(panel)
    assert seen(panel) == ""


@pytest.mark.parametrize("kind", [panels.CollectPanel, panels.SaveCardPanel], ids=lambda kind: kind.__name__)
def test_one_that_falls_asleep_while_it_asks_is_not_said_to_ask(kind, reader):
    panel = kind()
    (panel.buttons.get("process") or panel.buttons["save"]).click()
    with faults.reader_offline(reader.id):
        look(panel)
        assert panel.state == "in_flight"
        assert OF_THE_STATE in headline(panel)
    look(panel)
    assert "asks for a card" in headline(panel)


def test_a_press_that_is_not_possible_says_why(reader):
    panel = panels.CollectPanel()
    with faults.reader_offline(reader.id):
        look(panel)
        panel.process.click()
        assert panel.error == f"Process is not possible now: {OF_THE_STATE}."


def test_a_label_cannot_be_markup(reader):
    odd = setup.register_reader("simulated-wpe", reader.location, "<script>alert(1)</script>")
    panel = panels.CollectPanel()
    panel.reader.value = odd.id
    with faults.reader_offline(odd.id):
        look(panel)
        assert "&lt;script&gt;" in seen(panel)
        assert "<script" not in seen(panel)
