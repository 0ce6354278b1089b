"""What was typed and chosen is known before what was pressed after it, wherever in a panel that is."""

from __future__ import annotations

import ipywidgets as W
import pytest
from ipywidgets.widgets.widget import _instances as widgets

from irl_helpers import panels
from irl_helpers.panels.typed_text import TypedText
from irl_helpers.point_of_sale import PointOfSale, open_shop

KINDS = [*(getattr(panels, name) for name in panels.__all__ if name != "RequestLogView"), PointOfSale]


def of_kind(kind, known):
    return [each for id, each in widgets.items() if id not in known and isinstance(each, kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_is_followed_also_where_nothing_shows_it_yet(kind):
    shop, known = open_shop(), set(widgets)
    panel = kind(shop) if kind is PointOfSale else kind()
    followed = [id for each in of_kind(TypedText, known) for id in each.fields]
    assert sorted(followed) == sorted(box.model_id for box in of_kind(W.Text, known))
    panel.dispose()
    assert not of_kind(TypedText, known)
