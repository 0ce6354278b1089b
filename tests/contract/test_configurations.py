"""Configurations: what is kept, what is refused, and the one that every account has."""

from __future__ import annotations

import io

import pytest
import stripe

from tests.simulator.sale import ADDRESS

from .errors import refused

SHARES = {"percentages": [15, 20, 25]}
FIXED = {"fixed_amounts": [100, 200, 300]}
OWN = "looks at the account's own configurations, and changes them"
SMART = {**SHARES, **FIXED, "smart_tip_threshold": 1000}


def service(client):
    return client.v1.terminal.configurations


def default(client):
    [found] = service(client).list({"is_account_default": True}).data
    return found


@pytest.mark.offline_only(OWN)
def test_every_account_has_a_default(client):
    configuration = default(client)
    assert configuration.to_dict() == {
        "id": configuration.id,
        "object": "terminal.configuration",
        "is_account_default": True,
        "livemode": False,
        "name": None,
    }
    assert service(client).retrieve(configuration.id).to_dict() == configuration.to_dict()
    assert default(client).id == configuration.id


@pytest.mark.offline_only(OWN)
def test_a_reset_account_has_one_too(client):
    service(client).update(default(client).id, {"tipping": {"usd": SHARES}})
    client.raw_request("post", "/_simulator/reset")
    assert "tipping" not in default(client)


@pytest.mark.offline_only(OWN)
def test_the_default_can_be_changed_but_not_deleted_nor_assigned(client):
    id = default(client).id
    assert service(client).update(id, {"tipping": {"usd": SHARES}}).tipping.usd.percentages == [15, 20, 25]
    assert default(client).tipping.to_dict() == {"usd": SHARES}
    with pytest.raises(stripe.InvalidRequestError, match="cannot be deleted"):
        service(client).delete(id)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be assigned") as caught:
        client.v1.terminal.locations.create(
            {"display_name": "Shop", "address": ADDRESS, "configuration_overrides": id}
        )
    assert caught.value.param == "configuration_overrides"
    assert default(client).id == id


@pytest.mark.offline_only(OWN)
def test_list(client):
    shop, bar = (service(client).create({"name": name}).id for name in ("Shop", "Bar"))
    first = default(client).id

    def ids(**filters):
        return [configuration.id for configuration in service(client).list(filters).auto_paging_iter()]

    assert ids() == ids(limit=1) == [bar, shop, first]
    assert ids(is_account_default=False) == [bar, shop]
    assert ids(starting_after=shop) == [first]
    assert [one.id for one in service(client).list({"ending_before": first, "limit": 1}).data] == [shop]


# Stands for a picture that is uploaded first.
SPLASH = "a picture"


@pytest.mark.parametrize(
    "settings",
    [
        {"tipping": {"usd": SHARES}},
        {"tipping": {"usd": FIXED, "cad": {"fixed_amounts": [50]}}},
        {"tipping": {"usd": SMART, "eur": SMART}},
        {"offline": {"enabled": True}},
        {"cellular": {"enabled": False}},
        {"reboot_window": {"start_hour": 3, "end_hour": 0}},
        {"reader_security": {"admin_menu_passcode": "1234"}},
        {"bbpos_wisepos_e": {"splashscreen": SPLASH}, "stripe_s700": {"splashscreen": SPLASH}},
        {"wifi": {"type": "personal_psk", "personal_psk": {"ssid": "Shop", "password": "secret"}}},
    ],
    ids=lambda settings: "+".join(settings),
)
def test_settings_are_kept_and_taken_away(client, settings):
    if any("splashscreen" in setting for setting in settings.values()):
        picture = io.BytesIO(b"GIF89a" + b"x" * 100)
        file = client.v1.files.create({"purpose": "terminal_reader_splashscreen", "file": picture}).id
        settings = {name: {"splashscreen": file} for name in settings}
    made = service(client).create({"name": "Shop", **settings})
    assert made.name == "Shop"
    assert {name: made.to_dict()[name] for name in settings} == settings
    for name, setting in settings.items():
        # Settings of a kind of reader cannot be taken away as a whole, only what is in them.
        empty = {"splashscreen": ""} if "splashscreen" in setting else ""
        if name == "reboot_window":
            continue
        changed = service(client).update(made.id, {name: empty})
        assert not changed.to_dict().get(name)
    assert service(client).retrieve(made.id).name == "Shop"


def test_a_splash_screen_must_be_there(client):
    error = refused(service(client).create, {"stripe_s700": {"splashscreen": "file_nobody"}})
    assert (error.code, error.param) == ("resource_missing", "stripe_s700[splashscreen]")


def test_a_passcode_is_taken_away(client):
    made = service(client).create({"reader_security": {"admin_menu_passcode": "1234"}})
    assert "reader_security" not in service(client).update(
        made.id, {"reader_security": {"admin_menu_passcode": ""}}
    )


def test_currencies_are_added_and_replaced(client):
    made = service(client).create({"tipping": {"usd": SHARES}})
    changed = service(client).update(made.id, {"tipping": {"cad": {"percentages": [5]}}, "name": "Bar"})
    assert changed.tipping.to_dict() == {"usd": SHARES, "cad": {"percentages": [5]}}
    changed = service(client).update(made.id, {"tipping": {"usd": {"percentages": [10, 30]}}})
    assert changed.tipping.to_dict() == {"usd": {"percentages": [10, 30]}, "cad": {"percentages": [5]}}
    assert changed.name == "Bar"


@pytest.mark.parametrize(
    ("settings", "param", "message"),
    [
        ({"tipping": {"usd": SHARES, "cad": FIXED}}, "tipping[cad]", "the same settings"),
        ({"tipping": {"usd": SMART, "cad": SHARES}}, "tipping[cad]", "the same settings"),
        ({"tipping": {"usd": {**SHARES, **FIXED}}}, "tipping[usd]", "together with a smart_tip_threshold"),
        ({"tipping": {"usd": {"smart_tip_threshold": 1}}}, "tipping[usd]", "Tipping needs"),
        ({"tipping": {"usd": {"percentages": ""}}}, "tipping[usd][percentages]", "at least one"),
        ({"tipping": {"usd": {"percentages": [1] * 4}}}, "tipping[usd][percentages]", "up to 3"),
        ({"tipping": {"usd": {"percentages": [15, 0]}}}, "tipping[usd][percentages][1]", "from 1 to 100"),
        ({"tipping": {"usd": {"percentages": [101]}}}, "tipping[usd][percentages][0]", "from 1 to 100"),
        ({"tipping": {"usd": {"fixed_amounts": [-1]}}}, "tipping[usd][fixed_amounts][0]", "from 1"),
        (
            {"tipping": {"usd": {**SMART, "smart_tip_threshold": 0}}},
            "tipping[usd][smart_tip_threshold]",
            "from 1",
        ),
        ({"tipping": {"inr": SHARES}}, "tipping[inr]", "unknown parameter"),
        ({"reboot_window": {"start_hour": 24, "end_hour": 1}}, "reboot_window[start_hour]", "0 to 23"),
        ({"reboot_window": {"start_hour": 4, "end_hour": 4}}, "reboot_window[end_hour]", "different"),
        ({"wifi": {"type": "personal_psk"}}, "wifi[personal_psk]", "Missing required param"),
        ({"metadata": {"a": "b"}}, "metadata", "unknown parameter"),
    ],
)
def test_settings_that_are_refused(client, settings, param, message):
    made = service(client).create({"name": "Shop"})
    for call in (lambda: service(client).create(settings), lambda: service(client).update(made.id, settings)):
        with pytest.raises(stripe.InvalidRequestError, match=message) as caught:
            call()
        assert caught.value.param == param
    assert service(client).retrieve(made.id).to_dict() == made.to_dict()


def test_a_deleted_configuration_leaves_its_locations(client):
    made = service(client).create({"tipping": {"usd": SHARES}})
    location = client.v1.terminal.locations.create(
        {"display_name": "Shop", "address": ADDRESS, "configuration_overrides": made.id}
    )
    assert location.configuration_overrides == made.id
    assert service(client).delete(made.id).to_dict() == {
        "id": made.id,
        "object": "terminal.configuration",
        "deleted": True,
    }
    assert "configuration_overrides" not in client.v1.terminal.locations.retrieve(location.id)
    assert service(client).retrieve(made.id).deleted is True
    for call in (service(client).update, service(client).delete):
        with pytest.raises(stripe.InvalidRequestError, match="No such configuration") as caught:
            call(made.id)
        assert caught.value.http_status == 404


def test_connection_tokens(client):
    tokens = client.v1.terminal.connection_tokens
    one, two = tokens.create(), tokens.create()
    assert one.secret.startswith("pst_test_")
    assert one.secret != two.secret
    assert sorted(one.to_dict()) == ["object", "secret"]
    location = client.v1.terminal.locations.create({"display_name": "Shop", "address": ADDRESS})
    assert tokens.create({"location": location.id}).location == location.id
    with pytest.raises(stripe.InvalidRequestError, match="No such location") as caught:
        tokens.create({"location": "tml_nobody"})
    assert caught.value.param == "location"
