"""Locations: where readers stand. https://docs.stripe.com/api/terminal/locations"""

from __future__ import annotations

from .. import errors
from ..account import Account, Object
from ..countries import COUNTRIES
from ..metadata import merge
from ..paging import page

KIND = "terminal.location"
_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
_WITH_STATE = frozenset(("US", "CA", "AU", "ES", "IT", "JP"))
_WITHOUT_CITY = frozenset(("IE", "SG"))


def create(account: Account, params: Object) -> Object:
    if "address" not in params and "address_kanji" not in params:
        raise errors.missing("address")
    if "display_name" not in params and "display_name_kanji" not in params:
        raise errors.missing("display_name")
    location = account.add(
        "tml",
        KIND,
        address=_address(params.get("address", {})),
        display_name=_name(params.get("display_name", "")),
        livemode=False,
        metadata=merge({}, params.get("metadata")),
    )
    _optional(account, location, params)
    return location


def retrieve(account: Account, params: Object, id: str) -> Object:
    location = account.find(id, KIND)
    return location or account.get(id, KIND, "location", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    location = account.get(id, KIND, "location", in_path=True)
    if "address" in params:
        address = {**location["address"], **params["address"]}
        if address["country"] != location["address"]["country"]:
            raise errors.invalid("The country of a location cannot be changed.", "address[country]")
        location["address"] = _address(address)
    if "display_name" in params:
        location["display_name"] = _name(params["display_name"])
    location["metadata"] = merge(location["metadata"], params.get("metadata"))
    _optional(account, location, params)
    account.save(location)
    return location


def delete(account: Account, params: Object, id: str) -> Object:
    location = account.get(id, KIND, "location", in_path=True)
    if account.select("terminal.reader", {"location": id}, limit=1):
        raise errors.StripeError(
            "This location cannot be deleted because readers are registered to it. Delete its readers first."
        )
    return account.delete(location)


def list(account: Account, params: Object) -> Object:
    return page(account, KIND, "/v1/terminal/locations", params)


def _name(name: str) -> str:
    if len(name) > 1000:
        raise errors.invalid("Display names can have up to 1000 characters.", "display_name")
    return name


def _address(given: Object) -> Object:
    """All parts, in Stripe's order; those that the country needs must be there."""
    if not given:
        return dict.fromkeys(_PARTS)
    country = given["country"].upper()
    if country not in COUNTRIES:
        raise errors.invalid(
            f"Country '{given['country'][:20]}' is unknown. Try using a 2-character alphanumeric country "
            "code instead, such as 'US' or 'FR'.",
            "address[country]",
            "country_code_invalid",
        )
    needed = ["line1", "postal_code"]
    if country not in _WITHOUT_CITY:
        needed.insert(1, "city")
    if country in _WITH_STATE:
        needed.insert(2, "state")
    for part in needed:
        if not given.get(part):
            raise errors.missing(f"address[{part}]")
    return {part: given.get(part) for part in _PARTS} | {"country": country}


def _optional(account: Account, location: Object, params: Object) -> None:
    """Fields that the object only has when they were given; '' takes them away."""
    if overrides := params.get("configuration_overrides"):
        configuration = account.get(overrides, "terminal.configuration", "configuration_overrides")
        if configuration["is_account_default"]:
            raise errors.invalid(
                "The account's default configuration cannot be assigned to a location.",
                "configuration_overrides",
            )
    japan = ("address_kana", "address_kanji", "display_name_kana", "display_name_kanji")
    for name in ("configuration_overrides", "phone", *japan):
        if params.get(name) == "":
            location.pop(name, None)
        elif name.startswith("address_") and name in params:
            parts = ("city", "country", "line1", "line2", "postal_code", "state", "town")
            location[name] = {part: params[name].get(part) for part in parts}
        elif name in params:
            location[name] = params[name]
