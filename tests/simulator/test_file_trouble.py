"""An account file that goes wrong says so, in a sentence: 503 over HTTP, AccountFileError in process."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from irl_helpers.simulator import AccountFileError, Simulator, file_trouble
from irl_helpers.simulator.store import begin_anew

from .serving import refused, serve
from .spoiling import BEFORE, IN_USE, no_longer_files, small_disk, write_protected

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="disks, limits and open files as Linux has them"
)

KEY = "sk_test_trouble"
HEADERS = {"Authorization": f"Bearer {KEY}"}
PAYMENT = "amount=1000&currency=usd&description=" + "x" * 800
Call = Callable[..., tuple[int, dict[str, Any]]]
Answer = tuple[int, dict[str, Any]]


@contextmanager
def over_http(path: Path) -> Iterator[Call]:
    with serve("--account", str(path)) as served:

        def call(method: str, target: str, form: str = "") -> Answer:
            request = urllib.request.Request(
                served.url + target, form.encode() or None, HEADERS, method=method
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.code, json.load(refusal)

        call.process = served.process.pid
        yield call
        served.process.terminate()
        _, err = served.process.communicate(timeout=20)
        assert "Traceback" not in err


@contextmanager
def in_process(path: Path) -> Iterator[Call]:
    simulator = Simulator(path)

    def call(method: str, target: str, form: str = "") -> Answer:
        try:
            response = simulator.handle(method, target, HEADERS, form)
        except AccountFileError as trouble:
            return 503, {"error": {"type": "api_error", "message": str(trouble)}}
        return response.status, json.loads(response.body)

    call.process = 0
    yield call
    simulator.close()


@pytest.fixture(params=[over_http, in_process], ids=["over HTTP", "in process"])
def using(request) -> Callable[[Path], Any]:
    return request.param


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder" / "account.sqlite"


def pay(call: Call) -> str:
    status, payment = call("POST", "/v1/payment_intents", PAYMENT)
    assert status == 200, payment
    return payment["id"]


def check_sentence(answer: Answer, path: Path, expected: str) -> None:
    status, body = answer
    assert (status, body.get("error", {}).get("type")) == (503, "api_error"), body
    message = body["error"]["message"]
    assert message.startswith((str(path), f"The disk of {path}"))
    assert expected in message
    assert "\n" not in message


def check_reset(call: Call, path: Path) -> None:
    """A reset works whatever happened, and what is answered then is kept."""
    assert call("POST", "/_simulator/reset")[0] == 200
    assert call("GET", "/v1/payment_intents")[1]["data"] == []
    payment = pay(call)
    with in_process(path) as another:
        assert another("GET", f"/v1/payment_intents/{payment}")[0] == 200


@pytest.mark.parametrize("kind", IN_USE)
def test_in_use(using, path, kind):
    """Nothing is answered that would be lost, neither to write nor to read, and nothing is refused."""
    spoil, expected = IN_USE[kind]
    with using(path) as call:
        payments = [pay(call) for _ in range(3)]
        if expected == "is damaged":
            # Otherwise all of it is still in the log.
            with closing(sqlite3.connect(path)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pay(call)
        spoil(path)
        for request in (
            ("POST", "/v1/payment_intents", PAYMENT),
            ("GET", f"/v1/payment_intents/{payments[0]}"),
            ("GET", "/v1/payment_intents/pi_nobody"),
        ):
            check_sentence(call(*request), path, expected)
        check_reset(call, path)


@pytest.mark.parametrize("kind", BEFORE)
def test_before_it_is_opened(path, kind):
    spoil, expected = BEFORE[kind]
    with in_process(path) as call:
        pay(call)
    spoil(path)
    code, out, err = refused("--port", "0", "--account", str(path))
    assert (code, out, err.count("\n")) == (2, "", 1)
    with pytest.raises(AccountFileError) as caught:
        Simulator(path)
    assert f"{caught.value}\n" == err
    assert f"{path} {expected}" in err
    spoiled = path.read_bytes()
    begin_anew(path).close()
    assert path.with_name("account.sqlite.damaged").read_bytes() == spoiled, "it is kept"
    with in_process(path) as call:
        check_reset(call, path)


def fill(call: Call) -> tuple[list[str], Answer]:
    """Pay until there is no room; the payments, and what was said then."""
    payments = []
    for _ in range(3000):
        status, body = call("POST", "/v1/payment_intents", PAYMENT)
        if status != 200:
            return payments, (status, body)
        payments.append(body["id"])
    raise AssertionError("there was room for all of them")


def test_full_disk(using, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "account.sqlite"
        with using(path) as call:
            payments, said = fill(call)
            check_sentence(said, path, "is full")
            found = call("GET", "/v1/payment_intents?limit=100")[1]["data"]
            assert [each["id"] for each in found] == payments[: -len(found) - 1 : -1], "reading goes on"
            check_reset(call, path)


def test_files_that_cannot_grow(using, path):
    """As where a quota is used up: everything that was answered is there, and the rest works again later."""
    with using(path) as call:
        pay(call)
        with no_longer_files(600_000, call.process):
            payments, said = fill(call)
            check_sentence(said, path, "cannot be read or written")
        again = pay(call)
        for payment in (payments[0], payments[-1], again):
            assert call("GET", f"/v1/payment_intents/{payment}")[0] == 200
        with no_longer_files(600_000, call.process):
            fill(call)
            check_reset(call, path)


def test_write_protected_disk(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "account.sqlite"
        with in_process(path) as call:
            payment = pay(call)
        with write_protected(disk):
            for attempt in (Simulator, begin_anew):
                with pytest.raises(AccountFileError, match="cannot be written") as caught:
                    attempt(path)
                assert str(path) in str(caught.value)
            code, _, err = refused("--port", "0", "--account", str(path))
            assert (code, err.count("\n")) == (2, 1)
            assert f"{path} cannot be written" in err
        with in_process(path) as call:
            assert call("GET", f"/v1/payment_intents/{payment}")[0] == 200


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.geteuid(), reason="nothing is closed to root")
def test_write_protected_file(using, path):
    with in_process(path) as call:
        payment = pay(call)
    path.chmod(0o444)
    with using(path) as call:
        assert call("GET", f"/v1/payment_intents/{payment}")[0] == 200
        check_sentence(call("POST", "/v1/payment_intents", PAYMENT), path, "cannot be written")
        check_reset(call, path)


# -- a lock of another program


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_lock_of_another_program(using, path):
    with using(path) as call:
        payment = pay(call)
        answers: list[Answer] = []
        writer = threading.Thread(target=lambda: answers.append(call("POST", "/v1/payment_intents", PAYMENT)))
        with locked(path):
            begun = time.monotonic()
            writer.start()
            waited = []
            while writer.is_alive():
                before = time.monotonic()
                assert call("GET", f"/v1/payment_intents/{payment}")[0] == 200, "reads go on"
                waited.append(time.monotonic() - before)
                time.sleep(0.02)
            writer.join()
            assert file_trouble.PATIENCE <= time.monotonic() - begun < file_trouble.PATIENCE + 2
            assert len(waited) > 10, "and do not wait"
            check_sentence(answers[0], path, "is being written by another program")
        assert len(call("GET", "/v1/payment_intents")[1]["data"]) == 1, "nothing was changed"
        pay(call)
