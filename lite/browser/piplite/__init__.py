"""In place of the kernel's piplite, which would install packages from another site."""

from __future__ import annotations


class NothingIsInstalledHere(Exception):
    """Why `%pip install` does nothing in a browser tab."""


async def install(*packages: object, **options: object) -> None:
    """Raises NothingIsInstalledHere."""
    raise NothingIsInstalledHere(
        "No package can be installed in a browser tab: this page asks no other site for anything. All that "
        "the notebooks need is here. For more, run them on your machine: make lab."
    )
