"""Something that a panel shows only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as W


class Fold:
    """A button "Show …" that shows `content`, and then hides it again; closed at first.

    `when_open` is called each time it opens, `when_closed` each time it closes: what nobody sees need not be
    kept up to date. Whether it is open stands in the button's words: ipywidgets sets no `aria-expanded`.
    """

    def __init__(
        self,
        what: str,
        content: W.Widget,
        *,
        when_open: Callable[[], None] = lambda: None,
        when_closed: Callable[[], None] = lambda: None,
    ) -> None:
        self.what = what
        self.button = W.ToggleButton(description=f"Show {what}", tooltip="")
        self.content = content
        self._calls = {True: when_open, False: when_closed}
        self.view = W.VBox([self.button]).add_class("irl-fold")
        self.button.observe(lambda change: self._turn(change["new"]), "value")

    @property
    def open(self) -> bool:
        """Whether its content is shown."""
        return bool(self.button.value)

    def _turn(self, shown: bool) -> None:
        self.button.description = f"{'Hide' if shown else 'Show'} {self.what}"
        self._calls[shown]()
        self.view.children = [self.button, self.content] if shown else [self.button]
