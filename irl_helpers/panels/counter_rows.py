"""The counter's lists, line by line: from what the account has to a `Row`, and to what it says when opened.

Pure functions. All of it is text, which the page shows as text; no key is in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import stripe

from ..money import format_amount
from ..request_log.code_samples import as_curl, as_python, call_of
from ..request_log.node_sample import as_node
from ..served_requests import ServedRequest
from ..webhooks import Listed, Try
from .json_text import pretty, without_keys
from .live_list import Detail, Row

FOLLOW = ("follow", "What happened to it")
SEND = ("send", "Send again")
DELETE = ("delete", "Delete")
UNVERIFIED = (
    "The receiver could not verify the signature. It needs the secret of this endpoint (whsec_…, in the "
    "answer that created it), and the body as it came, byte for byte."
)
TWICE = (
    "Each endpoint with this address is sent the event, signed with its own secret. A program that makes "
    "one whenever it starts knows only the newest: delete the others, or make it once and keep its secret."
)
_BINDINGS = re.compile(r"(\w+)Bindings/([\w.]+)")
_NOTE, _WHO = 400, 40  # characters


def request_row(request: ServedRequest) -> Row:
    """What a program asked, and what it was answered."""
    outcome = f"{request.status} {request.error_code or ''}".strip()
    pairs = sorted(parse_qsl(request.form, keep_blank_values=True), key=_of_the_application)
    took = f"{round(request.seconds * 1000)} ms"
    if request.times > 1:
        took = f"{request.times} times, to {_clock(request.last)}"
    return _row(
        request.id,
        "request",
        request.created,
        mark=request.method,
        title=request.path,
        outcome=outcome + " replayed" * request.replayed + " lost" * request.lost,
        tone="bad" if request.status >= 400 or request.lost else "good",
        note="  ".join(f"{name}={value}" for name, value in pairs),
        origin=f"{who(request.user_agent)} · {took}",
    )


def _of_the_application(pair: tuple[str, str]) -> int:
    """What somebody knows it by comes first: the line is cut."""
    return 0 if pair[0].startswith("metadata[") else 1


def request_detail(request: ServedRequest, address: str, user: str) -> Detail:
    """`address` and `user` are for curl, as in `as_curl`."""
    logged, key = request.as_logged(), request.idempotency_key
    facts = [
        ("From", request.user_agent or "a program that does not say"),
        ("Idempotency key", key and f"{key} (answered as before)" if request.replayed else key),
        ("API version", request.api_version),
        ("Stripe-Account", request.stripe_account),
        (
            "Asked",
            f"{request.times} times, {_clock(request.created)} to {_clock(request.last)}"
            if request.times > 1
            else None,
        ),
        ("Took", f"{round(request.seconds * 1000)} ms"),
        ("Request", request.id),
        ("Answer", "lost on its way: a fault" if request.lost else None),
        ("Shown", "cut: it was long" if request.cut else None),
    ]
    return _detail(
        facts,
        [
            ("Answer", pretty(request.answer), ""),
            ("Parameters", pretty(call_of(logged).params), ""),
            ("Node", as_node(logged), ""),
            ("Python", as_python(logged), ""),
            ("curl", as_curl(logged, address, user), ""),
        ],
    )


def who(user_agent: str | None) -> str:
    """The program behind a User-Agent, in a word or two."""
    found = _BINDINGS.search(user_agent or "")
    words = f"{found[1]} {found[2]}" if found else (user_agent or "?").split(" ")[0]
    return words[:_WHO]


def event_row(event: stripe.Event) -> Row:
    """What happened in the account."""
    about = _about(event)
    texts = (about.get("id"), _amount(about), about.get("status"), _metadata(about))
    note = " ".join(text for text in texts if isinstance(text, str) and text)
    return _row(event.id, "event", event.created, mark="event", title=event.type, note=note)


def _amount(about: Mapping[str, Any]) -> str:
    amount, currency = about.get("amount"), about.get("currency")
    if isinstance(amount, int) and isinstance(currency, str):
        return format_amount(amount, currency)
    return ""


def _metadata(about: Mapping[str, Any]) -> str:
    return "  ".join(f"{name}={value}" for name, value in (about.get("metadata") or {}).items())


def event_detail(event: stripe.Event) -> Detail:
    """The whole event, as an endpoint would get it."""
    request = event.request.id if event.request is not None else None
    facts = [("Event", event.id), ("About", subject(event)), ("Because of", request)]
    return _detail(facts, [("Event", pretty(event.to_dict()), "")], [FOLLOW])


def subject(event: stripe.Event) -> str:
    """The id of what an event is about: of a charge or a refund, its payment; '' for none."""
    about = _about(event)
    if about.get("object") in ("charge", "refund", "dispute") and isinstance(
        about.get("payment_intent"), str
    ):
        return str(about["payment_intent"])
    return str(about.get("id") or "")


def _about(event: stripe.Event) -> dict[str, Any]:
    """What it is about, as it was then."""
    found: dict[str, Any] = event.data.to_dict()["object"]
    return found


def endpoint_row(endpoint: stripe.WebhookEndpoint, same: int) -> Row:
    """Where events are sent. So many endpoints have the `same` address, this one among them."""
    return _row(
        endpoint.id,
        "endpoint",
        endpoint.created,
        mark="endpoint",
        title=endpoint.url,
        outcome=f"{same} endpoints have this address" if same > 1 else endpoint.status,
        tone="bad" if same > 1 or endpoint.status != "enabled" else "good",
        note=", ".join(endpoint.enabled_events),
    )


def endpoint_detail(endpoint: stripe.WebhookEndpoint, same: int) -> Detail:
    """What is sent there, and why it may come twice."""
    facts = [
        ("Twice", TWICE if same > 1 else None),
        ("Endpoint", endpoint.id),
        ("Events", ", ".join(endpoint.enabled_events)),
        ("API version", endpoint.api_version),
    ]
    return _detail(facts, [("Endpoint", pretty(endpoint.to_dict()), "")], [DELETE])


def webhook_row(webhook: Listed, id: str) -> Row:
    """How an event comes to an endpoint. `id` tells the two of a doubled one apart."""
    last = webhook.tries[0] if webhook.tries else None
    outcome, tone = _webhook_outcome(webhook, last)
    tries = f"{len(webhook.tries)} tries" if len(webhook.tries) > 1 else ""
    again = f"next {_due(webhook)}" if webhook.state == "due" and last is not None else ""
    return _row(
        id,
        "webhook",
        last.at if last is not None else webhook.created,
        mark="webhook",
        title=webhook.type,
        outcome=outcome,
        tone=tone,
        note=webhook.url,
        origin=" · ".join(filter(None, [tries, again])),
    )


def webhook_detail(webhook: Listed) -> Detail:
    """Each try, and what came of it."""
    last = webhook.tries[0] if webhook.tries else None
    number = len(webhook.tries)
    facts = [
        ("Why not", UNVERIFIED if last is not None and last.unverified else None),
        ("Event", webhook.event),
        ("Endpoint", f"{webhook.endpoint}, {webhook.url}"),
        ("Signature", last.signature if last is not None else None),
        *((f"Try {number - place}", _tried(each)) for place, each in enumerate(webhook.tries)),
        ("Next try", _due(webhook) if webhook.state == "due" else None),
    ]
    samples = [("Its answer", last.answer, "")] if last is not None and last.answer else []
    return _detail(facts, samples, [SEND])


def _webhook_outcome(webhook: Listed, last: Try | None) -> tuple[str, str]:
    if last is None:
        due = webhook.state == "due" and f"due {_due(webhook)}"
        return due or webhook.state, "bad" if webhook.state == "never comes" else ""
    if last.status is None:
        return "no answer", "bad"
    if last.unverified:
        return f"{last.status} signature not verified", "bad"
    return str(last.status), "good" if 200 <= last.status < 300 else "bad"


def _tried(one: Try) -> str:
    what = str(one.status) if one.status is not None else f"no answer: {one.answer}"
    return f"{_clock(one.at)}, {what}, {round(one.seconds * 1000)} ms"


def payment_row(intent: stripe.PaymentIntent) -> Row:
    """A payment, and what of it is still held."""
    held = intent.status == "requires_capture"
    tone = {"succeeded": "good", "requires_capture": "wait"}.get(intent.status, "")
    amount = format_amount(intent.amount, intent.currency)
    outcome = f"held: {format_amount(intent.amount_capturable, intent.currency)}" if held else intent.status
    return _row(
        intent.id,
        "payment",
        intent.created,
        mark=amount,
        title=intent.id,
        outcome=outcome,
        tone=tone,
        note="  ".join(filter(None, [intent.description, _metadata(intent.to_dict())])),
    )


def payment_detail(intent: stripe.PaymentIntent) -> Detail:
    """The payment as Stripe has it."""
    error = intent.last_payment_error
    currency = intent.currency
    facts = [
        ("Amount", format_amount(intent.amount, currency)),
        ("Status", intent.status),
        ("Held", format_amount(intent.amount_capturable, currency) if intent.amount_capturable else None),
        ("Received", format_amount(intent.amount_received, currency) if intent.amount_received else None),
        ("Last error", (error.message or error.code) if error is not None else None),
    ]
    return _detail(facts, [("PaymentIntent", pretty(intent.to_dict()), "")], [FOLLOW])


def held(intents: Iterable[stripe.PaymentIntent]) -> str:
    """What of these payments is still held, in words; '' for nothing."""
    sums: Counter[str] = Counter()
    for intent in intents:
        if intent.status == "requires_capture":
            sums[intent.currency] += intent.amount_capturable
    amounts = " and ".join(format_amount(amount, currency) for currency, amount in sums.items())
    return f"{amounts} held" if amounts else ""


def _row(id: str, kind: str, at: float, **texts: Any) -> Row:
    shown = {name: without_keys(str(text)) for name, text in texts.items()}
    shown["note"] = shown.get("note", "")[:_NOTE]
    return Row(id, kind, at, _clock(at), **{"outcome": "", **shown})


def _detail(
    facts: Iterable[tuple[str, str | None]],
    samples: Iterable[tuple[str, str, str]],
    actions: Iterable[tuple[str, str]] = (),
) -> Detail:
    return Detail(
        [(name, without_keys(value)) for name, value in facts if value],
        [(title, without_keys(text), note) for title, text, note in samples],
        list(actions),
    )


def _clock(at: float) -> str:
    """With its date where that is not today's: the account's clock may be ahead."""
    then = datetime.fromtimestamp(at)
    date = "" if then.date() == datetime.now().date() else f"{then.day} {then:%b} "
    return f"{date}{then:%H:%M:%S}"


def _due(webhook: Listed) -> str:
    """When it is tried next. Not how long that is: a line is not drawn again each second."""
    if webhook.next_try is None or webhook.seconds <= 0:
        return "now"
    return f"at {_clock(webhook.next_try)}"
