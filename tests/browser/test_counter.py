"""The counter beside an application in Node: it sells, and at the page somebody only holds the card.

One start of `make counter`, and one page, for all of it.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.sync_api import Locator, Page, expect

from irl_helpers.account import OFFLINE_KEY
from irl_helpers.collect import create_payment
from irl_helpers.connect import list_readers
from tests.browser import axe, shown
from tests.browser.servers import counter
from tests.browser.shots import shot
from tests.clients.test_clients import HERE as CLIENTS

HOSTILE = '<img src="x" onerror="document.title = 1">'
PATIENCE = 20_000  # milliseconds: what a busy machine may need


class Receiver(BaseHTTPRequestHandler):
    """Checks each webhook with the secret of this class, and `/wrong` with another, as who mixed them up."""

    secret: ClassVar[str] = ""
    known: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.known.wait(20)
        secret = "whsec_another" if self.path == "/wrong" else self.secret
        try:
            stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], secret)
            status, answer = 200, '{"received": true}'
        except stripe.SignatureVerificationError as problem:
            status, answer = 400, f"Webhook Error: {problem}"
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def receiver() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def lines(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True).locator("details")


def shows(page: Page, name: str, *texts: str) -> None:
    """A line of this list has all of these texts."""
    found = lines(page, name)
    for text in texts:
        found = found.filter(has_text=text)
    expect(found.first).to_be_visible(timeout=PATIENCE)


def test_an_application_in_node_sells_at_the_counter(page, tmp_path, receiver, monkeypatch):
    node = shutil.which("node")
    if node is None or not (CLIENTS / "node_modules/stripe").is_dir():
        pytest.skip("Node and its packages are needed: run `make test` where npm is")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with counter(tmp_path) as served:
        monkeypatch.setenv("IRL_ACCOUNT_FILE", str(served.account))
        assert [reader.label for reader in list_readers()] == ["Counter 1"]  # before anybody opens the page
        page.goto(served.page)
        expect(page.locator(".irl-state")).to_have_text(
            "the reader waits for your application", timeout=60_000
        )
        expect(page.locator(".irl-live-empty").first).to_contain_text(f"Send it to {served.api}")
        expect(page.locator(".irl-counter small").first).to_contain_text(OFFLINE_KEY)

        program = [node, str(CLIENTS / "held_sale.mjs"), served.api, f"{receiver}/right", HOSTILE]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as application:
            assert application.stdout is not None
            Receiver.secret = json.loads(application.stdout.readline())["secret"]
            Receiver.known.set()
            payment = json.loads(application.stdout.readline())["asks"]
            expect(page.locator(".irl-state")).to_have_text("the reader asks for a card", timeout=PATIENCE)
            expect(page.locator(".irl-touch img")).to_have_attribute("alt", re.compile(r"\$12\.50, tap"))
            page.locator(".irl-card").filter(has_text="Visa").first.click()
            said = json.loads(application.communicate(timeout=60)[0])
        assert said == {"captured": 1250, "status": "succeeded"}
        approved = "the card was approved, and the payment is captured"
        expect(page.locator(".irl-state")).to_have_text(approved, timeout=PATIENCE)
        shows(page, "Requests", f"{payment}/capture", "200", "Node")
        shows(page, "Requests", "POST", "process_payment_intent", payment)
        shows(page, "Events", "payment_intent.succeeded", payment, "$12.50")
        shows(page, "Webhooks", "payment_intent.succeeded", f"{receiver}/right", "200")
        shows(page, "Payments", payment, "$12.50", "succeeded", HOSTILE)
        shot(page, "counter-sold", whole=True)

        # What is opened stays open, and keeps the keyboard's focus, while lines come.
        line = lines(page, "Requests").filter(has_text="/capture").first
        line.locator("summary").click()
        line.get_by_role("button", name="Node").click()
        expect(line.locator("pre")).to_contain_text(f'stripe.paymentIntents.capture("{payment}")')
        client = stripe.StripeClient(OFFLINE_KEY, base_addresses={"api": served.api, "files": served.api})
        wrong = {"url": f"{receiver}/wrong", "enabled_events": ["payment_intent.created"]}
        client.v1.webhook_endpoints.create(wrong)
        shows(page, "Requests", "/v1/webhook_endpoints", "/wrong", "Python")
        expect(line.locator("pre")).to_contain_text("stripe.paymentIntents.capture")
        expect(line.get_by_role("button", name="Node")).to_be_focused()

        # A notebook's payment is there too, and no request; who verifies wrongly is told so.
        own = create_payment(990)
        shows(page, "Payments", own.id, "$9.90")
        shows(page, "Webhooks", "payment_intent.created", "/wrong", "400 signature not verified")
        expect(lines(page, "Requests").filter(has_text=own.id)).to_have_count(0)
        unverified = lines(page, "Webhooks").filter(has_text="not verified").first
        unverified.locator("summary").click()
        expect(unverified).to_contain_text("could not verify the signature")
        expect(unverified.get_by_role("button", name="Send again")).to_be_visible()
        axe.finds_nothing(page)

        # From the first request to the last webhook.
        page.get_by_label("Follow", exact=True).fill(payment)
        page.keyboard.press("Enter")
        story = lines(page, "What happened")
        expect(story.first).to_contain_text("amount=1250", timeout=PATIENCE)
        shown.Look(story.locator(".irl-path").all_inner_texts).passes(in_order, "the story in its order")
        axe.finds_nothing(page)

        page.get_by_role("button", name="Show everything").click()
        shows(page, "Requests", f"{payment}/capture")
        on_a_telephone(page, "light")
        page.emulate_media(color_scheme="dark")
        page.goto(served.page)
        shows(page, "Requests", f"{payment}/capture")
        expect(page.locator("body")).to_have_css("background-color", "rgb(17, 17, 17)")
        shot(page, "counter-dark", whole=True)
        axe.finds_nothing(page)
        on_a_telephone(page, "dark")
        assert (broken, page.locator('img[src="x"]').count()) == ([], 0)

        served.process.terminate()
        assert served.process.wait(30) == 0
        for address in (served.api, served.page):
            with pytest.raises(ConnectionRefusedError), socket.create_connection(_place(address), 5):
                pass


STORY = ["/v1/payment_intents ", "process_payment_intent", "charge.succeeded", "/capture", "charge.captured"]


def in_order(told: list[str]) -> bool:
    places = [" ".join(told).find(step) for step in STORY]
    return -1 not in places and places == sorted(places)


def on_a_telephone(page: Page, theme: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    shown.fits(page)
    shown.can_be_read(page, diagrams=0)
    lines(page, "Payments").first.scroll_into_view_if_needed()
    expect(page.locator(".irl-state")).to_be_in_viewport()
    shot(page, f"counter-390-{theme}", whole=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return str(parts.hostname), int(parts.port or 0)
