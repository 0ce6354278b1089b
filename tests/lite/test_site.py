"""The built site, served: compressed files, types, ranges, caching, and nothing from outside its folder."""

from __future__ import annotations

import asyncio
import gzip

import pytest

pytest.importorskip("aiohttp")

from aiohttp.test_utils import TestServer

from lite.site import ASK_AGAIN, FOREVER, application

TEXT = b"let reader = 'Counter 1';\n" * 400
HASHED = "build/1234.0a1b2c3.js"


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "dist"
    for name, content in {
        "index.html": b"<!doctype html>",
        "lab/index.html": b"<!doctype html><title>Lab</title>",
        "static/pyodide.asm.wasm": b"\0asm" + bytes(2000),
        "static/pyodide.mjs": TEXT,
        "static/packages.zip": b"PK" + bytes(500),
        "files/notebooks/01_setup.ipynb": b"{}",
        "files/picture.png": b"\x89PNG",
        "files/a b ä.txt": b"named",
        "jupyter-lite.json": b"{}",
        HASHED: TEXT,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in ("static/pyodide.asm.wasm", "static/pyodide.mjs", HASHED):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / f"{name}.br").write_bytes(b"brotli of " + name.encode())
    (folder.parent / "dist-secret").mkdir()
    for secret in ("secret.txt", "dist-secret/secret.txt"):
        (folder.parent / secret).write_bytes(b"secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "up").symlink_to(folder.parent)
    return folder


def ask(dist, *requests):
    """Each request as it is written, on one connection; by request: status, headers, body."""

    async def exchange():
        answers = []
        async with TestServer(application(dist)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for line, headers in requests:
                lines = [f"{line} HTTP/1.1", "Host: room", *(f"{k}: {v}" for k, v in headers.items())]
                writer.write("\r\n".join([*lines, "", ""]).encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                got = dict(each.split(": ", 1) for each in head[1:] if each)
                got = {name.title(): value for name, value in got.items()}
                length = 0 if line.startswith("HEAD") else int(got.get("Content-Length", 0))
                answers.append((int(head[0].split()[1]), got, await reader.readexactly(length)))
            writer.close()
            await writer.wait_closed()
        return answers

    return asyncio.run(exchange())


@pytest.mark.parametrize(
    ("path", "kind", "cached"),
    [
        ("/", "text/html; charset=utf-8", ASK_AGAIN),
        ("/lab/", "text/html; charset=utf-8", ASK_AGAIN),
        ("/lab/index.html?path=notebooks/01_setup.ipynb", "text/html; charset=utf-8", ASK_AGAIN),
        ("/static/pyodide.asm.wasm", "application/wasm", ASK_AGAIN),
        ("/static/pyodide.mjs", "text/javascript; charset=utf-8", ASK_AGAIN),
        ("/static/packages.zip", "application/zip", ASK_AGAIN),
        ("/files/notebooks/01_setup.ipynb", "application/json", ASK_AGAIN),
        ("/files/picture.png", "image/png", ASK_AGAIN),
        ("/files/a%20b%20%C3%A4.txt", "text/plain; charset=utf-8", ASK_AGAIN),
        (f"/{HASHED}", "text/javascript; charset=utf-8", FOREVER),
    ],
)
def test_a_file_has_its_type_and_is_kept_as_long_as_it_is_the_same(dist, path, kind, cached):
    [(status, headers, body)] = ask(dist, (f"GET {path}", {}))
    assert status == 200
    assert body
    assert headers["Content-Type"] == kind
    assert headers["Cache-Control"] == cached
    assert headers["X-Content-Type-Options"] == "nosniff"
    [(status, again, body)] = ask(dist, (f"GET {path}", {"If-None-Match": headers["Etag"]}))
    assert (status, body) == (304, b"")
    assert again["Cache-Control"] == cached


def test_compressed_files_go_to_whoever_takes_them(dist):
    for path in ("/static/pyodide.asm.wasm", "/static/pyodide.mjs", f"/{HASHED}"):
        file = dist / path[1:]
        forms = {
            "": (None, file.read_bytes()),
            "gzip, deflate": ("gzip", (dist / f"{path[1:]}.gz").read_bytes()),
            "gzip, deflate, br, zstd": ("br", (dist / f"{path[1:]}.br").read_bytes()),
        }
        answers = ask(dist, *((f"GET {path}", {"Accept-Encoding": accepted}) for accepted in forms))
        for (status, headers, body), (encoding, wanted) in zip(answers, forms.values(), strict=True):
            assert (status, headers.get("Content-Encoding"), body) == (200, encoding, wanted)
            assert headers["Vary"] == "Accept-Encoding"
        assert len({headers["Etag"] for _, headers, _ in answers}) == len(forms)


def test_a_part_of_a_file_and_its_head(dist):
    path = "/static/pyodide.mjs"
    part, tail, head, beyond = ask(
        dist,
        (f"GET {path}", {"Range": "bytes=4-9"}),
        (f"GET {path}", {"Range": "bytes=-3"}),
        (f"HEAD {path}", {}),
        (f"GET {path}", {"Range": "bytes=999999-"}),
    )
    assert (part[0], part[2]) == (206, b"reader")
    assert part[1]["Content-Range"] == f"bytes 4-9/{len(TEXT)}"
    assert (tail[0], tail[2]) == (206, TEXT[-3:])
    assert beyond[0] == 416
    assert (head[0], head[1]["Content-Length"]) == (200, str(len(TEXT)))


def test_a_folder_leads_to_its_page(dist):
    [(status, headers, _)] = ask(dist, ("GET /lab", {}))
    assert (status, headers["Location"]) == (302, "lab/")
    [(status, headers, _)] = ask(dist, ("GET /lab?path=notebooks/01_setup.ipynb&x=%20y", {}))
    assert (status, headers["Location"]) == (302, "lab/?path=notebooks/01_setup.ipynb&x=%20y")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/lab/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/lab/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/../dist-secret/secret.txt",
        "/link.txt",
        "/up/secret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/index.html%00.txt",
        "/index.html/",
        "/static/",
        "/nowhere",
        "/" + "a" * 5000,
    ],
)
def test_nothing_else_is_there(dist, path):
    [(status, _, body)] = ask(dist, (f"GET {path}", {}))
    assert status == 404
    assert b"secret" not in body


def test_nothing_is_taken(dist):
    for method in ("POST", "PUT", "DELETE"):
        [(status, _, _)] = ask(dist, (f"{method} /index.html", {"Content-Length": "0"}))
        assert status == 405
