"""The counter: its customer answers whatever a program asks at the reader; its lists say what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import stripe
from stripe import EventService

from irl_helpers import faults, save_a_card, setup, tips
from irl_helpers.account import OFFLINE_KEY, reset_account, stripe_client
from irl_helpers.cards import card_number
from irl_helpers.collect import create_payment, process_payment, simulate_payment
from irl_helpers.panels import CounterPanel, customer
from irl_helpers.panels.live_list import MOST_OPEN, Detail, LiveList, Row
from irl_helpers.panels.story import tell
from irl_helpers.served_requests import ServedRequest
from irl_helpers.simulator.ids import ordered_id
from tests.simulator.serving import Served, serve

VISA, WITH_PIN, INTERAC = "4242424242424242", "4001000360000005", "4506445006931933"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(customer, "TYPING_A_PIN", 0)
    monkeypatch.setattr(customer, "ASKING", 0)


def at(work: Callable[[CounterPanel], Awaitable[None]]) -> CounterPanel:
    """Do something at a counter, and look at it afterwards."""

    async def run() -> CounterPanel:
        panel = CounterPanel()
        await work(panel)
        await panel.look()
        panel.close()
        assert panel.error == ""
        return panel

    return asyncio.run(run())


def heard(screen: Any, **content: str) -> None:
    """What the page sends."""
    screen.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


# -- the customer answers whatever the reader asks, whichever program began it


def program() -> tuple[stripe.StripeClient, Any, str]:
    """Another program's client, its calls on readers, and the id of its reader."""
    client = stripe_client()
    return client, client.v1.terminal.readers, setup.own_reader("Counter").id


async def hold(panel: CounterPanel, number: str = VISA) -> None:
    await panel.look()
    heard(panel.screen, hold=number)
    await panel.settled()


async def touch(panel: CounterPanel, *places: str) -> None:
    for place in places:
        await panel.look()
        assert place in [area["name"] for area in panel.screen.areas]
        heard(panel.screen, touch=place)
        await panel.settled()


def status(id: str) -> str:
    return str(stripe_client().v1.payment_intents.retrieve(id).status)


def test_a_card_for_a_payment_of_another_program():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)

    async def pay(panel):
        assert panel.state == "idle"
        readers.process_payment_intent(reader, params={"payment_intent": payment.id})
        await panel.look()
        assert (panel.state, panel.meaning()) == ("waiting", "the reader asks for a card")
        assert "$12.50" in panel.picture.alt
        await hold(panel)

    panel = at(pay)
    assert panel.meaning() == "the card was approved: the money is held, and waits to be captured"
    assert status(payment.id) == "requires_capture"
    client.v1.payment_intents.capture(payment.id)
    assert at(nothing).meaning() == "the card was approved, and the payment is captured"


async def nothing(panel: CounterPanel) -> None:
    """Only look."""


def test_a_tip_is_chosen_on_the_glass():
    client, readers, reader = program()
    location = setup.own_location("Main Street Shop")
    rules = {"usd": {"fixed_amounts": [100, 200, 300]}}
    tips.use_configuration(location.id, tips.own_configuration("Tips", rules).id)
    payment = create_payment(1000, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        assert panel.meaning() == "the reader asks for a tip"
        await touch(panel, "tip:200")
        assert "$12.00" in panel.picture.alt
        await hold(panel)

    at(pay)
    assert stripe_client().v1.payment_intents.retrieve(payment.id).amount == 1200


def test_a_pin_is_typed_on_the_glass():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        await hold(panel, WITH_PIN)
        assert panel.meaning() == "the reader asks for the PIN"
        await touch(panel, "key:1", "key:2", "key:3", "key:4", "key:enter")

    at(pay)
    assert status(payment.id) == "requires_capture"


def test_a_form_is_filled_in():
    _, readers, reader = program()
    texts = {"title": "Your email"}
    readers.collect_inputs(reader, params={"inputs": [{"type": "email", "custom_text": texts}]})

    async def fill_in(panel):
        assert panel.state == "collecting_inputs"
        panel.screen.typed = "jo@example.com"
        await touch(panel, "submit")

    assert at(fill_in).meaning() == "the form is filled in"


def test_a_card_is_saved():
    client, readers, reader = program()
    owner = save_a_card.own_customer("Jo", "jo@example.com", client=client)
    intent = save_a_card.create_setup(owner.id, client=client)
    readers.process_setup_intent(reader, params={"setup_intent": intent.id, "allow_redisplay": "always"})

    async def save(panel):
        assert panel.meaning() == "the reader asks for a card to save"
        await hold(panel)

    assert at(save).meaning() == "the card is saved"
    assert stripe_client().v1.setup_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize("of", ["payment_intent", "charge"])
def test_a_refund_at_the_reader(of):
    """For Interac, whose cards are presented again."""
    client, readers, reader = program()
    types = ["card_present", "interac_present"]
    payment = client.v1.payment_intents.create(
        {"amount": 1250, "currency": "cad", "allowed_payment_method_types": types}
    )
    process_payment(reader, payment.id)
    simulate_payment(reader, INTERAC)
    charge = client.v1.payment_intents.retrieve(payment.id).latest_charge
    asked = {"payment_intent": payment.id, "charge": charge}
    readers.refund_payment(reader, params={of: asked[of], "amount": 500})

    async def present(panel):
        assert panel.meaning() == "the reader asks for the card that gets its money back"
        assert "refund of CA$5.00" in panel.picture.alt
        await hold(panel, INTERAC)

    assert at(present).meaning() == "the money goes back to the card"


def test_a_cart_is_shown_and_no_card_is_taken_then():
    _, readers, reader = program()
    cart = {
        "currency": "usd",
        "total": 450,
        "line_items": [{"description": "Tea", "amount": 450, "quantity": 1}],
    }
    readers.set_reader_display(reader, params={"type": "cart", "cart": cart})
    panel = at(hold)
    assert (panel.state, panel.log) == ("cart", [])


def test_a_declined_card_says_why():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})
    panel = at(lambda panel: hold(panel, card_number("charge_declined_insufficient_funds")))
    assert panel.state == "failed"
    assert panel.meaning() == "the card was declined: not enough money on this card."


def test_while_the_bank_takes_its_time_the_screen_says_so():
    client, readers, reader = program()
    payment = create_payment(1250, client=client)
    readers.process_payment_intent(reader, params={"payment_intent": payment.id})

    async def pay(panel):
        with faults.slow_bank(reader):
            await hold(panel)
            await panel.look()
            assert panel.state == "authorizing"
            assert panel.simulate.disabled
        await panel.look()
        assert panel.state == "succeeded"

    at(pay)


# -- which reader


def test_the_reader_that_asks_is_shown_until_one_is_chosen():
    _, readers, first = program()
    second = setup.own_reader("Another").id
    payments = [create_payment(1250).id for _ in range(2)]

    async def follow(panel):
        assert panel.reader_id == second
        readers.process_payment_intent(first, params={"payment_intent": payments[0]})
        await panel.look()
        assert panel.reader_id == first
        panel.reader.value = second
        readers.process_payment_intent(first, params={"payment_intent": payments[1]})
        await panel.look()
        assert panel.reader_id == second

    at(follow)


def test_without_a_reader_one_is_registered_here():
    async def register(panel):
        assert (panel.state, panel.screen.value) == ("no_reader", "")
        panel.new_reader.label.value = " Till "
        panel.new_reader.register.click()
        await panel.settled()

    panel = at(register)
    assert panel.reader_id == setup.find_reader("Till").id
    assert panel.state == "idle"


def test_a_label_registers_one_only_where_there_is_none():
    assert CounterPanel("Counter 1").state == "idle"
    CounterPanel("Counter 2")
    assert [reader.label for reader in stripe_client().v1.terminal.readers.list().data] == ["Counter 1"]


def test_trouble_at_the_first_look_is_shown_and_not_raised():
    with faults.rate_limit():
        panel = CounterPanel("Counter 1")
    assert "Too many requests" in panel.error or "rate_limit" in panel.error
    assert panel.state == ""


# -- the lists


@pytest.fixture
def served(account_file):
    with serve("--account", str(account_file)) as running:
        yield running


HOSTILE = '<img src=x onerror="alert(1)"></div>'


def listed(panel: CounterPanel, name: str) -> list[dict[str, str]]:
    return list(getattr(panel.lists, name).rows)


def test_requests_are_those_of_programs_events_those_of_all(served: Served):
    setup.own_reader("Counter")
    client = served.client(OFFLINE_KEY)
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 1250,
        "currency": "usd",
        "allowed_payment_method_types": ["card_present"],
        "capture_method": "manual",
        "description": HOSTILE,
        "metadata": {"order": "7"},
    }
    [payment, _] = [
        client.v1.payment_intents.create(params, {"idempotency_key": "order 7"}) for _ in range(2)
    ]
    own = create_payment(900)

    async def look(panel):
        await written_down(panel, lambda: len(listed(panel, "requests")) == 2)
        [again, asked] = listed(panel, "requests")
        assert again["outcome"] == "200 replayed"
        assert asked["note"].startswith("metadata[order]=7  amount=1250")
        assert f"{payment.id} $12.50 requires_payment_method order=7" in [
            row["note"] for row in listed(panel, "events")
        ]
        assert (asked["mark"], asked["title"], asked["outcome"]) == ("POST", "/v1/payment_intents", "200")
        assert asked["from"].startswith("Python ")
        ids = [row["title"] for row in listed(panel, "payments")]
        assert ids == [own.id, payment.id]
        assert f"{HOSTILE}  order=7" in [row["note"] for row in listed(panel, "payments")]
        heard(panel.lists.requests, open=asked["id"])
        detail = panel.lists.requests.details[asked["id"]]
        assert ["Idempotency key", "order 7"] in detail["facts"]
        texts = {title: text for title, text, _ in detail["samples"]}
        assert "stripe.paymentIntents.create(" in texts["Node"]
        assert "client.v1.payment_intents.create(" in texts["Python"]
        assert texts["curl"].startswith(f"curl {served.url}/v1/payment_intents")
        assert '"amount": 1250' in texts["Parameters"]
        assert payment.client_secret not in texts["Answer"]
        assert served.url in panel.title.value

    at(look)


def test_a_program_that_waits_is_one_line_that_stays_itself(served: Served):
    client = served.client(OFFLINE_KEY)
    reader = setup.own_reader("Counter").id

    async def look(panel):
        ids = set()
        for times in (3, 6):
            for _ in range(3):
                client.v1.terminal.readers.retrieve(reader)
            said = f"Python {stripe.VERSION} · {times} times, to "
            await written_down(
                panel,
                lambda said=said: [row["from"][: len(said)] for row in listed(panel, "requests")] == [said],
            )
            [line] = listed(panel, "requests")
            ids.add(line["id"])
            heard(panel.lists.requests, open=line["id"])
        assert len(ids) == 1
        assert ["Asked", "6 times"] in [
            [name, value.partition(",")[0]]
            for name, value in panel.lists.requests.details[ids.pop()]["facts"]
        ]

    at(look)


async def written_down(panel: CounterPanel, seen: Callable[[], bool]) -> None:
    """Look until the served simulator has written it down, in a batch, about every second."""
    for _ in range(1000):
        await panel.look()
        if seen():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(listed(panel, "requests"))


def test_a_request_alone_tells_that_there_is_something_to_read(served: Served):
    """It changes nothing in the account."""
    setup.own_reader("Counter")

    async def look(panel):
        before = panel.mark()
        served.client(OFFLINE_KEY).v1.terminal.readers.list()
        for _ in range(1000):
            if panel.mark() != before:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(before)

    at(look)


def test_where_nothing_is_served_the_list_says_why():
    setup.own_reader("Counter")
    create_payment(1250)
    panel = at(nothing)
    assert listed(panel, "requests") == []
    assert "Nothing is served now" in panel.lists.requests.empty
    assert [row["title"] for row in listed(panel, "events")] == ["payment_intent.created"]
    assert "No event was sent to an endpoint yet" in panel.lists.webhooks.empty


def test_a_story_says_how_far_back_its_requests_go():
    setup.own_reader("Counter")

    async def follow(panel):
        panel.lists.find.value = "pi_nobody"
        await panel.look()

    panel = at(follow)
    for each in (panel.lists.requests, panel.lists.story):
        assert "the last 500" in panel.lists.headings[each].value
    assert "pi_nobody" in panel.lists.headings[panel.lists.story].value


def test_while_programs_only_ask_the_account_is_not_read_again(served: Served, monkeypatch):
    setup.own_reader("Counter")
    create_payment(1250)

    async def look(panel):
        served.client(OFFLINE_KEY).v1.terminal.readers.list()
        asked: list[str] = []
        listing = EventService.list
        monkeypatch.setattr(EventService, "list", lambda *a, **k: asked.append("events") or listing(*a, **k))
        await written_down(panel, lambda: len(listed(panel, "requests")) == 1)
        assert listed(panel, "payments") != []
        assert asked == []
        create_payment(900)
        await panel.look()
        assert (len(listed(panel, "payments")), asked) == (2, ["events"])

    at(look)


def test_with_a_key_of_stripe_s_the_dashboard_is_named(monkeypatch):
    setup.own_reader("Counter")
    create_payment(1250)
    monkeypatch.setattr("irl_helpers.panels.counter_lists.offline_controls", lambda: None)
    panel = at(nothing)
    assert "Dashboard" in panel.lists.requests.empty
    assert "Dashboard" in panel.lists.webhooks.empty
    assert len(listed(panel, "events")) == 1


def test_after_a_reset_the_counter_begins_anew():
    setup.own_reader("Counter")
    create_payment(1250)

    async def begin_anew(panel):
        reset_account()
        await panel.look()
        assert panel.state == "no_reader"
        assert listed(panel, "payments") == listed(panel, "events") == []

    at(begin_anew)


def test_what_is_held_stands_above_the_payments():
    reader = setup.own_reader("Counter").id
    for amount in (1250, 750):
        payment = create_payment(amount)
        process_payment(reader, payment.id)
        simulate_payment(reader)
    panel = at(nothing)
    assert "$20.00 held" in panel.lists.headings[panel.lists.payments].value
    assert [row["outcome"] for row in listed(panel, "payments")] == ["held: $7.50", "held: $12.50"]


def test_what_happened_to_a_payment_is_one_story():
    client, _, reader = program()
    client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/x", "enabled_events": ["payment_intent.succeeded"]}
    )
    payment, other = create_payment(1250), create_payment(900)
    process_payment(reader, payment.id)
    simulate_payment(reader)
    client.v1.payment_intents.capture(payment.id)

    async def follow(panel):
        assert other.id in str(listed(panel, "events"))
        payments = panel.lists.payments
        heard(payments, open=payment.id)
        heard(payments, press="follow", of=payment.id)
        await panel.settled()
        await panel.look()

    panel = at(follow)
    assert [(row["mark"], row["title"]) for row in listed(panel, "story")] == [
        ("event", "payment_intent.created"),
        ("event", "charge.succeeded"),
        ("event", "payment_intent.amount_capturable_updated"),
        ("event", "terminal.reader.action_succeeded"),
        ("event", "charge.captured"),
        ("event", "payment_intent.succeeded"),
        ("webhook", "payment_intent.succeeded"),
    ]

    async def go_back(panel):
        panel.find.value = "pi_nowhere"
        await panel.look()
        assert "Nothing in this account names pi_nowhere" in panel.lists.story.empty
        panel.lists.everything.click()
        await panel.settled()

    assert at(go_back).find.value == ""


def request(id: str, revision: int, at: float, shop: str | None = None) -> ServedRequest:
    """A look that found the account at this revision, -1 for none."""
    return ServedRequest(
        id=id, created=int(at), at=at, times=1, last=int(at), revision=revision, method="GET", path="/v1/x",
        form="", upload=False, status=200, error_code=None, seconds=0.0, user_agent=None,
        idempotency_key=None, replayed=False, api_version=None, stripe_account=shop, lost=False, answer="{}",
        cut=False,
    )  # fmt: skip


def event(id: str, created: int, by: str | None = None) -> stripe.Event:
    return stripe.Event.construct_from({"id": id, "created": created, "request": {"id": by}}, None)


@pytest.mark.parametrize(
    ("requests", "events", "order"),
    [
        # An event stands behind its request.
        ("a1 b2", "1:a 2:b", "a 1:a b 2:b"),
        # A tap at the page has no request here, and happened before the looks that saw it.
        ("a1 w2 b3", "1:a 2:", "a 1:a w 2: b"),
        ("w1 v2", "1: 1:x", "w 1: 1:x v"),
        # A look that found the account as it was before.
        ("a1 w1 v2", "1:a", "a 1:a w v"),
        ("a1", "7:", "a 7:"),
        ("", "1: 2:", "1: 2:"),
        ("a1 b2", "", "a b"),
    ],
)
def test_a_story_is_told_in_the_order_in_which_it_happened(requests, events, order):
    """All of it in one second."""
    asked = [request(each[0], int(each[1:]), 10 + n / 100) for n, each in enumerate(requests.split())]
    named = {each: ordered_id("evt", int(each.partition(":")[0]), n) for n, each in enumerate(events.split())}
    happened = [event(id, 10, each.partition(":")[2] or None) for each, id in named.items()]
    told = tell(asked[::-1], happened[::-1], [])
    assert told == [named.get(each, each) for each in order.split()]


def test_where_no_revision_tells_times_do():
    """A request to a connected account found that one's revision."""
    asked = [request("a", 900, 10.5, shop="acct_1"), request("b", -1, 20.5)]
    happened = [event(ordered_id("evt", 3, 1), 15), event(ordered_id("evt", 4, 1), 30)]
    first, last = (each.id for each in happened)
    assert tell(asked[::-1], happened[::-1], []) == ["a", first, "b", last]


def test_a_webhook_is_sent_again():
    client, _, _ = program()
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    create_payment(1250)

    async def send(panel):
        [row] = listed(panel, "webhooks")
        heard(panel.lists.webhooks, open=row["id"])
        heard(panel.lists.webhooks, press="send", of=row["id"])
        await panel.settled()

    assert "is sent to http://127.0.0.1:9/x again" in at(send).log[-1]


def test_an_application_that_was_started_twice_has_two_endpoints_and_one_can_go():
    client, _, _ = program()
    hook = {"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]}
    first = client.v1.webhook_endpoints.create({**hook, "enabled_events": ["charge.succeeded"]})
    other = client.v1.webhook_endpoints.create({**hook, "url": "http://127.0.0.1:9/y"})

    async def delete(panel):
        await panel.look()
        assert "No event was sent to an endpoint yet" in panel.lists.webhooks.empty
        assert "Your application makes one" not in panel.lists.webhooks.empty
        assert [(row["title"], row["tone"], row["note"]) for row in listed(panel, "endpoints")] == [
            (other.url, "good", "*"),
            (first.url, "good", "charge.succeeded"),
        ]
        second = client.v1.webhook_endpoints.create(hook)
        await panel.look()
        said = {row["id"]: row["outcome"] for row in listed(panel, "endpoints")}
        assert said == {
            second.id: "2 endpoints have this address",
            other.id: "enabled",
            first.id: "2 endpoints have this address",
        }
        heard(panel.lists.endpoints, open=first.id)
        assert ["Events", "charge.succeeded"] in panel.lists.endpoints.details[first.id]["facts"]
        heard(panel.lists.endpoints, press="delete", of=first.id)
        await panel.settled()
        assert [row["id"] for row in listed(panel, "endpoints")] == [second.id, other.id]
        assert {row["outcome"] for row in listed(panel, "endpoints")} == {"enabled"}

    assert f"{first.id} is deleted: nothing is sent to it any more." in at(delete).log[-1]
    assert [each.id for each in client.v1.webhook_endpoints.list()][1:] == [other.id]


def test_a_doubled_webhook_is_two_lines():
    client, _, _ = program()
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["*"]})
    with faults.webhook_doubled():
        create_payment(1250)
    ids = [row["id"] for row in listed(at(nothing), "webhooks")]
    assert len(ids) == len(set(ids)) == 2


# -- a list by itself


def row(id: str) -> Row:
    return Row(id, "event", 0, "", "", id, "")


def test_a_list_keeps_open_what_was_opened_and_lets_go_what_is_gone():
    asked = []

    def detail(id):
        asked.append(id)
        return Detail([("Id", id)]) if id != "none" else None

    shown = LiveList("Lines", "none", detail)
    shown.show([row("a"), row("b"), row("none")])
    for id in ("a", "b", "none", "gone", "a"):
        heard(shown, open=id)
    assert set(shown.details) == {"a", "b"}
    assert "gone" not in asked
    shown.show([row("b"), row("c")])
    assert set(shown.details) == {"b"}
    heard(shown, close="b")
    assert shown.details == {}
    many = [row(str(number)) for number in range(MOST_OPEN + 5)]
    shown.show(many)
    for each in many:
        heard(shown, open=each.id)
    assert list(shown.details) == [each.id for each in many[5:]]


@pytest.mark.parametrize(
    "content", [None, [], "open", {"open": []}, {"press": "send", "of": {}}, {"open": None}]
)
def test_rubbish_from_the_page_does_nothing(content):
    pressed = []
    shown = LiveList("Lines", "none", lambda id: None, lambda name, id: pressed.append(name))
    shown.show([row("a")])
    shown.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    heard(shown, press="send", of="a")
    assert (dict(shown.details), pressed) == ({}, [])
