"""What all panels share: nothing that goes wrong is lost, and looking ends."""

from __future__ import annotations

import asyncio
import gc
from typing import ClassVar

import ipywidgets as W
import pytest
import stripe

from irl_helpers import setup
from irl_helpers.account import request_log, stripe_client
from irl_helpers.panels import CollectPanel, links, one_per_cell, presses, watch
from irl_helpers.panels.panel import Panel
from irl_helpers.setup import ADDRESS


class Demo(Panel):
    """A button that does what the test wants."""

    STATES: ClassVar[dict[str, str]] = {"new": "nothing was seen", "seen": "the account was seen"}

    def __init__(self, work):
        super().__init__()
        self.state = "new"
        self.looks = 0
        self.go = self.presses.button("Go", work)
        self.arrange(self.go)

    def read(self):
        self.looks += 1
        return self.looks

    def show(self, seen):
        self.state = "seen"
        self.go.allow(True)


async def nothing():
    """Work that has nothing to do."""


def failing(problem):
    async def fail():
        raise problem

    return fail


PROBLEMS = [
    (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    (ValueError("Enter an amount."), "Enter an amount."),
    (KeyError("amount"), "KeyError: 'amount'"),
    (stripe.APIConnectionError("Unexpected error."), "No answer from Stripe: Unexpected error."),
    (RuntimeError("<b>bold</b>"), "RuntimeError: <b>bold</b>"),
]


@pytest.mark.parametrize(("problem", "said"), PROBLEMS)
@pytest.mark.parametrize("loop", [True, False])
def test_whatever_a_handler_raises_is_shown(problem, said, loop):
    async def press():
        panel = Demo(failing(problem))
        panel.go.click()
        await panel.settled()
        return panel

    if loop:
        panel = asyncio.run(press())
    else:
        panel = Demo(failing(problem))
        panel.go.click()
    assert panel.error.startswith(said)
    assert 'role="alert"' in panel.messages.alert.value
    assert panel.log == [f"⚠ {panel.error}"]
    assert "<b>bold" not in panel.messages.alert.value + panel.messages.log_view.value
    assert not panel.go.disabled


def test_an_error_goes_away_with_the_next_press():
    outcomes = [ValueError("no"), None]

    async def work():
        if outcome := outcomes.pop(0):
            raise outcome

    panel = Demo(work)
    panel.go.click()
    assert panel.error == "no"
    panel.go.click()
    assert (panel.error, panel.messages.alert.value) == ("", "")


def test_a_button_is_busy_while_it_works_and_works_once():
    began = []

    async def press():
        release = asyncio.Event()

        async def work():
            began.append(1)
            await release.wait()

        panel = Demo(work)
        panel.go.click()
        panel.go.click()
        await asyncio.sleep(0)
        assert panel.go.disabled
        assert panel.go.icon == "spinner spin"
        await panel.look()
        assert panel.go.disabled
        release.set()
        await panel.settled()
        assert (panel.go.disabled, panel.go.icon) == (False, "")

    asyncio.run(press())
    assert began == [1]


def test_the_account_that_cannot_be_used_is_said_in_the_panel(account_file):
    account_file.write_text("a shopping list")
    panel = CollectPanel()
    assert "is damaged" in panel.error


def press_on_the_page(button):
    """What the page sends when somebody clicks."""
    button._handle_custom_msg({"event": "click"}, [])


def test_a_double_click_is_one_press_also_when_the_work_is_done_by_then(monkeypatch):
    pressed = []

    async def work():
        pressed.append(1)

    panel = Demo(work)
    press_on_the_page(panel.go)
    press_on_the_page(panel.go)
    panel.go.allow(False)
    press_on_the_page(panel.go)
    assert (pressed, panel.error) == ([1], "")
    monkeypatch.setattr(presses, "DOUBLE_CLICK", 0)
    press_on_the_page(panel.go)
    assert "is not possible now" in panel.error
    panel.go.allow(True)
    press_on_the_page(panel.go)
    assert pressed == [1, 1]


def test_a_second_click_is_no_error_however_long_the_work_took(monkeypatch):
    """A kernel reads the second click of a double click only when the work that the first began is done."""
    clock = [100.0]
    monkeypatch.setattr(presses.time, "monotonic", lambda: clock[0])

    async def work():
        clock[0] += 10
        panel.show = lambda seen: panel.go.allow(False)

    panel = Demo(work)
    press_on_the_page(panel.go)
    clock[0] += 0.1
    press_on_the_page(panel.go)
    assert (panel.go.disabled, panel.error) == (True, "")
    clock[0] += 1
    press_on_the_page(panel.go)
    assert "is not possible now" in panel.error


def test_a_press_that_was_refused_does_not_count():
    pressed = []

    async def work():
        pressed.append(1)

    panel = Demo(work)
    panel.go.allow(False)
    press_on_the_page(panel.go)
    assert "is not possible now" in panel.error
    panel.go.allow(True)
    press_on_the_page(panel.go)
    assert (pressed, panel.error) == ([1], "")


def test_two_clicks_with_another_between_are_two_presses():
    pressed = []

    async def work():
        pressed.append("go")

    async def other_work():
        pressed.append("other")

    panel = Demo(work)
    panel.other = panel.presses.button("Other", other_work)
    panel.other.allow(True)
    for button in (panel.go, panel.other, panel.go, panel.go):
        press_on_the_page(button)
    assert pressed == ["go", "other", "go"]


def test_code_and_buttons_that_mean_it_can_press_as_fast_as_they_like():
    pressed = []

    async def work():
        pressed.append(1)

    panel = Demo(work)
    panel.go.click()
    panel.go.click()
    panel.add = panel.presses.button("Add", work, again=True)
    panel.add.allow(True)
    press_on_the_page(panel.add)
    press_on_the_page(panel.add)
    assert len(pressed) == 4


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY", 0.01)


def make_location():
    return setup.create_location("Shop", ADDRESS)


def test_a_shown_panel_looks_when_the_account_has_changed_and_only_then(quick):
    async def follow():
        panel = Demo(nothing)
        panel._repr_mimebundle_()
        await asyncio.sleep(0.1)
        assert panel.looks == 1
        make_location()
        await asyncio.sleep(0.1)
        assert panel.looks == 2
        panel.close()
        make_location()
        await asyncio.sleep(0.1)
        assert panel.looks == 2

    asyncio.run(follow())


def test_looking_survives_errors_and_says_them(quick, monkeypatch):
    async def follow():
        panel = Demo(nothing)
        panel._repr_mimebundle_()
        with monkeypatch.context() as broken:
            broken.setattr(panel, "read", lambda: 1 / 0)
            make_location()
            await asyncio.sleep(0.1)
        assert "ZeroDivisionError" in panel.error
        make_location()
        await asyncio.sleep(0.1)
        assert panel.looks == 2
        panel.close()

    asyncio.run(follow())


def test_an_untouched_panel_stops_looking_and_says_so(quick, monkeypatch):
    async def follow():
        monkeypatch.setattr(watch, "UNTOUCHED", 0.03)
        panel = Demo(nothing)
        panel._repr_mimebundle_()
        await asyncio.sleep(0.1)
        assert "Untouched for ten minutes" in panel.messages.notice.value
        assert panel.screen.lead.startswith("Untouched for ten minutes")
        assert not panel.watch.running
        monkeypatch.setattr(watch, "UNTOUCHED", 600)
        panel.go.click()
        await panel.settled()
        assert (panel.messages.notice.value, not panel.watch.running) == ("", False)
        assert "Untouched" not in panel.screen.lead
        panel.close()

    asyncio.run(follow())


def test_a_panel_that_never_stops_looks_less_often(quick, monkeypatch):
    async def follow():
        monkeypatch.setattr(watch, "UNTOUCHED", 0.03)
        monkeypatch.setattr(watch, "SELDOM", 0.01)
        panel = Demo(nothing)
        panel.watch.never_stops = True
        panel._repr_mimebundle_()
        await asyncio.sleep(0.1)
        assert (panel.messages.notice.value, panel.watch.running) == ("", True)
        before = panel.looks
        make_location()
        await asyncio.sleep(0.1)
        assert panel.looks > before
        panel.close()

    asyncio.run(follow())


def test_a_closed_panel_leaves_nothing_behind(quick):
    async def work():
        await asyncio.sleep(3600)

    async def press():
        before = asyncio.all_tasks()
        panel = Demo(work)
        panel._repr_mimebundle_()
        panel.go.click()
        await asyncio.sleep(0.03)
        panel.close()
        await asyncio.sleep(0.01)
        assert asyncio.all_tasks() == before
        assert "no longer follows the account" in panel.messages.notice.value

    asyncio.run(press())
    gc.collect()


def test_a_press_wakes_a_closed_panel(quick):
    # The notebooks close their panels, and whoever reads them tries the buttons afterwards.
    pressed = []

    async def press():
        panel = Demo(pressed_once)
        panel._repr_mimebundle_()
        await asyncio.sleep(0.03)
        panel.close()
        await asyncio.sleep(0.03)
        panel.go.click()
        await panel.settled()
        looks = panel.looks
        make_location()
        await asyncio.sleep(0.1)
        assert (panel.messages.notice.value, panel.looks) == ("", looks + 1)
        panel.close()

    async def pressed_once():
        pressed.append(1)

    asyncio.run(press())
    assert pressed == [1]


def test_a_cell_that_is_run_again_closes_the_panel_it_showed(quick, monkeypatch):
    class Shell:
        cell = "a1"

        def get_parent(self):
            return {"metadata": {"cellId": self.cell}}

    async def run():
        shell = Shell()
        monkeypatch.setattr(one_per_cell, "get_ipython", lambda: shell)
        first, second, elsewhere = Demo(nothing), Demo(nothing), Demo(nothing)
        first._repr_mimebundle_()
        first._repr_mimebundle_()
        assert not first.watch.closed
        shell.cell = "b2"
        elsewhere._repr_mimebundle_()
        shell.cell = "a1"
        second._repr_mimebundle_()
        assert (first.watch.closed, second.watch.closed, elsewhere.watch.closed) == (True, False, False)
        second.close()
        elsewhere.close()

    asyncio.run(run())


def test_looks_are_not_logged():
    setup.own_reader("Till")
    panel = CollectPanel()
    panel.process.click()
    asyncio.run(panel.look())
    pressed = [f"{request.method} {request.path}" for request in request_log()]
    assert pressed[-2:] == [
        "POST /v1/payment_intents",
        f"POST /v1/terminal/readers/{panel.reader.value}/process_payment_intent",
    ]
    assert not [line for line in pressed if line.startswith("GET /v1/payment_intents/")]


def test_ids_are_links_where_the_account_has_a_dashboard(monkeypatch):
    panel = Demo(nothing)
    panel.say("Created pi_3TaB7kLmNoPqRsTuVwXyZ019 <now>.")
    assert "<a " not in panel.messages.log_view.value
    assert "&lt;now&gt;" in panel.messages.log_view.value
    monkeypatch.setattr(links, "dashboard_url", lambda id: f"https://dashboard.stripe.com/test/{id}")
    panel.say("Captured pi_3TaB7kLmNoPqRsTuVwXyZ019.")
    assert (
        '<a href="https://dashboard.stripe.com/test/pi_3TaB7kLmNoPqRsTuVwXyZ019"'
        in panel.messages.log_view.value
    )


def test_addresses_are_links():
    panel = Demo(nothing)
    panel.messages.fail('See https://stripe.com/docs/terminal?x=1#errors. "https://evil.example/"onclick=x')
    assert '<a href="https://stripe.com/docs/terminal?x=1#errors" ' in panel.messages.alert.value
    assert "onclick=x</div>" in panel.messages.alert.value
    assert panel.messages.alert.value.count("<a ") == 2


def test_what_is_stored_of_a_panel_is_short_and_the_same_each_time():
    setup.own_reader("Till")
    bundles = []
    for _ in range(2):
        panel = CollectPanel()
        panel.process.click()
        bundle = panel._repr_mimebundle_()
        bundles.append({kind: bundle[kind] for kind in ("text/plain", "text/html")})
        panel.cancel.click()
    assert bundles[0] == bundles[1]
    assert bundles[0]["text/plain"] == "<CollectPanel in_flight>"
    assert "The reader asks for a card" in bundles[0]["text/html"]
    assert "WisePOS E: $12.50, tap, insert or swipe" in bundles[0]["text/html"]
    assert isinstance(panel.view, W.Widget)


def test_every_state_of_a_panel_is_explained():
    for kind in (Demo, CollectPanel):
        assert all(meaning and not meaning.endswith(".") for meaning in kind.STATES.values())


def test_nothing_is_sent_by_showing_a_panel():
    panel = CollectPanel()
    before = len(request_log())
    panel._repr_mimebundle_()
    assert len(request_log()) == before
    assert stripe_client().v1.payment_intents.list().data == []
