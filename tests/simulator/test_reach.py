"""`--host`, `--key`, `--allow-host`, `--webhooks-to`: what other machines can do once somebody lets them."""

from __future__ import annotations

import json
import queue
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import stripe
import yaml

from irl_helpers.simulator import Simulator, SimulatorHTTPClient, command_line, example_application
from irl_helpers.simulator.reach import HERE_ONLY, Reach
from irl_helpers.simulator.webhook_addresses import look_up
from irl_helpers.simulator.webhook_sender import WebhookSender

from .receiver import receiving
from .sale import new_payment
from .serving import Served, serve
from .test_webhook_sender import until

# -- who may ask


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """One for other machines, and the key that it made."""
    account = str(tmp_path_factory.mktemp("shared") / "account.sqlite")
    with serve("--account", account, "--host", "0.0.0.0", "--allow-host", "till.example") as running:
        assert "ready at http://till.example:" in running.ready
        line = running.process.stdout.readline()
        assert line.startswith("Its key, made for this start: sk_test_")
        yield running, line.split()[-1]
        _, out, err = running.stop()
        assert out == ""
        assert err.startswith("Warning: whoever can reach 0.0.0.0 from another machine")
        assert err.count("\n") == 1


def ask(served: Served, path: str, key: str = "", host: str = "127.0.0.1", *more: str) -> tuple[int, bytes]:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *more]
    lines += [f"Authorization: Bearer {key}"] if key else []
    return served.raw("\r\n".join([*lines, "", ""]).encode())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers on all of 127.0.0.0/8")
def test_it_listens_where_it_was_told(shared):
    with socket.create_connection(("127.0.0.2", shared[0].port), timeout=20):
        pass


def test_its_key_opens_an_account(shared):
    served, key = shared
    assert new_payment(served.client(key)).amount == 1000
    assert ask(served, "/_simulator/faults", key)[0] == 200


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/_simulator/faults", "/v1/files/file_1/contents"])
@pytest.mark.parametrize("key", ["", "sk_test_offline", "rk_test_x", "its own, and more", "its own, but one"])
def test_no_other_key_does(path, key, shared):
    served, its_own = shared
    key = {"its own, and more": its_own + "a", "its own, but one": its_own[:-1]}.get(key, key)
    status, body = ask(served, path, key)
    assert status == 401
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
    assert its_own not in body.decode()


NAMES = {
    "till.example": 200,
    "TILL.example:12111": 200,
    "localhost:1": 200,
    "127.0.0.1": 200,
    "sub.till.example": 403,
    "till.example.evil.example": 403,
    "till.example:1:2": 403,
    "evil@till.example": 403,
    "10.0.0.7": 403,
    "0.0.0.0": 403,
}


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_to_the_names_that_were_allowed(name, shared):
    served, key = shared
    assert ask(served, "/v1/payment_intents", key, name)[0] == NAMES[name]
    assert ask(served, "/v1/payment_intents", key, "localhost", f"Origin: http://{name}")[0] == NAMES[name]


def test_an_application_on_another_machine_sells_and_is_told_of_it(shared, monkeypatch, capsys):
    """What `compose.yaml` starts, and what it says: here both are on this machine."""
    served, key = shared
    compose = yaml.safe_load((Path(command_line.__file__).parent / "compose.yaml").read_text("utf-8"))
    simulator, application = (compose["services"][name] for name in ("simulator", "application"))
    options = command_line.read(["--host", "0.0.0.0", *simulator["command"]])
    told = application["environment"]
    assert options.reach.keys == {told["STRIPE_SECRET_KEY"]}
    assert told["STRIPE_API_BASE"] == f"http://{options.shown_host}:12111"
    assert told["APPLICATION_HOST"] in options.reach.webhooks_to
    assert application["entrypoint"] == ["python", "-m", example_application.__name__]
    assert example_application.main({"STRIPE_API_BASE": served.url, "STRIPE_SECRET_KEY": key}) == 0
    [payment] = served.client(key).v1.payment_intents.list({"limit": 1}).data
    assert capsys.readouterr().out == f"payment_intent.succeeded: {payment.id}\n"
    assert served.client(key).v1.webhook_endpoints.list().data == []
    monkeypatch.setattr(example_application, "PATIENCE", 0)
    served.client(key).raw_request("post", "/_simulator/faults", kind="webhook_lost")
    assert example_application.main({"STRIPE_API_BASE": served.url, "STRIPE_SECRET_KEY": key}) == 1


def test_keys_can_be_named_where_nobody_else_comes_in(tmp_path):
    simulator = Simulator(tmp_path / "account.sqlite")
    with closing(simulator):
        simulator.reach = Reach(keys=frozenset(["sk_test_one", "rk_test_two"]))
        for key, taken in (("sk_test_one", True), ("rk_test_two", True), ("sk_test_two", False)):
            answer = simulator.handle("GET", "/v1/payment_intents", {"Authorization": f"Bearer {key}"})
            assert (answer.status == 200) is taken


def test_nothing_is_shared_unless_somebody_says_so():
    options = command_line.read([])
    assert (options.host, options.shared, options.reach) == ("127.0.0.1", False, HERE_ONLY)
    assert (options.key, options.made_key) == ("sk_test_offline", "")


# The options -> where it is said to be, the names it has besides, and whether it makes a key.
SHARED = {
    ("--host", "0.0.0.0"): ("127.0.0.1", set(), True),
    ("--host", "0.0.0.0", "--key", "sk_test_a", "--key", "sk_test_b"): ("127.0.0.1", set(), False),
    ("--host", "192.168.1.7"): ("192.168.1.7", {"192.168.1.7"}, True),
    ("--host", "0.0.0.0", "--allow-host", "Till"): ("till", {"till"}, True),
    ("--host", "fd00::1"): ("[fd00::1]", {"[fd00::1]"}, True),
    ("--host", "::"): ("[::1]", set(), True),
    ("--host", "::", "--allow-host", "[fd00::2]"): ("[fd00::2]", {"[fd00::2]"}, True),
}


@pytest.mark.parametrize("arguments", SHARED)
def test_what_is_shared_has_keys_and_a_name(arguments):
    options = command_line.read(list(arguments))
    shown, names, makes_a_key = SHARED[arguments]
    assert options.shared
    assert (options.shown_host, options.reach.names) == (shown, names)
    assert bool(options.made_key) is makes_a_key
    assert options.key in options.reach.keys


WRONG = {
    ("--host", "till"): "an address of this machine",
    ("--host", "0"): "an address of this machine",
    ("--key", "sk_live_mine"): "a test key",
    ("--key", ""): "a test key",
    ("--key", "pk_test_mine"): "a test key",
    ("--allow-host", "http://till"): "without a port",
    ("--allow-host", "till:80"): "without a port",
    ("--allow-host", "*"): "without a port",
    ("--webhooks-to", "http://till"): "without a port",
    ("--webhooks-to", "8.8.8.8"): "never go to a public address",
    ("--webhooks-to", "169.254.169.254"): "never go to a public address",
    ("--webhooks-to", "[2001:db8::1]"): "never go to a public address",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_an_option_that_cannot_be_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        command_line.read(list(arguments))
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert WRONG[arguments] in said
    assert "mine" not in said.partition("error:")[2]


# -- where webhooks may go


@contextmanager
def known_as(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> Iterator[list[str]]:
    """A network in which these names have these addresses; which of them are looked up."""
    asked = []
    really = socket.getaddrinfo

    def getaddrinfo(host, port, *more, **options):
        if host not in names:
            return really(host, port, *more, **options)
        asked.append(host)
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in names[host]
        ]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        yield asked


# An address -> whether webhooks go there for a host that was named, and for this machine's own names.
ADDRESSES = {
    "127.0.0.1": (True, True),
    "127.9.9.9": (True, True),
    "::1": (True, True),
    "::ffff:127.0.0.1": (True, True),
    "10.0.0.1": (True, False),
    "172.16.0.1": (True, False),
    "172.31.255.255": (True, False),
    "192.168.65.254": (True, False),
    "fd12:3456::1": (True, False),
    "::ffff:10.0.0.1": (True, False),
    "172.15.255.255": (False, False),
    "172.32.0.1": (False, False),
    "192.169.0.1": (False, False),
    "8.8.8.8": (False, False),
    "169.254.169.254": (False, False),
    "0.0.0.0": (False, False),
    "100.64.0.1": (False, False),
    "224.0.0.1": (False, False),
    "255.255.255.255": (False, False),
    "::": (False, False),
    "fe80::1": (False, False),
    "2001:db8::1": (False, False),
    "::ffff:8.8.8.8": (False, False),
    "64:ff9b::7f00:1": (False, False),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_addresses_of_this_machine_and_of_private_networks_are_called(address, monkeypatch):
    with known_as(monkeypatch, {"till": ["203.0.113.9", address]}):
        for here_only, allowed in zip((False, True), ADDRESSES[address], strict=True):
            if allowed:
                assert [one.address[0] for one in look_up("till", 80, here_only=here_only)] == [address]
            else:
                with pytest.raises(PermissionError, match=r"^till is at 203\.0\.113\.9, which is not "):
                    look_up("till", 80, here_only=here_only)


@contextmanager
def shop(folder: Path, *hosts: str) -> Iterator[stripe.StripeClient]:
    """An account whose webhooks are sent, also to these hosts."""
    with closing(Simulator(folder / "account.sqlite")) as simulator:
        simulator.reach = Reach(webhooks_to=frozenset(hosts))
        sender = WebhookSender(simulator.path, webhooks_to=simulator.reach.webhooks_to)
        sender.start()
        try:
            yield stripe.StripeClient("sk_test_reach", http_client=SimulatorHTTPClient(simulator))
        finally:
            sender.stop()


def test_a_webhook_is_sent_to_a_host_that_was_named_and_looked_up_once(tmp_path, monkeypatch):
    names = {"my_till.internal": ["203.0.113.9", "127.0.0.1"]}
    with (
        known_as(monkeypatch, names) as asked,
        receiving() as receiver,
        shop(tmp_path, "my_till.internal") as client,
    ):
        url = receiver.url.replace("127.0.0.1", "my_till.internal")
        secret = client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]}).secret
        new_payment(client)
        assert receiver.next(secret).type == "payment_intent.created"
    assert asked == ["my_till.internal"]


@pytest.mark.parametrize(
    ("name", "address"),
    [("my-till", "203.0.113.9"), ("localhost", "203.0.113.9"), ("localhost", "10.0.0.1")],
)
def test_nothing_is_sent_where_a_name_leads_further_than_it_may(name, address, tmp_path, monkeypatch):
    calls: queue.Queue[object] = queue.Queue()

    def connect(self, address):
        calls.put(address)
        raise ConnectionRefusedError

    with known_as(monkeypatch, {name: [address]}) as asked, shop(tmp_path, "my-till") as client:
        monkeypatch.setattr(socket.socket, "connect", connect)
        client.v1.webhook_endpoints.create({"url": f"http://{name}/hook", "enabled_events": ["*"]})
        new_payment(client)
        until(lambda: len(asked) == 1)
        client.raw_request("post", "/_simulator/clock", advance=1)
        until(lambda: len(asked) == 2)
        assert client.v1.events.list().data[0].pending_webhooks == 1
    assert calls.empty()


def test_a_host_that_nobody_named_is_refused(tmp_path):
    with shop(tmp_path, "my-till") as client:
        for host in ("till", "my-till.example", "10.0.0.1", "my-till."):
            with pytest.raises(stripe.InvalidRequestError, match="--webhooks-to") as caught:
                client.v1.webhook_endpoints.create({"url": f"http://{host}/", "enabled_events": ["*"]})
            assert caught.value.code == "url_invalid"
