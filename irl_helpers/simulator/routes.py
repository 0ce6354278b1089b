"""Every call the simulator answers: method, path, the library's parameters, and the handler."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from . import controls, errors, faults
from .resources import (
    charges,
    collection,
    configurations,
    connection_tokens,
    customers,
    events,
    increments,
    inputs,
    locations,
    payment_intents,
    payment_methods,
    presentation,
    reader_actions,
    reader_refunds,
    readers,
    refunds,
    saving,
    setup_attempts,
    setup_intents,
    webhook_endpoints,
)
from .schema import params_class


class Route(NamedTuple):
    """`params` is a TypedDict, or the name of one in `stripe.params`; `*` in the path stands for an id."""

    method: str
    path: str
    params: Any
    handler: Callable[..., Any]

    @property
    def call(self) -> str:
        """What faults call it: `process_payment_intent`, `payment_intents.create`, …"""
        return f"{self.handler.__module__.rpartition('.')[2]}.{self.handler.__name__}"

    def schema(self) -> type:
        return params_class(self.params) if isinstance(self.params, str) else self.params


_READERS = "/v1/terminal/readers"
_HELPERS = "/v1/test_helpers/terminal/readers"


def _crud(path: str, params: str, module: Any, *names: str) -> list[Route]:
    """The usual five, or those named."""
    shapes = {
        "create": ("POST", path),
        "list": ("GET", path),
        "retrieve": ("GET", f"{path}/*"),
        "update": ("POST", f"{path}/*"),
        "delete": ("DELETE", f"{path}/*"),
    }
    return [
        Route(*shapes[name], f"{params}{name.capitalize()}Params", getattr(module, name))
        for name in names or shapes
    ]


ROUTES = [
    *_crud("/v1/terminal/locations", "terminal.Location", locations),
    *_crud("/v1/terminal/configurations", "terminal.Configuration", configurations),
    Route(
        "POST",
        "/v1/terminal/connection_tokens",
        "terminal.ConnectionTokenCreateParams",
        connection_tokens.create,
    ),
    *_crud(_READERS, "terminal.Reader", readers),
    *(
        Route("POST", f"{_READERS}/*/{call}", f"terminal.Reader{name}Params", getattr(reader_actions, call))
        for call, name in [
            ("process_payment_intent", "ProcessPaymentIntent"),
            ("collect_payment_method", "CollectPaymentMethod"),
            ("set_reader_display", "SetReaderDisplay"),
            ("cancel_action", "CancelAction"),
        ]
    ),
    Route(
        "POST",
        f"{_READERS}/*/confirm_payment_intent",
        "terminal.ReaderConfirmPaymentIntentParams",
        collection.confirm_payment_intent,
    ),
    Route(
        "POST", f"{_READERS}/*/collect_inputs", "terminal.ReaderCollectInputsParams", inputs.collect_inputs
    ),
    Route(
        "POST",
        f"{_READERS}/*/refund_payment",
        "terminal.ReaderRefundPaymentParams",
        reader_refunds.refund_payment,
    ),
    Route(
        "POST",
        f"{_HELPERS}/*/succeed_input_collection",
        "test_helpers.terminal.ReaderSucceedInputCollectionParams",
        inputs.succeed_input_collection,
    ),
    Route(
        "POST",
        f"{_HELPERS}/*/timeout_input_collection",
        "test_helpers.terminal.ReaderTimeoutInputCollectionParams",
        inputs.timeout_input_collection,
    ),
    Route(
        "POST",
        f"{_READERS}/*/process_setup_intent",
        "terminal.ReaderProcessSetupIntentParams",
        saving.process_setup_intent,
    ),
    Route(
        "POST",
        f"{_HELPERS}/*/present_payment_method",
        "test_helpers.terminal.ReaderPresentPaymentMethodParams",
        presentation.present_payment_method,
    ),
    *_crud("/v1/customers", "Customer", customers),
    Route(
        "GET",
        "/v1/customers/*/payment_methods",
        "CustomerPaymentMethodListParams",
        payment_methods.list_of_customer,
    ),
    Route(
        "GET",
        "/v1/customers/*/payment_methods/*",
        "CustomerPaymentMethodRetrieveParams",
        payment_methods.retrieve_of_customer,
    ),
    *_crud("/v1/payment_methods", "PaymentMethod", payment_methods, "create", "list", "retrieve", "update"),
    Route("POST", "/v1/payment_methods/*/attach", "PaymentMethodAttachParams", payment_methods.attach),
    Route("POST", "/v1/payment_methods/*/detach", "PaymentMethodDetachParams", payment_methods.detach),
    *_crud("/v1/setup_intents", "SetupIntent", setup_intents, "create", "list", "retrieve", "update"),
    Route("POST", "/v1/setup_intents/*/confirm", "SetupIntentConfirmParams", setup_intents.confirm),
    Route("POST", "/v1/setup_intents/*/cancel", "SetupIntentCancelParams", setup_intents.cancel),
    *_crud("/v1/setup_attempts", "SetupAttempt", setup_attempts, "list"),
    *_crud("/v1/payment_intents", "PaymentIntent", payment_intents, "create", "list", "retrieve", "update"),
    Route("GET", "/v1/payment_intents/search", "PaymentIntentSearchParams", payment_intents.search),
    Route(
        "POST",
        "/v1/payment_intents/*/increment_authorization",
        "PaymentIntentIncrementAuthorizationParams",
        increments.increment_authorization,
    ),
    Route("POST", "/v1/payment_intents/*/confirm", "PaymentIntentConfirmParams", payment_intents.confirm),
    Route("POST", "/v1/payment_intents/*/capture", "PaymentIntentCaptureParams", payment_intents.capture),
    Route("POST", "/v1/payment_intents/*/cancel", "PaymentIntentCancelParams", payment_intents.cancel),
    *_crud("/v1/charges", "Charge", charges, "list", "retrieve", "update"),
    Route("GET", "/v1/charges/search", "ChargeSearchParams", charges.search),
    Route("GET", "/v1/charges/*/refunds", "ChargeListRefundsParams", refunds.list_of_charge),
    *_crud("/v1/refunds", "Refund", refunds, "create", "list", "retrieve", "update"),
    Route("POST", "/v1/refunds/*/cancel", "RefundCancelParams", refunds.cancel),
    *_crud("/v1/events", "Event", events, "list", "retrieve"),
    *_crud("/v1/webhook_endpoints", "WebhookEndpoint", webhook_endpoints),
    *(Route(method, path, params, handler) for method, path, params, handler in controls.ROUTES),
]

faults.CALLS.update({route.call: route.path for route in ROUTES if route.path.startswith("/v1/")})


@cache
def _table() -> dict[tuple[str, int, str], list[tuple[list[str], Route]]]:
    """Routes by their method, the number of their parts, and the part behind /v1."""
    table: dict[tuple[str, int, str], list[tuple[list[str], Route]]] = {}
    for route in ROUTES:
        parts = route.path.split("/")[1:]
        table.setdefault((route.method, len(parts), parts[1]), []).append((parts, route))
    for entries in table.values():
        # A word comes before an id: /v1/payment_intents/search is no PaymentIntent.
        entries.sort(key=lambda entry: [part == "*" for part in entry[0]])
    return table


def match(method: str, path: str) -> tuple[Route, list[str]]:
    """The route of a request and the ids in its path. Raises StripeError, 404, when there is none."""
    parts = path.split("/")[1:]
    for pattern, route in _table().get((method, len(parts), "".join(parts[1:2])), ()):
        ids = []
        for expected, part in zip(pattern, parts, strict=True):
            # No id is "search": that is a call of its own, or none.
            if expected == "*" and part not in ("", "search"):
                ids.append(unquote(part))
            elif expected != part:
                break
        else:
            return route, ids
    raise errors.unknown_url(method, path[:200])
