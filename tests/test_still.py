"""A saved notebook shows each panel as a picture, with all that stood in it when its cell ran."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import ipywidgets as W
import pytest

from irl_helpers import faults
from irl_helpers.account import reset_account
from irl_helpers.connect import choose_reader
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel, ConnectPanel, SaveCardPanel, SetupPanel
from irl_helpers.panels.panel import Panel
from irl_helpers.point_of_sale import PointOfSale
from irl_helpers.setup import ADDRESS, create_location, own_reader, register_reader
from tests.screen.picture_checks import check

# panel, the buttons that are pressed before it is shown
SHOWN = {
    "part 1": (SetupPanel, []),
    "part 2": (ConnectPanel, []),
    "part 3": (CollectPanel, []),
    "part 3, asking": (CollectPanel, ["process"]),
    "part 3, paid": (CollectPanel, ["process", "simulate", "capture"]),
    "part 4": (CancelPanel, []),
    "part 4, stopped": (CancelPanel, ["process", "cancel"]),
    "cart": (CartPanel, ["add", "add"]),
    "saved card": (SaveCardPanel, ["save", "simulate"]),
    "point of sale": (PointOfSale, []),
    "point of sale, asking": (PointOfSale, ["first_product", "charge"]),
    "point of sale, paid": (PointOfSale, ["first_product", "charge", "simulate", "capture"]),
}


def shown(name: str) -> Panel:
    kind, buttons = SHOWN[name]
    choose_reader(own_reader("Till").id)
    panel = kind()
    for button in buttons:
        getattr(panel, button).click()
    assert panel.error == ""
    return panel


def stored(panel: Panel) -> str:
    html = panel._repr_mimebundle_()["text/html"]
    panel.dispose()
    return html


def said(html: str) -> str:
    [alt] = re.findall('<img alt="([^"]*)"', html)
    return unescape(alt)


def in_sight(widget: W.Widget, panel: Panel) -> Iterator[W.Widget]:
    if widget.layout.display != "none" and widget not in panel.differs:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from in_sight(child, panel)


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_has_every_control_that_is_in_sight(name):
    panel = shown(name)
    controls = [widget for widget in in_sight(panel.view, panel) if getattr(widget, "description", "")]
    words = said(stored(panel))
    assert len(controls) > 2
    for control in controls:
        label = " ".join(control.description.split())
        assert label in words or {"irl-less", "irl-more"} & set(control._dom_classes), label
    assert panel.picture is None or panel.picture.alt in words
    assert panel.meaning()[1:] in words


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_is_drawn_in_place_and_small(name):
    from irl_helpers.panels.still import still_of

    panel = shown(name)
    picture = still_of(name, panel.view, panel.differs)
    check(picture)
    assert len(picture.img()) < 30_000
    panel.dispose()


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_is_the_same_in_every_account(name):
    first = stored(shown(name))
    reset_account()
    for label in ("Old 1", "Old 2"):
        register_reader("simulated-wpe", create_location(label, ADDRESS).id, label)
    if SHOWN[name][1] == []:  # a press would be hit by it
        faults.reader_offline(reader=own_reader("Old 1").id)
    assert stored(shown(name)) == first


def test_an_error_and_what_was_opened_are_in_it():
    own_reader("Till")
    panel = CollectPanel()
    panel.amount.value = "<b>"
    panel.process.click()
    panel.folds[1].button.value = True
    words = said(stored(panel))
    assert "That is not an amount" in words
    assert "Amount: <b>" in words
    assert "Hide the states" in words
    assert "no reader is chosen" not in words
