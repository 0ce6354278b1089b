"""Part 1: locations and readers, by call and by panel."""

from __future__ import annotations

import asyncio

import ipywidgets as W
import pytest
import stripe

from irl_helpers import setup
from irl_helpers.account import revision, stripe_client
from irl_helpers.panels import SetupPanel
from irl_helpers.setup import ADDRESS

LONDON = {"line1": "221B Baker Street", "city": "London", "postal_code": "NW1 6XE", "country": "GB"}


def test_a_reader_is_registered_to_a_location(client):
    shop = setup.create_location("Shop", ADDRESS, client=client)
    assert (shop.display_name, shop.address.city, shop.livemode) == ("Shop", "San Francisco", False)
    reader = setup.register_reader("simulated-wpe", shop.id, "Till", client=client)
    assert (reader.label, reader.location, reader.status) == ("Till", shop.id, "online")
    assert reader.action is None
    assert setup.find_reader("Till", client=client).id == reader.id
    assert setup.find_location("Shop", client=client).id == shop.id
    client.v1.terminal.readers.delete(reader.id)
    client.v1.terminal.locations.delete(shop.id)


@pytest.mark.parametrize("code", setup.SIMULATED_CODES)
def test_every_simulated_model_can_be_registered_again_and_again(client, code):
    shop = setup.create_location("Shop", ADDRESS, client=client)
    readers = [setup.register_reader(code, shop.id, client=client) for _ in range(2)]
    assert readers[0].id != readers[1].id
    assert readers[0].label.startswith(code)
    assert readers[0].device_type.startswith("simulated_")


def test_own_reader_is_the_same_one_each_time_and_idle(client):
    first = setup.own_reader("Till", client=client)
    client.v1.terminal.readers.set_reader_display(first.id, params={"type": "cart", "cart": CART})
    again = setup.own_reader("Till", client=client)
    assert (again.id, again.action) == (first.id, None)
    assert len(client.v1.terminal.locations.list().data) == 1


CART = {
    "currency": "usd",
    "line_items": [{"description": "Latte", "amount": 450, "quantity": 1}],
    "total": 450,
}


def test_what_is_not_there_is_not_found(client):
    assert setup.find_reader("Nobody", client=client) is None
    assert setup.find_location("Nowhere", client=client) is None


@pytest.mark.parametrize(
    ("code", "location", "param"),
    [("apple-banana-cherry", None, "registration_code"), ("simulated-wpe", "tml_nowhere", "location")],
)
def test_a_wrong_code_or_location_registers_nothing(client, code, location, param):
    shop = setup.create_location("Shop", ADDRESS, client=client)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        setup.register_reader(code, location or shop.id, "Till", client=client)
    assert caught.value.param == param
    assert setup.find_reader("Till", client=client) is None


# -- the panel


def test_the_panel_makes_a_location_and_registers_a_reader_to_it():
    panel = SetupPanel()
    assert panel.state == "no_location"
    assert panel.register.disabled
    panel.name.value = "Corner Shop"
    panel.create.click()
    assert (panel.state, panel.error) == ("location_ready", "")
    assert panel.meaning() == "Corner Shop is there, and a reader can be registered to it"
    panel.label.value = "Till"
    panel.model.value = "simulated-s700"
    panel.register.click()
    assert (panel.state, panel.error) == ("registered", "")
    reader = setup.find_reader("Till")
    assert reader.device_type == "simulated_stripe_s700"
    assert reader.location == setup.find_location("Corner Shop").id
    assert reader.id in panel.log[-1]
    assert "Stripe Reader S700" in panel.screen.value


def test_the_panel_takes_other_countries():
    panel = SetupPanel()
    for box, value in zip(
        (panel.name, panel.line1, panel.city, panel.region, panel.postal_code, panel.country),
        ("Branch", LONDON["line1"], LONDON["city"], " ", LONDON["postal_code"], "GB"),
        strict=True,
    ):
        box.value = value
    panel.create.click()
    assert panel.error == ""
    assert setup.find_location("Branch").address.country == "GB"


@pytest.mark.parametrize(
    ("country", "typed", "left"),
    [
        ("GB", {}, {}),
        (
            "gb ",
            {"line1": "221B Baker Street", "city": "London"},
            {"line1": "221B Baker Street", "city": "London"},
        ),
        ("US", {"city": "Oakland"}, {**ADDRESS, "city": "Oakland"}),
        ("G", {}, ADDRESS),
        ("", {}, ADDRESS),
    ],
)
def test_another_country_keeps_nothing_of_the_address_that_was_suggested(country, typed, left):
    panel = SetupPanel()
    boxes = {
        "line1": panel.line1,
        "city": panel.city,
        "state": panel.region,
        "postal_code": panel.postal_code,
    }
    for part, value in typed.items():
        boxes[part].value = value
    panel.country.value = country
    assert {part: box.value for part, box in boxes.items()} == {part: left.get(part, "") for part in boxes}


def test_a_branch_in_another_country_has_no_state_of_america():
    panel = SetupPanel()
    panel.name.value, panel.line1.value, panel.city.value = "Branch", LONDON["line1"], "London"
    panel.country.value = "GB"
    panel.create.click()
    assert "Missing required param: address[postal_code]. Fill in that field." in panel.error
    panel.postal_code.value = LONDON["postal_code"]
    panel.create.click()
    assert panel.error == ""
    assert setup.find_location("Branch").address.state is None


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "  ", "Give the location a name"),
        ("line1", "", "Missing required param: address[line1]."),
        ("region", "", "Missing required param: address[state]."),
        ("country", "Atlantis", "country_code_invalid"),
        ("country", "", "Missing required param: address[country]."),
    ],
)
def test_a_location_that_cannot_be_is_refused_in_place(field, value, why):
    panel = SetupPanel()
    panel.name.value = "Main Street Shop"
    before = revision()
    getattr(panel, field).value = value
    panel.create.click()
    assert why in panel.error
    assert panel.state == "no_location"
    assert revision() == before
    assert stripe_client().v1.terminal.locations.list().data == []


@pytest.mark.parametrize(
    ("code", "why"), [("", "admin PIN 07139"), ("apple-banana-cherry", "registration code 'apple-banana")]
)
def test_a_physical_readers_code_is_asked_for(code, why):
    panel = SetupPanel()
    assert panel.code.layout.display == "none"
    panel.name.value = "Main Street Shop"
    panel.create.click()
    panel.model.value = "physical"
    assert panel.code.layout.display == ""
    panel.code.value, panel.label.value = code, "Till"
    panel.register.click()
    assert why in panel.error
    assert panel.state == "location_ready"
    assert stripe_client().v1.terminal.readers.list().data == []


def test_nothing_is_made_twice_and_the_panel_says_what_is_there():
    panel = SetupPanel()
    panel.name.value = "Main Street Shop"
    panel.create.click()
    panel.register.click()
    assert "Give the reader a label" in panel.error
    panel.label.value = "Till"
    panel.register.click()
    assert (panel.name.value, panel.label.value, panel.error) == ("", "", "")
    panel.register.click()
    assert "Give the reader a label" in panel.error
    panel.label.value = "Till"
    panel.register.click()
    assert "There is a reader called Till already" in panel.error
    panel.name.value = "Main Street Shop"
    panel.create.click()
    assert "There is a location called Main Street Shop already" in panel.error
    client = stripe_client()
    assert len(client.v1.terminal.readers.list().data) == len(client.v1.terminal.locations.list().data) == 1
    panel.name.value = "Branch"
    panel.create.click()
    assert (panel.state, panel.error, panel.screen.value) == ("location_ready", "", "")


def test_what_goes_wrong_is_said_under_the_button_that_was_pressed():
    panel = SetupPanel()

    def group_of(button):
        return next(box for box in boxes(panel.view) if any(button in row.children for row in rows(box)))

    def alerts(widget):
        return isinstance(widget, W.HTML) and 'role="alert"' in widget.value

    def rows(box):
        return [child for child in box.children if isinstance(child, W.HBox)]

    def boxes(widget):
        inside = [child for child in widget.children if isinstance(child, W.Box)]
        return [*inside, *(box for child in inside for box in boxes(child))]

    setup.create_location("Main Street Shop", ADDRESS)
    asyncio.run(panel.look())
    panel.model.value = "physical"
    for button, words in (
        (panel.create, "Give the location a name"),
        (panel.register, "Type the code that the reader shows"),
        (panel.create, "Give the location a name"),
    ):
        button.click()
        assert words in panel.error
        [said] = [box for box in boxes(panel.view) if any(map(alerts, box.children))]
        assert said is group_of(button)
    panel.name.value = "Main Street Shop"
    panel.create.click()
    assert "There is a location called Main Street Shop already" in panel.error


def test_the_panel_escapes_what_it_shows():
    panel = SetupPanel()
    panel.name.value = "Main Street Shop"
    panel.create.click()
    panel.label.value = "<script>alert(1)</script>"
    panel.register.click()
    assert panel.error == ""
    html = "".join(widget.value for widget in (panel.messages.log_view, panel.messages.alert, panel.screen))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_reader_that_is_deleted_elsewhere_leaves_the_panel():
    panel = SetupPanel()
    panel.name.value = "Main Street Shop"
    panel.create.click()
    panel.label.value = "Till"
    panel.register.click()
    stripe_client().v1.terminal.readers.delete(setup.find_reader("Till").id)
    asyncio.run(panel.look())
    assert panel.state == "location_ready"
