"""Stripe's calls that the simulator answers: method, path, the library's parameters, and the handler."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from .at_reader import (
    cancel_action,
    collect_inputs,
    collect_payment_method,
    confirm_payment_intent,
    present_payment_method,
    process_payment_intent,
    process_setup_intent,
    refund_payment,
    set_reader_display,
)
from .online_cards import TOKENS
from .resources import (
    amount_details,
    balance,
    balance_transactions,
    charges,
    configurations,
    connection_tokens,
    customers,
    disputes,
    events,
    files,
    increments,
    locations,
    onboarding_links,
    payment_intents,
    payment_methods,
    readers,
    refunds,
    retired,
    setup_attempts,
    setup_intents,
    stripe_accounts,
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
        """What faults call it: `readers.process_payment_intent`, `payment_intents.create`, …"""
        name = self.handler.__name__
        resource = [part for part in self.path.split("/") if part not in ("*", name)][-1]
        return f"{resource}.{name}"

    def writes(self, ids: list[str]) -> bool:
        """Whether a request with these ids in its path may change the account."""
        return self.method != "GET" or (self.handler is payment_methods.retrieve and ids[0] in TOKENS)

    @property
    def kind(self) -> str:
        """Of the object that it answers, or of those in the list; '' for the simulator's own."""
        return getattr(sys.modules[self.handler.__module__], "KIND", "")

    @property
    def intent(self) -> str:
        """The kind of intent whose id is in the path of a call that changes it; '' for all others."""
        known = self.method == "POST" and self.path.startswith(
            ("/v1/payment_intents/*", "/v1/setup_intents/*")
        )
        return self.kind if known else ""

    @property
    def listed(self) -> str:
        """`list` or `search` where it answers one, '' where it answers an object."""
        names = self.schema().__annotations__
        return "" if "limit" not in names else "search" if "query" in names else "list"

    def schema(self) -> type:
        """The class that describes its parameters."""
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


def _command(name: str, module: Any) -> Route:
    """A command to a reader."""
    return Route(
        "POST", f"{_READERS}/*/{name}", f"terminal.Reader{_camel(name)}Params", getattr(module, name)
    )


def _customer(name: str, module: Any) -> Route:
    """What the customer does at a simulated reader."""
    params = f"test_helpers.terminal.Reader{_camel(name)}Params"
    return Route("POST", f"{_HELPERS}/*/{name}", params, getattr(module, name))


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


STRIPE_CALLS = [
    Route("GET", "/v1/account", "AccountRetrieveCurrentParams", stripe_accounts.retrieve_current),
    *_crud("/v1/accounts", "Account", stripe_accounts),
    *_crud("/v1/terminal/locations", "terminal.Location", locations),
    *_crud("/v1/terminal/configurations", "terminal.Configuration", configurations),
    Route(
        "POST",
        "/v1/terminal/connection_tokens",
        "terminal.ConnectionTokenCreateParams",
        connection_tokens.create,
    ),
    *_crud("/v1/terminal/onboarding_links", "terminal.OnboardingLink", onboarding_links, "create"),
    *_crud(_READERS, "terminal.Reader", readers),
    _command("process_payment_intent", process_payment_intent),
    _command("collect_payment_method", collect_payment_method),
    _command("set_reader_display", set_reader_display),
    _command("cancel_action", cancel_action),
    _command("confirm_payment_intent", confirm_payment_intent),
    _command("collect_inputs", collect_inputs),
    _command("refund_payment", refund_payment),
    _customer("succeed_input_collection", collect_inputs),
    _customer("timeout_input_collection", collect_inputs),
    _command("process_setup_intent", process_setup_intent),
    _customer("present_payment_method", present_payment_method),
    *_crud("/v1/customers", "Customer", customers),
    Route("GET", "/v1/customers/search", "CustomerSearchParams", customers.search),
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
    Route(
        "GET",
        "/v1/payment_intents/*/amount_details_line_items",
        "PaymentIntentAmountDetailsLineItemListParams",
        amount_details.amount_details_line_items,
    ),
    *_crud("/v1/charges", "Charge", charges, "list", "retrieve", "update"),
    Route("GET", "/v1/charges/search", "ChargeSearchParams", charges.search),
    Route("GET", "/v1/charges/*/refunds", "ChargeListRefundsParams", refunds.list_of_charge),
    *_crud("/v1/refunds", "Refund", refunds, "create", "list", "retrieve", "update"),
    Route("POST", "/v1/refunds/*/cancel", "RefundCancelParams", refunds.cancel),
    Route("POST", "/v1/test_helpers/refunds/*/expire", "test_helpers.RefundExpireParams", refunds.expire),
    *_crud("/v1/disputes", "Dispute", disputes, "list", "retrieve", "update"),
    Route("POST", "/v1/disputes/*/close", "DisputeCloseParams", disputes.close),
    Route("GET", "/v1/balance", "BalanceRetrieveParams", balance.retrieve),
    *_crud("/v1/balance_transactions", "BalanceTransaction", balance_transactions, "list", "retrieve"),
    *_crud("/v1/events", "Event", events, "list", "retrieve"),
    *_crud("/v1/files", "File", files, "create", "list", "retrieve"),
    *_crud("/v1/webhook_endpoints", "WebhookEndpoint", webhook_endpoints),
]

# Older calls that Stripe has, and that are refused here.
RETIRED_CALLS = [Route(*call[:3], retired.handler(call)) for call in retired.CALLS]

# What faults call them, with their paths.
CALLS = {route.call: route.path for route in STRIPE_CALLS}
