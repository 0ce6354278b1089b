"""JupyterHub for a room. `make workshop` starts it; IRL_ROOM names the room's folder."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config.application import get_config

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))

from workshop import roles  # noqa: E402  only now can they be found
from workshop.login import RoomAuthenticator  # noqa: E402
from workshop.room import Room  # noqa: E402
from workshop.spawner import NOTEBOOKS, LearnerSpawner  # noqa: E402

c = get_config()  # JupyterHub gives it to its configuration file

room = Room(os.environ["IRL_ROOM"])
doors = room.doors()
os.umask(0o077)

# What must outlive a restart is on disk, and neither the proxy nor learners' servers end with the hub.
c.JupyterHub.db_url = f"sqlite:///{room.database}"
c.JupyterHub.cookie_secret_file = str(room.cookie_secret)
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.auth_token = room.keys.proxy_token
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{doors.proxy}"
c.JupyterHub.bind_url = f"http://:{doors.public}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{doors.hub}"
if doors.domain:
    c.JupyterHub.subdomain_host = c.RoomAuthenticator.address = doors.address()

c.JupyterHub.authenticator_class = RoomAuthenticator
c.RoomAuthenticator.room = room

c.JupyterHub.spawner_class = LearnerSpawner
c.LearnerSpawner.room = room
c.Spawner.cmd = [sys.executable, str(here / "learner_server.py"), str(NOTEBOOKS)]
c.Spawner.args = [f"--config={here / 'jupyter_server_config.py'}"]
c.Spawner.default_url = "/lab/tree/notebooks/01_setup.ipynb"
c.Spawner.mem_limit = "1G"  # of each process; enforced where every learner has a Unix user
# Waiting for one's turn is part of starting: a hundred who come at once are all let in.
c.Spawner.start_timeout = 1800
c.Spawner.http_timeout = 60
# Where the system tells that a server has ended, nobody needs to ask; see spawner.py.
c.Spawner.poll_interval = 30 if hasattr(os, "pidfd_open") else 5
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.tornado_settings = {"compress_response": True, "slow_spawn_timeout": 1}

# A hub that is killed leaves its services behind; by this the next one finds and ends them.
marks = {"IRL_ROOM": str(room.folder), "IRL_ROLE": "service"}
c.JupyterHub.services = [
    {
        "name": "progress",
        "url": f"http://127.0.0.1:{doors.progress}",
        "command": [sys.executable, "-m", "workshop.table_service"],
        "cwd": str(here.parent),
        "environment": marks,
        "oauth_no_confirm": True,
    },
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200", "--cull-every=600"],
        "environment": marks,
    },
]
c.JupyterHub.load_roles = roles.ROLES
c.JupyterHub.default_url = roles.first_page(doors.table())
