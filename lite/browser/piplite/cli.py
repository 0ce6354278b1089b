"""What the kernel makes of a cell with `%pip` in it."""

from __future__ import annotations


async def get_transformed_code(arguments: list[str]) -> str:
    """Python that says why nothing is installed."""
    return "import piplite\nawait piplite.install()"
