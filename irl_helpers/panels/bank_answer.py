"""What the bank says to a card that was presented: at once, or when it has answered later."""

from __future__ import annotations

from collections.abc import Callable

import stripe

from ..recovery import action_status


class BankAnswer:
    """Writes it into the log by `say`. `presented` when the reader has read a card, `seen` at each look."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._due = ""  # what there is to say of an approval, while the answer is not there

    def presented(self, reader: stripe.terminal.Reader, approved: str) -> None:
        """How it went, in a sentence; `approved` if it went well."""
        self._due = approved if action_status(reader) == "in_progress" else ""
        self._say(_in_words(reader, approved))

    def seen(self, reader: stripe.terminal.Reader | None) -> None:
        """An answer that came since then; none will where the reader was cleared."""
        if reader is None or not self._due or action_status(reader) == "in_progress":
            return
        if reader.action is not None:
            self._say(_in_words(reader, self._due))
        self._due = ""


def _in_words(reader: stripe.terminal.Reader, approved: str) -> str:
    action = reader.action
    if action is not None and action.status == "failed":
        return f"The reader's action failed: {action.failure_message} ({action.failure_code})"
    if action is not None and action.status == "in_progress":
        return "The card was read, and the reader has no answer yet."
    return approved
