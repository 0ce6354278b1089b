"""What has moved: where a learner's copy of a notebook has an old import, the error gives the new line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

NAMES: Mapping[str, Mapping[str, str]] = {
    "irl_helpers.setup": {"SetupPanel": "irl_helpers.panels"},
    "irl_helpers.connect": {"ConnectPanel": "irl_helpers.panels"},
    "irl_helpers.collect": {"CollectPanel": "irl_helpers.panels", "parse_amount": "irl_helpers.money"},
    "irl_helpers.cancel": {"CancelPanel": "irl_helpers.panels"},
    "irl_helpers.cart": {"CartPanel": "irl_helpers.panels"},
    "irl_helpers.save_a_card": {"SaveCardPanel": "irl_helpers.panels"},
    "irl_helpers.recovery": {"state_of": "irl_helpers.sale"},
    "irl_helpers.point_of_sale.day": {"refund_payment": "irl_helpers.refund", "tip_of": "irl_helpers.tips"},
}
"""For each module that has lost names: where each of them is now."""

MODULES: Mapping[str, str] = {
    "irl_helpers.look": "irl_helpers.recovery",
    "irl_helpers.request_log.view": "irl_helpers.panels.request_log_view",
    "irl_helpers.request_log.source": "irl_helpers.request_log.code_samples",
    "irl_helpers.panels.cells": "irl_helpers.panels.one_per_cell",
    "irl_helpers.panels.problems": "irl_helpers.panels.error_words",
}
"""For each module that is gone: the one that has its names."""


def old_names(module: str) -> Callable[[str], NoReturn]:
    """A `__getattr__` for a module of `NAMES`. Raises ImportError, with the new line, for a name that has
    moved, and AttributeError for any other."""

    def answer(name: str) -> NoReturn:
        if name not in NAMES[module]:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise ImportError(f"{name} has moved. Write: from {NAMES[module][name]} import {name}")

    return answer


class OldModules:
    """The last entry of `sys.meta_path`: it is asked for a module that nobody else has found."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """Raises ImportError, with the new line, for a module of `MODULES`."""
        if name in MODULES:
            package, _, module = MODULES[name].rpartition(".")
            raise ImportError(
                f"{name} is called {MODULES[name]} now. Write: from {package} import {module}, "
                f"or: from {MODULES[name]} import …"
            )
