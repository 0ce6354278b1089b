"""A cell that is run again leaves nothing of its panel behind: no widget, no task, no memory."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest
from ipywidgets.widgets.widget import _instances as widgets

from irl_helpers import panels, setup
from irl_helpers.account import stripe_client
from irl_helpers.panels import one_per_cell, request_log_view
from irl_helpers.point_of_sale import PointOfSale, open_shop

KINDS = [
    panels.SetupPanel, panels.ConnectPanel, panels.CollectPanel, panels.CancelPanel, panels.CartPanel,
    panels.SaveCardPanel, panels.CounterPanel, panels.RequestLogView, PointOfSale,
]  # fmt: skip
RUNS = 4


@pytest.fixture
def cell(request, monkeypatch):
    """The cell that runs; a test may name another."""

    class Shell:
        name = request.node.name  # no other test's cell

        def get_parent(self):
            return {"metadata": {"cellId": self.name}}

    shell = Shell()
    monkeypatch.setattr(one_per_cell, "get_ipython", lambda: shell)
    return shell


def sold(till):
    """A sale with everything open: a till that was worked at."""
    for fold in till.folds:
        fold.button.value = True
    for press in ("first_product", "charge", "add", "process", "simulate", "capture", "new_order", "restart"):
        button = till.buttons.get(press) or vars(till).get(press)
        if button is not None and not button.disabled:
            button.click()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_panel_before_lets_its_widgets_go(cell, kind, account_file):
    reader = open_shop() if kind is PointOfSale else setup.own_reader("Till")

    async def run():
        counts = []
        for _ in range(RUNS):
            panel = kind(reader) if kind is PointOfSale else kind()
            panel._repr_mimebundle_()
            if kind is not panels.RequestLogView:
                sold(panel)
                await panel.settled()
            counts.append(len(widgets))
        panel.dispose()
        await asyncio.sleep(0)
        return counts, len(asyncio.all_tasks())

    for _ in range(request_log_view.MOST):  # so that each run shows as many lines of the log
        stripe_client().v1.terminal.readers.list()
    gc.collect()
    before = len(widgets)
    counts, tasks = asyncio.run(run())
    # A log has a line more or less; the day of the point of sale grows by a sale with each run.
    assert max(counts) <= counts[1] + (RUNS * 40 if kind is PointOfSale else 9), counts
    assert (len(widgets), tasks) == (before, 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_panel_that_is_disposed_of_is_garbage(cell, kind, account_file):
    reader = open_shop() if kind is PointOfSale else setup.own_reader("Till")

    async def run():
        panel = kind(reader) if kind is PointOfSale else kind()
        panel._repr_mimebundle_()
        panel.dispose()
        await asyncio.sleep(0)
        return weakref.ref(panel)

    left = asyncio.run(run())
    one_per_cell.take_cell(kind())  # which forgets the one before
    gc.collect()
    assert left() is None, gc.get_referrers(left())


def test_a_panel_that_is_shown_in_two_cells_lives_until_both_show_something_else(cell, account_file):
    setup.own_reader("Till")

    async def run():
        first, second, third = panels.CollectPanel(), panels.CollectPanel(), panels.CollectPanel()
        first._repr_mimebundle_()
        before, cell.name = cell.name, "b2"
        first._repr_mimebundle_()
        second._repr_mimebundle_()
        assert first.view.comm is not None
        cell.name = before
        third._repr_mimebundle_()
        assert first.view.comm is None
        assert second.view.comm is not None
        second.dispose()
        third.dispose()

    asyncio.run(run())


def test_a_panel_that_has_let_go_cannot_be_pressed_and_says_nothing(cell, account_file):
    setup.own_reader("Till")
    panel = panels.CollectPanel()
    panel.dispose()
    panel.dispose()
    assert repr(panel) == "<CollectPanel ready>"
