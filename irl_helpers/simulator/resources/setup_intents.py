"""SetupIntents: a card saved without charging it. https://docs.stripe.com/api/setup_intents"""

from __future__ import annotations

from .. import three_d_secure
from ..account import Account, Object
from ..declines import card_error, decide_saving
from ..errors import last_error
from ..ids import random_text
from ..metadata import merge
from ..paging import page
from ..states import setup_intent_move
from . import (
    authentication,
    intent_payment_method,
    kept_cards,
    payment_method_types,
    setup_attempts,
    stripe_accounts,
)

KIND = "setup_intent"
_UNFIT = {"interac_present": "Interac cards cannot be saved."}
_CARD_OPTIONS = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}


def create(account: Account, params: Object) -> Object:
    allowed, types = payment_method_types.chosen(params, _UNFIT)
    intent = account.add(
        "seti",
        KIND,
        allowed_payment_method_types=allowed,
        application=stripe_accounts.application(account),
        automatic_payment_methods=payment_method_types.automatic(account, params),
        cancellation_reason=None,
        client_secret=None,
        created=account.now,
        customer=_customer(account, params),
        customer_account=None,
        description=params.get("description"),
        excluded_payment_method_types=None,
        flow_directions=None,
        last_setup_error=None,
        latest_attempt=None,
        livemode=False,
        managed_payments={"enabled": False},
        mandate=None,
        metadata=merge({}, params.get("metadata")),
        next_action=None,
        on_behalf_of=None,
        payment_method=None,
        payment_method_configuration_details=payment_method_types.configuration(account, params),
        payment_method_options=_options(types),
        payment_method_types=types,
        single_use_mandate=None,
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(25)}"
    if "payment_method" in params:
        _take(account, intent, params["payment_method"])
    account.emit("setup_intent.created", intent)
    if params.get("confirm"):
        _confirm(account, intent, params)
    return intent


def retrieve(account: Account, params: Object, id: str) -> Object:
    return account.get(id, KIND, "intent", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    if "customer" in params:
        setup_intent_move(intent["status"], "update_payment_method")
        intent["customer"] = _customer(account, params)
    if params.get("allowed_payment_method_types") or params.get("payment_method_types"):
        allowed, types = payment_method_types.chosen(params, _UNFIT)
        intent.update(
            allowed_payment_method_types=allowed,
            payment_method_types=types,
            payment_method_options=_options(types),
        )
    if "payment_method" in params:
        _take(account, intent, params["payment_method"])
    intent["description"] = params.get("description", intent["description"])
    intent["metadata"] = merge(intent["metadata"], params.get("metadata"))
    account.save(intent)
    return intent


def confirm(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    if "payment_method" not in params:
        intent_payment_method.check_chosen(intent)
    setup_intent_move(intent["status"], "succeed")
    if "payment_method" in params:
        _take(account, intent, params["payment_method"])
    _confirm(account, intent, params)
    return intent


def authenticate(account: Account, params: Object, id: str) -> Object:
    """The cardholder answers her bank: `result` is "succeed", and the card is saved, or "fail"."""
    intent = account.get(id, KIND, "intent", in_path=True)
    authentication.check_asked(intent)
    attempt = account.require(intent["latest_attempt"], setup_attempts.KIND)
    method = account.require(intent["payment_method"], "payment_method")
    account.save(attempt)
    if params.get("result") == "fail":
        attempt.update(status="failed", setup_error=authentication.fail(account, intent, method))
        return intent
    attempt["payment_method_details"]["card"]["three_d_secure"] = three_d_secure.passed_setup()
    attempt["status"] = "succeeded"
    intent["next_action"] = None
    authentication.note_set_up(account, method)
    succeed(account, intent, attempt)
    return intent


def cancel(account: Account, params: Object, id: str) -> Object:
    intent = account.get(id, KIND, "intent", in_path=True)
    intent.update(
        status=setup_intent_move(intent["status"], "cancel"),
        next_action=None,
        cancellation_reason=params.get("cancellation_reason"),
    )
    account.save(intent)
    account.emit("setup_intent.canceled", intent)
    return intent


def list(account: Account, params: Object) -> Object:
    _customer(account, params)
    return page(account, KIND, "/v1/setup_intents", params, ("customer", "payment_method"))


def succeed(account: Account, intent: Object, attempt: Object, generated: Object | None = None) -> None:
    """The attempt succeeded: the card, or the one generated from it, is the customer's. Events are sent."""
    intent.update(
        status=setup_intent_move(intent["status"], "succeed"),
        last_setup_error=None,
        latest_attempt=attempt["id"],
        payment_method=attempt["payment_method"],
    )
    account.save(intent)
    method = generated or account.require(attempt["payment_method"], "payment_method")
    if method["type"] == "card":
        intent_payment_method.attach_to_customer(account, method, intent["customer"])
    account.emit("setup_intent.succeeded", intent)


def fail(account: Account, intent: Object, attempt: Object) -> None:
    """The attempt failed, and the SetupIntent asks for another card. Its event is sent."""
    intent.update(
        status=setup_intent_move(intent["status"], "fail"),
        last_setup_error=attempt["setup_error"],
        latest_attempt=attempt["id"],
        payment_method=None,
    )
    account.save(intent)
    account.emit("setup_intent.setup_failed", intent)


def _confirm(account: Account, intent: Object, params: Object) -> None:
    """Ask the bank about the card that the SetupIntent has; it may want to hear from its holder.

    Raises StripeError, 402, when it declines.
    """
    method = intent_payment_method.chosen(account, intent)
    payment_method_types.check_return(intent, params)
    kept_cards.run_checks(account, method)
    reason = decide_saving(kept_cards.card_of(method["card"]))
    details = setup_attempts.card_details(method)
    if reason is None and authentication.wanted(account, intent, method):
        attempt = setup_attempts.add(account, intent, method, details, None, "requires_action")
        intent["latest_attempt"] = attempt["id"]
        authentication.ask(account, intent, params)
        return
    if reason is None:
        succeed(account, intent, setup_attempts.add(account, intent, method, details, None))
        return
    error = last_error(
        "card_error", reason.code, reason.message, method, param=reason.param, **reason.fields()
    )
    fail(account, intent, setup_attempts.add(account, intent, method, details, error))
    raise card_error(
        reason,
        setup_intent=account.view(intent),
        payment_method=method,
        payment_method_type=method["type"],
        keep=True,
    )


def _take(account: Account, intent: Object, id: str) -> None:
    """The PaymentMethod with which the SetupIntent can be confirmed."""
    following = setup_intent_move(intent["status"], "update_payment_method")
    method = intent_payment_method.find_usable(account, id, intent)
    intent.update(status=following, payment_method=method["id"], next_action=None)
    account.save(intent)


def _options(types: payment_method_types.Types) -> Object:
    known = {"card": _CARD_OPTIONS, "card_present": {}}
    return {type: known[type] for type in known if type in types}


def _customer(account: Account, params: Object) -> str | None:
    customer = params.get("customer")
    return account.get(customer, "customer", "customer")["id"] if customer else None
