"""A request that was sent, written as the call that sends it again with Stripe's library for Node.

Both libraries are generated from the same description of the API. Where Python has a service inside another
(`customers.payment_methods.list`), Node has a longer name (`customers.listPaymentMethods`).
"""

from __future__ import annotations

import re
from functools import cache

from .code_samples import call_of, find_method
from .literals import JAVASCRIPT, text
from .log import LoggedRequest

# What Node calls the things of a service inside another, several of them and one, where that does not follow
# from Python's name.
_NOUNS = {
    "credit_notes.preview_lines": ("PreviewLineItems", "PreviewLineItem"),
    "customers.funding_instructions": ("FundingInstructions", "FundingInstructions"),
    "customers.payment_sources": ("Sources", "Source"),
    "sources.transactions": ("SourceTransactions", "SourceTransaction"),
    "treasury.financial_accounts.features": ("Features", "Features"),
}
# Node has them elsewhere, or not at all.
_NOT_THERE = ("v1.billing.credit_balance_summary.retrieve", "v1.sources.detach")


def as_node(request: LoggedRequest) -> str:
    """`stripe.paymentIntents.create({…})`: in an async function or a module, `await` it.

    What the library has no method for is a `stripe.rawRequest(…)`.
    """
    call = call_of(request)
    name = node_name(call.method.name) if call.method is not None else ""
    options = {"idempotencyKey": call.key} if call.key else {}
    after = [JAVASCRIPT.literal(call.params, 2)] if call.params or options else []
    after += [JAVASCRIPT.literal(options, 2)] if options else []
    if name:
        return JAVASCRIPT.call(f"stripe.{name}", [*map(text, call.ids), *after])
    return JAVASCRIPT.call("stripe.rawRequest", [text(request.method), text(call.path), *after])


@cache
def node_name(method: str) -> str:
    """What Node calls a method of the Python library: `terminal.readers.processPaymentIntent` for
    `v1.terminal.readers.process_payment_intent`; '' for one that it has not."""
    version, *services, verb = method.split(".")
    if method in _NOT_THERE:
        return ""
    *outer, last = services
    start = [] if version == "v1" else [version]
    if version == "v1" and _is_resource(outer):
        regular = _camel(f"_{last}"), _camel(f"_{_singular(last)}")
        several, one = _NOUNS.get(".".join(services), regular)
        verb = _camel(verb) + (several if verb == "list" else one)
        return ".".join([*map(_camel, outer), verb])
    return ".".join([*start, *map(_camel, services), "del" if verb == "delete" else _camel(verb)])


def _is_resource(services: list[str]) -> bool:
    """Whether these words name objects that have calls of their own, and not a part of the API."""
    path = f"/v1/{'/'.join(services)}"
    places = [(verb, path + rest) for verb in ("GET", "POST") for rest in ("", "/x")]
    return bool(services) and any(find_method(*place) for place in places)


def _singular(word: str) -> str:
    return re.sub("s$", "", re.sub("ies$", "y", word))


def _camel(word: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), word)
