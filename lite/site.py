"""The built site as an application: its files, compressed where they were compressed when they were built."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

LARGEST_BODY = 4096  # bytes; nothing that is sent here is longer
# Whatever this machine has registered: a browser compiles WebAssembly while it comes only if it is called so.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
HASHED = re.compile(r"\.[0-9a-f]{7,}\.(js|css)$")  # webpack's names: other content has another
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # keep it, and ask with its ETag whether it is still the same


def application(folder: Path, routes: Iterable[web.RouteDef] = ()) -> web.Application:
    """The files of a folder; what `routes` names comes first."""
    root = folder.resolve()

    async def send(request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        file = _inside(root, f"{path}index.html" if path.endswith("/") or not path else path)
        if file is None:
            raise web.HTTPNotFound(headers={"Cache-Control": "no-store"})
        if file.is_dir():
            # Its page reads the query, which names the notebook to open.
            query = request.rel_url.raw_query_string
            location = f"{file.name}/{query and '?'}{query}"
            raise web.HTTPFound(location, headers={"Cache-Control": "no-store"})
        return _response(file)

    made = web.Application(client_max_size=LARGEST_BODY)
    made.add_routes([*routes, web.get("/{path:.*}", send)])
    return made


def _inside(root: Path, path: str) -> Path | None:
    """A file or folder that is there and inside; no link leads out."""
    try:
        wanted = (root / path).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return wanted if wanted.is_relative_to(root) else None


def _response(file: Path) -> web.FileResponse:
    """It looks for `.br` and `.gz` beside the file, and answers ranges and what asks with an ETag."""
    headers = {
        "Content-Type": TYPES.get(file.suffix, "application/octet-stream"),
        "Cache-Control": FOREVER if HASHED.search(file.name) else ASK_AGAIN,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    return web.FileResponse(file, headers=headers)
