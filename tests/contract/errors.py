"""The error that a call gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe


def refused(call: Callable[..., Any], *args: Any, **params: Any) -> stripe.InvalidRequestError:
    """That of a call which is answered with 400 or 404."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*args, **params)
    return caught.value
