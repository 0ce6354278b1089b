"""The simulator's own controls, under `/_simulator/`: clearly not Stripe's."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NotRequired

from typing_extensions import TypedDict

from . import delivery_list, errors, faults, traffic_file, webhook_deliveries
from .account import Account, Object
from .at_reader import cancel_action, collect_inputs
from .at_reader.present_payment_method import release_bank
from .ids import new_id
from .resources import online_charges, setup_intents, stripe_accounts
from .stripe_calls import CALLS
from .versions import check_version


class NoParams(TypedDict):
    """A control that takes no parameters."""

    pass


if TYPE_CHECKING:
    FaultKind = str
else:
    # The list that requests are checked by, and that only exists when this runs.
    FaultKind = Literal[tuple(faults.KINDS)]


class FaultParams(TypedDict):
    """A fault to switch on."""

    kind: FaultKind
    reader: NotRequired[str]
    call: NotRequired[str]
    count: NotRequired[int]
    chance: NotRequired[int]
    seed: NotRequired[int]
    seconds: NotRequired[int]


class AnswerParams(TypedDict):
    """What the customer answers: a `value`, or to `skip` it; each toggle's position, in their order."""

    value: NotRequired[str]
    skip: NotRequired[bool]
    toggles: NotRequired[list[Literal["disabled", "enabled"]]]


class DeliveriesParams(TypedDict):
    """Whose deliveries to list."""

    endpoint: NotRequired[str]


class RequestsParams(TypedDict):
    """Which requests: those in which the id `object` occurs; newer ones than the request `ending_before`."""

    object: NotRequired[str]
    limit: NotRequired[int]
    ending_before: NotRequired[str]


class ApiVersionParams(TypedDict):
    """A version for requests that name none, '' for none of its own."""

    version: Literal[""] | str


class AccountParams(TypedDict):
    """What the account is to say of itself."""

    country: NotRequired[str]
    name: NotRequired[str]
    default_currency: NotRequired[str]


class AuthenticateParams(TypedDict):
    """What the cardholder answers her bank."""

    result: NotRequired[Literal["succeed", "fail"]]


class ClockParams(TypedDict):
    """How many seconds to let pass."""

    advance: int


def changes(account: Account, params: Object) -> Object:
    """`revision` grows with every write to the account; and what was switched on in it and may have been
    forgotten since: the number of `faults`, and how many seconds its clock is `ahead`."""
    return {
        "object": "_simulator.changes",
        "revision": account.revision,
        "faults": len(account.faults),
        "ahead": round(account.clock_offset),
    }


def reset(account: Account, params: Object) -> Object:
    """Empty the account: no objects, no faults, no events, the clock back to now. The answer has what is
    gone: `objects`, how many by kind, `faults`, and how many seconds the clock was `ahead`."""
    gone = {"objects": account.counts(), "faults": len(account.faults), "ahead": round(account.clock_offset)}
    account.clear()
    return {"object": "_simulator.reset", "done": True, **gone}


def list_faults(account: Account, params: Object) -> Object:
    """The faults that are switched on."""
    return {"object": "list", "data": account.faults, "has_more": False, "url": "/_simulator/faults"}


def add_fault(account: Account, params: Object) -> Object:
    """Let something go wrong: `kind` (see `faults.KINDS`), and what limits it.

    `reader` and `call` say where, `count` how often, `chance` in how many of a hundred cases (drawn from
    `seed`), `seconds` how long for the slow kinds.
    """
    reader = params.get("reader")
    if reader:
        account.get(reader, "terminal.reader", "reader")
    for name, least, most in (("count", 1, None), ("chance", 1, 100), ("seconds", 0, 86_400)):
        value = params.get(name, least)
        if value < least or (most is not None and value > most):
            raise errors.invalid(f"{name} must be {least} or more, and {most or 'any number'} at most.", name)
    faults.check_limits(params["kind"], params, CALLS)
    fault = {
        "id": new_id("fault"),
        "object": "_simulator.fault",
        "kind": params["kind"],
        "text": faults.KINDS[params["kind"]].text,
        "reader": reader,
        "call": params.get("call"),
        "count": params.get("count"),
        "chance": params.get("chance", 100),
        "seed": params.get("seed", 0),
        "seconds": params.get("seconds", 3) if faults.KINDS[params["kind"]].timed else None,
        "since": account.time,
        "drawn": 0,
        "struck": 0,
    }
    account.faults.append(fault)
    return fault


def delete_fault(account: Account, params: Object, id: str) -> Object:
    """Take a fault away. A bank that was slow answers now."""
    fault = next((fault for fault in account.faults if fault["id"] == id), None)
    if fault is None:
        raise errors.no_such("fault", id, "fault", in_path=True)
    account.faults.remove(fault)
    if fault["kind"] == "slow_bank":
        release_bank(account)
    return {**fault, "deleted": True}


def clear_faults(account: Account, params: Object) -> Object:
    """Take every fault away."""
    gone = account.faults
    account.faults = []
    release_bank(account)
    return {"object": "list", "data": gone, "has_more": False, "url": "/_simulator/faults"}


def press_cancel(account: Account, params: Object, id: str) -> Object:
    """The customer presses cancel on the device. Only where the action offers it."""
    reader = account.get(id, "terminal.reader", "reader", in_path=True)
    cancel_action.press_cancel(account, reader)
    return reader


def answer_input(account: Account, params: Object, id: str) -> Object:
    """The customer answers the input on the screen; after the last one the action has succeeded."""
    reader = account.get(id, "terminal.reader", "reader", in_path=True)
    collect_inputs.answer(account, reader, params)
    return reader


def list_deliveries(account: Account, params: Object) -> Object:
    """How the newest events are delivered, newest first; looking changes nothing."""
    data = delivery_list.listed(account)
    return {"object": "list", "data": data, "has_more": False, "url": "/_simulator/deliveries"}


def fetch_deliveries(account: Account, params: Object) -> Object:
    """The webhooks that are due, `body` and `signature` as they would have been sent to `url`; those of one
    `endpoint`, if it is named."""
    endpoint = params.get("endpoint")
    if endpoint:
        account.get(endpoint, "webhook_endpoint", "endpoint")
    data = webhook_deliveries.fetch(account, endpoint)
    return {"object": "list", "data": data, "has_more": False, "url": "/_simulator/deliveries"}


def send_delivery(account: Account, params: Object, id: str) -> Object:
    """Send an event to an endpoint again, or now in place of later; `id` is that of a listed delivery,
    `evt_…:we_…`."""
    return delivery_list.send_again(account, id)


def list_requests(account: Account, params: Object) -> Object:
    """What the served simulator was asked for with this key, the last one first, and the addresses at
    which it is `served` now; looking changes nothing. See `traffic_file.Kept` for what is in a request."""
    limit = params.get("limit", 100)
    if not 1 <= limit <= traffic_file.KEPT:
        raise errors.invalid(f"limit must be between 1 and {traffic_file.KEPT}.", "limit")
    traffic = account.traffic
    traffic.flush()
    kept = traffic.file.requests(account.key, params.get("object"), limit + 1, params.get("ending_before"))
    data = [{"object": "_simulator.request", **one.shown()} for one in kept[:limit]]
    more = len(kept) > limit
    url = "/_simulator/requests"
    return {"object": "list", "data": data, "has_more": more, "url": url, "served": traffic.file.servers()}


def clock(account: Account, params: Object) -> Object:
    """The account's time: `now` (Unix, seconds) and how far it is `ahead` of the machine's."""
    return {"object": "_simulator.clock", "now": account.now, "ahead": round(account.clock_offset)}


def advance_clock(account: Account, params: Object) -> Object:
    """Move the account's time forward by `advance` seconds; what is then due happens at the next request."""
    if not 0 <= params["advance"] <= 10 * 365 * 86_400:
        raise errors.invalid("The clock only goes forward, by ten years at most.", "advance")
    account.advance(params["advance"])
    return clock(account, params)


def api_version(account: Account, params: Object) -> Object:
    """The version of requests that name none, and of events."""
    return {"object": "_simulator.api_version", "api_version": account.api_version}


def set_api_version(account: Account, params: Object) -> Object:
    """Let `version` be it, whatever the served simulator was started with; '' lets that count again."""
    version = params["version"]
    account.choose_version(check_version(version) if version else "")
    return api_version(account, params)


# Controls of what an account and those connected to it have in common, and so of the former.
OF_THE_PLATFORM = (
    "/_simulator/account",
    "/_simulator/api_version",
    "/_simulator/clock",
    "/_simulator/requests",
)

RESET = ("POST", "/_simulator/reset")
# (method, path, parameters, handler)
ROUTES: list[tuple[str, str, type, Callable[..., Any]]] = [
    ("GET", "/_simulator/changes", NoParams, changes),
    (*RESET, NoParams, reset),
    ("GET", "/_simulator/faults", NoParams, list_faults),
    ("POST", "/_simulator/faults", FaultParams, add_fault),
    ("DELETE", "/_simulator/faults", NoParams, clear_faults),
    ("DELETE", "/_simulator/faults/*", NoParams, delete_fault),
    ("POST", "/_simulator/readers/*/press_cancel", NoParams, press_cancel),
    (
        "POST",
        "/_simulator/payment_intents/*/authenticate",
        AuthenticateParams,
        online_charges.authenticate,
    ),
    ("POST", "/_simulator/setup_intents/*/authenticate", AuthenticateParams, setup_intents.authenticate),
    ("POST", "/_simulator/readers/*/answer_input", AnswerParams, answer_input),
    ("GET", "/_simulator/deliveries", NoParams, list_deliveries),
    ("POST", "/_simulator/deliveries", DeliveriesParams, fetch_deliveries),
    ("POST", "/_simulator/deliveries/*/send", NoParams, send_delivery),
    ("GET", "/_simulator/requests", RequestsParams, list_requests),
    ("GET", "/_simulator/api_version", NoParams, api_version),
    ("POST", "/_simulator/api_version", ApiVersionParams, set_api_version),
    ("POST", "/_simulator/account", AccountParams, stripe_accounts.change_own),
    ("GET", "/_simulator/clock", NoParams, clock),
    ("POST", "/_simulator/clock", ClockParams, advance_clock),
]
