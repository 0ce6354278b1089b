"""What `make lab` and `make pos` start, and what they say on the terminal meanwhile."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket
from jupyter_client import BlockingKernelClient

from irl_helpers.page_server import PageServer
from tests.browser.servers import Server, jupyterlab, voila

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no make, and no sockets with names")

# Shown to a learner, it would only alarm her: nobody else listens on her own machine.
ALARMING = "without encryption"


class Api:
    """A server's API, as a page asks it."""

    def __init__(self, url: str) -> None:
        self._url = url
        jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._opener.open(f"{url}/lab").close()
        [self._xsrf] = [cookie.value for cookie in jar if cookie.name == "_xsrf"]

    def __call__(self, path: str, body: dict[str, str] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-XSRFToken": self._xsrf}
        with self._opener.open(urllib.request.Request(f"{self._url}/api/{path}", data, headers)) as answer:
            return json.load(answer)


def answer(connection_file: Path) -> None:
    """Wait until the kernel there has answered, and so has said what it has to say."""
    client = BlockingKernelClient()
    client.load_connection_file(str(connection_file))
    client.hb_channel.time_to_dead = 60  # one second without a heartbeat is no death on a busy machine
    client.start_channels()
    try:
        client.wait_for_ready(60)
        assert client.execute_interactive("40 + 2")["content"]["status"] == "ok"
    finally:
        client.stop_channels()


@pytest.fixture(params=["a home with a short name", "a home with a long name"])
def folder(request, tmp_path) -> Iterator[Path]:
    """Where the server's user lives. A socket's name may have about a hundred bytes."""
    if "long" in request.param:
        place = tmp_path / ("long" * 20)
        place.mkdir()
        yield place
    else:
        place = Path(tempfile.mkdtemp(dir="/tmp"))
        yield place
        shutil.rmtree(place)


def test_kernels_of_the_lab_meet_it_at_sockets_with_names(folder):
    with jupyterlab(folder) as lab:
        api = Api(lab.url)
        kernel = api("kernels", {"name": "python3"})["id"]
        private = folder / "home" / "jupyter_runtime_dir"
        [file] = [*private.glob(f"kernel-{kernel}.json"), *Path("/tmp").glob(f"irl-*/kernel-{kernel}.json")]
        assert (file.parent == private) == (len(str(private)) < 50)
        assert file.parent.stat().st_mode & 0o077 == 0
        connection = json.loads(file.read_text())
        assert connection["transport"] == "ipc"
        sockets = [Path(f"{connection['ip']}-{connection[name]}") for name in connection if "_port" in name]
        answer(file)
        assert [path.is_socket() for path in sockets] == [True] * 5
        assert ALARMING not in lab.log.read_text()
    assert not any(path.exists() for path in [file, *sockets]), "they are left behind"


def test_the_point_of_sale_shows_its_reader_while_its_kernel_starts_and_says_nothing_alarming(tmp_path):
    with voila(tmp_path) as pos:
        with urllib.request.urlopen(pos.url) as page:
            html = page.read().decode()
        assert "application/vnd.jupyter.widget" in html, "it is finished when the kernel is"
        opening, rest = html.split('id="jupyter-config-data"', 1)  # what comes before the kernel has started
        assert "is opening" in opening
        assert 'alt="Stripe Reader S700: idle, splash screen"' in opening
        assert "is opening" not in rest
        assert "Kernel started" in pos.log.read_text()
        assert ALARMING not in pos.log.read_text()


# -- the page server


@pytest.fixture(scope="module")
def pos(tmp_path_factory) -> Iterator[Server]:
    """Its kernels end soon after their page, so that a test need not wait for a minute."""
    soon = ("--MappingKernelManager.cull_idle_timeout=3", "--MappingKernelManager.cull_interval=1")
    with voila(tmp_path_factory.mktemp("pos"), *soon) as server:
        yield server


def status(server: Server, path: str, host: str, *, upgrade: bool = False) -> int:
    """Of the answer to somebody who calls the server `host`."""
    connection = http.client.HTTPConnection(server.url.partition("//")[2], timeout=60)
    headers = {"Host": host}
    if upgrade:
        headers |= {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": f"http://{host}"}
    connection.request("GET", path, headers=headers)
    with connection.getresponse() as answer:
        found = answer.status
    connection.close()
    return found


KERNEL = "12345678-1234-1234-1234-123456789abc"
PATHS = [
    "/", "/voila/static/voila.js", "/voila/api/themes/x", f"/voila/api/shutdown/{KERNEL}",
    f"/api/kernels/{KERNEL}", f"/api/kernels/{KERNEL}/channels", "/nothing/here",
]  # fmt: skip
STRANGERS = [
    "rebound.example", "rebound.example:{port}", "localhost.rebound.example", "127.0.0.1.rebound.example",
    "192.168.1.7", "0.0.0.0", "evil@localhost", "localhost.", "[2001:db8::1]:{port}",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_strangers_names_for_this_machine_are_refused(pos, path):
    """A page elsewhere can give its own name this machine's address."""
    port = pos.url.rpartition(":")[2]
    for host in STRANGERS:
        assert status(pos, path, host.format(port=port)) in (400, 403), host
        assert status(pos, path, host.format(port=port), upgrade=True) in (400, 403), host
    assert status(pos, path, "rebound.example") == 403
    if path != "/":
        for host in (f"localhost:{port}", f"127.0.0.1:{port}", "127.9.9.9", f"[::1]:{port}", "LOCALHOST"):
            assert status(pos, path, host) not in (403, 500), host
    assert "Kernel started" not in pos.log.read_text(), "nobody was let in"


def kernels(server: Server) -> list[str]:
    """The ids of those that run, as the server says on the terminal."""
    lines = server.log.read_text().splitlines()
    ids = [line.split()[-1] for line in lines if "Kernel started:" in line]
    ended = "\n".join(line for line in lines if "Kernel shutdown:" in line)
    return [id for id in ids if id not in ended]


def test_without_arguments_kernels_end_a_minute_after_their_page(monkeypatch):
    monkeypatch.setattr("sys.argv", ["voila"])
    server = PageServer()
    server.initialize(["--no-browser"])
    kept = server.config.MappingKernelManager
    assert (kept.cull_idle_timeout, kept.cull_interval) == (60, 10)


def test_kernels_end_with_their_page(pos):
    """Of five reloads the last page stays, and so does its kernel, for as long as the page is connected."""
    for _ in range(5):
        with urllib.request.urlopen(pos.url) as page:
            text = page.read().decode()
    [mine] = re.findall(r'"?kernelId"?: "([0-9a-f-]{36})"', text)
    channels = f"{pos.url.replace('http', 'ws')}/api/kernels/{mine}/channels"
    connection = websocket.create_connection(channels, origin=pos.url, timeout=60)
    end = time.monotonic() + 60
    while kernels(pos) != [mine] and time.monotonic() < end:
        time.sleep(0.2)
    assert kernels(pos) == [mine]
    time.sleep(6)
    assert kernels(pos) == [mine], "it has a page"
    connection.close()
    while kernels(pos) and time.monotonic() < end:
        time.sleep(0.2)
    assert kernels(pos) == []
    _, left = psutil.wait_procs(psutil.Process(pos.process).children(recursive=True), 20)
    assert left == []
