"""Part 1: a location, and a reader that is registered to it.

https://docs.stripe.com/terminal/fleet/locations-and-zones, https://docs.stripe.com/terminal/fleet/register-readers
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import stripe

from .account import stripe_client
from .moved import old_names

if not TYPE_CHECKING:  # which would take every name for one that is there
    __getattr__ = old_names(__name__)

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


def create_location(
    display_name: str, address: Mapping[str, str], *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Location:
    """A place for readers: `{"id": "tml_…", "display_name": …, "address": {…}}`.

    `address` has `line1`, `city`, `state`, `postal_code` and a two-letter `country`; which of them a country
    needs is Stripe's to say. The country cannot be changed later.
    Raises stripe.InvalidRequestError (`parameter_missing`, `country_code_invalid`).

    https://docs.stripe.com/api/terminal/locations/create
    """
    client = client or stripe_client()
    return client.v1.terminal.locations.create(
        params={"display_name": display_name, "address": dict(address)}
    )


def find_location(
    display_name: str, *, client: stripe.StripeClient | None = None
) -> stripe.terminal.Location | None:
    """The newest location of that name, or None.

    https://docs.stripe.com/api/terminal/locations/list
    """
    client = client or stripe_client()
    locations = client.v1.terminal.locations.list(params={"limit": 100}).auto_paging_iter()
    return next((location for location in locations if location.display_name == display_name), None)


def register_reader(
    registration_code: str,
    location: str,
    label: str | None = None,
    *,
    client: stripe.StripeClient | None = None,
) -> stripe.terminal.Reader:
    """A new reader at a location: `{"id": "tmr_…", "status": "online", "action": None, …}`.

    `registration_code` is the code that a physical reader shows (three words), or one of `SIMULATED_CODES`.
    `location` is a location's id. Without a `label` the reader is called by its serial number.
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
    return client.v1.terminal.readers.create(params=params)


def find_reader(label: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader | None:
    """The newest reader of that label, or None.

    https://docs.stripe.com/api/terminal/readers/list
    """
    client = client or stripe_client()
    readers = client.v1.terminal.readers.list(params={"limit": 100}).auto_paging_iter()
    return next((reader for reader in readers if reader.label == label), None)


def own_reader(label: str, *, client: stripe.StripeClient | None = None) -> stripe.terminal.Reader:
    """The reader with this label, back at its splash screen; registered first if there is none.

    For notebooks and programs that start the same way each time and leave no readers behind.
    """
    client = client or stripe_client()
    reader = find_reader(label, client=client)
    if reader is None:
        shop = find_location("Main Street Shop", client=client)
        shop = shop or create_location("Main Street Shop", ADDRESS, client=client)
        return register_reader("simulated-wpe", shop.id, label, client=client)
    return client.v1.terminal.readers.cancel_action(reader.id) if reader.action else reader
