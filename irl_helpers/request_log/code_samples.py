"""A request that was sent, written as the Python call and as the curl line that send it again."""

from __future__ import annotations

import inspect
import json
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
from .log import LoggedRequest

_WIDTH = 88
_METHOD = re.compile(r"\n    def (\w+)\(")
_PARAMS = re.compile(r'params: (?:Optional\[)?"(\w+)"')
_SENDS = re.compile(r'"(get|post|delete)",\s+"(/v\d/[^"]*)"')
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIMPLE = re.compile(r"[\w.,:/@-]*", re.ASCII)


class Method(NamedTuple):
    """A method of the library: `v1.terminal.readers.create`, what it sends, its parameters' class."""

    name: str
    verb: str
    path: str
    params: str


class _File(NamedTuple):
    """A file in a sample: opened by its name."""

    name: str

    @classmethod
    def named(cls, value: Any) -> _File | None:
        """The file that `@name` stands for; None for anything else."""
        return cls(value[1:]) if isinstance(value, str) and value.startswith("@") else None


def as_python(request: LoggedRequest) -> str:
    """`client.v1.….create(params={…})`: evaluated, it sends the same method, path and form.

    What the installed library has no method for is a `client.raw_request(…)`.
    """
    path, form = _parts(request)
    method = find_method(request.method, path)
    if method is None:
        tree = _untyped(_tree(form))
        arguments = [json.dumps(request.method.lower()), json.dumps(path)]
        arguments += [f"**{_literal(tree, 4, 2)}"] if tree else []
        return _call("client.raw_request", arguments)
    ids = [
        json.dumps(unquote_plus(sent), ensure_ascii=False)
        for sent, written in zip(path.split("/"), method.path.split("/"), strict=True)
        if written.startswith("{")
    ]
    params = _typed(_tree(form), method.params)
    if request.upload:
        params = {name: _File.named(value) or value for name, value in params.items()}
    named = [f"params={_literal(params, 4, 7)}"] if params else []
    key = own_key(request)
    named += [f"options={_literal({'idempotency_key': key}, 4, 8)}"] if key else []
    return _call(f"client.{method.name}", ids + named)


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
    return None if not key or _UUID.fullmatch(key) else key


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
    for method, text in zip(methods[::2], methods[1::2], strict=True):
        sends, params = _SENDS.search(text.split("\n    async def ")[0]), _PARAMS.search(text)
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


def _call(name: str, arguments: list[str]) -> str:
    flat = f"{name}({', '.join(arguments)})"
    if len(flat) <= _WIDTH and "\n" not in flat:
        return flat
    lines = "".join(f"    {argument},\n" for argument in arguments)
    return f"{name}(\n{lines})"


def _literal(value: Any, indent: int, before: int = 0) -> str:
    """A value as Python source, broken into lines where it is long; `before` characters stand before it."""
    flat = _flat(value)
    if not value or not isinstance(value, (dict, list)) or indent + before + len(flat) < _WIDTH:
        return flat
    inner = indent + 4
    if isinstance(value, dict):
        entries = [(f"{json.dumps(name, ensure_ascii=False)}: ", each) for name, each in value.items()]
    else:
        entries = [("", each) for each in value]
    lines = "".join(f"{' ' * inner}{name}{_literal(each, inner, len(name))},\n" for name, each in entries)
    return f"{'{['[isinstance(value, list)]}\n{lines}{' ' * indent}{'}]'[isinstance(value, list)]}"


def _flat(value: Any) -> str:
    if isinstance(value, _File):
        return f'open({json.dumps(value.name, ensure_ascii=False)}, "rb")'
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(n, ensure_ascii=False)}: {_flat(v)}" for n, v in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
