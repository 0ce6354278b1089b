"""When things go wrong: switches in a till, which begin the offline account's faults and follow them."""

from __future__ import annotations

import asyncio
import html

import pytest

from irl_helpers import clock, faults, setup
from irl_helpers.account import request_log, reset_account, stripe_client
from irl_helpers.faults import Fault
from irl_helpers.panels import CancelPanel, CartPanel, CollectPanel
from irl_helpers.panels.fault_switches import AT_THE_READER, SWITCHES
from irl_helpers.panels.other_faults import in_words
from irl_helpers.simulator.faults import KINDS
from tests.simulator.serving import serve


@pytest.fixture
def panel(reader):
    panel = CollectPanel("12.50")
    faults_fold(panel).button.value = True
    return panel


def faults_fold(panel):
    return next(fold for fold in panel.folds if fold.what == "what can go wrong")


def on(panel):
    return {kind for kind, box in panel.till.fault_switches.boxes.items() if box.value}


@pytest.mark.parametrize("kind", [kind for kind in SWITCHES if kind != "slow_answer"])
def test_a_switch_begins_a_fault_and_ends_it(panel, reader, kind):
    box = panel.till.fault_switches.boxes[kind]
    box.value = True
    [fault] = faults.active()
    where = reader.id if kind in AT_THE_READER else None
    assert (fault.kind, fault.limits.get("reader")) == (kind, where)
    assert (on(panel), panel.error) == ({kind}, "")
    box.value = False
    assert faults.active() == []
    assert (on(panel), panel.error) == (set(), "")


def test_a_command_that_gets_lost_once_switches_itself_off(panel):
    panel.till.fault_switches.boxes["command_lost"].value = True
    panel.process.click()
    assert "terminal_reader_timeout" in panel.error
    assert on(panel) == set()
    panel.process.click()
    assert (panel.state, panel.error) == ("in_flight", "")


def test_a_process_that_does_not_reach_stripe_fails_and_is_done_again(panel):
    panel.till.fault_switches.boxes["request_lost"].value = True
    panel.process.click()
    assert panel.error.startswith("No answer from Stripe")
    assert panel.state == "open"
    panel.process.click()
    assert (panel.state, panel.error, on(panel)) == ("in_flight", "", set())


def test_every_fault_has_a_switch():
    assert set(SWITCHES) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "state", "error"),
    [
        ("answer_lost", "in_flight", ""),
        ("rate_limit", "open", "rate_limit"),
        ("server_error", "open", "unknown"),
    ],
)
def test_whatever_happens_to_process_it_is_pressed_again_and_is_one_payment(panel, kind, state, error):
    panel.till.fault_switches.boxes[kind].value = True
    panel.process.click()
    assert (panel.state, error in panel.error) == (state, True)
    if state == "open":
        panel.process.click()
    assert (panel.state, panel.error, on(panel)) == ("in_flight", "", set())
    assert len(stripe_client().v1.payment_intents.list().data) == 1


def test_a_stuck_reader_is_known_by_its_payment(panel):
    panel.till.fault_switches.boxes["action_stuck"].value = True
    panel.process.click()
    panel.simulate.click()
    assert (panel.state, on(panel)) == ("authorized", set())


def test_an_approval_that_is_lost_leaves_held_money(panel):
    panel.till.fault_switches.boxes["connection_lost"].value = True
    panel.process.click()
    panel.simulate.click()
    assert panel.state == "authorized"


def test_faults_that_others_began_are_shown_in_words_and_ended(panel, reader):
    other = setup.register_reader("simulated-wpe", reader.location, "<Café>")
    switches = panel.till.fault_switches
    ours = [
        faults.reader_busy(reader.id),
        faults.webhook_lost(),
        faults.rate_limit(call="process_payment_intent"),
    ]
    others = {
        faults.reader_offline(other.id): "At <Café>: the reader has had no signal for two minutes",
        faults.rate_limit(other.id, call="process_payment_intent", count=1): (
            "At <Café>: 429: too many requests (only process_payment_intent, once more)"
        ),
        faults.rate_limit(call="refunds.create", count=2, chance=20): (
            "429: too many requests (only refunds.create, 2 more times, in 20 of 100 cases)"
        ),
    }
    for fault in (*ours, *others):
        fault.start()
    asyncio.run(panel.look())
    assert on(panel) == {each.kind for each in ours}
    listed = "".join(f"<li>{html.escape(words)}</li>" for words in others.values())
    assert f"<ul>{listed}</ul>" in switches.others.says.value
    switches.others.end_faults.click()
    assert [each.kind for each in faults.active()] == [each.kind for each in ours]
    assert (on(panel), panel.error) == ({each.kind for each in ours}, "")
    assert (switches.others.says.value, switches.others.view.layout.display) == ("", "none")


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_another_reader_has_no_code_in_its_words(kind, reader):
    limits = {"reader": reader.id} if "reader" in KINDS[kind].limits else {}
    seconds = {"seconds": 7} if KINDS[kind].timed else {}
    fault = Fault(kind, **limits, **seconds)
    fault.text = KINDS[kind].text
    words = in_words(fault, [reader])
    assert words.startswith(f"At {reader.label}: " if limits else KINDS[kind].text[:1].upper())
    assert ("7 seconds" in words) is bool(seconds)
    assert not [code for code in (reader.id, kind, "`") if code in words]


def test_an_error_while_they_are_ended_is_seen(panel, reader, monkeypatch):
    faults.rate_limit(call="refunds.create").start()
    asyncio.run(panel.look())

    def fails(fault):
        raise ValueError("It does not end.")

    monkeypatch.setattr(Fault, "stop", fails)
    panel.till.fault_switches.others.end_faults.click()
    assert panel.error == "It does not end."


def test_the_switches_say_at_which_reader_they_are(panel, reader):
    other = setup.register_reader("simulated-wpe", reader.location, "<Café>")
    where = panel.till.fault_switches.where
    assert where.value == f"At {reader.label}:"
    asyncio.run(panel.look())
    panel.reader.value = other.id
    asyncio.run(panel.look())
    assert where.value == "At &lt;Café&gt;:"


def test_where_no_reader_is_chosen_a_switch_says_that_it_is_for_all():
    panel = CollectPanel()
    assert panel.till.fault_switches.where.value == "No reader is chosen, so at every reader:"
    panel.till.fault_switches.boxes["reader_busy"].value = True
    assert [fault.limits.get("reader") for fault in faults.active()] == [None]


def test_nothing_is_left_on_in_secret(reader):
    panel = CollectPanel("12.50")
    assert (panel.till.left_on.value, faults_fold(panel).open) == ("", False)
    with faults.reader_busy(reader.id), faults.webhook_lost():
        asyncio.run(panel.look())
        assert ">2 faults on: see what can go wrong, below<" in panel.till.left_on.value
        assert (on(panel), faults_fold(panel).open) == ({"reader_busy", "webhook_lost"}, True)
        faults_fold(panel).button.value = False
        asyncio.run(panel.look())
        assert not faults_fold(panel).open, "who closes them wants them closed"
        assert ">2 faults on: see what can go wrong, below<" in panel.till.left_on.value
    clock.advance(days=8)
    asyncio.run(panel.look())
    assert ">clock 8 days ahead<" in panel.till.left_on.value
    reset_account()
    asyncio.run(panel.look())
    assert panel.till.left_on.value == ""


def test_a_new_panel_shows_what_is_on(reader):
    faults.reader_busy(reader.id).start()
    for kind in (CollectPanel, CancelPanel, CartPanel):
        panel = kind()
        assert (on(panel), faults_fold(panel).open) == ({"reader_busy"}, True)
        assert ">1 fault on: see what can go wrong, below<" in panel.till.left_on.value
        assert panel.till.left_on in laid_out(panel.view)


def laid_out(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from laid_out(child)


def test_slow_answers_are_for_the_served_simulator(panel, tmp_path, monkeypatch):
    assert "slow_answer" not in panel.till.fault_switches.boxes
    with serve("--account", str(tmp_path / "account.sqlite")) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        assert "slow_answer" in CollectPanel().till.fault_switches.boxes


def test_in_stripes_test_mode_there_are_no_switches(monkeypatch):
    monkeypatch.setattr("irl_helpers.account.offline_controls", lambda: None)
    panel = CollectPanel()
    assert panel.till.fault_switches is None
    assert [fold.what for fold in panel.folds] == ["what the button did", "the states"]


def test_switches_are_no_part_of_the_conversation_with_stripe(panel):
    before = len(request_log())
    panel.till.fault_switches.boxes["reader_busy"].value = True
    assert len(request_log()) == before


@pytest.mark.parametrize("kind", [kind for kind in SWITCHES if kind != "slow_answer"])
def test_a_switch_says_what_to_watch_for_while_it_is_on(panel, kind):
    switches = panel.till.fault_switches
    assert switches.watch.value == ""
    switches.boxes[kind].value = True
    assert html.escape(SWITCHES[kind].watch) in switches.watch.value
    assert switches.watch.value.count("<li>") == 1
    switches.boxes[kind].value = False
    assert switches.watch.value == ""


@pytest.mark.parametrize("kind", [kind for kind in SWITCHES if kind.startswith("webhook_")])
def test_what_changes_nothing_at_the_till_shows_the_deliveries(panel, kind):
    switches = panel.till.fault_switches
    switches.boxes[kind].value = True
    assert "Create one" in switches.deliveries.value
    stripe_client().v1.webhook_endpoints.create({"url": "http://127.0.0.1/<hook>", "enabled_events": ["*"]})
    panel.process.click()
    panel.simulate.click()
    shown = switches.deliveries.value
    assert "terminal.reader.action_succeeded" in shown
    assert "http://127.0.0.1/&lt;hook&gt;" in shown
    assert ("never comes" in shown) == (kind == "webhook_lost")
    assert ("due in " in shown) == (kind in ("webhook_late", "webhook_shuffled"))
    switches.boxes[kind].value = False
    assert switches.deliveries.value == ""


def test_faults_of_the_reader_list_no_deliveries(panel):
    panel.till.fault_switches.boxes["reader_busy"].value = True
    assert panel.till.fault_switches.deliveries.value == ""
