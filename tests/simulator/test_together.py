"""Several processes and threads on one account file, and processes that are killed: nothing gets lost.

`make soak` kills three hundred, and races ten times.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from irl_helpers.simulator import Simulator
from irl_helpers.simulator.store import key_hash

from . import invariants, ledger
from .till import KEY

ROOT = Path(__file__).parents[2]
SOAK = int(os.environ.get("IRL_SOAK", "1"))
KILLS = 6 if SOAK == 1 else 300
# Everything in a file is looked at after each kill.
ON_ONE_FILE = 5
RACES = 1 if SOAK == 1 else 10
# How far a payment has come. It never goes back.
RANK = {"requires_payment_method": 0, "requires_capture": 1, "succeeded": 2, "canceled": 2}


def start(account: Path, name: str, threads: int, sales: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulator.till", str(account), name, str(threads), str(sales)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def check_answers(account: Path, lines: list[str]) -> None:
    """Everything that was answered is in the file, and given again to whoever asks with the same key."""
    simulator = Simulator(account)
    # What comes by itself a moment later has come.
    for method, form in (("POST", "advance=60"), ("GET", "")):
        simulator.handle(method, "/_simulator/clock", {"Authorization": f"Bearer {KEY}"}, form)
    objects = simulator.read(invariants.read, key_hash(KEY))
    ledger.check(objects, simulator.read(ledger.read, key_hash(KEY)))
    invariants.check(objects)
    for line in lines:
        key, path, form, status, body = json.loads(line)
        assert status == 200, body
        answer = json.loads(body)
        stored = objects[answer["id"]]
        assert stored["object"] == answer["object"]
        if answer["object"] == "payment_intent":
            assert RANK[stored["status"]] >= RANK[answer["status"]], (answer, stored)
            assert stored["created"] == answer["created"]
        headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": key}
        again = simulator.handle("POST", path, headers, form)
        assert (again.headers.get("Idempotent-Replayed"), again.body) == ("true", body)
    assert simulator.read(invariants.read, key_hash(KEY)) == objects, "answering again changes nothing"
    simulator.close()


@pytest.mark.parametrize("race", range(RACES))
def test_two_processes_and_eight_threads(tmp_path, race):
    account = tmp_path / "account.sqlite"
    tills = [start(account, name, threads=4, sales=8) for name in ("left", "right")]
    outputs = [till.communicate(timeout=300)[0] for till in tills]
    assert [till.returncode for till in tills] == [0, 0]
    lines = [line for output in outputs for line in output.splitlines()]
    # Each of eight tills: a location, a reader, and eight sales of five calls, three of which take more.
    assert len(lines) == 8 * (2 + 8 * 5 + 2 * 2 + 2)
    check_answers(account, lines)


def test_one_of_many_captures_a_payment(tmp_path):
    account = tmp_path / "account.sqlite"
    till = start(account, "till", threads=1, sales=0)
    _, reader = (
        json.loads(json.loads(line)[4])["id"] for line in till.communicate(timeout=60)[0].splitlines()
    )
    simulators = [Simulator(account) for _ in range(2)]
    headers = {"Authorization": f"Bearer {KEY}"}

    def post(simulator: Simulator, path: str, form: str = "") -> dict[str, Any]:
        response = simulator.handle("POST", path, headers, form)
        return {"status": response.status, "body": json.loads(response.body)}

    typed = "allowed_payment_method_types[]=card_present&capture_method=manual"
    payment = post(simulators[0], "/v1/payment_intents", f"amount=1000&currency=usd&{typed}")["body"]["id"]
    readers = f"/v1/terminal/readers/{reader}"
    post(simulators[1], f"{readers}/process_payment_intent", f"payment_intent={payment}")
    post(simulators[0], f"/v1/test_helpers/terminal/readers/{reader}/present_payment_method")
    answers: list[int] = []

    def capture(simulator: Simulator) -> None:
        answers.append(post(simulator, f"/v1/payment_intents/{payment}/capture")["status"])

    threads = [threading.Thread(target=capture, args=[simulators[number % 2]]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [400] * 7
    check_answers(account, [])
    for simulator in simulators:
        simulator.close()


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment(tmp_path_factory, seed):
    """Many on one file, so that a later process also finds what earlier ones were killed over."""
    account = tmp_path_factory.getbasetemp() / f"killed-{seed // ON_ONE_FILE}.sqlite"
    till = start(account, f"till-{seed}", threads=2, sales=10_000)
    lines = [till.stdout.readline()]
    reader = threading.Thread(target=lambda: lines.extend(till.stdout))
    reader.start()
    time.sleep(random.Random(seed).uniform(0, 0.4))
    till.kill()
    till.wait(timeout=20)
    reader.join()
    till.stdout.close()
    if not lines[-1].endswith("\n"):
        lines.pop()
    check_answers(account, lines)
