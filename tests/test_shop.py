"""The café's shop: what is missing is made, once."""

from __future__ import annotations

from irl_helpers.account import stripe_client
from irl_helpers.point_of_sale import open_shop
from tests.at_once import at_once


def test_a_shop_that_several_kernels_open_at_once_is_one_shop():
    def opened() -> str:
        imports = "from irl_helpers.point_of_sale.shop import open_shop"
        [reader] = set(at_once(imports, "print(open_shop().id)", 3))
        terminal = stripe_client().v1.terminal
        assert [one.id for one in terminal.readers.list().data] == [reader.strip()]
        [location] = terminal.locations.list().data
        configurations = [one for one in terminal.configurations.list().data if not one.is_account_default]
        assert [one.id for one in configurations] == [location.configuration_overrides]
        return reader.strip()

    first = opened()
    assert open_shop().id == first
    # Gone within the day for which Stripe keeps an answer: what comes then is one shop again.
    terminal = stripe_client().v1.terminal
    [location] = terminal.locations.list().data
    terminal.readers.delete(first)
    terminal.locations.delete(location.id)
    terminal.configurations.delete(location.configuration_overrides)
    assert opened() != first


def test_what_got_another_name_meanwhile_is_left_alone():
    reader = open_shop()
    terminal = stripe_client().v1.terminal
    terminal.readers.update(reader.id, {"label": "Terrace"})
    terminal.locations.update(reader.location, {"display_name": "Terrace Café"})
    other = open_shop()
    assert other.id != reader.id
    assert other.location != reader.location
    assert terminal.readers.retrieve(reader.id).label == "Terrace"
