"""A request that was sent, written as the Python call and as the curl line that send it again. For Node see
`node_sample`."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache
from shlex import quote
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_plus
from urllib.parse import quote as percent

import stripe
from stripe._stripe_service import StripeService

from ..simulator.errors import StripeError
from ..simulator.forms import parse_form
from ..simulator.schema import decode, params_class
from .literals import PYTHON, OpenFile, text
from .log import LoggedRequest

_METHOD = re.compile(r"\n    def (\w+)\(")
_PARAMS = re.compile(r'params: (?:Optional\[)?"(\w+)"')
_SENDS = re.compile(r'"(get|post|delete)",\s+"(/v\d/[^"]*)"')
# As libraries make them up; Node's says so.
_MADE_UP = re.compile(r"(stripe-node-retry-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIMPLE = re.compile(r"[\w.,:/@-]*", re.ASCII)


class Method(NamedTuple):
    """A method of the library: `v1.terminal.readers.create`, what it sends, its parameters' class."""

    name: str
    verb: str
    path: str
    params: str


class Call(NamedTuple):
    """What a request asks for: the library's method, None for what it has none for; the ids in its path; its
    parameters with their types; and the idempotency key that its caller chose, None for none."""

    method: Method | None
    path: str
    ids: list[str]
    params: dict[str, Any]
    key: str | None


def call_of(request: LoggedRequest) -> Call:
    """The call that sent a request."""
    path, form = _parts(request)
    method, tree = find_method(request.method, path), _tree(form)
    if method is None:
        return Call(None, path, [], {name: _untyped(value) for name, value in tree.items()}, own_key(request))
    ids = [
        unquote_plus(sent)
        for sent, written in zip(path.split("/"), method.path.split("/"), strict=True)
        if written.startswith("{")
    ]
    params = _typed(tree, method.params)
    if request.upload:
        params = {name: _file(value) for name, value in params.items()}
    return Call(method, path, ids, params, own_key(request))


def as_python(request: LoggedRequest) -> str:
    """`client.v1.….create(params={…})`: evaluated, it sends the same method, path and form.

    What the installed library has no method for is a `client.raw_request(…)`.
    """
    call = call_of(request)
    if call.method is None:
        arguments = [text(request.method.lower()), text(call.path)]
        arguments += [f"**{PYTHON.literal(call.params, 4, 2)}"] if call.params else []
        return PYTHON.call("client.raw_request", arguments)
    named = [f"params={PYTHON.literal(call.params, 4, 7)}"] if call.params else []
    named += [f"options={PYTHON.literal({'idempotency_key': call.key}, 4, 8)}"] if call.key else []
    return PYTHON.call(f"client.{call.method.name}", [*map(text, call.ids), *named])


def as_curl(request: LoggedRequest, address: str, user: str) -> str:
    """The same for a shell: `curl https://…/v1/… -u … -d …`. `user` stands there as it is given."""
    path, form = _parts(request)
    words = [
        f"curl {quote(address + path)}",
        f"-u {user}",
        f"-H {quote(f'Stripe-Version: {stripe.api_version}')}",
    ]
    if key := own_key(request):
        words.append(f"-H {quote(f'Idempotency-Key: {key}')}")
    pairs = parse_qsl(form, keep_blank_values=True)
    if request.upload:
        words[0] = f"curl {quote(address.replace('://api.stripe.com', '://files.stripe.com') + path)}"
        words += [f"-F {quote(f'{name}={value}')}" for name, value in pairs]
        return " \\\n  ".join(words)
    if request.method == "GET" and pairs:
        words.append("-G")
    elif request.method != "GET" and (request.method != "POST" or not pairs):
        words.append(f"-X {request.method}")
    for name, value in pairs:
        option = "-d" if _SIMPLE.fullmatch(value) else "--data-urlencode"
        words.append(f"{option} {quote(percent(name, safe='[]') + '=' + value)}")
    return " \\\n  ".join(words)


def own_key(request: LoggedRequest) -> str | None:
    """The idempotency key, if the caller chose it; the library makes one up for every other POST."""
    key = request.idempotency_key
    return None if not key or _MADE_UP.fullmatch(key) else key


def find_method(verb: str, path: str) -> Method | None:
    """The installed library's method that sends this, or None."""
    parts = path.split("/")
    found = [
        method
        for service in _services(parts[1:])
        for method in _methods(*service)
        if method.verb == verb.lower() and _fits(method.path.split("/"), parts)
    ]
    # A word comes before an id: /v1/payment_intents/search does not retrieve an object.
    return min(found, key=lambda method: method.path.count("{"), default=None)


def _fits(written: list[str], sent: list[str]) -> bool:
    return len(written) == len(sent) and all(
        ours == theirs or ours.startswith("{") for ours, theirs in zip(written, sent, strict=True)
    )


def _services(words: list[str]) -> list[tuple[str, type]]:
    """The services that the words of a path lead to: those of its nouns, ids left out."""
    place: Any = _client()
    found, names = [], []
    for word in words:
        inner = getattr(place, word, None) if word.isidentifier() else None
        if isinstance(inner, StripeService) or word in ("v1", "v2"):
            place = inner
            names.append(word)
            found.append((".".join(names), type(place)))
    return found


@cache
def _client() -> stripe.StripeClient:
    """For its services alone: nothing is sent with it."""
    return stripe.StripeClient("sk_test_none")


@cache
def _methods(name: str, service: type) -> list[Method]:
    """Read from the service's own source: the library is generated, and each method sends one request."""
    _, *methods = _METHOD.split(inspect.getsource(sys.modules[service.__module__]))
    package = service.__module__.split(".")[1:-1]
    found = []
    for method, source in zip(methods[::2], methods[1::2], strict=True):
        sends, params = _SENDS.search(source.split("\n    async def ")[0]), _PARAMS.search(source)
        if sends and params:
            found.append(
                Method(
                    f"{name}.{method}", sends.group(1), sends.group(2), ".".join([*package, params.group(1)])
                )
            )
    return found


def _parts(request: LoggedRequest) -> tuple[str, str]:
    """The path, and the form or what stood after the question mark."""
    path, _, query = request.path.partition("?")
    return path, query or request.form


def _tree(form: str) -> dict[str, Any]:
    try:
        return parse_form(form)
    except StripeError:  # what Stripe cannot read either; shown as it was
        return dict(parse_qsl(form, keep_blank_values=True))


def _typed(tree: dict[str, Any], params: str) -> dict[str, Any]:
    """Amounts as integers and lists as lists, by the library's own types; anything else stays text."""
    try:
        return decode(params_class(params), tree, stripe.api_version)
    except (StripeError, AttributeError):
        return {name: _untyped(value) for name, value in tree.items()}


def _untyped(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    inner = {name: _untyped(value) for name, value in tree.items()}
    return list(inner.values()) if inner and list(inner) == [str(n) for n in range(len(inner))] else inner


def _file(value: Any) -> Any:
    """The file that `@name` stands for; anything else as it is."""
    return OpenFile(value[1:]) if isinstance(value, str) and value.startswith("@") else value
