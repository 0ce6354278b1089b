"""What the notebooks import: the calls and panels of each part, the account, the pictures.

`import irl_helpers` is cheap: a module is loaded when it is first used, as `irl_helpers.collect` or
`from irl_helpers import collect`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from .moved import OldModules

sys.meta_path.append(OldModules)


def __getattr__(name: str) -> ModuleType:
    if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
