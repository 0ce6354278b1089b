"""Every fault does what it says, where and as often as it was told; in process and served."""

from __future__ import annotations

import threading

import pytest
import stripe

from irl_helpers import clock, faults, setup
from irl_helpers.account import AccountError, reset_account, stripe_client
from tests.simulator.sale import new_payment, new_reader, pay
from tests.simulator.serving import Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serve("--account", str(tmp_path_factory.mktemp("faults") / "account.sqlite")) as running:
        yield running


@pytest.fixture(params=["in process", "served"])
def client(request, monkeypatch):
    """The official client, on an empty account."""
    if request.param == "served":
        over_http(request.getfixturevalue("served"), monkeypatch)
        reset_account()
    return stripe_client()


def over_http(served: Served, monkeypatch) -> None:
    monkeypatch.setenv("IRL_API_BASE", served.url)
    # The client's own pause before it tries again.
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_: 0)


class Till:
    """One reader and one payment."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self.reader = new_reader(client).id
        self.payment = new_payment(client).id

    def process(self, **config: bool) -> stripe.terminal.Reader:
        params = {"payment_intent": self.payment, **({"process_config": config} if config else {})}
        return self.client.v1.terminal.readers.process_payment_intent(self.reader, params)

    def present(self) -> stripe.terminal.Reader:
        return self.client.v1.test_helpers.terminal.readers.present_payment_method(self.reader)

    def cancel(self) -> stripe.terminal.Reader:
        return self.client.v1.terminal.readers.cancel_action(self.reader)

    def look(self) -> stripe.terminal.Reader:
        return self.client.v1.terminal.readers.retrieve(self.reader)

    def status(self) -> str:
        """Of the payment."""
        return self.client.v1.payment_intents.retrieve(self.payment).status

    def code(self, call, *args) -> str | None:
        """The code of the error that the call gets."""
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call(*args)
        return caught.value.code

    def payments(self) -> list[str]:
        return [payment.id for payment in self.client.v1.payment_intents.list().data]


@pytest.fixture
def till(client) -> Till:
    return Till(client)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.reader_offline, "terminal_reader_offline"),
        (faults.reader_busy, "terminal_reader_busy"),
        (faults.reader_unplugged, "terminal_reader_timeout"),
        (faults.reader_driven_by_app, None),
    ],
)
def test_a_reader_takes_no_command_until_it_is_back(till, fault, code):
    other = Till(till.client)
    till.process()
    with fault(till.reader):
        for command in (till.process, till.cancel):
            assert till.code(command) == code
        assert till.look().status == ("offline" if fault is faults.reader_offline else "online")
        assert other.process().action.status == "in_progress"
    assert till.look().status == "online"
    assert till.look().action.process_payment_intent.payment_intent == till.payment
    assert till.present().action.status == "succeeded"


def test_a_reader_without_a_signal_is_offline_after_two_minutes(till):
    with faults.reader_unplugged(till.reader):
        seen = till.look().last_seen_at
        clock.advance(seconds=118)
        assert (till.look().status, till.code(till.process)) == ("online", "terminal_reader_timeout")
        clock.advance(seconds=2)
        assert (till.look().status, till.code(till.process)) == ("offline", "terminal_reader_offline")
        assert till.look().last_seen_at == seen
    assert till.look().last_seen_at >= seen + 120_000


def test_an_offline_reader_was_last_seen_two_minutes_ago(till):
    seen = till.look().last_seen_at
    with faults.reader_offline(till.reader):
        asleep = till.look().last_seen_at
        assert -120_000 <= asleep - seen < -60_000
        clock.advance(seconds=60)
        assert till.look().last_seen_at == asleep
    assert till.look().last_seen_at >= seen + 60_000


def test_a_lost_command_changes_nothing(till):
    with faults.command_lost(till.reader, count=1):
        assert till.code(till.process) == "terminal_reader_timeout"
        assert till.look().action is None
        assert till.process().action.status == "in_progress"


def test_an_unconfirmed_command_has_arrived(till):
    with faults.command_unconfirmed(till.reader, call="process_payment_intent"):
        assert till.code(till.process) == "terminal_reader_timeout"
        assert till.look().action.process_payment_intent.payment_intent == till.payment
        assert till.cancel().action is None


def test_the_customer_cancels_where_it_is_offered(till):
    with faults.customer_cancels(till.reader, count=2):
        till.process()
        assert till.look().action.status == "in_progress"
        till.process(enable_customer_cancellation=True)
        action = till.look().action
        assert (action.status, action.failure_code) == ("failed", "customer_canceled")
    assert till.status() == "requires_payment_method"
    assert till.process(enable_customer_cancellation=True).action.status == "in_progress"
    assert till.look().action.status == "in_progress"


def test_the_customer_presses_cancel_at_a_moment_of_our_own(till):
    till.process()
    assert till.code(faults.press_cancel, till.reader) is None
    till.process(enable_customer_cancellation=True)
    faults.press_cancel(till.reader)
    assert till.look().action.failure_code == "customer_canceled"
    assert till.code(faults.press_cancel, "tmr_nobody") == "resource_missing"


def test_a_slow_bank_keeps_the_reader_busy_until_it_answers(till):
    till.process()
    fault = faults.slow_bank(till.reader).start()
    assert till.present().action.status == "in_progress"
    assert till.code(till.cancel) == "terminal_reader_busy"
    assert till.status() == "requires_payment_method"
    fault.stop()
    assert till.look().action.status == "succeeded"
    assert till.status() == "requires_capture"


def test_a_connection_lost_after_the_authorization_leaves_a_hold(till):
    till.process()
    with faults.connection_lost(till.reader):
        action = till.present().action
    assert (action.status, action.failure_code) == ("failed", "connection_error")
    assert till.status() == "requires_capture"


def test_a_stuck_action_says_nothing_though_the_bank_approved(till):
    till.process()
    with faults.action_stuck(till.reader):
        assert till.present().action.status == "in_progress"
    assert till.look().action.status == "in_progress"
    assert till.status() == "requires_capture"
    events = till.client.v1.events.list().data
    assert [event.type for event in events if event.type.startswith("terminal.reader")] == []
    assert till.cancel().action is None


def test_a_lost_request_was_not_executed(till):
    with faults.request_lost(call="payment_intents.create", count=3):
        with pytest.raises(stripe.APIConnectionError):
            new_payment(till.client)
        assert till.payments() == [till.payment]
        assert new_payment(till.client).id in till.payments()


def test_a_lost_answer_was_executed_and_a_retry_does_it_no_second_time(till):
    create = till.client.v1.payment_intents.create
    sale = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    with faults.answer_lost(call="payment_intents.create", count=3):
        with pytest.raises(stripe.APIConnectionError):
            create(sale, {"idempotency_key": "sale 1"})
        assert len(till.payments()) == 2
        assert create(sale, {"idempotency_key": "sale 1"}).id == till.payments()[0]
    assert len(till.payments()) == 2
    assert create(sale, {"idempotency_key": "sale 2"}).id == till.payments()[0]
    assert len(till.payments()) == 3


@pytest.mark.parametrize("fault", [faults.request_lost, faults.answer_lost, faults.server_error])
def test_the_client_itself_survives_two_in_a_row(till, fault):
    with fault(call="payment_intents.create", count=2):
        payment = new_payment(till.client)
    assert till.payments() == [payment.id, till.payment]


def test_too_many_requests_and_an_error_at_stripe_are_told_apart(till):
    with faults.rate_limit(call="capture"), pytest.raises(stripe.RateLimitError) as caught:
        till.client.v1.payment_intents.capture(till.payment)
    assert caught.value.error.code == "rate_limit"
    with faults.server_error(), pytest.raises(stripe.APIError) as caught:
        new_payment(till.client)
    assert caught.value.http_status == 500
    assert till.payments() == [till.payment]


def test_a_slow_answer_holds_up_nobody_else(tmp_path, monkeypatch):
    with serve("--account", str(tmp_path / "slow.sqlite")) as served:
        over_http(served, monkeypatch)
        made: list[str] = []
        slow = threading.Thread(target=lambda: made.append(new_payment(stripe_client()).id))
        with faults.slow_answer(call="payment_intents.create", count=1, seconds=600):
            slow.start()
            while faults.active():
                pass
            [payment] = stripe_client().v1.payment_intents.list().data
            assert made == []
        served.stop()
        slow.join()
        assert made == [payment.id]


def test_in_process_no_answer_can_be_slow():
    with pytest.raises(AccountError, match="served simulator"):
        faults.slow_answer()


# -- what limits them


def test_a_fault_strikes_at_its_reader_only(till):
    other = Till(till.client)
    with faults.command_lost(other.reader):
        assert till.process().action.status == "in_progress"
        assert other.code(other.process) == "terminal_reader_timeout"


def test_a_fault_strikes_its_call_only(till):
    with faults.command_lost(call="cancel_action"):
        till.process()
        assert till.code(till.cancel) == "terminal_reader_timeout"


def outcomes(till: Till, seed: int) -> list[bool]:
    struck = []
    with faults.rate_limit(call="payment_intents.retrieve", chance=50, seed=seed):
        for _ in range(30):
            try:
                till.status()
                struck.append(False)
            except stripe.RateLimitError:
                struck.append(True)
    return struck


def test_the_same_seed_strikes_in_the_same_cases(till):
    assert outcomes(till, 1) == outcomes(till, 1) != outcomes(till, 2)
    assert 5 < sum(outcomes(till, 1)) < 25


NEVER = [
    (lambda: faults.command_lost(call="payment_intents.create"), "call"),
    (lambda: faults.command_lost(call="process_payment_intents"), "call"),
    (lambda: faults.request_lost("tmr", call="payment_intents.create"), "call"),
    (lambda: faults.customer_cancels(call="cancel_action"), "call"),
    (lambda: faults.connection_lost(call="present_payment_method"), "call"),
    (lambda: faults.webhook_lost(call="payment_intents.create"), "call"),
    (lambda: faults.webhook_lost(reader="tmr"), "reader"),
    (lambda: faults.rate_limit(seconds=3), "seconds"),
    (lambda: faults.rate_limit(count=0), "count"),
    (lambda: faults.rate_limit(chance=101), "chance"),
    (lambda: faults.rate_limit(chanse=50), "chanse"),
    (lambda: faults.reader_busy("tmr_nobody"), "reader"),
]


@pytest.mark.parametrize(("make", "param"), NEVER)
def test_a_fault_that_could_never_strike_is_refused(make, param):
    fault = make()
    if fault.limits.get("reader") == "tmr":
        fault.limits["reader"] = new_reader(stripe_client()).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fault.start()
    assert caught.value.param == param
    assert faults.active() == []


# -- when they end


def test_a_fault_ends_with_its_block_whatever_happens_in_it(till):
    with pytest.raises(ZeroDivisionError), faults.reader_busy(till.reader):
        raise ZeroDivisionError
    assert faults.active() == []
    with faults.reader_busy(till.reader):
        faults.clear()
        assert faults.active() == []
    with faults.reader_busy():
        reset_account()
        new_reader(till.client)
    with faults.server_error(count=1) as fault:
        new_payment(till.client)
        assert faults.active() == []
    fault.stop()
    # It ends no fault that somebody else began.
    with faults.reader_busy() as mine, faults.reader_busy():
        mine.stop()
        mine.stop()
        assert len(faults.active()) == 1
    assert faults.active() == []


def test_a_fault_is_a_switch(till):
    fault = faults.reader_busy(till.reader)
    fault.stop()
    assert till.process().action.status == "in_progress"
    assert fault.start() is fault.start()
    assert len(faults.active()) == 1
    assert till.code(till.process) == "terminal_reader_busy"
    [same] = faults.active()
    same.stop()
    assert till.process().action.status == "in_progress"
    fault.stop()


def test_what_stands_is_listed_as_it_was_written(till):
    with (
        faults.reader_offline(till.reader) as first,
        faults.command_lost(till.reader, call="cancel_action", count=3, seed=7, chance=50) as second,
        faults.webhook_late() as third,
    ):
        listed = [(fault.kind, fault.limits, fault.text) for fault in faults.active()]
        assert listed == [(fault.kind, fault.limits, fault.text) for fault in (first, second, third)]
        assert repr(first) == f"reader_offline(reader={till.reader!r})"
        assert second.text == "the command times out, and the reader did not get it"
    faults.command_lost(count=2).start()
    with pytest.raises(stripe.InvalidRequestError):
        till.process()
    assert faults.active()[0].limits == {"count": 1}
    faults.clear()
    assert faults.active() == []


def test_the_customer_of_a_fault_in_a_block_pays_as_usual_after_it(till):
    with faults.command_lost(), faults.answer_lost(), faults.slow_bank():
        pass
    assert pay(till.client, till.reader, till.payment).status == "succeeded"


KINDS = [
    "reader_offline", "reader_unplugged", "reader_busy", "reader_driven_by_app", "command_lost",
    "command_unconfirmed",
    "customer_cancels", "slow_bank", "connection_lost", "action_stuck", "request_lost", "answer_lost",
    "slow_answer", "rate_limit", "server_error", "webhook_late", "webhook_lost", "webhook_doubled",
    "webhook_shuffled",
]  # fmt: skip


def test_every_kind_of_the_simulator_has_its_function():
    from irl_helpers.simulator.faults import KINDS as known

    assert list(known) == KINDS


@pytest.mark.parametrize("kind", [*KINDS, "active", "clear", "press_cancel"])
def test_in_stripe_s_test_mode_nothing_pretends_to_fail(kind, monkeypatch):
    def send(*_, **__):
        raise AssertionError("something was sent")

    monkeypatch.setattr(stripe.RequestsClient, "request", send)
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    with pytest.raises(AccountError, match=r"Only the offline account can make things fail: .*\.env"):
        getattr(faults, kind)(*(["tmr_1"] if kind == "press_cancel" else []))


# -- left on by somebody else


def test_a_notebook_ends_the_faults_that_would_strike_its_readers(capsys):
    ours, theirs = setup.own_reader("Counter 1"), setup.own_reader("Elsewhere")
    left = [faults.reader_busy(theirs.id), faults.webhook_lost()]
    ended = [faults.request_lost(), faults.reader_offline(ours.id), faults.command_lost()]
    for fault in (*left, *ended):
        fault.start()
    faults.clear_for("Counter 1")
    assert {fault.kind for fault in faults.active()} == {fault.kind for fault in left}
    said = capsys.readouterr().out.splitlines()
    assert sorted(line.partition(": ")[0] for line in said) == sorted(
        f"Ended a fault that was left on here. {fault.kind}" for fault in ended
    )
    faults.clear_for("Counter 1")
    assert capsys.readouterr().out == ""


def test_in_stripe_s_test_mode_there_are_none_to_end(monkeypatch, capsys):
    def send(*_, **__):
        raise AssertionError("something was sent")

    monkeypatch.setattr(stripe.RequestsClient, "request", send)
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    faults.clear_for("Counter 1")
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("client")
def test_looks_draw_nothing_so_the_same_seed_picks_the_same_cases():
    def cases(looks: int) -> list[str]:
        reset_account()
        reader, happened = setup.own_reader("Counter 1"), []
        with faults.rate_limit(chance=50, seed=3), faults.server_error(chance=30, seed=4):
            for _ in range(20):
                for _ in range(looks):
                    stripe_client().v1.terminal.readers.list()
                try:
                    stripe_client().v1.terminal.readers.cancel_action(reader.id)
                    happened.append("")
                except stripe.StripeError as problem:
                    happened.append(type(problem).__name__)
        return happened

    alone = cases(0)
    assert set(alone) == {"", "RateLimitError"}
    assert [cases(3), cases(1)] == [alone, alone]
