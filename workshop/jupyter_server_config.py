"""Settings of every learner's server, which JupyterHub starts."""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config.application import get_config

c = get_config()  # Jupyter gives it to its configuration files

# Lab's first page is several megabytes of text, and the room shares one Wi-Fi.
c.ServerApp.tornado_settings = {"compress_response": True}
c.ServerApp.websocket_compression_options = {}

# Nobody in this room asked for them, and each costs every learner memory or a slower page.
c.ServerApp.jpserver_extensions = {"jupyter_lsp": False, "voila.server_extension": False, "nbclassic": False}
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"

# A panel whose kernel is gone is shown as the picture that was saved of it.
c.ServerApp.contents_manager_class = "irl_helpers.notebook_files.NotebookFiles"

# A telephone shows the notebook, and not the list of files in front of it.
c.LabApp.extra_labextensions_path = [str(files("irl_helpers") / "labextensions")]

# A free TCP port may be taken before the kernel listens at it, and is when many kernels start at once: the
# kernel then dies, again and again. Names of files are never taken.
c.KernelManager.transport = "ipc"

# A kernel that nobody looks at any more makes room for the others.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300

c.Application.log_level = "WARN"
