"""A seed: what an empty account is to have from the beginning, as a JSON file says it.

Each entry of `locations`, `readers`, `customers` and `payments` has the parameters of Stripe's call that
creates it, and an `id` if it is to have a certain one. README.md has an example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .account import Account, Object
from .cards import card_number
from .errors import StripeError
from .forms import MAX_DEPTH
from .ids import PREFIXES
from .online_cards import TOKENS
from .routes import match
from .schema import decode
from .simulator import Simulator
from .store import key_hash

# An id that was chosen has a letter where others have a digit, so that it never gets between those.
_CHOSEN = r"{}_[A-Za-z][A-Za-z0-9_]{{0,59}}"


class SeedError(ValueError):
    """A seed that cannot be used; the message says where, and what is wrong there."""


class NotEmpty(SeedError):
    """The account has locations, readers, customers or payments already."""


def read_seed(path: Path) -> Object:
    """What the file says. Raises SeedError where it cannot be read, or is not JSON."""
    try:
        seed: Object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise SeedError(f"it cannot be read ({problem.strerror}).") from None
    except json.JSONDecodeError as problem:
        raise SeedError(
            f"line {problem.lineno}, column {problem.colno}: {problem.msg}. A seed is a JSON file."
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise SeedError("it is not a JSON file.") from None
    return seed


def plant(simulator: Simulator, key: str, seed: Any) -> dict[str, list[str]]:
    """Put what the seed says into the account of this key, all of it or nothing; the ids, by section.

    Raises SeedError, NotEmpty where there is something in the account, and AccountFileError.
    """
    return simulator.change(key_hash(key), _plant, seed)


def told(planted: Mapping[str, list[str]]) -> str:
    """What was planted, in words: "1 location, 2 readers"."""
    counted = [
        f"{len(ids)} {section if len(ids) > 1 else section[:-1]}" for section, ids in planted.items() if ids
    ]
    return ", ".join(counted) or "nothing"


def _plant(account: Account, seed: Any) -> dict[str, list[str]]:
    there = account.counts()
    if any(there.get(kind) for kind, _ in _SECTIONS.values()):
        raise NotEmpty("A seed is for an empty account, and this one is not.")
    if not isinstance(seed, dict):
        raise SeedError("A seed is an object with locations, readers, customers and payments.")
    for section in seed:
        if section not in _SECTIONS:
            raise SeedError(f"{section[:40]!r} is none of {', '.join(_SECTIONS)}.")
    planted = {}
    for section, (_, put) in _SECTIONS.items():
        entries = seed.get(section, [])
        if not isinstance(entries, list):
            raise SeedError(f"{section}: a list is needed here.")
        planted[section] = [put(account, entry, f"{section}[{at}]") for at, entry in enumerate(entries)]
    return planted


def _location(account: Account, entry: Any, place: str) -> str:
    return _create(account, "terminal.location", "/v1/terminal/locations", _entry(entry, place), place)


def _reader(account: Account, entry: Any, place: str) -> str:
    params = {"registration_code": "simulated-wpe", **_entry(entry, place)}
    return _create(account, "terminal.reader", "/v1/terminal/readers", params, place)


def _customer(account: Account, entry: Any, place: str) -> str:
    params = _entry(entry, place)
    cards = params.pop("cards", [])
    if not isinstance(cards, list):
        raise SeedError(f"{place}.cards: a list is needed here.")
    customer = _create(account, "customer", "/v1/customers", params, place)
    for at, one in enumerate(cards):
        here = f"{place}.cards[{at}]"
        card = _entry({"payment_method": one} if isinstance(one, str) else one, here)
        name = card.pop("payment_method", "pm_card_visa")
        if not isinstance(name, str) or name not in TOKENS:
            raise SeedError(f"{here}.payment_method: one of Stripe's test cards, such as pm_card_visa.")
        path = f"/v1/payment_methods/{name}/attach"
        _create(account, "payment_method", path, {**card, "customer": customer}, here)
    return customer


def _payment(account: Account, entry: Any, place: str) -> str:
    params = _entry(entry, place)
    reader, capture = params.pop("reader", None), params.pop("capture", False)
    card = params.pop("card", "visa")
    if reader:
        params = {"allowed_payment_method_types": ["card_present"], **params}
    payment = _create(account, "payment_intent", "/v1/payment_intents", params, place)
    if reader:
        _pay(account, str(reader), payment, card, place)
    if capture:
        amount = {} if capture is True else {"amount_to_capture": capture}
        _call(account, f"/v1/payment_intents/{payment}/capture", amount, f"{place}.capture")
    return payment


def _pay(account: Account, reader: str, payment: str, card: Any, place: str) -> None:
    """A customer holds her card to the reader, which is then idle again."""
    try:
        number = card_number(str(card))
    except ValueError as problem:
        raise SeedError(f"{place}.card: {problem}") from None
    at_reader = f"/v1/terminal/readers/{quote(reader, safe='')}"
    _call(account, f"{at_reader}/process_payment_intent", {"payment_intent": payment}, f"{place}.reader")
    presented = {"card_present": {"number": number}}
    _call(account, f"/v1/test_helpers{at_reader[3:]}/present_payment_method", presented, f"{place}.card")
    _call(account, f"{at_reader}/cancel_action", {}, f"{place}.reader")


# (kind, what puts an entry at a place into an account, and says its id); each may name those before it.
_SECTIONS: dict[str, tuple[str, Callable[[Account, Any, str], str]]] = {
    "locations": ("terminal.location", _location),
    "readers": ("terminal.reader", _reader),
    "customers": ("customer", _customer),
    "payments": ("payment_intent", _payment),
}


def _entry(entry: Any, place: str) -> Object:
    if not isinstance(entry, dict):
        raise SeedError(f"{place}: an object is needed here.")
    return dict(entry)


def _create(account: Account, kind: str, path: str, params: Object, place: str) -> str:
    """The id of what the call creates, which is the `id` among the parameters if there is one."""
    prefix = PREFIXES[kind]
    chosen = params.pop("id", None)
    if chosen is None:
        return str(_call(account, path, params, place)["id"])
    if not isinstance(chosen, str) or not re.fullmatch(_CHOSEN.format(prefix), chosen):
        raise SeedError(
            f"{place}.id: an id of your own is {prefix}_, a letter, and up to 59 letters, digits and _."
        )
    if account.find(chosen) or chosen in TOKENS:
        raise SeedError(f"{place}.id: {chosen} is there already.")
    account.chosen_ids = {prefix: chosen}
    _call(account, path, params, place)
    return chosen


def _call(account: Account, path: str, params: Object, place: str) -> Object:
    """The answer of one of Stripe's calls. A declined card is an answer too: that payment was tried."""
    with _said(place):
        route, ids = match("POST", path)
        answer: Object
        try:
            given = decode(route.schema(), _form(params, place), account.version)
            answer = route.handler(account, given, *ids)
        except StripeError as error:
            if not error.keep or "payment_intent" not in error.error:
                raise
            answer = error.error["payment_intent"]
        account.flush()
        account.begin()
    return answer


@contextmanager
def _said(place: str) -> Iterator[None]:
    """What is wrong with a call, said of its place in the seed."""
    try:
        yield
    except StripeError as problem:
        param = problem.error.get("param")
        raise SeedError(f"{place}{f'.{param}' if param else ''}: {problem.error['message']}") from None


def _form(value: Any, place: str, depth: int = 0) -> Any:
    """The same as a request's form would have it: texts only, and lists by their indexes."""
    if depth > MAX_DEPTH:
        raise SeedError(f"{place.partition('.')[0]}: this is nested too deeply.")
    if isinstance(value, dict):
        return {_text(name, place): _form(one, f"{place}.{name}", depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return {str(at): _form(one, f"{place}[{at}]", depth + 1) for at, one in enumerate(value)}
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return _text(str(value), place)


def _text(text: str, place: str) -> str:
    """The same text. Raises SeedError for half of a surrogate pair and for NUL, which nobody could store."""
    if "\0" in text or (not text.isascii() and text.encode(errors="replace").decode() != text):
        raise SeedError(f"{ascii(place)[1:-1]}: there is a character here that is none.")
    return text
