"""JupyterLite's kernel, where it has to learn something: its widgets' handlers may wait, as its cells may."""

from __future__ import annotations

import contextlib
from functools import cache

_ONE_BY_ONE = """
handle => {
  let last = Promise.resolve();
  return (...message) => (last = last.catch(() => {}).then(() => handle.callPromising(...message)));
}
"""


@cache
def let_handlers_wait() -> None:
    """From now on what a widget calls may call Stripe, which waits for its turn with the account; handlers
    run one by one. Without this, Pyodide refuses to wait in them."""
    from pyodide.code import run_js
    from pyodide.ffi import create_proxy

    with contextlib.suppress(ImportError):  # in a Pyodide without notebooks
        from pyodide_kernel import kernel_instance

        manager = kernel_instance.comm_manager
        manager.comm_msg = run_js(_ONE_BY_ONE)(create_proxy(manager.comm_msg))
