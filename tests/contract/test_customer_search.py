"""Customers found by what is known of them. C: docs.stripe.com/search#query-fields-for-customers."""

from __future__ import annotations

import time

import pytest

from .errors import refused

QUERIES = {
    "email:'ada@example.com'": ["Ada"],
    "email~'example'": ["Ada", "Grace"],
    "name:'grace'": ["Grace"],
    "name~'rac'": ["Grace"],
    "phone:'+15555550100'": ["Ada"],
    "metadata['tier']:'gold'": ["Ada"],
    "created>0 AND -metadata['tier']:'gold'": ["Grace"],
    "email:'ada@example.com' OR name:'Grace'": ["Ada", "Grace"],
    "phone:null": ["Grace"],
    "name:'nobody'": [],
}


@pytest.fixture
def customers(client, stripe_test_key):
    ada = {"name": "Ada", "email": "ada@example.com", "phone": "+15555550100", "metadata": {"tier": "gold"}}
    for given in (ada, {"name": "Grace", "email": "grace@example.com"}):
        client.v1.customers.create(given)
    if stripe_test_key:
        time.sleep(60)


def test_queries(client, customers):
    for query, names in QUERIES.items():
        found = client.v1.customers.search({"query": query})
        assert sorted(one.name for one in found.data) == names, query
        assert (found.object, found.url) == ("search_result", "/v1/customers/search")


def test_deleted_customer_is_not_found(client):
    id = client.v1.customers.create({"name": "Gone"}).id
    client.v1.customers.delete(id)
    assert client.v1.customers.search({"query": "name:'Gone'"}).data == []


def test_other_fields_are_refused(client):
    error = refused(client.v1.customers.search, {"query": "balance:1"})
    assert error.param == "query"
    assert "unsupported search field for resource `customers`" in str(error)
