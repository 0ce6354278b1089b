"""Pictures drawn from Stripe objects: the reader's screen, and the states with the calls they allow.

`reader_screen(reader, payment_intent)` is what the customer sees; `payment_intent_path(payment_intent)` and
`reader_path(reader)` are maps. Pure functions: nothing is asked of Stripe, nothing is kept, and the same
objects give the same picture.
"""

from .failure_texts import failure_words, no_card_passes, same_card_fails_again
from .payment_intent_path import payment_intent_path
from .picture import Picture
from .reader_path import reader_path, reader_state
from .reader_screen import STAGES, reader_screen
from .still import panel_still
from .tips import takes_tip_key, tip_amounts, typed_tip
from .touch_area import TouchArea

__all__ = [
    "STAGES",
    "Picture",
    "TouchArea",
    "failure_words",
    "no_card_passes",
    "panel_still",
    "payment_intent_path",
    "reader_path",
    "reader_screen",
    "reader_state",
    "same_card_fails_again",
    "takes_tip_key",
    "tip_amounts",
    "typed_tip",
]
