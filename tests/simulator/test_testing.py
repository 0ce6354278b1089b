"""The pytest plugin: what the README says of it runs, and no other run of pytest notices it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

import irl_helpers.simulator

from .receiver import receiving
from .sale import ADDRESS
from .serving import ROOT
from .test_readme import BLOCKS

PLUGIN = "irl_helpers.simulator.testing"


SHOP = {"id": "tml_shop", "display_name": "Shop", "address": ADDRESS}
WRONG = """
import pytest

@pytest.mark.terminal(seed={"readers": [{"colour": 1}]})
def test_wrong(terminal):
    pass

@pytest.mark.terminal(seed="missing.json")
def test_missing(terminal):
    pass

@pytest.mark.terminal("shop.json")
def test_unnamed(terminal):
    pass
"""


def test_what_the_readme_says_of_it_runs_wherever_the_simulator_is(tmp_path):
    """One run of pytest that knows nothing of this project but the simulator, lifted out of it."""
    package = tmp_path / "lifted"
    shutil.copytree(Path(irl_helpers.simulator.__file__).parent, package / "terminal_offline")
    python = [code for language, code in BLOCKS if language == "python" and "def test_" in code]
    [seed] = [code for language, code in BLOCKS if language == "json"]
    application = [code for language, code in BLOCKS if language == "js"][1]
    (tmp_path / "order.mjs").write_text(application, encoding="utf-8")
    packages = ROOT / "tests" / "clients" / "node_modules"
    runs = shutil.which("node") is not None and (packages / "stripe").is_dir()
    if runs:
        (tmp_path / "node_modules").symlink_to(packages)
    else:
        python = [code for code in python if "node" not in code]
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_shop.py").write_text("\n\n".join(python), encoding="utf-8")
    (tmp_path / "shop.json").write_text(seed, encoding="utf-8")
    (tmp_path / "test_wrong.py").write_text(WRONG)
    options = ["-p", "terminal_offline.testing", "--strict-markers", "-Werror", "-q"]
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(package), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{5 if runs else 4} passed, 3 errors" in run.stdout, run.stdout + run.stderr
    assert "the seed: readers[0].colour: Received unknown parameter: colour" in run.stdout
    assert "missing.json: it cannot be read (No such file" in run.stdout
    assert 'The marker is written as @pytest.mark.terminal(seed="shop.json").' in run.stdout
    assert "Traceback" not in run.stdout


LOADED = f"import sys, {PLUGIN}; print(*(name for name in sys.modules if name.startswith(('irl', 'stripe'))))"


def test_nothing_but_pytest_is_imported_until_a_test_asks():
    run = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    # Those on the way to it, which import nothing either.
    assert set(run.stdout.split()) == {
        "irl_helpers",
        "irl_helpers.moved",
        "irl_helpers.simulator",
        PLUGIN,
    }


# -- in this run of pytest


def ask(client: stripe.StripeClient, reader: str, **process: object) -> str:
    """A payment that the reader asks for; its id."""
    payment = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    )
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": payment.id, **process})
    return payment.id


def test_an_application_finds_the_server_in_its_environment(terminal_server):
    served = os.environ["STRIPE_API_BASE"]
    application = stripe.StripeClient(
        os.environ["STRIPE_SECRET_KEY"], base_addresses={"api": served, "files": served}
    )
    [reader] = application.v1.terminal.readers.list().data
    with receiving() as receiver:
        secret = application.v1.webhook_endpoints.create(
            {"url": receiver.url, "enabled_events": ["terminal.reader.action_failed"]}
        ).secret
        ask(application, reader.id)
        terminal_server.tap(card="4000 0000 0000 0002")
        assert receiver.next(secret).type == "terminal.reader.action_failed"
    fetched = terminal_server.webhooks()
    secret = os.environ["STRIPE_WEBHOOK_SECRET"]
    types = [stripe.Webhook.construct_event(one.body, one.signature, secret).type for one in fetched]
    assert types == [one.event["type"] for one in fetched]
    assert (types[0], types[-1]) == ("payment_intent.created", "terminal.reader.action_failed")
    assert terminal_server.webhooks() == []


def test_each_test_has_an_empty_account(terminal, terminal_server):
    for shop in (terminal, terminal_server):
        assert shop.client.v1.payment_intents.list().data == []
        assert [one.id for one in shop.client.v1.terminal.readers.list()] == [shop.reader.id]
    assert terminal.key != terminal_server.key


@pytest.fixture(params=["terminal", "terminal_server"])
def shop(request):
    return request.getfixturevalue(request.param)


@pytest.mark.terminal(seed={"locations": [SHOP], "readers": [{"location": "tml_shop"}]})
def test_a_customer_chooses_a_tip_once(shop):
    v1 = shop.client.v1
    tipping = v1.terminal.configurations.create({"tipping": {"usd": {"percentages": [10, 15, 20]}}})
    v1.terminal.locations.update("tml_shop", {"configuration_overrides": tipping.id})
    received = []
    for tip in (150, None):
        payment = ask(shop.client, shop.reader.id)
        if tip:
            shop.tip(tip)
        shop.tap("mastercard")
        received.append(v1.payment_intents.retrieve(payment).amount_received)
    assert received == [1150, 1000]


def test_a_customer_cancels(shop):
    ask(shop.client, shop.reader.id, process_config={"enable_customer_cancellation": True})
    shop.press_cancel()
    action = shop.client.v1.terminal.readers.retrieve(shop.reader.id).action
    assert (action.status, action.failure_code) == ("failed", "customer_canceled")


def test_another_reader_gets_its_own_tap(shop):
    bar = shop.client.v1.terminal.readers.create({"registration_code": "simulated-s700"})
    ask(shop.client, bar.id)
    with pytest.raises(stripe.InvalidRequestError, match="not waiting"):
        shop.tap()
    assert shop.tap(reader=bar.id).action.status == "succeeded"


def test_faults_last_as_long_as_they_are_told(shop):
    readers = shop.client.v1.terminal.readers
    with shop.faults.reader_offline(reader=shop.reader.id):
        assert readers.retrieve(shop.reader.id).status == "offline"
    assert readers.retrieve(shop.reader.id).status == "online"
    fault = shop.faults.command_lost(count=1)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        ask(shop.client, shop.reader.id)
    assert caught.value.code == "terminal_reader_timeout"
    fault.stop()  # it has ended by itself
    shop.faults.reader_busy()
    shop.faults.clear()
    ask(shop.client, shop.reader.id)
    assert "slow_bank" in dir(shop.faults)
    with pytest.raises(AttributeError, match="There is no fault 'lost_bank', only reader_offline, "):
        shop.faults.lost_bank()


def test_webhooks_are_late_until_the_clock_reaches_them(shop):
    before = shop.clock.now
    with shop.faults.webhook_late(seconds=60):
        ask(shop.client, shop.reader.id)
    assert shop.webhooks() == []
    shop.clock.advance(minutes=1)
    assert shop.clock.now >= before + 60
    assert [one.event["type"] for one in shop.webhooks()] == ["payment_intent.created"]


@pytest.mark.parametrize("card", ["4111111111111111", "visa_gold", ""])
def test_only_test_cards_can_be_held_to_it(card, terminal):
    ask(terminal.client, terminal.reader.id)
    with pytest.raises(ValueError, match="not one of Stripe's test cards"):
        terminal.tap(card)
