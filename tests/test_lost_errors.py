"""Errors that ipywidgets and asyncio would only log fail a test; see conftest.py."""

from __future__ import annotations

import asyncio
import gc

import ipywidgets
import pytest


def test_a_handler_that_raises_is_not_swallowed():
    button = ipywidgets.Button(description="Capture")
    button.on_click(lambda button: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        button.click()


def test_a_task_that_nobody_awaits_is_not_lost(lost_errors):
    async def fail() -> None:
        raise ValueError("the reader is busy")

    async def click() -> None:
        asyncio.create_task(fail())  # noqa: RUF006 (losing it is the point)
        await asyncio.sleep(0)

    asyncio.run(click())
    gc.collect()
    assert "ValueError: the reader is busy" in lost_errors.pop()
