"""A fault strikes where, and as often, as it was told."""

from __future__ import annotations

import pytest
import stripe

from irl_helpers import faults, setup
from irl_helpers.account import AccountError, reset_account, stripe_client
from tests.faults.at_till import Till
from tests.simulator.sale import new_reader


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
