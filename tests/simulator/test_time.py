"""The account's time moves at the machine's pace from where it is, whatever the machine's clock is set to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient, account

from .sale import new_payment, new_reader

DAY = 86_400


class Machine:
    """A machine's clock, for the simulator alone: it can be set, and time passes as it is told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def set(self, days: float) -> None:
        """Somebody sets it forward, or back."""
        self.now += days * DAY

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    clock = Machine()
    monkeypatch.setattr(account, "time", clock)
    return clock


class Process:
    """One of several on the same file."""

    def __init__(self, path: Path, machine: Machine) -> None:
        self.simulator = Simulator(path)
        self.client = stripe.StripeClient(
            "sk_test_time", http_client=SimulatorHTTPClient(self.simulator), max_network_retries=2
        )
        self._machine = machine

    def clock(self) -> int:
        """The account's time, which says how far it is ahead."""
        found = self.client.raw_request("get", "/_simulator/clock").data
        assert abs(found["now"] - found["ahead"] - self._machine.now) <= 1.5
        return found["now"]


@pytest.fixture
def processes(tmp_path: Path, machine: Machine):
    both = [Process(tmp_path / "account.sqlite", machine) for _ in range(2)]
    yield both
    for each in both:
        each.simulator.close()


# How the machine's clock is set, one after the other, in days.
SET: dict[str, list[float]] = {
    "back": [-30],
    "ahead, and back": [30, -30],
    "back, and ahead": [-30, 30],
    "ahead by years, and back": [2000, -2000],
    "back and ahead, again and again": [-1, 1] * 10,
    "back by an hour, each day": [-1 / 24, 1] * 5,
    "back by less than a second": [-0.5 / DAY] * 5,
}


@pytest.mark.parametrize("writes", [True, False], ids=["writing", "only reading"])
@pytest.mark.parametrize("steps", SET.values(), ids=SET)
def test_it_moves_on_after_the_clock_was_set(processes, machine, steps, writes):
    new_payment(processes[0].client)
    before = processes[0].clock()
    for number, days in enumerate(steps):
        machine.set(days)
        process = processes[number % 2]
        now = new_payment(process.client).created if writes else process.clock()
        assert abs(now - before - max(days, 0) * DAY) <= 1, "from where it was"
        for _ in range(3):
            machine.passes(600)
            before, now = now, process.clock()
            assert abs(now - before - 600) <= 1
            assert [each.clock() for each in processes] == [now, now]
        before = now


def test_what_is_due_comes_in_time_after_the_clock_was_set_back(processes, machine):
    """Thirty days ahead once, and then right again: a hold still ends after two days."""
    client = processes[0].client
    new_reader(client)
    machine.set(30)
    reader, payment = new_reader(client), new_payment(client)
    client.v1.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader.id)
    machine.set(-30)
    assert processes[1].client.v1.payment_intents.retrieve(payment.id).status == "requires_capture"
    machine.passes(2 * DAY + 60)
    assert processes[1].client.v1.payment_intents.retrieve(payment.id).status == "canceled"


def test_a_machine_that_was_asleep(processes, machine):
    new_payment(processes[0].client)
    before = processes[0].clock()
    machine.passes(7 * DAY)
    assert processes[0].clock() - before == 7 * DAY
    assert processes[0].client.raw_request("get", "/_simulator/clock").data["ahead"] == 0


def test_what_was_advanced_is_added(processes, machine):
    one, other = processes
    before = one.clock()
    one.client.raw_request("post", "/_simulator/clock", advance=DAY)
    machine.set(-10)
    other.client.raw_request("post", "/_simulator/clock", advance=DAY)
    assert abs(one.clock() - before - 2 * DAY) <= 1
    assert abs(one.client.raw_request("get", "/_simulator/clock").data["ahead"] - 12 * DAY) <= 1


def test_an_empty_account_has_the_machine_s_time_again(processes, machine):
    one, other = processes
    one.clock()
    machine.set(30)
    new_payment(one.client)
    machine.set(-30)
    other.client.raw_request("post", "/_simulator/reset")
    for process in processes:
        assert abs(process.clock() - machine.now) <= 1
        assert process.client.raw_request("get", "/_simulator/clock").data["ahead"] == 0
