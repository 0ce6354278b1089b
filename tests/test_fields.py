"""What was typed and chosen is known before what was pressed after it, wherever in a panel that is."""

from __future__ import annotations

import ipywidgets as W
import pytest
from ipywidgets.widgets.widget import _instances as widgets

from irl_helpers import panels
from irl_helpers.panels import CollectPanel
from irl_helpers.panels.fields import Fields
from irl_helpers.panels.presses import Presses
from irl_helpers.point_of_sale import PointOfSale, open_shop

KINDS = [*(getattr(panels, name) for name in panels.__all__ if name != "RequestLogView"), PointOfSale]


def of_kind(kind, known):
    return [each for id, each in widgets.items() if id not in known and isinstance(each, kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_input_is_followed_also_where_nothing_shows_it_yet(kind):
    shop, known = open_shop(), set(widgets)
    panel = kind(shop) if kind is PointOfSale else kind()
    followed = [id for each in of_kind(Fields, known) for id in each.inputs]
    assert sorted(followed) == sorted(
        box.model_id for box in of_kind(W.Text | W.Dropdown | W.Checkbox, known)
    )
    panel.dispose()
    assert not of_kind(Fields, known)


CARDS = [("Visa", "4242"), ("Amex", "0005")]
SAID = [
    (W.Text(value="1"), {"value": "12.60"}, "12.60"),
    (W.Text(value="1"), {"value": 12}, "1"),
    (W.Checkbox(), {"value": True}, True),
    (W.Checkbox(), {"value": "yes"}, False),
    (W.Dropdown(options=CARDS), {"label": "Amex"}, "0005"),
    (W.Dropdown(options=CARDS), {"label": "gone by now"}, "4242"),
    (W.Dropdown(options=CARDS), {"label": 1}, "4242"),
    (W.Dropdown(options=CARDS), {}, "4242"),
]


@pytest.mark.parametrize(("box", "said", "value"), SAID)
def test_what_the_page_says_is_taken_and_nothing_else(box, said, value):
    follower = Fields([box], lambda: None, lambda: None)
    box._handle_custom_msg(said, [])
    assert (box.value, follower.inputs) == (value, [box.model_id])


def test_an_error_is_gone_when_its_field_is_typed_in_and_enter_is_the_button(reader):
    panel = CollectPanel("0.10")
    panel.amount._handle_custom_msg({"event": "submit"}, [])
    assert "at least" in panel.error or "from $1.00 on" in panel.error
    panel.amount._handle_custom_msg({"value": "12.50"}, [])
    assert panel.error == ""
    panel.amount._handle_custom_msg({"event": "submit"}, [])
    assert panel.state == "in_flight"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_enter_in_each_field_presses_a_button(kind, monkeypatch):
    shop, known, pressed = open_shop(), set(widgets), []
    monkeypatch.setattr(Presses, "press", lambda _, button, work: pressed.append(button.description))
    panel = kind(shop) if kind is PointOfSale else kind()
    for box in of_kind(W.Text, known):
        pressed.clear()
        box._handle_custom_msg({"event": "submit"}, [])
        takes_effect_by_itself = box.description == "Follow"
        assert len(pressed) == (not takes_effect_by_itself), box.description
    panel.dispose()
