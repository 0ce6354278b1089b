"""What is in files, fetched from the served simulator; and that no upload goes anywhere else."""

from __future__ import annotations

import io
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from .serving import ROOT, Served, serve

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
KEY = "sk_test_downloads"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve("--account", str(tmp_path_factory.mktemp("files") / "account.sqlite")) as running:
        yield running


def upload(client: stripe.StripeClient, purpose: str, **options: str) -> stripe.File:
    return client.v1.files.create({"purpose": purpose, "file": io.BytesIO(PNG)}, options=options)


def fetch(url: str, **headers: str) -> tuple[int, bytes, str | None]:
    """(status, content, type) of the answer."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): v for name, v in headers.items()})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return answer.status, answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read(), None


def test_the_content_comes_back_to_whoever_has_the_key(served):
    url = upload(served.client(KEY), "dispute_evidence").url
    assert url.startswith(served.url)
    assert fetch(url, Authorization=f"Bearer {KEY}") == (200, PNG, "image/png")
    assert fetch(url, Authorization="Bearer sk_test_another")[0] == 404
    assert fetch(url)[0] == 401


def test_a_connected_account_has_files_of_its_own(served):
    client = served.client(KEY)
    account = client.v1.accounts.create().id
    url = upload(client, "business_logo", stripe_account=account).url
    assert fetch(url, Authorization=f"Bearer {KEY}")[0] == 404
    assert fetch(url, Authorization=f"Bearer {KEY}", Stripe_Account=account)[:2] == (200, PNG)


def test_what_shows_who_somebody_is_does_not_come_back(served):
    made = upload(served.client(KEY), "identity_document")
    assert made.url is None
    path = f"{served.url}/v1/files/{made.id}/contents"
    assert fetch(path, Authorization=f"Bearer {KEY}")[0] == 404


def test_a_signature_can_be_seen(served):
    client = served.client(KEY)
    reader = client.v1.terminal.readers.create({"registration_code": "simulated-wpe"}).id
    ask = {"type": "signature", "custom_text": {"title": "Sign here"}}
    client.v1.terminal.readers.collect_inputs(reader, {"inputs": [ask]})
    done = client.v1.test_helpers.terminal.readers.succeed_input_collection(reader)
    url = client.v1.files.retrieve(done.action.collect_inputs.inputs[0].signature.value).url
    status, content, type = fetch(url, Authorization=f"Bearer {KEY}")
    assert (status, type) == (200, "image/svg+xml")
    assert content.startswith(b"<svg")


def test_wherever_calls_are_led_here_uploads_are_too():
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.ipynb"], cwd=ROOT, capture_output=True, check=True
    )
    found = {
        (name, addresses)
        for name in listed.stdout.decode().split()
        for addresses in re.findall(r"base_addresses=(\{[^}]*\})", (ROOT / Path(name)).read_text("utf-8"))
    }
    assert len(found) > 4
    assert {one for one in found if "files" not in one[1]} == set()
