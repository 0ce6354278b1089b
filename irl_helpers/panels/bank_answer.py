"""What the bank says to a card that was presented: at once, or when it has answered later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import stripe

from ..recovery import running_action
from ..screen import reader_state


class BankAnswer:
    """Writes it into the log by `say`. `presented` when the reader has read a card, `seen` at each look.

    `asked` is the action of a card that was read here, as a dict, while the reader has no answer; else None.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._approved = ""
        self.asked: dict[str, Any] | None = None

    def presented(self, reader: stripe.terminal.Reader, approved: str) -> None:
        """How it went, in a sentence; `approved` if it went well."""
        self.asked = running_action(reader) if reader_state(reader) == "waiting" else None
        self._approved = approved
        if self.asked is not None:
            self._say("The card was read, and the reader has no answer yet.")
        else:
            self._say_ended(reader)

    def seen(self, reader: stripe.terminal.Reader | None) -> None:
        """An answer that came since then; none will where the reader was cleared, or asks anew."""
        if self.asked is None or running_action(reader) == self.asked:
            return
        self.asked = None
        if reader is not None and reader.action is not None and reader.action.status != "in_progress":
            self._say_ended(reader)

    def _say_ended(self, reader: stripe.terminal.Reader) -> None:
        action = reader.action
        failed = action is not None and action.status == "failed"
        why = f"{action.failure_message} ({action.failure_code})" if action is not None else ""
        self._say(f"The reader's action failed: {why}" if failed else self._approved)
