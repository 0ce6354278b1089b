"""`IRL_API_BASE` and webhooks take addresses on this machine only, and what was checked is what is called."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import stripe

from irl_helpers import account, opened_account
from irl_helpers.simulator.loopback import NotAnAddress, loopback
from tests.simulator.serving import serve
from tests.test_account import TEST_KEY, network

__all__ = ["network"]

# How an address is written, and where calls go then.
TAKEN = {
    "http://127.0.0.1:12111": "http://127.0.0.1:12111",
    "http://127.0.0.1:12111/": "http://127.0.0.1:12111",
    " http://127.0.0.1:12111\n": "http://127.0.0.1:12111",  # as settings are read
    "http://127.0.0.1": "http://127.0.0.1",
    "http://127.255.255.254:1": "http://127.255.255.254:1",
    "https://127.0.0.1:443": "https://127.0.0.1:443",
    "http://localhost:1": "http://localhost:1",
    "HTTP://LocalHost:1/": "http://localhost:1",
    "http://[::1]:1": "http://[::1]:1",
    "http://127.0.0.1:00080": "http://127.0.0.1:80",
    "http://127.0.0.1:65535": "http://127.0.0.1:65535",
}

OTHER_MACHINES = [
    "https://api.stripe.com",
    "http://192.168.1.7:12111",
    "http://10.0.0.1",
    "http://0.0.0.0:12111",
    "http://0:12111",
    "http://169.254.169.254",
    "http://128.0.0.1",
    "http://126.255.255.255",
    "http://1.0.0.127",
    "http://[::]:1",
    "http://[::2]:1",
    "http://[::1:1]:1",
    "http://[fe80::1]:1",
    "http://[2001:db8::1]:1",
    # Names that begin or end like one of this machine.
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://example.localhost",
    "http://evil.com.localhost:1",
    "http://notlocalhost",
    "http://localhost-1",
    "http://localhost_1",
    "http://127.0.0.1_.evil.com",
    "http://localhostlocalhost",
    "http://localhost.localdomain",
    "http://ip6-localhost",
    "http://127.0.0.1.nip.io",
    # Dots too many or too few.
    "http://localhost.",
    "http://.localhost",
    "http://127.0.0.1.",
    "http://127.0.0.1..",
    "http://.127.0.0.1",
    "http://127..0.1",
    "http://127.0.1",
    "http://127.1",
    "http://127",
    "http://127.0.0.1.1",
    # Numbers that some programs read as 127.0.0.1, some as another, and some as a name.
    "http://2130706433",
    "http://017700000001",
    "http://0x7f000001",
    "http://0x7f.0.0.1",
    "http://0x7f.1",
    "http://0177.0.0.1",
    "http://0127.0.0.1",
    "http://127.0.0.01",
    "http://127.000.000.001",
    "http://127.0.0.256",
    "http://127.0.0.0x1",
    "http://127.0.0.-1",
    "http://127.0.0.1e0",
    "http://[::ffff:127.0.0.1]:1",
    "http://[::127.0.0.1]:1",
    "http://[0:0:0:0:0:0:0:1]:1",
    "http://[::0001]:1",
]

NO_ADDRESSES = [
    "127.0.0.1:12111",
    "localhost",
    "//127.0.0.1",
    "http:127.0.0.1",
    "http:/127.0.0.1",
    "http:///127.0.0.1",
    "http:\\\\127.0.0.1",
    "http://",
    "http://:1",
    "http:// ",
    "http://[::1",
    "http://::1",
    "http://::1:1",
    "http://[]",
    "http://[localhost]",
    "http://[::1]x:1",
    "http://[[::1]]",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "javascript://127.0.0.1",
    "httpx://127.0.0.1",
    "http+unix://127.0.0.1",
    "http://http://127.0.0.1",
    # Somebody's name in it: what stands before and behind an @ is told apart in several ways.
    "http://user:hunter2@127.0.0.1:12111",
    "http://hunter2@localhost",
    "http://@127.0.0.1",
    "http://127.0.0.1@evil.com",
    "http://127.0.0.1:1@evil.com",
    "http://127.0.0.1:1@evil.com:80",
    "http://evil.com@127.0.0.1",
    "http://evil.com:80@127.0.0.1:1",
    "http://127.0.0.1%40evil.com",
    "http://127.0.0.1\uff20evil.com",
    # Backslashes, which some programs take for slashes.
    "http://evil.com\\.localhost",
    "http://evil.com\\@localhost",
    "http://localhost\\@evil.com",
    "http://127.0.0.1\\.evil.com",
    "http://127.0.0.1\\evil.com",
    "http:\\\\evil.com\\@127.0.0.1",
    "http://127.0.0.1:1\\@evil.com",
    # White space and what is not seen.
    "http://127.0.0.1 .evil.com",
    "http://127.0.0.1\t.evil.com",
    "http://127.0.\t0.1",
    "http://local\nhost",
    "ht\ntp://127.0.0.1",
    "http://127.0.0.1\r\nHost: evil.com",
    "http://127.0.0.1\x7f",
    "http://127.0.0.1\u00a0.evil.com",
    "http://local\u00adhost",
    "http://local\u200bhost",
    "http://\u202elocalhost",
    # Letters and digits that look alike.
    "http://\uff11\uff12\uff17.0.0.1",
    "http://127\u30020\u30020\u30021",
    "http://127\uff0e0\uff0e0\uff0e1",
    "http://\u24dbocalhost",
    "http://loca\u217chost",
    "http://l\u043ecalhost",
    "http://localho\u017ft",
    "http://\u0661\u0662\u0667.0.0.1",
    "http://127.0.0.1:\uff11\uff12\uff11\uff11\uff11",
    # Percent signs.
    "http://%31%32%37.0.0.1",
    "http://127%2e0%2e0%2e1",
    "http://local%68ost",
    "http://127.0.0.1%00.evil.com",
    "http://127.0.0.1%2f.evil.com",
    "http://127.0.0.1%23.evil.com",
    "http://[::1%25eth0]:1",
    "http://[::1%eth0]:1",
    "http://[::1%251]:1",
    # Other marks.
    "http://127.0.0.1;evil.com",
    "http://127.0.0.1,evil.com",
    "http://127.0.0.1&evil.com",
    "http://127.0.0.1|evil.com",
    "http://*",
    "http://${HOST}",
    # Ports.
    "http://127.0.0.1:",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:99999",
    "http://127.0.0.1:999999",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:+1",
    "http://127.0.0.1:1.5",
    "http://127.0.0.1:0x50",
    "http://127.0.0.1:1_0",
    "http://127.0.0.1:80:80",
    "http://127.0.0.1:port",
    "http://127.0.0.1: 80",
]

# Fit for a webhook, not for an API.
TARGETS = {
    "http://127.0.0.1:12111/v1": "/v1",
    "http://127.0.0.1:12111//": "//",
    "http://127.0.0.1?x=http://evil.com": "/?x=http://evil.com",
    "http://127.0.0.1/@evil.com#x": "/@evil.com",
}


def test_the_attack_was_as_broad_as_this():
    assert len(TAKEN) + len(OTHER_MACHINES) + len(NO_ADDRESSES) + len(TARGETS) >= 150


REFUSED = [
    *zip(OTHER_MACHINES, itertools.repeat("names another machine")),
    *zip([*NO_ADDRESSES, *TARGETS], itertools.repeat("is not an address")),
]


@pytest.mark.parametrize(("base", "why"), REFUSED)
def test_an_api_base_that_is_not_on_this_machine_is_refused(base, why, monkeypatch, network):
    monkeypatch.setenv("IRL_API_BASE", base)
    with pytest.raises(account.AccountError, match=why) as caught:
        account.stripe_client()
    assert "Nothing was sent" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "evil" not in str(caught.value)
    assert network == []


@pytest.mark.parametrize(("base", "called"), TAKEN.items())
def test_an_api_base_on_this_machine_gets_the_key_and_every_call(base, called, monkeypatch, network):
    monkeypatch.setenv("IRL_API_BASE", base)
    client = account.stripe_client()
    client.v1.terminal.readers.list()
    client.v1.files.create({"file": b"a picture", "purpose": "terminal_reader_splashscreen"})
    assert [url for _, _, url, _ in network] == [f"{called}/v1/terminal/readers", f"{called}/v1/files"]
    assert {authorization for *_, authorization in network} == {f"Bearer {account.OFFLINE_KEY}"}
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    account.stripe_client().v1.terminal.readers.list()
    assert network[2][2:] == (f"{called}/v1/terminal/readers", f"Bearer {TEST_KEY}")


@pytest.mark.parametrize("url", [*OTHER_MACHINES, *NO_ADDRESSES])
def test_a_webhook_goes_to_this_machine_or_nowhere(url, client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.webhook_endpoints.create({"url": f"{url}/hook", "enabled_events": ["*"]})
    assert caught.value.code == "url_invalid"


@pytest.mark.parametrize(("url", "target"), TARGETS.items())
def test_what_follows_the_host_is_no_part_of_it(url, target):
    found = loopback(url)
    assert (found.host, found.target) == ("127.0.0.1", target)
    with pytest.raises(NotAnAddress):
        loopback(f"{url} ")


class _Elsewhere(BaseHTTPRequestHandler):
    """Takes down what it is asked, as a proxy would, and sends everybody on."""

    server: ThreadingHTTPServer
    asked: ClassVar[list[tuple[str, str]]]
    onward = ""

    def _answer(self) -> None:
        self.asked.append((self.requestline, self.headers.get("Authorization", "")))
        self.send_response(307 if self.onward else 502)
        if self.onward:
            self.send_header("Location", self.onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_CONNECT = _answer

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def elsewhere() -> Iterator[type[_Elsewhere]]:
    """Another server on this machine; `asked` is what came, `url` where it is."""

    class Here(_Elsewhere):
        asked: ClassVar[list[tuple[str, str]]] = []
        url = ""

    with ThreadingHTTPServer(("127.0.0.1", 0), Here) as server:
        Here.url = "http://{}:{}".format(*server.server_address)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Here
        server.shutdown()
        thread.join()


PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]


@pytest.fixture
def proxied(elsewhere, monkeypatch, tmp_path):
    """A machine that sends everything through a proxy, and has a password for every server."""
    for name in PROXIES:
        monkeypatch.setenv(name, elsewhere.url)
        monkeypatch.setenv(name.lower(), elsewhere.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return elsewhere


def test_calls_on_this_machine_go_through_no_proxy(proxied, monkeypatch, tmp_path):
    with serve("--account", str(tmp_path / "served.sqlite")) as served:
        monkeypatch.setenv("IRL_API_BASE", served.url)
        client = account.stripe_client()
        assert client.v1.terminal.readers.list().data == []
        assert asyncio.run(client.v1.terminal.readers.list_async()).data == []
        assert account.revision() is not None
        assert asyncio.run(account.call(client.v1.payment_intents.list)).data == []
    assert proxied.asked == []


def test_calls_to_stripe_still_do(proxied, monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", TEST_KEY)
    monkeypatch.setattr(opened_account, "RETRIES", 0)
    with pytest.raises(stripe.APIConnectionError):
        account.stripe_client().v1.terminal.readers.list()
    assert [line for line, _ in proxied.asked] == ["CONNECT api.stripe.com:443 HTTP/1.0"]


def test_nothing_follows_an_answer_to_another_address(elsewhere, monkeypatch):
    monkeypatch.setenv("IRL_API_BASE", elsewhere.url)
    elsewhere.onward = elsewhere.url.replace("127.0.0.1", "127.0.0.2") + "/v1/away"
    client = account.stripe_client()
    with pytest.raises(stripe.APIConnectionError):
        client.v1.terminal.readers.list()
    with pytest.raises(stripe.APIConnectionError):
        asyncio.run(client.v1.customers.create_async({"name": "Jenny"}))
    assert [line.split()[1] for line, _ in elsewhere.asked] == ["/v1/terminal/readers", "/v1/customers"]
