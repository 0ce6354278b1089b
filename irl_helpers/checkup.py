"""Is this machine ready: `python -m irl_helpers.checkup`, or `checkup.ready()` in a notebook.

Each point is looked at as the notebooks will use it: a kernel is started, a sale is made. Nothing is
imported before the point that needs it, so that a missing package is a line and not a traceback.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from .fresh_copy import ask_for_copy, copied_names
from .requirements import PACKAGE, fits, installed, requirements
from .settings import programs_can_run

INSTALL = (
    "In the project's folder: make lab (Windows: pip install -e .[notebooks,server])"
    if programs_can_run()
    else "Load the page again"
)
WIDGETS = "@jupyter-widgets/jupyterlab-manager"
LAB_PORTS = range(8888, 8939)  # JupyterLab takes the first that is free


class Trouble(Exception):
    """What is wrong at a point, and what to do about it."""


class Point(NamedTuple):
    """One line: `text` is what was found or, where `ok` is False, what is wrong and the fix."""

    name: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'NO':<4}{self.name:<10}{self.text}"


def examine(names: Iterable[str] | None = None) -> list[Point]:
    """Examine the points with these names, by default all of `POINTS`; in a browser tab without those
    that it cannot have. It never raises: trouble is a line."""
    return [_examine(name) for name in names or POINTS if name not in NEED_PROGRAMS or programs_can_run()]


def _examine(name: str) -> Point:
    try:
        return Point(name, True, POINTS[name]())
    except Trouble as trouble:
        return Point(name, False, str(trouble))
    except ModuleNotFoundError as problem:
        return Point(name, False, f"{problem.name} is not installed here. {INSTALL}.")
    except Exception as problem:  # noqa: BLE001  whatever is wrong with this machine belongs in the line
        return Point(
            name, False, f"{type(problem).__name__}: {problem}. {INSTALL}; if that does not help, ask."
        )


# -- the points


def _python() -> str:
    needed = metadata.metadata(PACKAGE)["Requires-Python"] if installed(PACKAGE) else ">=3.11"
    found = ".".join(map(str, sys.version_info[:3]))
    if not fits(found, needed):
        raise Trouble(
            f"{found} is too old, {needed} is needed. Get one from python.org, then: make clean lab"
        )
    return f"{found} ({sys.executable if programs_can_run() else 'in this browser tab'})"


def _packages() -> str:
    """Every requirement of pyproject.toml, as the installed package tells it. In a notebook the packages of
    the page may be elsewhere, with the server that shows it; what is here must have the right version."""
    if not installed(PACKAGE):
        raise Trouble(f"{PACKAGE} is not installed in this Python ({sys.executable}). {INSTALL}.")
    found, wrong = [], []
    for name, needed, extra in requirements():
        version = installed(name)
        if version is None:
            if not (extra and _in_a_kernel()):
                wrong.append(f"{name} is missing")
        elif fits(version, needed):
            found.append(f"{name} {version}")
        else:
            wrong.append(f"{name} is {version} and must be {needed}")
    if wrong:
        raise Trouble(f"{'; '.join(wrong)}. {INSTALL}.")
    return ", ".join(found)


def _kernel() -> str:
    """Start the kernel that the notebooks name, and import what they import."""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import start_new_kernel

    started = time.monotonic()
    quiet = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    try:
        manager, client = start_new_kernel(startup_timeout=60, kernel_name="python3", **quiet)
    except NoSuchKernel:
        raise Trouble(f"no kernel is installed. {INSTALL}.") from None
    except (RuntimeError, TimeoutError) as problem:
        raise Trouble(
            f"the kernel does not start ({problem}). A firewall or virus scanner may keep programs on this "
            f"machine from talking to each other: allow {sys.executable}."
        ) from None
    try:
        reply = client.execute_interactive(
            "import sys, ipywidgets, irl_helpers",
            user_expressions={"prefix": "sys.prefix"},
            output_hook=lambda message: None,
            timeout=60,
        )["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["status"] != "ok":
        raise Trouble(
            f"the kernel cannot run the notebooks ({reply['ename']}: {reply['evalue']}). {_ANOTHER}"
        )
    prefix = reply["user_expressions"]["prefix"]["data"]["text/plain"].strip("'\"")
    if os.path.realpath(prefix) != os.path.realpath(sys.prefix):
        raise Trouble(f"the kernel belongs to another Python ({prefix}). {_ANOTHER}")
    return f"python3, started in {time.monotonic() - started:.1f} s"


_ANOTHER = (
    "If `jupyter kernelspec list` shows a python3 outside this environment, remove it: "
    "jupyter kernelspec remove python3"
)


def _widgets() -> str:
    """What draws buttons in JupyterLab: the extension that comes with ipywidgets, not switched off."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_page_config

    page = get_page_config(jupyter_path("labextensions"))
    if WIDGETS not in {extension["name"] for extension in page["federated_extensions"]}:
        raise Trouble(
            "JupyterLab has nothing that draws buttons here. Install it again: "
            f"{sys.executable} -m pip install --force-reinstall jupyterlab_widgets, then reload the page"
        )
    if WIDGETS in {name.partition(":")[0] for name in page["disabledExtensions"]}:
        raise Trouble(f"buttons are switched off. Switch them on: jupyter labextension enable {WIDGETS}")
    return f"jupyterlab_widgets {metadata.version('jupyterlab_widgets')} draws buttons in JupyterLab"


def _account() -> str:
    """The account that the notebooks will use: its key is a test key, its file can be written."""
    from .account import AccountError, account_status, stripe_client, where_kept
    from .settings import SettingsError, settings

    try:
        found = settings()
    except SettingsError as problem:
        raise Trouble(str(problem)) from None
    elsewhere, file = found.key or found.base, found.file
    if not elsewhere and programs_can_run():
        _check_writable(file)
        if not file.exists():
            return f"offline account, will be kept in {file}"  # by the first notebook, not by a look
    try:
        stripe_client()
        which = account_status().splitlines()[0] if elsewhere else f"offline account, {where_kept()}"
        return f"{which} ({left_on})" if (left_on := _left_on()) else which
    except AccountError as problem:
        raise Trouble(str(problem)) from None


def _left_on() -> str:
    """What somebody switched on in the account and may have forgotten, in words; '' for nothing."""
    import stripe

    from .account import changes
    from .settings import settings

    found = settings()
    if not (found.key or found.base or found.file.exists()):
        return ""  # a look begins no account
    try:
        now = changes()
    except stripe.APIConnectionError:
        raise Trouble(
            "the simulator that IRL_API_BASE names does not answer. Start it: python -m irl_helpers.serve"
        ) from None
    return now.left_on if now else ""


def _check_writable(file: Path) -> None:
    try:
        folder = next(parent for parent in file.parents if parent.exists())
        tempfile.TemporaryFile(dir=folder).close()
        if file.exists():
            file.open("r+b").close()
    except OSError as problem:
        raise Trouble(
            f"the account file {file} cannot be written ({problem.strerror}). Make its folder yours, or let "
            "IRL_ACCOUNT_FILE in .env name a file in a folder of yours"
        ) from None


def _port() -> str:
    for port in LAB_PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        taken = "" if port == LAB_PORTS[0] else f"{LAB_PORTS[0]} is taken, "
        return f"{taken}{port} is free on this machine"
    raise Trouble(
        f"no port from {LAB_PORTS[0]} to {LAB_PORTS[-1]} can be opened on this machine. Stop other servers "
        '(jupyter server list), or choose one: make lab ARGS="--port 9100"'
    )


def _sale() -> str:
    """Collect $10.00 on an account of its own, through the official client."""
    import stripe

    from .collect import capture_payment, create_payment, process_payment, simulate_payment
    from .money import format_amount
    from .setup import own_reader
    from .simulator import Simulator, SimulatorHTTPClient

    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator(Path(folder) / "account.sqlite")
        client = stripe.StripeClient(
            "sk_test_checkup", http_client=SimulatorHTTPClient(simulator), max_network_retries=0
        )
        started = time.monotonic()
        telemetry, stripe.enable_telemetry = stripe.enable_telemetry, False
        try:
            reader = own_reader("Checkup", client=client)
            payment = create_payment(1000, "usd", client=client)
            process_payment(reader.id, payment.id, client=client)
            simulate_payment(reader.id, client=client)
            payment = capture_payment(payment.id, client=client)
        finally:
            stripe.enable_telemetry = telemetry
            simulator.close()
    amount = format_amount(payment.amount_received, payment.currency)
    return f"{amount} collected offline in {1000 * (time.monotonic() - started):.0f} ms"


POINTS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "packages": _packages,
    "kernel": _kernel,
    "widgets": _widgets,
    "account": _account,
    "port": _port,
    "sale": _sale,
}
NEED_PROGRAMS = ("kernel", "widgets", "port")
"""What is looked at by starting or asking another program: on a machine, and not in a browser tab."""
IN_A_NOTEBOOK = ("Python", "packages", "account", "sale")
"""What a notebook asks: that it has a kernel it knows, and that there are buttons the learner sees."""


# -- for notebooks

DOUBLE_CLICK = 0.5  # seconds, as in the panels, whose packages may be missing here


def _in_a_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "kernel", None) is not None


class Ready:
    """What `ready` shows: one line, a button to try, and one that lays a fresh copy of a notebook beside the
    edited one: `start_over`, of the `notebook` that is chosen."""

    def __init__(self, points: list[Point], left_on: str = "") -> None:
        from html import escape

        import ipywidgets as W

        self.points = points
        self.line = "Ready: " + ", ".join(point.name for point in points) + " are as they should be."
        if left_on:
            self.line += f" Still on in your account: {left_on}."
        trouble = [f"{point.name}: {point.text}" for point in points if not point.ok]
        if trouble:
            self.line = "Not ready. " + " ".join(trouble)
        self._html = f'<span role="status">{escape(self.line)}</span>'
        wide = W.Layout(width="auto", align_self="flex-start")
        self.button = W.Button(description="You can see buttons: press one", layout=wide)
        self.button.on_click(self._pressed)
        self.notebook = W.Dropdown(options=copied_names(Path.cwd()), description="Start over with")
        self.notebook.style.description_width = "auto"
        self.start_over = W.Button(description="Lay a fresh copy beside mine", layout=W.Layout(width="auto"))
        self.start_over.on_click(lambda _: self._start_over())
        self._copied = ("", 0.0)  # which notebook, and when
        self.said = W.HTML()
        again = W.HBox([self.notebook, self.start_over], layout=W.Layout(flex_flow="row wrap"))
        again.layout.display = "" if self.notebook.options else "none"
        self._view = W.VBox([W.HTML(self._html), self.button, again, self.said])

    def _pressed(self, button: Any) -> None:
        button.description, button.button_style, button.icon = "Buttons work here", "success", "check"

    def _start_over(self) -> None:
        """A double click is one copy."""
        name, copied = self._copied
        if name != self.notebook.value or time.monotonic() - copied > DOUBLE_CLICK:
            ask_for_copy(self.notebook.value, self._say)
        self._copied = self.notebook.value, time.monotonic()

    def _say(self, text: str) -> None:
        from html import escape

        self.said.value = f'<span role="status">{escape(text)}</span>'

    def __repr__(self) -> str:
        return self.line

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle = dict(self._view._repr_mimebundle_(**kwargs) or {})
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = (
            f"<p>{self._html}</p><p>A button appears here when the notebook is run. None after running it? "
            "Then this page cannot draw buttons. In a browser tab, load it again; on your own machine, "
            "<code>make check-setup</code> names the fix.</p>"
        )
        return bundle


def ready() -> Ready:
    """For a notebook's first cell: whether it can run here in one line, and a button that proves that buttons
    work. The line names no version and no path, so that it is the same everywhere."""
    points = examine(IN_A_NOTEBOOK)
    return Ready(points, _left_on() if all(point.ok for point in points) else "")


def main() -> int:
    """Print a line for each point. Returns 0 when all is well, else 1."""
    points = []
    for name in POINTS:
        points += examine([name])
        print(points[-1], flush=True)
    wrong = sum(not point.ok for point in points)
    print(
        "Ready: make lab opens the first notebook."
        if not wrong
        else f"{wrong} of {len(points)} points to mend."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
