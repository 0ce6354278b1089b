"""What an account may be opened with: a test key, a simulator on this machine, a version that Stripe had."""

from __future__ import annotations

import re

from .settings import Settings
from .simulator.errors import StripeError
from .simulator.loopback import AnotherMachine, NotAnAddress, loopback
from .simulator.versions import check_version

_TEST_KEY = re.compile(r"[sr]k_test_[A-Za-z0-9_]+")


class AccountError(ValueError):
    """The account cannot be used as it is set up, or cannot do this; the message says what to do."""


def check_tab(settings: Settings) -> None:
    """Raises AccountError for what leads out of a browser tab; the message never repeats a key or address."""
    for name, value, why in (
        ("STRIPE_SECRET_KEY", settings.key, "a secret key has no place in a web page, not even a test key"),
        ("IRL_API_BASE", settings.base, "a browser tab cannot reach a simulator on your machine"),
    ):
        if value:
            raise AccountError(
                f"{name} is set, and {why}. In a browser tab the notebooks work offline only. Take it out: "
                f"import os; os.environ[{name!r}] = ''. To use it, run the notebooks on your machine: make "
                "lab. Nothing was sent."
            )


def check_key(key: str) -> None:
    """Raises AccountError for anything but a test key; the message never repeats the key."""
    if _TEST_KEY.fullmatch(key):
        return
    if key.startswith(("sk_live_", "rk_live_")):
        why = (
            "STRIPE_SECRET_KEY is a live key, and these notebooks refuse it: they would move real money. Use "
            "the key of your test mode"
        )
    elif key.startswith("pk_"):
        why = "STRIPE_SECRET_KEY is a publishable key. Use the secret key of your test mode"
    else:
        why = "STRIPE_SECRET_KEY is not a key of Stripe's test mode. Use one"
    raise AccountError(
        f"{why} (sk_test_… or rk_test_…, from https://dashboard.stripe.com/test/apikeys), or remove the line "
        "to work offline. Nothing was sent."
    )


def checked_version(version: str) -> str:
    """A version of Stripe's API. Raises AccountError for what never was one."""
    try:
        return check_version(version)
    except StripeError:
        raise AccountError(
            f"IRL_API_VERSION is {version[:40]!r}, and Stripe's API has no such version. Name one such as "
            "2020-08-27, or leave it out."
        ) from None


def checked_base(base: str) -> str:
    """Where the simulator is that `base` names. Raises AccountError for what is not on this machine."""
    why = "is not an address like http://127.0.0.1:12111"
    try:
        found = loopback(base)
        if found.target == "/":
            return found.origin
    except NotAnAddress:
        pass
    except AnotherMachine:
        why = "names another machine"
    # Never the address itself in the message: it may carry a password.
    raise AccountError(
        f"IRL_API_BASE {why}. It is for a simulator that runs on this machine (start one with "
        "`python -m irl_helpers.serve`); leave it out for the offline account. Nothing was sent."
    )
