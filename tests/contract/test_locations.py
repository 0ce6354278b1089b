"""Locations: the address that each country needs, what can be changed, and which can be deleted."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import ADDRESS

PARTS = {"line1": "1 Main St", "city": "Town", "state": "ST", "postal_code": "12345"}
ALL = ("line1", "city", "state", "postal_code")
NEEDED = {
    **dict.fromkeys(("US", "CA", "AU", "ES", "IT", "JP"), ALL),
    **dict.fromkeys(("GB", "DE", "FR", "NZ", "MY"), ("line1", "city", "postal_code")),
    **dict.fromkeys(("IE", "SG"), ("line1", "postal_code")),
}


@pytest.fixture
def locations(client):
    return client.v1.terminal.locations


def new(locations, **fields):
    return locations.create({"display_name": "Shop", "address": ADDRESS, **fields})


def test_new_location(locations):
    made = new(locations, metadata={"floor": "2"}, phone="+14155550100")
    assert (made.object, made.id[:4], made.display_name) == ("terminal.location", "tml_", "Shop")
    assert made.address.to_dict() == {**ADDRESS, "line2": None}
    assert (made.livemode, made.phone, made.metadata.to_dict()) == (False, "+14155550100", {"floor": "2"})
    assert "configuration_overrides" not in made
    assert locations.retrieve(made.id).to_dict() == made.to_dict()


@pytest.mark.parametrize(("country", "part"), [(c, part) for c, parts in NEEDED.items() for part in parts])
def test_address_lacks_a_part(locations, country, part):
    address = {name: text for name, text in PARTS.items() if name != part} | {"country": country}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        new(locations, address=address)
    assert (caught.value.http_status, caught.value.code) == (400, "parameter_missing")
    assert caught.value.param == f"address[{part}]"


@pytest.mark.parametrize("country", NEEDED)
def test_address_has_all_that_the_country_needs(locations, country):
    address = {name: PARTS[name] for name in NEEDED[country]} | {"country": country}
    shown = new(locations, address=address).address.to_dict()
    assert shown == {**dict.fromkeys((*ALL, "line2")), **address}


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"display_name": None}, "parameter_missing", "display_name"),
        ({"display_name": "x" * 1001}, None, "display_name"),
        ({"address": None}, "parameter_missing", "address"),
        ({"address": {"line1": "1 Main St"}}, "parameter_missing", "address[country]"),
        ({"address": {**ADDRESS, "country": "Utopia"}}, "country_code_invalid", "address[country]"),
        ({"address": {**ADDRESS, "country": "UK"}}, "country_code_invalid", "address[country]"),
        ({"address": {**ADDRESS, "planet": "Mars"}}, "parameter_unknown", "address[planet]"),
        ({"configuration_overrides": "tmc_nobody"}, "resource_missing", "configuration_overrides"),
    ],
)
def test_locations_that_are_refused(locations, fields, code, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        new(locations, **fields)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


def test_update(client, locations):
    made = new(locations)
    tips = client.v1.terminal.configurations.create({"tipping": {"usd": {"percentages": [10]}}}).id
    changed = locations.update(
        made.id,
        {
            "display_name": "Bar",
            "address": {"line1": "2 Main St", "country": "US"},
            "configuration_overrides": tips,
        },
    )
    assert (changed.display_name, changed.configuration_overrides) == ("Bar", tips)
    assert (changed.address.line1, changed.address.city) == ("2 Main St", ADDRESS["city"])
    cleared = locations.update(made.id, {"configuration_overrides": "", "phone": ""})
    assert "configuration_overrides" not in cleared


def test_country_stays(locations):
    made = new(locations)
    canadian = {**PARTS, "country": "CA"}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        locations.update(made.id, {"address": canadian})
    assert (caught.value.http_status, caught.value.param) == (400, "address[country]")
    assert locations.retrieve(made.id).address.country == "US"


def test_delete(client, locations):
    made = new(locations).id
    reader = client.v1.terminal.readers.create({"registration_code": "simulated-wpe", "location": made}).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        locations.delete(made)
    assert caught.value.http_status == 400
    client.v1.terminal.readers.delete(reader)
    assert locations.delete(made).to_dict() == {"id": made, "object": "terminal.location", "deleted": True}
    assert locations.retrieve(made).deleted is True
    for call in (locations.update, locations.delete):
        with pytest.raises(stripe.InvalidRequestError, match=f"No such location: '{made}'") as caught:
            call(made)
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_japanese_location(locations):
    kanji = {"country": "JP", "postal_code": "1000001", "state": "東京都", "city": "千代田区", "line1": "1-1"}
    made = locations.create({"address_kanji": kanji, "display_name_kanji": "店"})
    assert (made.display_name_kanji, made.address_kanji.state) == ("店", "東京都")
    assert "display_name_kana" not in made
