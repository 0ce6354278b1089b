"""The transport in process: its other half, and what importing a part of the simulator costs."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
import stripe

from irl_helpers.simulator import Simulator, SimulatorHTTPClient

from .serving import ROOT

SALE = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}


def test_the_librarys_asynchronous_calls(tmp_path):
    simulator = Simulator(tmp_path / "account.sqlite")
    client = stripe.StripeClient("sk_test_async", http_client=SimulatorHTTPClient(simulator))

    async def calls() -> stripe.PaymentIntent:
        payment = await client.v1.payment_intents.create_async({**SALE, "description": "Käse"})
        with pytest.raises(stripe.InvalidRequestError, match="No such"):
            await client.v1.payment_intents.retrieve_async("pi_nobody")
        return await client.v1.payment_intents.retrieve_async(payment.id)

    assert asyncio.run(calls()).description == "Käse"
    simulator.close()


@pytest.mark.parametrize("module", ["money", "cards", "declines", "account_file"])
def test_importing_a_table_loads_neither_the_library_nor_a_database(module):
    listing = f"import sys, irl_helpers.simulator.{module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not {"stripe", "sqlite3", "uvicorn", "dotenv"} & loaded


def test_only_what_is_public_can_be_taken_from_the_package():
    import irl_helpers.simulator as package

    assert all(getattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        package.Nothing  # noqa: B018 - the look itself is what must fail


@pytest.mark.parametrize("account", ["\ud800", "acct_\udfff", "ü"])
def test_no_header_makes_the_account_file_look_damaged(tmp_path, account):
    """In process a header is any str; half of a surrogate pair cannot be looked for in a file."""
    simulator = Simulator(tmp_path / "account.sqlite")
    headers = {"Authorization": "Bearer sk_test_header", "Stripe-Account": account}
    answer = simulator.handle("GET", "/v1/customers", headers)
    assert (answer.status, '"account_invalid"' in answer.body) == (403, True)
    answer.body.encode()
    simulator.close()
