"""What happens at the counter, in four lists that follow by themselves, or in one about a single object."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import NamedTuple

import ipywidgets as W
import stripe

from .. import served_requests, webhooks
from ..account import OFFLINE_KEY, call, curl_target, offline_controls, stripe_client
from ..served_requests import Latest, ServedRequest
from ..settings import programs_can_run
from ..simulator.traffic_file import KEPT
from ..webhooks import Listed
from . import counter_rows as rows
from .layout import field, row
from .live_list import Detail, LiveList
from .panel import Panel
from .presses import PressButton
from .story import concerns, tell

REQUESTS, OTHERS = 100, 50  # lines of a list
STORY = 100  # events that are looked through for one object


class ListsSeen(NamedTuple):
    """What the account has for the lists, newest first; `about` is the object that is followed, '' for
    all."""

    about: str
    requests: Latest
    events: list[stripe.Event]
    webhooks: list[Listed]
    endpoints: list[stripe.WebhookEndpoint]
    payments: list[stripe.PaymentIntent]


class CounterLists:
    """`view` has the lists and `find`, a field for the id of an object to follow.

    `read` may run in a thread, `show` draws what it found; `mark` is another once there is more to read.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._seen: ListsSeen | None = None
        self._read_at: object = None  # the revision at which these two were read, and about what
        self._events: list[stripe.Event] = []
        self._payments: list[stripe.PaymentIntent] = []
        self._webhooks: dict[str, Listed] = {}
        self._endpoints: list[stripe.WebhookEndpoint] = []
        self._requests: dict[str, ServedRequest] = {}
        self.find = field(W.Text, "Follow", placeholder="pi_…, tmr_…, or any id", continuous_update=False)
        self.find.observe(lambda _: self._follow(), "value")
        self.everything = panel.presses.button("Show everything", self._show_everything)
        self._sent_again = panel.presses.button(rows.SEND[1], self._send_again)
        self._deleted = panel.presses.button(rows.DELETE[1], self._delete)
        for button in self.unseen():
            button.allow(True)
        self._pressed_of = ""  # the line in which something was pressed
        self.requests, self.events, self.webhooks, self.payments, self.story = (
            LiveList(label, "", self._detail, self._pressed)
            for label in ("Requests", "Events", "Webhooks", "Payments", "What happened")
        )
        self.endpoints = LiveList("Endpoints", "", self._detail, self._pressed)
        self.headings = {each: W.HTML() for each in self._lists}
        self._all = W.VBox([self._part(each) for each in self._lists[:-1]]).add_class("irl-lists")
        self._one = W.VBox([self._part(self.story)]).add_class("irl-lists")
        self.view = W.VBox([row(self.find, self.everything), self._all, self._one])
        self._arrange("")

    @property
    def _lists(self) -> tuple[LiveList, ...]:
        return self.requests, self.events, self.webhooks, self.payments, self.story

    def _part(self, each: LiveList) -> W.VBox:
        above = [self.endpoints] if each is self.webhooks else []
        return W.VBox([self.headings[each], *above, each]).add_class("irl-list")

    # -- what is

    def mark(self) -> tuple[object, ...]:
        """What is another once a program asked something, or a webhook that is due was tried; cheap."""
        if offline_controls() is None:
            return ()
        latest = served_requests.latest(limit=1)
        newest = tuple((one.id, one.times) for one in latest.requests)
        unsettled = any(each.state in ("due", "on its way") for each in self._webhooks.values())
        tried = tuple((one.state, len(one.tries)) for one in webhooks.deliveries()) if unsettled else ()
        return newest, *latest.served, tried

    def read(self, revision: int | None) -> ListsSeen:
        """One look at an account of this revision, None where nobody knows it.

        A program that only asks changes nothing: then its requests alone are read again, and what became of
        webhooks.
        """
        about = self.find.value.strip()
        if revision is None or (revision, about) != self._read_at:
            client = stripe_client()
            self._events = client.v1.events.list({"limit": STORY if about else OTHERS}).data
            if about:
                self._events = [event for event in self._events if concerns(event, about)]
            self._payments = client.v1.payment_intents.list({"limit": OTHERS}).data
            if offline_controls() is not None:
                self._endpoints = client.v1.webhook_endpoints.list({"limit": OTHERS}).data
            self._read_at = (revision, about)
        requests, sent = Latest([], False, []), list[Listed]()
        if offline_controls() is not None:
            requests = served_requests.latest(about or None, limit=KEPT)
            sent = webhooks.deliveries()
        if about:
            known = {event.id for event in self._events}
            sent = [each for each in sent if each.event in known or each.endpoint == about]
        return ListsSeen(about, requests, self._events, sent, self._endpoints, self._payments)

    def show(self, seen: ListsSeen) -> None:
        """Draw it."""
        self._seen = seen
        self._webhooks = _named(seen.webhooks)
        asked = sorted(seen.requests.requests, key=lambda one: one.at, reverse=True)
        self._requests = {one.id: one for one in asked}
        requests = {one.id: rows.request_row(one) for one in asked}
        events = [rows.event_row(each) for each in seen.events]
        sent = [rows.webhook_row(each, id) for id, each in self._webhooks.items()]
        self.endpoints.show(
            [rows.endpoint_row(each, self._with_address(each.url)) for each in seen.endpoints]
        )
        self.endpoints.layout.display = "" if seen.endpoints else "none"
        if seen.about:
            lines = requests | {each.id: each for each in [*events, *sent]}
            self.story.show([lines[id] for id in tell(asked, seen.events, self._webhooks.items())])
        else:
            self.requests.show([*requests.values()][:REQUESTS])
            self.events.show(events)
            self.webhooks.show(sent[:OTHERS])
            self.payments.show([rows.payment_row(each) for each in seen.payments])
        self._say(seen)
        self._arrange(seen.about)

    def _say(self, seen: ListsSeen) -> None:
        served = ", ".join(seen.requests.served)
        said = {
            self.requests: (f"the last {KEPT} of any program, to the served simulator", _no_requests(served)),
            self.events: ("of every program, this page and notebooks too", "Nothing has happened here yet."),
            self.webhooks: ("events, and what endpoints answered", _no_webhooks(bool(seen.endpoints))),
            self.payments: (rows.held(seen.payments), "There is no payment yet."),
            self.story: (
                f"{seen.about}, as far as the last {KEPT} requests tell",
                f"Nothing in this account names {seen.about}.",
            ),
        }
        for each, (note, empty) in said.items():
            heading = f"<h3>{escape(each.label)} <small>{escape(note)}</small></h3>"
            if self.headings[each].value != heading:
                self.headings[each].value = heading
            each.empty = empty

    def _arrange(self, about: str) -> None:
        self._all.layout.display = "none" if about else ""
        self._one.layout.display = "" if about else "none"
        self.everything.layout.display = "" if about else "none"
        self.everything.allow(bool(about))

    def _detail(self, id: str) -> Detail | None:
        seen = self._seen
        if seen is None:
            return None
        if id in self._webhooks:
            return rows.webhook_detail(self._webhooks[id])
        if id in self._requests:
            target = curl_target()
            address = next(iter(seen.requests.served), target.address)
            return rows.request_detail(self._requests[id], address, target.user)
        for endpoint in seen.endpoints:
            if endpoint.id == id:
                return rows.endpoint_detail(endpoint, self._with_address(endpoint.url))
        for event in seen.events:
            if event.id == id:
                return rows.event_detail(event)
        return next((rows.payment_detail(each) for each in seen.payments if each.id == id), None)

    def _with_address(self, url: str) -> int:
        """How many endpoints have it."""
        return sum(each.url == url for each in self._seen.endpoints) if self._seen is not None else 0

    # -- what is pressed

    def _pressed(self, name: str, id: str) -> None:
        if name == rows.FOLLOW[0] and self._seen is not None:
            about = next((rows.subject(each) for each in self._seen.events if each.id == id), id)
            self.find.value = about
        elif name == rows.SEND[0]:
            self._pressed_of = id
            self._panel.presses.press(self._sent_again, self._send_again)
        elif name == rows.DELETE[0]:
            self._pressed_of = id
            self._panel.presses.press(self._deleted, self._delete)

    def _follow(self) -> None:
        self._panel.touch()
        self._panel.watch.look_soon()

    async def _show_everything(self) -> None:
        self.find.value = ""

    async def _send_again(self) -> None:
        webhook = self._webhooks.get(self._pressed_of)
        if webhook is not None:
            await call(webhooks.send_again, webhook.id)
            self._panel.say(f"{webhook.event} is sent to {webhook.url} again.")

    async def _delete(self) -> None:
        id = self._pressed_of
        await call(stripe_client().v1.webhook_endpoints.delete, id)
        self._panel.say(f"{id} is deleted: nothing is sent to it any more.")

    def unseen(self) -> list[PressButton]:
        """What is not laid out."""
        return [self._sent_again, self._deleted]


_NONE_SENT = "No event was sent to an endpoint yet."
_NO_ENDPOINT = (
    " Your application makes one with the address at which it listens: "
    "stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:4242/webhook', enabled_events: ['*'] })."
)


def _no_webhooks(endpoints: bool) -> str:
    if offline_controls() is None:
        return "Stripe lists them in the Dashboard: Developers, then Webhooks."
    return _NONE_SENT if endpoints else _NONE_SENT + _NO_ENDPOINT


def _no_requests(served: str) -> str:
    """Why no request is listed."""
    if offline_controls() is None:
        return "Stripe lists them in the Dashboard: Developers, then Logs."
    if served:
        return f"No program has asked anything yet. Send it to {served} with the key {OFFLINE_KEY}."
    why = (
        "make counter serves this account and shows this page, make serve serves it alone"
        if programs_can_run()
        else "no program can reach a browser tab. On your own machine, make counter serves the account"
    )
    return (
        f"Nothing is served now, and so nothing is listed: {why}. What notebooks ask in their own process is "
        "never listed here; their events and payments are."
    )


def _named(sent: list[Listed]) -> dict[str, Listed]:
    """Each with an id of its own: one that a fault doubled is there twice."""
    found, times = {}, Counter[str]()
    for each in sent:
        times[each.id] += 1
        found[each.id if times[each.id] == 1 else f"{each.id}:{times[each.id]}"] = each
    return found
