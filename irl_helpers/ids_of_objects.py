"""Which object an id is of, by what it begins with; and what to say of one that is no id, or another's.

https://docs.stripe.com/api
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_plus


class Kind(NamedTuple):
    """`name` is that of its class, `prefix` what its ids begin with, `found_by` what gives one."""

    name: str
    prefix: str
    found_by: str


KINDS = [
    Kind("Reader", "tmr_", "find_reader gives it for a label"),
    Kind("Location", "tml_", "find_location gives it for a name"),
    Kind("Configuration", "tmc_", "own_configuration gives it for a name"),
    Kind("PaymentIntent", "pi_", "create_payment gives it"),
    Kind("SetupIntent", "seti_", "create_setup gives it"),
    Kind("Customer", "cus_", "own_customer gives it for an email address"),
    Kind("PaymentMethod", "pm_", "saved_cards gives a customer's"),
    Kind("Charge", "ch_", "the PaymentIntent has it as latest_charge"),
    Kind("Refund", "re_", "refund_payment gives it"),
]
_NO_SUCH = re.compile(r"No such ([\w ]+): '(.*?)'")


def kind_called(name: str) -> Kind | None:
    """The kind that Stripe calls so, in a message ("setupintent") or a parameter ("payment_intent")."""
    plain = name.replace("_", "").replace(" ", "").lower()
    return next((kind for kind in KINDS if kind.name.lower() == plain), None)


def kind_of(id: str) -> Kind | None:
    """The kind that has ids like this one."""
    return next((kind for kind in KINDS if id.startswith(kind.prefix)), None)


def typed(said: str, path: str) -> str:
    """Stripe's message with the id as it was typed: in the path of a request a blank is a plus."""
    found = _NO_SUCH.search(said)
    if found is None or f"/{found[2]}" not in path:
        return said
    return said.replace(f"'{found[2]}'", f"'{unquote_plus(found[2])}'")


def wrong_id(said: str) -> str:
    """What to give in place of an id that "No such …" says is no id of this kind; "" where it may be one."""
    found = _NO_SUCH.search(said)
    wanted = kind_called(found[1]) if found else None
    if found is None or wanted is None or found[2].startswith(wanted.prefix):
        return ""
    begin = f"a {wanted.name}'s id begins with {wanted.prefix}; {wanted.found_by}."
    given = kind_of(found[2])
    return f"This is a {given.name}'s id: {begin}" if given else f"This looks like a label or a name: {begin}"
