"""Requests that nearly make sense: every call of the simulator with values of right, wrong and hostile kinds.

Parameter names and types come from the library's TypedDicts, as the simulator's own do. An id is written as
`@pi:3`, and stands for the third PaymentIntent that the account has when the request is sent.
"""

from __future__ import annotations

import types
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin
from urllib.parse import quote

import stripe
import typing_extensions
from hypothesis import strategies as st

from irl_helpers.simulator import expand, schema
from irl_helpers.simulator.routes import ROUTES, Route


class Request(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: str | bytes


# The word before an id in a path, or a parameter's name -> the prefix of the ids that belong there.
KINDS = {
    "account": "acct",
    "destination": "acct",
    "on_behalf_of": "acct",
    "balance_transaction": "txn",
    "charge": "ch",
    "configuration": "tmc",
    "configuration_override": "tmc",
    "customer": "cus",
    "dispute": "du",
    "ending_before": "",
    "event": "evt",
    "fault": "fault",
    "file": "file",
    "location": "tml",
    "payment_intent": "pi",
    "payment_method": "pm",
    "reader": "tmr",
    "refund": "re",
    "setup_attempt": "setatt",
    "setup_intent": "seti",
    "source": "",
    "starting_after": "",
    "webhook_endpoint": "we",
}
PREFIXES = sorted({prefix for prefix in KINDS.values() if prefix})

HOSTILE = [
    "", " ", "0", "-1", "1", "50", "1000", "1.5", "1e5", "99999999", "100000000", "9" * 18, "9" * 19,
    "9" * 5000, "-" + "9" * 18, "NaN", "Infinity", "-0", "0x10", "٣", "1_000", "true", "false", "TRUE",
    "null", "None", "[]", "{}", "usd", "USD", "jpy", "xxx", "us\u0000d", "ü", "日本", "🧾" * 50, "\u202e",
    "\ud800", "a" * 41, "a" * 501, "a" * 5001, "'", '"', "%", "%00", "%ff", "';DROP TABLE objects;--", "$.x",
    "../../etc/passwd", "<script>", "data.customer", "latest_charge.payment_intent.latest_charge.customer",
    "4242424242424242", "4000000000000002", "simulated-wpe", "http://127.0.0.1/", "card_present", "cart",
    "\r\nX: y", "amount:>1",
]  # fmt: skip
# Each step back that answers take is between two of them.
VERSIONS = [
    "2020-03-02", "2022-08-01", "2024-06-20; some_beta=v1", "2025-02-24.acacia", "2026-08-26.dahlia",
    "9999-12-31.zebra",
]  # fmt: skip
# What lets a request get through, by the parameter's name.
GOOD = {
    "amount": ["1000", "1001", "50"],
    "amount_to_capture": ["1", "500", "1000", "1001"],
    "city": ["San Francisco"],
    "country": ["US", "IE"],
    "currency": ["usd", "eur", "jpy"],
    "email": ["ada@example.com"],
    "line1": ["1 Main St"],
    "number": ["4242424242424242", "4000000000000002", "4506445006931933"],
    "postal_code": ["94111"],
    "query": ["status:'succeeded'", "amount>100 AND metadata['a']:'b'"],
    "registration_code": ["simulated-wpe", "simulated-s700"],
    "state": ["CA"],
    "type": ["charge.captured", "payment_intent.*", "card", "refund"],
    "uncategorized_text": ["winning_evidence", "losing_evidence", "escalate_inquiry_evidence"],
    "url": ["http://localhost:1/"],
}
# Optional in the schema, and yet few calls get far without.
USUAL = {"address", "allowed_payment_method_types", "display_name", "payment_intent", "type"}
_numbers = st.one_of(st.sampled_from([0, 1, 49, 50, 100, 1000, 1001, 99_999_999]), st.integers(-5, 5000)).map(
    str
)
_text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
_ids = st.builds("@{}:{}".format, st.sampled_from(PREFIXES), st.integers(0, 9))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    route: Route = draw(st.sampled_from(ROUTES))
    pairs = draw(_fields(route.schema()))
    pairs += [("expand[]", path) for path in draw(_expansions(route))]
    pairs = draw(_spoilt(pairs))
    method = draw(_rarely(route.method, st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "", "ü"])))
    path = draw(_path(route.path))
    body = draw(_encoded(pairs))
    if method == "GET" and isinstance(body, str):
        return Request(method, f"{path}?{body}" if body else path, draw(_headers()), "")
    return Request(method, path, draw(_headers()), body)


@st.composite
def _expansions(draw: st.DrawFn, route: Route) -> list[str]:
    """Sometimes paths that the library's classes know, to five levels, right or with one wrong name."""
    if not route.kind or draw(st.integers(0, 3)):
        return []
    paths = []
    for _ in range(draw(st.integers(1, 2))):
        names = draw(_names(expand._class(route.kind), 5))
        if names and not draw(st.integers(0, 5)):
            names[draw(st.integers(0, len(names) - 1))] = draw(_text)
        listed = ["data"] if route.listed and draw(st.integers(0, 5)) else []
        paths.append(".".join([*listed, *names]) or "total_count")
    return [quote(path, errors="surrogatepass") for path in paths]


@st.composite
def _names(draw: st.DrawFn, cls: Any, depth: int) -> list[str]:
    """Fields that lead from an object of this class to others, or to what is none."""
    fields = _leading(cls) if cls else {}
    if not fields or not depth:
        return []
    name = draw(st.sampled_from(sorted(fields)))
    return [name, *(draw(_names(fields[name], depth - 1)) if draw(st.booleans()) else [])]


@cache
def _leading(cls: type) -> dict[str, type | None]:
    """Field -> the class of the object in it, None for a value that is no object."""
    found = {}
    for name in cls.__annotations__:
        inner = [one for one in expand._members(cls, name) if isinstance(one, type)]
        objects = [one for one in inner if issubclass(one, stripe.StripeObject)]
        found[name] = objects[0] if objects else None
    objects_only = {name: inner for name, inner in found.items() if inner}
    return objects_only or dict.fromkeys(found)


def _rarely(usual: Any, others: st.SearchStrategy) -> st.SearchStrategy:
    """Once in about twenty cases something else."""
    return st.integers(0, 19).flatmap(lambda number: others if number == 0 else st.just(usual))


@st.composite
def _path(draw: st.DrawFn, pattern: str) -> str:
    parts = pattern.split("/")
    for index, part in enumerate(parts):
        if part == "*":
            prefix = KINDS.get(parts[index - 1].removesuffix("s"), "pi")
            usual = f"@{prefix}:{draw(st.integers(0, 9))}"
            other = st.one_of(_ids, _text.map(lambda text: quote(text, errors="surrogatepass")), _text)
            parts[index] = draw(_rarely(usual, other))
    return "/".join(parts)


@st.composite
def _fields(draw: st.DrawFn, params: type, path: str = "", depth: int = 0) -> list[tuple[str, str]]:
    """What a form may say for a TypedDict: what it requires, mostly, and a few of the others."""
    own = params.__annotations__
    if set(own) >= schema.OPTIONS:
        own = {name: value for name, value in own.items() if name not in schema.OPTIONS}
    required = [name for name in own if name in params.__required_keys__]
    optional = sorted(set(own) - set(required))
    usual = [name for name in own if name in required or name in USUAL]
    names = [name for name in usual if draw(_rarely(True, st.just(False)))]
    if optional:
        names += draw(st.lists(st.sampled_from(optional), max_size=3 - depth // 2, unique=True))
    pairs = []
    for name in names:
        here = f"{path}[{name}]" if path else name
        pairs += draw(_value(own[name], params.__module__, here, name, depth))
    return pairs


@st.composite
def _value(
    draw: st.DrawFn, annotation: Any, module: str, path: str, name: str, depth: int
) -> list[tuple[str, str]]:
    annotation = schema._resolve(annotation, module)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if draw(_rarely(False, st.just(True))):
        return [
            (path + draw(st.sampled_from(["", "[]", "[0]", "[x]", "[x][y]"])), draw(st.one_of(_text, _ids)))
        ]
    if origin in (typing_extensions.NotRequired, typing_extensions.Required):
        return draw(_value(arguments[0], module, path, name, depth))
    if origin in (Union, types.UnionType):
        return draw(_value(draw(st.sampled_from(arguments)), module, path, name, depth))
    if origin is Literal:
        return [(path, draw(st.sampled_from(arguments)))]
    if origin is list:
        pairs = []
        for index in range(draw(st.integers(0, 3))):
            place = path + draw(st.sampled_from([f"[{index}]", "[]"]))
            pairs += draw(_value(arguments[0], module, place, name, depth))
        return pairs
    if typing_extensions.is_typeddict(annotation):
        return draw(_fields(annotation, path, depth + 1)) if depth < 3 else []
    if name in GOOD and draw(st.integers(0, 3)):
        return [(path, draw(st.sampled_from(GOOD[name])))]
    if annotation is bool:
        return [(path, draw(st.sampled_from(["true", "false"])))]
    if annotation is str:
        if name in KINDS:
            prefix = KINDS[name] or draw(st.sampled_from(PREFIXES))
            return [(path, f"@{prefix}:{draw(st.integers(0, 9))}")]
        return [(path, draw(_text))]
    if annotation in (int, float):
        return [(path, draw(_numbers))]
    return [(f"{path}[{draw(_text)}]", draw(_text)) for _ in range(draw(st.integers(0, 3)))]


@st.composite
def _spoilt(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sometimes twice, unknown, nested too deeply, or given as a value and as an object."""
    kind = draw(st.integers(0, 19))
    name, value = draw(st.sampled_from(pairs)) if pairs else ("amount", "1000")
    more = {
        0: [(name, draw(_text))],
        1: [(f"{name}[x]", value)],
        2: [(draw(_text), value)],
        3: [(name + "[a]" * draw(st.integers(1, 2000)), value)],
        4: [(draw(st.sampled_from(["[", "]", "a[", "a]b", "[a]", "a[b]c", "a[[b]]", "a[0]b[1]"])), value)],
        5: [("expand[]", draw(_text)), ("expand[]", "data.latest_charge.payment_method")],
        6: [(f"metadata[{index}]", "x") for index in range(draw(st.sampled_from([50, 51, 6000])))],
        7: [("limit", draw(_text)), ("starting_after", draw(_ids))],
    }
    return pairs + more.get(kind, [])


@st.composite
def _encoded(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> str | bytes:
    def escape(text: str) -> str:
        return quote(text, safe="[]@:", errors="surrogatepass")

    plain = "&".join(f"{name}={value}" for name, value in pairs)
    escaped = "&".join(f"{escape(name)}={escape(value)}" for name, value in pairs)
    kind = draw(st.integers(0, 79))
    if kind == 0:
        return plain
    if kind == 1:
        return plain.encode(draw(st.sampled_from(["latin-1", "utf-16", "utf-7", "cp037"])), "replace")
    if kind == 2:
        return draw(st.binary(max_size=60))
    if kind == 3:
        return escaped + "&description=" + "a" * 1_100_000
    if kind == 4:
        return draw(
            st.sampled_from(["&", "=", "&&=&", "%", "%zz", "+", ";", "a&b&c", '{"amount": 1000}', "\0"])
        )
    return escaped if kind % 2 else escaped.encode()


@st.composite
def _headers(draw: st.DrawFn) -> dict[str, str]:
    headers = {"Authorization": draw(_rarely("Bearer sk_test_fuzz", _text))}
    version = draw(st.integers(0, 9))
    headers["Stripe-Version"] = VERSIONS[version] if version < len(VERSIONS) else draw(_rarely("", _text))
    headers["Content-Type"] = draw(_rarely("application/x-www-form-urlencoded", _text))
    headers["Stripe-Account"] = draw(_rarely("", st.one_of(_text, st.just("@acct:0"))))
    if key := draw(_rarely("", st.one_of(_text, st.just("k" * 256), st.just("the same")))):
        headers["Idempotency-Key"] = key
    return headers
