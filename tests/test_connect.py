"""Part 2: which readers there are, and the one that was chosen."""

from __future__ import annotations

import asyncio

import pytest
import stripe

from irl_helpers import account, connect, setup
from irl_helpers.account import stripe_client
from irl_helpers.connect import choose_reader, chosen_reader, list_readers
from irl_helpers.panels import ConnectPanel
from irl_helpers.setup import ADDRESS


@pytest.fixture
def shop():
    return setup.create_location("Shop", ADDRESS)


@pytest.fixture
def readers(shop):
    """Three readers, the newest first."""
    codes = ["simulated-wpe", "simulated-s700", "simulated-wpe"]
    made = [setup.register_reader(code, shop.id, f"Till {n}") for n, code in enumerate(codes, 1)]
    return made[::-1]


def unplug(reader):
    account.offline_controls().request("post", "faults", kind="reader_offline", reader=reader.id)


def labels(found):
    return [reader.label for reader in found]


def test_readers_are_listed_newest_first_and_filtered(readers, shop):
    unplug(readers[0])
    assert labels(list_readers()) == ["Till 3", "Till 2", "Till 1"]
    assert labels(list_readers(status="online")) == ["Till 2", "Till 1"]
    assert labels(list_readers(status="offline")) == ["Till 3"]
    assert labels(list_readers(device_type="simulated_stripe_s700")) == ["Till 2"]
    assert labels(list_readers(location=shop.id, status="online")) == ["Till 2", "Till 1"]
    assert list_readers(location=setup.create_location("Other", ADDRESS).id) == []


def test_a_list_of_many_pages_is_whole(shop):
    for number in range(103):
        setup.register_reader("simulated-wpe", shop.id, f"Till {number}")
    assert labels(list_readers()) == [f"Till {number}" for number in range(102, -1, -1)]


def test_a_filter_that_stripe_does_not_know_is_refused():
    with pytest.raises(stripe.InvalidRequestError) as caught:
        list_readers(status="asleep")
    assert caught.value.param == "status"


def test_the_choice_is_kept_and_checked_against_the_account(readers):
    assert chosen_reader() is None
    choose_reader(readers[1].id)
    assert chosen_reader().label == "Till 2"
    with pytest.raises(stripe.InvalidRequestError, match="No such reader"):
        choose_reader("tmr_nobody")
    assert chosen_reader().label == "Till 2"
    stripe_client().v1.terminal.readers.delete(readers[1].id)
    assert chosen_reader() is None
    with pytest.raises(ValueError, match="was deleted"):
        choose_reader(readers[1].id)


def test_the_choice_is_an_accounts_own(readers, monkeypatch, tmp_path):
    choose_reader(readers[0].id)
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(tmp_path / "another.sqlite"))
    assert chosen_reader() is None


def test_last_seen_is_written_for_people(readers):
    reader = readers[0]
    reader.last_seen_at = 1_795_537_812_345
    assert connect.last_seen(reader) == "2026-11-24 16:30 UTC"
    reader.last_seen_at = None
    assert connect.last_seen(reader) == "never"


# -- the panel


def test_no_readers_is_said_kindly_with_the_way_on():
    panel = ConnectPanel()
    assert panel.state == "no_readers"
    assert "01_setup.ipynb" in panel.way_on.value
    assert panel.error == ""


def test_the_panel_offers_online_readers_and_lists_the_others(readers):
    unplug(readers[0])
    panel = ConnectPanel()
    assert panel.state == "not_chosen"
    assert [label for label, _ in panel.reader.options] == [
        "Choose a reader…",
        f"Till 2 ({readers[1].id})",
        f"Till 1 ({readers[2].id})",
    ]
    assert f"Till 3 ({readers[0].id}) is offline, last seen 20" in panel.trouble.says.value
    assert chosen_reader() is None


def test_choosing_in_the_panel_is_kept(readers):
    panel = ConnectPanel()
    panel.reader.value = readers[1].id
    assert panel.state == "connected"
    assert chosen_reader().label == "Till 2"
    assert "Stripe Reader S700" in panel.screen.value
    again = ConnectPanel()
    assert (again.state, again.reader.value) == ("connected", readers[1].id)


def test_a_choice_can_be_taken_back_and_an_offline_reader_stays_chosen(readers):
    panel = ConnectPanel()
    panel.reader.value = readers[1].id
    unplug(readers[1])
    panel.refresh.click()
    assert (panel.state, chosen_reader().label) == ("chosen_offline", "Till 2")
    assert "Till 2 is chosen, and is offline" in panel.messages.state_line.value
    panel.reader.value = readers[2].id
    assert "Till 1 is chosen" in panel.messages.state_line.value
    panel.reader.value = ""
    assert (panel.state, chosen_reader(), panel.screen.value) == ("not_chosen", None, "")


async def followed(panel, words):
    """Until the panel says this, of itself."""
    panel.watch.start()
    async with asyncio.timeout(30):
        while words not in panel.messages.state_line.value:
            await asyncio.sleep(0.05)
    panel.close()


def test_a_choice_that_a_cell_makes_is_followed(readers):
    panel = ConnectPanel()
    panel.reader.value = readers[1].id
    choose_reader(readers[2].id)
    asyncio.run(followed(panel, "Till 1 is chosen"))
    assert (panel.state, panel.reader.value) == ("connected", readers[2].id)


def test_refresh_finds_what_has_changed(readers, shop):
    panel = ConnectPanel()
    panel.reader.value = readers[0].id
    setup.register_reader("simulated-wpe", shop.id, "Till 4")
    unplug(readers[0])
    panel.refresh.click()
    assert panel.log[-1] == "Readers retrieved: 4."
    assert "Till 4" in panel.reader.options[1][0]
    assert (panel.reader.value, panel.state) == ("", "chosen_offline")
    for reader in list_readers(status="online"):
        unplug(reader)
    panel.refresh.click()
    assert panel.state == "none_online"


def test_a_label_cannot_be_markup(shop):
    reader = setup.register_reader("simulated-wpe", shop.id, "<script>alert(1)</script>")
    unplug(reader)
    panel = ConnectPanel()
    assert "<script" not in panel.trouble.says.value + panel.screen.value
    assert "&lt;script&gt;" in panel.trouble.says.value
