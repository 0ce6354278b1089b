"""A notebook as a web page for this machine alone, by Voilà; no other page reaches it, and no kernel is left.

`python -m irl_helpers.page_server notebooks/point_of_sale.ipynb`

The port is open to every page in the browser, and a page elsewhere can give its own name this machine's
address (DNS rebinding). So only requests to a loopback name are answered, as in JupyterLab.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tornado.web import ErrorHandler
from voila.app import Voila

from .page_opening import write_opening
from .simulator.loopback import HERE

# Seconds until a kernel without a page ends, and between two looks at that.
ABANDONED, LOOK_EVERY = 60, 10


class PageServer(Voila):
    """Voilà with a doorkeeper, and a page while a kernel starts."""

    name = "voila"

    def initialize(self, argv: Any = None) -> None:
        """Read the configuration. The page is the application, without the notebook's text. It may go without
        a word, so kernels without one are looked for."""
        self.config.VoilaExporter.exclude_markdown = True
        self.config.TagRemovePreprocessor.enabled = True
        self.config.TagRemovePreprocessor.remove_cell_tags = ("checkpoint",)
        if sys.platform != "win32":
            self.config.Voila.connection_dir_root = "/tmp"  # names of sockets have to be short
        self.config.MappingKernelManager.cull_idle_timeout = ABANDONED
        self.config.MappingKernelManager.cull_interval = LOOK_EVERY
        super().initialize(argv)

    def setup_template_dirs(self) -> None:
        """Voilà's templates, after our own."""
        super().setup_template_dirs()
        own = tempfile.mkdtemp(prefix="irl-page-")
        atexit.register(shutil.rmtree, own, ignore_errors=True)
        found = (Path(folder, "static", "theme-dark.css") for folder in self.template_paths)
        dark = next((file.read_text("utf-8") for file in found if file.is_file()), "")
        write_opening(Path(own), dark)
        self.template_paths.insert(0, own)

    def init_settings(self) -> dict[str, Any]:
        """What no handler is found for is closed to whoever asks."""
        closed = {"default_handler_class": ErrorHandler, "default_handler_args": {"status_code": 403}}
        return {**super().init_settings(), **closed}

    def init_handlers(self) -> list[Any]:
        """All of Voilà's pages, for loopback names only."""
        missing = (r"/.*", ErrorHandler, {"status_code": 404})
        self.app.add_handlers(rf"(?:{HERE.pattern}|::1)$", [*super().init_handlers(), missing])
        return []


main = PageServer.launch_instance

if __name__ == "__main__":
    main()
