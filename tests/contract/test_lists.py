"""Lists: the newest first, page by page in both directions."""

from __future__ import annotations

import pytest
import stripe

from tests.simulator.sale import ADDRESS, new_payment, new_reader, pay

pytestmark = pytest.mark.offline_only("lists everything that the account has of a kind")

LOCATION = {"display_name": "Shop", "address": ADDRESS}
READER = {"registration_code": "simulated-wpe"}


def sell(client):
    reader, payment = new_reader(client).id, new_payment(client).id
    return pay(client, reader, payment)


# kind -> (its service, how one more of it is made)
KINDS = {
    "locations": (lambda v1: v1.terminal.locations, lambda c: c.v1.terminal.locations.create(LOCATION)),
    "readers": (lambda v1: v1.terminal.readers, lambda c: c.v1.terminal.readers.create(READER)),
    "payment_intents": (lambda v1: v1.payment_intents, new_payment),
    "charges": (lambda v1: v1.charges, sell),
    "refunds": (
        lambda v1: v1.refunds,
        lambda c: c.v1.refunds.create({"payment_intent": sell(c).id}),
    ),
    "setup_intents": (lambda v1: v1.setup_intents, lambda c: c.v1.setup_intents.create()),
    "customers": (lambda v1: v1.customers, lambda c: c.v1.customers.create()),
    "events": (lambda v1: v1.events, new_payment),
    "webhook_endpoints": (
        lambda v1: v1.webhook_endpoints,
        lambda c: c.v1.webhook_endpoints.create({"url": "http://127.0.0.1/", "enabled_events": ["*"]}),
    ),
}


@pytest.fixture(params=KINDS)
def service(request, client):
    """Of each kind seven, and nothing else."""
    find, make = KINDS[request.param]
    for _ in range(7):
        make(client)
    return find(client.v1)


def ids(page):
    return [one.id for one in page.data]


def test_paging(service):
    everything = service.list({"limit": 100})
    all_ids = ids(everything)
    assert (everything.object, everything.has_more) == ("list", False)
    assert everything.url.startswith("/v1/")
    assert len(all_ids) >= 7

    first = service.list({"limit": 3})
    assert (ids(first), first.has_more) == (all_ids[:3], True)
    after = service.list({"limit": 3, "starting_after": all_ids[2]})
    assert (ids(after), after.has_more) == (all_ids[3:6], len(all_ids) > 6)
    last = service.list({"limit": 3, "starting_after": all_ids[-1]})
    assert (ids(last), last.has_more) == ([], False)

    before = service.list({"limit": 3, "ending_before": all_ids[6]})
    assert (ids(before), before.has_more) == (all_ids[3:6], True)
    before = service.list({"limit": 3, "ending_before": all_ids[3]})
    assert (ids(before), before.has_more) == (all_ids[:3], False)
    before = service.list({"ending_before": all_ids[0]})
    assert (ids(before), before.has_more) == ([], False)

    assert [one.id for one in service.list({"limit": 2}).auto_paging_iter()] == all_ids
    backwards = service.list({"limit": 2, "ending_before": all_ids[-1]}).auto_paging_iter()
    assert [one.id for one in backwards] == all_ids[-2::-1]


def test_order(service):
    """Newest first, those of the same second too."""
    created = [one.created for one in service.list({"limit": 100}).data if "created" in one]
    assert created == sorted(created, reverse=True)


@pytest.mark.parametrize(
    ("params", "code", "param", "message"),
    [
        ({"limit": "all"}, "parameter_invalid_integer", "limit", "Invalid integer: all"),
        ({"starting_after": "x_nobody"}, "resource_missing", "starting_after", "No such "),
        ({"ending_before": "x_nobody"}, "resource_missing", "ending_before", "No such "),
        ({"color": "blue"}, "parameter_unknown", "color", "Received unknown parameter: color"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_pages_that_are_refused(client, kind, params, code, param, message):
    service = KINDS[kind][0](client.v1)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.list(params)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)
    assert caught.value.user_message.startswith(message)


@pytest.mark.parametrize(("limit", "shown"), [(-1, 1), (0, 1), (1, 1), (2, 2)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_is_clamped(client, kind, limit, shown):
    """Seen in 2026: outside 1 to 100 it is no error."""
    find, make = KINDS[kind]
    for _ in range(3):
        make(client)
    page = find(client.v1).list({"limit": limit})
    assert (len(page.data), page.has_more) == (shown, True)


@pytest.mark.parametrize("limit", [100, 101, 1000])
def test_a_page_has_a_hundred_objects_at_most(client, limit):
    for number in range(101):
        client.v1.customers.create({"name": str(number)})
    page = client.v1.customers.list({"limit": limit})
    assert (len(page.data), page.has_more) == (100, True)


@pytest.mark.parametrize("kind", KINDS)
def test_one_cursor_at_a_time_and_of_its_kind(client, kind):
    find, make = KINDS[kind]
    make(client)
    service = find(client.v1)
    id = service.list().data[0].id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.list({"starting_after": id, "ending_before": id})
    assert (caught.value.http_status, caught.value.user_message) == (
        400,
        "Received both starting_after and ending_before parameters. Please pass in only one.",
    )
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.list({"starting_after": "x_nobody", "ending_before": id})
    assert caught.value.param == "starting_after"
    stranger = client.v1.terminal.configurations.create().id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.list({"starting_after": stranger})
    assert caught.value.code == "resource_missing"


def test_limit_is_ten_when_nothing_is_said(client):
    for _ in range(11):
        new_payment(client)
    page = client.v1.payment_intents.list()
    assert (len(page.data), page.has_more) == (10, True)


CREATED = ["charges", "customers", "payment_intents", "refunds", "setup_intents", "events"]


@pytest.mark.parametrize("kind", CREATED)
def test_created(client, kind, later):
    find, make = KINDS[kind]
    service = find(client.v1)
    make(client)
    old = len(service.list({"limit": 100}).data)
    border = service.list().data[0].created
    later(100)
    make(client)
    new = len(service.list({"limit": 100}).data) - old
    for created, expected in (
        ({"gt": border + 50}, new),
        ({"gte": border + 50}, new),
        ({"lt": border + 50}, old),
        ({"lte": border + 50}, old),
        ({"gt": border + 50, "lt": border + 60}, 0),
        (border + 50, 0),
    ):
        assert len(service.list({"created": created, "limit": 100}).data) == expected, created
    newest = service.list({"limit": 1}).data[0].created
    assert newest in [one.created for one in service.list({"created": newest}).data]


def test_charges_of_a_payment(client):
    sold, other = sell(client), sell(client)
    assert ids(client.v1.charges.list({"payment_intent": sold.id})) == [sold.latest_charge]
    assert ids(client.v1.charges.list({"payment_intent": other.id})) == [other.latest_charge]


def test_payments_of_a_customer(client):
    ada, bob = (client.v1.customers.create({"name": name}).id for name in ("Ada", "Bob"))
    params = {"amount": 1000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    hers = client.v1.payment_intents.create({**params, "customer": ada}).id
    client.v1.payment_intents.create({**params, "customer": bob})
    new_payment(client)
    assert ids(client.v1.payment_intents.list({"customer": ada})) == [hers]
