"""What `python -m irl_helpers.simulator` is told: which file, at which address, and who else may use it."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
from pathlib import Path
from typing import NamedTuple

from .auth import OFFLINE_KEY, is_test_key
from .errors import StripeError
from .ids import random_text
from .reach import HOST, PORT, Reach
from .versions import check_version
from .webhook_addresses import is_public

_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?|\[[a-f0-9:.]+\]", re.ASCII)


class Options(NamedTuple):
    """How to serve. `made_key` is a key that nobody named, and that one has to be told; '' for none."""

    host: str
    port: int
    account: Path | None
    seed: Path | None
    api_version: str
    reach: Reach
    key: str
    """Whose account a seed is put into."""
    made_key: str

    @property
    def shared(self) -> bool:
        """Whether other machines can reach it."""
        return not ipaddress.ip_address(self.host).is_loopback

    @property
    def shown_host(self) -> str:
        """The host in addresses that others are given."""
        six = ":" in self.host
        if ipaddress.ip_address(self.host).is_unspecified:
            return min(self.reach.names, default="[::1]" if six else HOST)
        return f"[{self.host}]" if six else self.host


def read(arguments: list[str] | None = None) -> Options:
    """The options, from the program's own arguments unless there are others. Ends the program where one is
    wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m irl_helpers.simulator",
        description="Stripe Terminal, offline, for any Stripe SDK and curl on this machine.",
    )
    parser.add_argument("--port", type=_port, default=PORT, help=f"default {PORT}; 0 takes any free one")
    parser.add_argument("--account", type=Path, help="the account file; default: the one notebooks use")
    parser.add_argument(
        "--seed",
        type=Path,
        metavar="FILE",
        help=f"what the account of {OFFLINE_KEY}, or of the first --key, has from the beginning (JSON)",
    )
    parser.add_argument(
        "--api-version",
        type=_version,
        default=os.environ.get("IRL_API_VERSION", "").strip(),
        metavar="VERSION",
        help="of requests that name none, and of events; default: IRL_API_VERSION, or each account's own",
    )
    others = parser.add_argument_group(
        "for other machines", "each of the last three can be given several times"
    )
    others.add_argument(
        "--host", type=_host, default=HOST, metavar="ADDRESS", help="where to listen, such as 0.0.0.0"
    )
    others.add_argument("--key", type=_key, action="append", default=[], help="the only keys that are taken")
    others.add_argument(
        "--allow-host",
        type=_name,
        action="append",
        default=[],
        metavar="NAME",
        help="what others call this machine",
    )
    others.add_argument(
        "--webhooks-to",
        type=_receiver,
        action="append",
        default=[],
        metavar="HOST",
        help="where webhooks may go as well: a name or an address in a private network",
    )
    given = parser.parse_args(arguments)
    options = Options(
        given.host,
        given.port,
        given.account,
        given.seed,
        given.api_version,
        Reach(frozenset(given.key), frozenset(given.allow_host), frozenset(given.webhooks_to)),
        given.key[0] if given.key else OFFLINE_KEY,
        "",
    )
    return _shared(options) if options.shared else options


def _shared(options: Options) -> Options:
    """With keys of its own, and a name if there is but one."""
    reach, key, made = options.reach, options.key, ""
    if not reach.keys:
        key = made = f"sk_test_{random_text(32)}"
        reach = reach._replace(keys=frozenset([key]))
    if not ipaddress.ip_address(options.host).is_unspecified:
        reach = reach._replace(names=reach.names | {options.shown_host})
    return options._replace(reach=reach, key=key, made_key=made)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError("a number from 0 to 65535")
    return int(text)


def _version(text: str) -> str:
    try:
        return check_version(text) if text else ""
    except StripeError:
        raise argparse.ArgumentTypeError(f"there is no API version {text!r}") from None


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "an address of this machine, such as 0.0.0.0 for all of them"
        ) from None


def _key(text: str) -> str:
    if not is_test_key(text):
        raise argparse.ArgumentTypeError("a test key, such as sk_test_shop; no live key is taken")
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError("a name or an address, without a port")
    return text.lower()


def _receiver(text: str) -> str:
    name = _name(text)
    if is_public(name.strip("[]")):
        raise argparse.ArgumentTypeError("webhooks never go to a public address")
    return name
