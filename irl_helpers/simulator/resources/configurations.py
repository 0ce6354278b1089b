"""Configurations: how readers behave. https://docs.stripe.com/api/terminal/configuration

Every account has one that is its default. A location can have another one instead; what that leaves unset
comes from the default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .. import errors
from ..account import Account, Object
from ..money import MAXIMUM
from ..object_json import dumps
from ..paging import page

KIND = "terminal.configuration"
_RULES = ("percentages", "fixed_amounts", "smart_tip_threshold")
# Percentages, amounts, or with a threshold both: then the payment's size decides.
_MODES = ({"percentages"}, {"fixed_amounts"}, set(_RULES))
_SUGGESTIONS = 3


def create(account: Account, params: Object) -> Object:
    configuration = account.add(
        "tmc", KIND, is_account_default=False, livemode=False, name=params.pop("name", None)
    )
    _set(account, configuration, params)
    return configuration


def retrieve(account: Account, params: Object, id: str) -> Object:
    configuration = account.find(id, KIND)
    return configuration or account.get(id, KIND, "configuration", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    configuration = account.get(id, KIND, "configuration", in_path=True)
    configuration["name"] = params.pop("name", configuration["name"])
    _set(account, configuration, params)
    account.save(configuration)
    return configuration


def delete(account: Account, params: Object, id: str) -> Object:
    configuration = account.get(id, KIND, "configuration", in_path=True)
    if configuration["is_account_default"]:
        raise errors.StripeError("The account's default configuration cannot be deleted.")
    for location in account.select("terminal.location", {"configuration_overrides": id}):
        del location["configuration_overrides"]
        account.save(location)
    return account.delete(configuration)


def list(account: Account, params: Object) -> Object:
    default(account)
    wanted = params.get("is_account_default")
    fixed = {} if wanted is None else {"is_account_default": wanted}
    return page(account, KIND, "/v1/terminal/configurations", params, **fixed)


def default(account: Account) -> Object:
    """The account's default configuration; made now for an account from before there were any."""
    id = _default_id(account)
    if account.find(id) is None:
        add_default(account)
    return account.require(id, KIND)


def _default_id(account: Account) -> str:
    """The same in every process, and before all other ids: the default came with the account."""
    return f"tmc_3{'0' * 8}{hashlib.sha256(account.key.encode()).hexdigest()[:15]}"


def add_default(account: Account) -> None:
    """What every account begins with."""
    body = {
        "id": _default_id(account),
        "object": KIND,
        "is_account_default": True,
        "livemode": False,
        "name": None,
    }
    account.db.execute(
        "INSERT OR IGNORE INTO objects (account, kind, id, created, body) VALUES (?, ?, ?, ?, ?)",
        (account.number, KIND, body["id"], account.now, dumps(body)),
    )


def _set(account: Account, configuration: Object, params: Object) -> None:
    """Settings as they were given; '' takes one away. Each currency's tipping is replaced as a whole."""
    for name, value in params.items():
        if value == "":
            configuration.pop(name, None)
        elif name == "tipping":
            configuration["tipping"] = {**configuration.get("tipping", {}), **value}
            _check_tipping(configuration["tipping"])
        else:
            if name == "reboot_window":
                _check_hours(value)
            if name == "wifi" and value["type"] not in value:
                raise errors.missing(f"wifi[{value['type']}]")
            kept = {inner: given for inner, given in value.items() if given != ""}
            if splash := kept.get("splashscreen"):
                account.get(splash, "file", f"{name}[splashscreen]")
            configuration[name] = kept
            if name == "reader_security" and not kept:
                del configuration[name]


def _check_hours(window: Object) -> None:
    for name, hour in window.items():
        if not 0 <= hour <= 23:
            raise errors.invalid("An hour is a number from 0 to 23.", f"reboot_window[{name}]")
    if window["start_hour"] == window["end_hour"]:
        raise errors.invalid("end_hour must be different from start_hour.", "reboot_window[end_hour]")


def _check_tipping(tipping: Object) -> None:
    first = next(iter(tipping), "")
    for currency, rules in tipping.items():
        path = f"tipping[{currency}]"
        if set(rules) not in _MODES:
            raise errors.invalid(
                "Tipping needs percentages, or fixed_amounts, or both together with a smart_tip_threshold.",
                path,
            )
        if set(rules) != set(tipping[first]):
            raise errors.invalid(
                f"All currencies must have the same settings: {first} has "
                f"{', '.join(rule for rule in _RULES if rule in tipping[first])}, and {currency} has "
                f"{', '.join(rule for rule in _RULES if rule in rules)}.",
                path,
            )
        for name, most in (("percentages", 100), ("fixed_amounts", MAXIMUM)):
            _check_suggestions(rules.get(name), most, f"{path}[{name}]")
        if not 1 <= rules.get("smart_tip_threshold", 1) <= MAXIMUM:
            raise errors.invalid(f"This value must be from 1 to {MAXIMUM}.", f"{path}[smart_tip_threshold]")


def _check_suggestions(values: Sequence[int] | None, most: int, path: str) -> None:
    if values is None:
        return
    if not 1 <= len(values) <= _SUGGESTIONS:
        raise errors.invalid(f"A reader shows up to {_SUGGESTIONS} suggestions, and at least one.", path)
    for place, value in enumerate(values):
        if not 1 <= value <= most:
            raise errors.invalid(f"This value must be from 1 to {most}.", f"{path}[{place}]")
