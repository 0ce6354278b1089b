"""What went wrong, in words for the person at the panel."""

from __future__ import annotations

import stripe

# What the library's message names, and what it means to whoever reads it.
_NETWORK = {
    "Timeout": "it did not answer in time.",
    "ConnectionError": (
        "it could not be reached. Is the network there, and with IRL_API_BASE the simulator that it names?"
    ),
}
# What to do about a refusal, where Stripe's message sends one away to read.
_WAY_OUT = {
    "parameter_missing": "Fill in that field.",
    "terminal_reader_busy": "Once a card was read, wait for the bank's answer.",
}


def in_words(problem: Exception) -> str:
    """An error as the panel says it: Stripe's code and message, or the exception's own words."""
    if isinstance(problem, stripe.APIConnectionError):
        said = str(problem.user_message or problem)
        known = (words for name, words in _NETWORK.items() if f"{name}: " in said)
        return (
            f"No answer from Stripe: {next(known, said)} Your request may have arrived anyway: press "
            "Refresh, and look before you do it again."
        )
    if isinstance(problem, stripe.StripeError):
        code = getattr(problem.error, "code", None) or problem.code
        said = f"{code}: {problem.user_message}" if code else str(problem.user_message or problem)
        return f"{said} {_WAY_OUT[code]}" if code in _WAY_OUT else said
    if isinstance(problem, ValueError):
        return str(problem)
    return f"{type(problem).__name__}: {problem}"
