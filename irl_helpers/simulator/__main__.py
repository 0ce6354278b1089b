"""`python -m irl_helpers.simulator [--port 12111] [--account FILE] [--seed FILE] [--api-version VERSION]`:
serve an account file over HTTP."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path

from .account_file import account_file
from .errors import StripeError
from .file_trouble import AccountFileError
from .seed import NotEmpty, SeedError, plant, read_seed, told
from .simulator import Simulator
from .versions import check_version

PORT = 12111
# Whose account a seed is put into: the one that notebooks use.
KEY = "sk_test_offline"


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; 0 then, 2 when it could not begin."""
    parser = argparse.ArgumentParser(
        prog="python -m irl_helpers.simulator",
        description="Stripe Terminal, offline, for any Stripe SDK and curl on this machine.",
    )
    parser.add_argument("--port", type=_port, default=PORT, help=f"default {PORT}; 0 takes any free one")
    parser.add_argument("--account", type=Path, help="the account file; default: the one notebooks use")
    parser.add_argument(
        "--seed", type=Path, metavar="FILE", help=f"what the account of {KEY} has from the beginning (JSON)"
    )
    parser.add_argument(
        "--api-version",
        type=_version,
        default=os.environ.get("IRL_API_VERSION", "").strip(),
        metavar="VERSION",
        help="of requests that name none, and of events; default: IRL_API_VERSION, or each account's own",
    )
    options = parser.parse_args(arguments)
    path = options.account or account_file()
    try:
        from . import server
    except ModuleNotFoundError as problem:
        return _fail(f"{problem.name} is not installed: pip install 'get-paid-irl-notebooks[server]'")
    try:
        sock = server.listen(options.port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            return _fail(
                f"Port {options.port} is taken, perhaps by another simulator; choose one with --port."
            )
        return _fail(f"Port {options.port} cannot be used ({problem.strerror}); choose one with --port.")
    with sock:
        try:
            simulator = Simulator(path, options.api_version)
        except AccountFileError as problem:
            return _fail(str(problem))
        try:
            seeded = _seed(simulator, options.seed) if options.seed else ""
        except (SeedError, AccountFileError) as problem:
            simulator.close()
            return _fail(f"{options.seed}: {problem}")
        simulator.address = address = "http://{}:{}".format(*sock.getsockname())
        try:
            ready = f"Simulator ready at {address} ({path}){seeded}"
            server.serve(simulator, sock, lambda: print(ready, flush=True))
        except KeyboardInterrupt:
            pass
        finally:
            simulator.close()
    return 0


def _seed(simulator: Simulator, file: Path) -> str:
    """What became of the seed, as one more line. Raises SeedError and AccountFileError."""
    try:
        return f"\nSeeded with {told(plant(simulator, KEY, read_seed(file)))}."
    except NotEmpty as reason:
        return f"\n{file} was left out. {reason}"


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError("a number from 0 to 65535")
    return int(text)


def _version(text: str) -> str:
    try:
        return check_version(text) if text else ""
    except StripeError:
        raise argparse.ArgumentTypeError(f"there is no API version {text!r}") from None


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
