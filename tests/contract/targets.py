"""Where requests go: the official client for most tests, and plain requests for those about headers."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

import stripe

from irl_helpers.simulator import Simulator
from tests.simulator.checked import CheckedHTTPClient


class Answer(NamedTuple):
    """`headers` have their names in lower case."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]


class Target(Protocol):
    """`api_version` is the account's own, as far as we know it."""

    key: str
    api_version: str

    def client(self, key: str | None = None, **options: Any) -> stripe.StripeClient: ...

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **params: Any
    ) -> Answer: ...


# What a client would make for itself, with a TLS context and a connection of its own, for each test.
HTTP = stripe.new_default_http_client()


class OverHTTP:
    """`params` of a request are its form, or the query of a GET; without headers the key goes with it."""

    def __init__(self, url: str, key: str, api_version: str = stripe.api_version) -> None:
        self.url, self.key, self.api_version = url, key, api_version

    def client(self, key: str | None = None, **options: Any) -> stripe.StripeClient:
        return stripe.StripeClient(
            key or self.key,
            base_addresses={"api": self.url, "files": self.url},
            max_network_retries=2,
            **{"http_client": HTTP, **options},
        )

    def send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **params: Any) -> Answer:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=30)
        target, body, sent = _request(self.key, method, path, headers, params)
        try:
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            got = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, got, json.loads(response.read()))
        finally:
            connection.close()


class InProcess:
    def __init__(self, simulator: Simulator, key: str) -> None:
        self._simulator, self.key, self.api_version = simulator, key, stripe.api_version

    def client(self, key: str | None = None, **options: Any) -> stripe.StripeClient:
        return stripe.StripeClient(
            key or self.key,
            http_client=CheckedHTTPClient(self._simulator),
            max_network_retries=2,
            **options,
        )

    def send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **params: Any) -> Answer:
        target, body, sent = _request(self.key, method, path, headers, params)
        response = self._simulator.handle(method, target, sent, body or "")
        got = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, got, json.loads(response.body))


def _request(
    key: str, method: str, path: str, headers: Mapping[str, str] | None, params: Mapping[str, Any]
) -> tuple[str, str | None, dict[str, str]]:
    sent = {"Authorization": f"Bearer {key}"} if headers is None else dict(headers)
    # As the official client does; what an account answers without it is its own matter.
    sent.setdefault("Stripe-Version", stripe.api_version)
    form = urlencode(params)
    if method == "GET":
        return f"{path}?{form}" if form else path, None, sent
    sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return path, form, sent
