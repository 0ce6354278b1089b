"""What `make lab` and `make pos` start, and what they say on the terminal meanwhile."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient

from tests.browser.servers import jupyterlab, voila

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


def test_the_kernel_of_the_point_of_sale_says_nothing_alarming(tmp_path):
    with voila(tmp_path) as pos:
        with urllib.request.urlopen(pos.url) as page:
            assert b"application/vnd.jupyter.widget" in page.read(), "it is finished when the kernel is"
        assert "Kernel started" in pos.log.read_text()
        assert ALARMING not in pos.log.read_text()
