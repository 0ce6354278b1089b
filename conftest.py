"""Everything is tested offline and on temporary files: the user's own key and account are out of reach.

It is next to `tests/` and `notebooks/` because pytest asks a conftest only about what lies below it.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.notebooks.offline import NO_STRIPE, OFFLINE_STEP, offline_environment, offline_only

# As an installed package it is loaded by itself; a working copy that was not installed again has it too.
pytest_plugins = ["irl_helpers.simulator.testing"]

folder = pytest.StashKey[Path]()
test_key = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--stripe` says which Stripe the contract tests talk to."""
    parser.addoption(
        "--stripe",
        choices=("simulator", "test-mode"),
        default="simulator",
        help="what the `client` fixture talks to; test-mode needs STRIPE_SECRET_KEY and the network",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests away from the learner's own account and keys."""
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    if config.getoption("stripe") == "test-mode":
        config.stash[test_key] = key
        if not key.startswith(("sk_test_", "rk_test_")):
            raise pytest.UsageError("--stripe=test-mode needs a STRIPE_SECRET_KEY that begins with sk_test_")
    config.stash[folder] = Path(tempfile.mkdtemp(prefix="irl-tests-"))
    os.environ.update(offline_environment(config.stash[folder]))


def pytest_collection_finish() -> None:
    """Thousands of tests stay until the end: whoever looks for garbage need not walk through them."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the files of this run."""
    if folder in config.stash:
        shutil.rmtree(config.stash[folder], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Every notebook gets an empty account of its own; nbval starts its kernel after this."""
    os.environ.update(NO_STRIPE)
    if item.path.suffix == ".ipynb":
        name = "-".join(item.path.relative_to(item.config.rootpath).with_suffix("").parts)
        os.environ["IRL_ACCOUNT_FILE"] = str(item.config.stash[folder] / f"{name}.sqlite")
        key = "" if offline_only(item.path) else item.config.stash.get(test_key, "")
        os.environ["STRIPE_SECRET_KEY"] = key
        if key and OFFLINE_STEP in getattr(item, "cell", {}).get("metadata", {}).get("tags", []):
            pytest.skip("this step works in the offline account only")


@pytest.fixture(scope="session")
def stripe_test_key(request: pytest.FixtureRequest) -> str | None:
    """The key of a Stripe account in test mode, if the tests were pointed at one."""
    return request.config.stash.get(test_key, None)
