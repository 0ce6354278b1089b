"""Objects, and how they are written: JSON as the API answers it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Object = dict[str, Any]


def _encoder() -> Callable[[Any], str]:
    """JSON as the API answers it. The library's encoder is made once here instead of for each object: for a
    small one, that takes longer than writing it out."""
    plain = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    try:
        written_in_c = make(
            None, plain.default, json.encoder.encode_basestring, None, ":", ",", False, False, True
        )
    except TypeError:
        # Another Python, which has none, or makes it otherwise.
        return plain.encode
    return lambda value: "".join(written_in_c(value, 0))


dumps = _encoder()
