"""What a panel says: its state in a line, what was done, what went wrong, what it waits for."""

from __future__ import annotations

import asyncio
from html import escape

import ipywidgets as W

from .error_words import in_words
from .links import linked

LINES = 30  # of the log, on the page


class Messages:
    """The words of a panel, each in a widget of its own; all of it is escaped.

    `error` is what went wrong last, in plain words, '' when nothing did; `log` what was done, a line each,
    oldest first.
    """

    def __init__(self) -> None:
        self.error = ""
        self.log: list[str] = []
        self._lines: list[str] = []  # as html, newest first
        self.state_line = W.HTML()
        self.alert = W.HTML()
        self._alerts = [self.alert]
        self.notice = W.HTML()
        self.log_view = W.HTML()

    def show_state(self, words: str, tone: str = "") -> None:
        """The line that says what is; `tone` is "wait", "good", "bad" or plain."""
        name = "irl-state" + (f" irl-{tone}" if tone else "")
        self.state_line.value = f'<div role="status" class="{name}"><span>{escape(words)}</span></div>'

    def say(self, text: str) -> None:
        """A line for the log."""
        self.log.append(text)
        self._lines = [f"<div>{linked(text)}</div>", *self._lines[: LINES - 1]]
        self._show_log_soon()

    def another_alert(self) -> W.HTML:
        """One more place for what goes wrong, for the `alert` of a button that is far from the first."""
        self._alerts.append(W.HTML())
        return self._alerts[-1]

    def fail(self, problem: Exception | str, alert: W.HTML | None = None) -> None:
        """Show what went wrong, in this place or the first, and in the log; nobody else would see it."""
        self.error = problem if isinstance(problem, str) else in_words(problem)
        self._show_error(alert if alert is not None else self.alert)
        self.say(f"⚠ {self.error}")

    def forgive(self) -> None:
        """Take away what `fail` shows; the log keeps it."""
        self.error = ""
        self._show_error(self.alert)
        self._show_log_soon()

    def _show_error(self, place: W.HTML) -> None:
        html = f'<div role="alert" class="irl-alert">{linked(self.error)}</div>' if self.error else ""
        for alert in self._alerts:
            alert.value = html if alert is place else ""

    def _show_log_soon(self) -> None:
        """When whatever goes on pauses: the log grows long, and what a press does is looked at elsewhere."""
        try:
            asyncio.get_running_loop().call_soon(self.show_log)
        except RuntimeError:
            self.show_log()

    def show_log(self) -> None:
        """The newest line first. One that stands in the alert already appears here when that is gone."""
        twice = bool(self.error) and self.log[-1:] == [f"⚠ {self.error}"]
        lines = "".join(self._lines[twice:])
        html = f'<div role="log" tabindex="0" class="irl-log" aria-label="Log">{lines}</div>'
        self.log_view.value = html if lines else ""

    def notify(self, text: str) -> None:
        """What the panel waits for, or why it does not follow the account; '' for nothing."""
        self.notice.value = f'<div role="status" class="irl-notice">{escape(text)}</div>' if text else ""
