"""The Python packages in the browser, as a folder: those of packages.txt, the kernel's, and our own."""

from __future__ import annotations

import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = Path(sys.prefix) / "share/jupyter/labextensions"
# What is never used in a browser.
UNUSED = ("tests", "__pycache__", "*.pyi", "*.data", "bin", "share", "RECORD", "labextension", "nbextension")


def gather(folder: Path, installed: Path) -> None:
    """Lay out `folder` as `site-packages`, from the packages that are installed in another folder."""
    unused = shutil.ignore_patterns(*UNUSED)
    shutil.copytree(installed, folder, ignore=unused)
    for wheel in sorted((EXTENSIONS / KERNEL / "static/pypi").glob("*.whl")):
        if not wheel.name.startswith(("widgetsnbextension", "piplite")):
            with zipfile.ZipFile(wheel) as files:
                files.extractall(folder)
    shutil.copytree(PROJECT / "irl_helpers", folder / "irl_helpers", ignore=unused)
    shutil.copytree(HERE / "browser", folder, ignore=unused, dirs_exist_ok=True)
    _describe(folder)


def _describe(folder: Path) -> None:
    """What `importlib.metadata` is asked about our own package."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [f"{name}: {project[name.lower()]}" for name in ("Name", "Version", "Requires-Python")]
    lines += [f"Requires-Dist: {needed}" for needed in project["dependencies"]]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", *lines, ""]), "utf-8")
