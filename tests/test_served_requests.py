"""What a served simulator was asked, as the counter's page reads it: in process and over HTTP."""

from __future__ import annotations

import time

import pytest
import stripe

from irl_helpers import served_requests
from irl_helpers.account import OFFLINE_KEY, AccountError, stripe_client
from irl_helpers.request_log import code_samples, unlogged
from tests.simulator.sale import new_payment
from tests.simulator.serving import serve


def test_any_programs_requests_are_read_in_process(account_file):
    assert served_requests.latest() == ([], False, [])
    with serve("--account", str(account_file)) as served:
        theirs = served.client(OFFLINE_KEY)
        payment = new_payment(theirs)
        theirs.v1.payment_intents.cancel(payment.id)
        end = time.monotonic() + 60
        while len(found := served_requests.latest(payment.id).requests) < 2:
            assert time.monotonic() < end, "they are written down within about a second"
            time.sleep(0.02)
        assert served_requests.latest(limit=1)[1:] == (True, [served.url])
        assert served_requests.latest(ending_before=found[0].id).requests == []
    canceled, created = found
    assert (canceled.path, created.status) == (f"/v1/payment_intents/{payment.id}/cancel", 200)
    sample = code_samples.as_python(created.as_logged())
    again = eval(sample, {"client": stripe_client()})
    assert (again.amount, again.object) == (payment.amount, "payment_intent"), sample


def test_a_panels_looks_are_not_written_down(account_file, monkeypatch):
    with serve("--account", str(account_file)) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        payment = new_payment(stripe_client())
        with unlogged():
            stripe_client().v1.payment_intents.retrieve(payment.id)
        assert [one.method for one in served_requests.latest().requests] == ["POST"]


def test_stripe_is_told_of_no_header_of_ours(monkeypatch):
    """Nobody answers here: what would have been sent is what a transport in its place got."""
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    sent = []

    def request(self, method, url, headers, post_data=None, **_):
        sent.append({name.lower() for name in headers})
        return "{}", 200, {}

    monkeypatch.setattr(stripe.RequestsClient, "request", request)
    with unlogged():
        stripe_client().v1.customers.list()
    assert sent
    assert not [name for name in sent[0] if "simulator" in name]
    with pytest.raises(AccountError, match="Only the offline account can list its requests"):
        served_requests.latest()
