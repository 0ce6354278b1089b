"""`python -m workshop.table_service`: the instructor's page, as a service of the hub."""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.services.auth import HubOAuthCallbackHandler
from tornado.web import Application

from .brake import Brake
from .progress import Progress
from .room import Room
from .table_page import TablePage


async def main() -> None:
    """Serve the page where the hub says, until the hub ends it."""
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    passed = {"progress": Progress(Room(os.environ["IRL_ROOM"])), "brake": Brake(free=3, first=1, longest=60)}
    handlers: list[Any] = [(prefix, TablePage, passed), (prefix + "oauth_callback", HubOAuthCallbackHandler)]
    application = Application(handlers, cookie_secret=os.urandom(32), compress_response=True)
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    application.listen(address.port or 80, address.hostname)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
