"""Search: what each clause finds, page by page, and which queries are invalid."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.simulator.sale import new_payment, pay


@pytest.fixture
def payments(client, stripe_test_key):
    """Five PaymentIntents by name; on Stripe they can be found a little later."""
    customer = client.v1.customers.create().id
    made = {
        "small": {"amount": 1000, "metadata": {"table": "4", "waiter": "Grace Hopper"}},
        "large": {"amount": 5000, "metadata": {"table": "4"}},
        "euro": {"amount": 1000, "currency": "eur", "metadata": {"table": "5", 'a "b"': "it's"}},
        "known": {"amount": 2000, "customer": customer},
        "void": {"amount": 3000, "metadata": {"table": "A\\B"}},
    }
    types = {"allowed_payment_method_types": ["card_present"]}
    ids = {
        name: client.v1.payment_intents.create({"currency": "usd", **types, **params}).id
        for name, params in made.items()
    }
    client.v1.payment_intents.cancel(ids["void"])
    if stripe_test_key:
        time.sleep(60)
    return {**ids, "customer": customer}


QUERIES = {
    "amount:1000": "euro small",
    "amount='1000'": "euro small",
    "amount>2000": "void large",
    "amount>=2000": "void known large",
    "amount<2000": "euro small",
    'amount<="2000"': "known euro small",
    "amount>1000 AND amount<3000": "known",
    "amount>1000 amount<3000": "known",
    "amount:5000 OR currency:'eur'": "euro large",
    "amount:5000 or currency:'eur'": "euro large",
    "currency:'EUR'": "euro",
    "-currency:'usd'": "euro",
    "status:'canceled'": "void",
    "-status:'canceled' AND amount>1000": "known large",
    "status~'require'": "known euro large small",
    "metadata['table']:'4'": "large small",
    'metadata["table"]:"4"': "large small",
    "metadata['table']:'4' AND -amount:1000": "large",
    "-metadata['table']:'4'": "void known euro",
    "metadata['table']:null": "known",
    "-metadata['table']:null": "void euro large small",
    "metadata['waiter']~'hopp'": "small",
    "metadata['table']:'a\\\\b'": "void",
    "metadata['a \"b\"']:'it\\'s'": "euro",
    "customer:null AND amount:2000": "",
    "-customer:null": "known",
    "created>1000000000 AND created<99999999999": "void known euro large small",
    "created:1": "",
}


@pytest.mark.parametrize("query", QUERIES)
def test_queries(client, payments, query):
    found = client.v1.payment_intents.search({"query": query}).data
    names = {id: name for name, id in payments.items()}
    assert [names[payment.id] for payment in found] == QUERIES[query].split()


def test_customer(client, payments):
    query = f"customer:'{payments['customer']}'"
    found = client.v1.payment_intents.search({"query": query, "expand": ["data.customer"]}).data
    assert [payment.id for payment in found] == [payments["known"]]
    assert found[0].customer.id == payments["customer"]


def test_pages(client, payments):
    query = {"query": "metadata['table']:'4' OR amount:1000", "limit": 2}
    first = client.v1.payment_intents.search(query)
    assert (first.object, first.url, first.has_more) == (
        "search_result",
        "/v1/payment_intents/search",
        True,
    )
    second = client.v1.payment_intents.search({**query, "page": first.next_page})
    assert (second.has_more, second.next_page) == (False, None)
    ids = [payment.id for payment in first.data + second.data]
    assert ids == [payments[name] for name in ("euro", "large", "small")]
    assert [payment.id for payment in first.auto_paging_iter()] == ids


def test_charges(client, reader):
    paid, declined = new_payment(client), new_payment(client, 2001)
    pay(client, reader, paid.id)
    client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": declined.id})
    client.v1.test_helpers.terminal.readers.present_payment_method(reader)
    client.v1.refunds.create({"payment_intent": paid.id})

    def found(query):
        charges = client.v1.charges.search({"query": query}).data
        return [charge.payment_intent for charge in charges]

    assert found("status:'succeeded'") == [paid.id]
    assert found("status:'failed' AND amount>2000") == [declined.id]
    assert found("refunded:'true'") == [paid.id]
    assert found("-refunded:'true'") == [declined.id]
    assert found("disputed:'true'") == []
    assert found("payment_method_details.card_present.last4:'4242'") == [declined.id, paid.id]
    assert found("payment_method_details.card_present.brand:'amex'") == []
    assert found("payment_method_details.card_present.exp_year>2030") == [declined.id, paid.id]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("status", "cannot be understood"),
        ("status:", "cannot be understood"),
        ("status:succeeded", "cannot be understood"),
        ("status:'succeeded", "cannot be understood"),
        ("status : 'succeeded'", "cannot be understood"),
        ("amount > 1000", "cannot be understood"),
        ("amount:10.5", "cannot be understood"),
        ("amount>1000 AND", "cannot be understood"),
        ("AND amount>1000", "cannot be understood"),
        ("(amount>1000)", "cannot be understood"),
        ("amount>1000,status:'succeeded'", "cannot be understood"),
        ("   ", "cannot be understood"),
        ("amount>'many'", "whole number"),
        ("amount>99999999999999999999", "whole number"),
        ("amount~'100'", "only with"),
        ("status>'a'", "only with"),
        ("customer~'cus'", "only with"),
        ("status~'su'", "3 characters"),
        ("amount:1 AND amount:2 OR amount:3", "can't combine AND and OR"),
        ("colour:'red'", "`colour` is an unsupported search field for resource `payment_intents`"),
        ("metadata:'red'", "unsupported search field"),
        ("status['a']:'b'", "unsupported search field"),
        ("amount:1 " * 600, "up to 5000 characters"),
    ],
)
def test_query_that_is_none(client, query, message):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.search({"query": query})
    assert (caught.value.http_status, caught.value.param) == (400, "query")
    assert message in caught.value.user_message


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "amount:1", "page": "nonsense"}, "page"),
        ({"query": "amount:1", "page": "cGlfbm9ib2R5"}, "page"),
    ],
)
def test_other_parameters(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.search(params)
    assert (caught.value.http_status, caught.value.param) == (400, param)


def test_how_many_there_are_in_all(client):
    for amount in (1000, 1000, 2000):
        new_payment(client, amount)
    params = {"query": "amount:1000", "limit": 1}
    found = client.v1.payment_intents.search(params | {"expand": ["total_count"]})
    assert (found.total_count, len(found.data)) == (2, 1)
    assert "total_count" not in client.v1.payment_intents.search(params)


def test_too_old_for_search(target):
    headers = {"Authorization": f"Bearer {target.key}", "Stripe-Version": "2020-03-02"}
    answer = target.send("GET", "/v1/payment_intents/search", headers, query="amount:1")
    assert answer.status == 400
    assert answer.error["message"].startswith("Search is not supported on api version 2020-03-02. ")
