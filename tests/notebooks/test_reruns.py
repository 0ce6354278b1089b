"""Notebooks run in any order, again, on a used account and whatever was left on in it, and do not litter it.

nbval runs each of them alone, on an empty account, and compares its outputs; here they share one.
"""

from __future__ import annotations

import pytest

from irl_helpers import checks, clock, faults
from irl_helpers.simulator.faults import KINDS
from tests.notebooks.running import name, notebooks, run


@pytest.fixture(scope="module")
def shared_account(tmp_path_factory):
    return tmp_path_factory.mktemp("shared") / "account.sqlite"


def reader_ids() -> set[str]:
    from irl_helpers.account import stripe_client

    return {reader.id for reader in stripe_client().v1.terminal.readers.list().auto_paging_iter()}


@pytest.mark.parametrize("path", notebooks(), ids=name)
def test_in_order_on_one_account(path, shared_account, monkeypatch):
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(shared_account))
    run(path)


@pytest.mark.parametrize("path", notebooks()[::-1], ids=name)
def test_again_in_reverse_on_what_they_left_with_everything_on(path, shared_account, monkeypatch):
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(shared_account))
    readers = reader_ids()
    leave_everything_on()
    run(path)
    faults.clear()  # where a notebook leaves them on: they are there for somebody's own application
    assert reader_ids() == readers


def leave_everything_on():
    """Every fault that there is, for every reader, as somebody may have left them; and a clock that ran."""
    for kind in set(KINDS) - {"slow_answer"}:
        getattr(faults, kind)().start()
    clock.advance(days=8)


def test_what_notebooks_do_by_themselves_solves_no_exercise(shared_account, monkeypatch):
    monkeypatch.setenv("IRL_ACCOUNT_FILE", str(shared_account))
    for result in checks.progress().results.values():
        assert not result.points[0].passed, result
