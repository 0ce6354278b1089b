"""`python -m irl_helpers.simulator [--port 12111] [--account FILE] [--seed FILE] [--api-version VERSION]`:
serve an account file over HTTP. `command_line` has the other options."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from . import command_line
from .account_file import account_file
from .command_line import Options
from .file_trouble import AccountFileError
from .seed import NotEmpty, SeedError, plant, read_seed, told
from .simulator import Simulator

_WARNING = (
    "Warning: whoever can reach {host} from another machine can try to use this simulator. Only the keys of "
    "--key open an account, or the one that is printed; they and all answers cross the network as plain text."
)


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; 0 then, 2 when it could not begin."""
    options = command_line.read(arguments)
    path = options.account or account_file()
    try:
        from . import server
    except ModuleNotFoundError as problem:
        return _fail(f"{problem.name} is not installed: pip install 'get-paid-irl-notebooks[server]'")
    try:
        sock = server.listen(options.port, options.host)
    except OSError as problem:
        return _fail(_cannot_listen(options, problem))
    with sock:
        try:
            simulator = Simulator(path, options.api_version)
        except AccountFileError as problem:
            return _fail(str(problem))
        simulator.reach = options.reach
        try:
            seeded = _seed(simulator, options.key, options.seed) if options.seed else ""
        except (SeedError, AccountFileError) as problem:
            simulator.close()
            return _fail(f"{options.seed}: {problem}")
        simulator.address = f"http://{options.shown_host}:{sock.getsockname()[1]}"
        ready = f"Simulator ready at {simulator.address} ({path}){seeded}"
        if options.made_key:
            ready += f"\nIts key, made for this start: {options.made_key}"
        if options.shared:
            print(_WARNING.format(host=options.host), file=sys.stderr, flush=True)
        try:
            server.serve(simulator, sock, lambda: print(ready, flush=True))
        except KeyboardInterrupt:
            pass
        finally:
            simulator.close()
    return 0


def _cannot_listen(options: Options, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {options.port} is taken, perhaps by another simulator; choose one with --port."
    if problem.errno == errno.EADDRNOTAVAIL:
        return f"{options.host} is no address of this machine; choose one with --host."
    return f"Port {options.port} cannot be used ({problem.strerror}); choose one with --port."


def _seed(simulator: Simulator, key: str, file: Path) -> str:
    """What became of the seed, as one more line. Raises SeedError and AccountFileError."""
    try:
        return f"\nSeeded with {told(plant(simulator, key, read_seed(file)))}."
    except NotEmpty as reason:
        return f"\n{file} was left out. {reason}"


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
