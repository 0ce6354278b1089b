"""Pictures of the reader, drawn from Stripe objects.

`reader_screen(reader, payment_intent)` is what the customer sees. Pure functions: nothing is asked of Stripe,
nothing is kept, and the same objects give the same picture.
"""

from .picture import Picture
from .reader_screen import STAGES, reader_screen

__all__ = ["STAGES", "Picture", "reader_screen"]
