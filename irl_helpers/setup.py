"""Part 1: a location, and a reader that is registered to it.

https://docs.stripe.com/terminal/fleet/locations-and-zones, https://docs.stripe.com/terminal/fleet/register-readers
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

import stripe

from .account import stripe_client
from .arguments import checked
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

Created = TypeVar(
    "Created", "stripe.terminal.Location", "stripe.terminal.Reader", "stripe.terminal.Configuration"
)

SIMULATED_CODES = {
    "simulated-wpe": "BBPOS WisePOS E",
    "simulated-s700": "Stripe Reader S700",
    "simulated-s710": "Stripe Reader S710",
    "simulated-v660p": "Verifone V660p",
}
"""Registration codes of simulated readers, and the device that each stands for. They work in test mode and
offline, as often as you like: each time it is a new reader."""

ADDRESS = {
    "line1": "1272 Valencia Street",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94110",
    "country": "US",
}


@checked
def create_location(
    display_name: str,
    address: Mapping[str, str],
    *,
    options: stripe.RequestOptions | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Location:
    """A place for readers: `{"id": "tml_…", "display_name": …, "address": {…}}`.

    `address` has `line1`, `city`, `state`, `postal_code` and a two-letter `country`; which of them a country
    needs is Stripe's to say. The country cannot be changed later.
    Raises stripe.InvalidRequestError (`parameter_missing`, `country_code_invalid`).

    https://docs.stripe.com/api/terminal/locations/create
    """
    client = client or stripe_client()
    place = cast("stripe.params.terminal.LocationCreateParamsAddress", dict(address))
    return client.v1.terminal.locations.create({"display_name": display_name, "address": place}, options)


@checked
def find_location(
    display_name: str, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Location | None:
    """The newest location of that name, or None.

    https://docs.stripe.com/api/terminal/locations/list
    """
    client = client or stripe_client()
    locations = client.v1.terminal.locations.list(params={"limit": 100}).auto_paging_iter()
    return next((location for location in locations if location.display_name == display_name), None)


@checked
def register_reader(
    registration_code: str,
    location: str,
    label: str | None = None,
    *,
    options: stripe.RequestOptions | None = None,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Reader:
    """A new reader at a location: `{"id": "tmr_…", "status": "online", "action": None, …}`.

    `registration_code` is the code that a physical reader shows (three words), or one of `SIMULATED_CODES`.
    `location` is a location's id. Without a `label` the reader is called by the code and its serial number.
    Raises stripe.InvalidRequestError for a code that is not valid, or no longer, and `resource_missing` for a
    location that does not exist.

    https://docs.stripe.com/api/terminal/readers/create
    """
    client = client or stripe_client()
    params: stripe.params.terminal.ReaderCreateParams = {
        "registration_code": registration_code,
        "location": location,
    }
    if label:
        params["label"] = label
    return client.v1.terminal.readers.create(params, options)


@checked
def find_reader(label: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader | None:
    """The newest reader of that label, or None.

    https://docs.stripe.com/api/terminal/readers/list
    """
    client = client or stripe_client()
    readers = client.v1.terminal.readers.list(params={"limit": 100}).auto_paging_iter()
    return next((reader for reader in readers if reader.label == label), None)


@checked
def own_location(display_name: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Location:
    """The location of that name; created first, at the series' address, if there is none."""
    return create_once(
        lambda: find_location(display_name, client=client),
        lambda options: create_location(display_name, ADDRESS, options=options, client=client),
        f"location {display_name}, {ADDRESS}",
    )


@checked
def own_reader(label: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader:
    """The reader with this label, back at its splash screen; registered first if there is none.

    For notebooks and programs that start the same way each time and leave no readers behind.
    """
    client = client or stripe_client()
    reader = find_reader(label, client=client)
    if reader is None:
        shop = own_location("Main Street Shop", client=client)
        reader = own_simulated_reader("simulated-wpe", shop.id, label, client=client)
    return client.v1.terminal.readers.cancel_action(reader.id) if reader.action else reader


@checked
def have_a_reader(label: str) -> None:
    """Where the account has no reader at all, one with this label is registered."""
    if not stripe_client().v1.terminal.readers.list(params={"limit": 1}).data:
        own_reader(label)  # of the kind that the notebooks have: their outputs hold on any account


@checked
def own_simulated_reader(
    code: str, location: str, label: str, *, client: stripe.StripeClient
) -> stripe.terminal.Reader:
    """The reader with this label, as it is; a simulated one is registered first if there is none."""
    return create_once(
        lambda: find_reader(label, client=client),
        lambda options: register_reader(code, location, label, options=options, client=client),
        f"reader {label}, {code} at {location}",
    )


@checked
def create_once(
    find: Callable[[], Created | None], create: Callable[[stripe.RequestOptions], Created], what: str
) -> Created:
    """What `find()` finds, else what `create(options)` creates: one, however many programs ask at once.

    Each of them finds nothing and would create its own. They share an idempotency key instead, made from
    `what`, which names all parameters, and so they share the answer. It is kept for a day, and what was
    created may be gone by then: all of them make their next key from the id of what is gone.

    https://docs.stripe.com/api/idempotent_requests
    """
    key = what
    while (found := find()) is None:
        created = create({"idempotency_key": hashlib.sha256(key.encode()).hexdigest()})
        answer = created.last_response
        if answer is None or "Idempotent-Replayed" not in answer.headers:
            return created
        key = f"{what} after {created.id}"
    return found
