"""Did the learner get there? A check looks at the account; how the learner did it does not matter.

It does not look at variables or at how the code was written (where an account keeps no trace of something, it
asks the log of requests), it changes nothing, and it works with a test key as well as offline. What it
answers shows as a small table in a notebook and as text elsewhere:

```python
checks.collect()            # the task of part 3: one line per point, ✓, ✗ with what to look at next, or ○
checks.collect().passed     # True or False
checks.progress()           # all of them at a glance
```

A task that is not done yet is an answer, not an error.
"""

from __future__ import annotations

from .at_the_till import point_of_sale, when_it_goes_wrong
from .exercises import cart, end_of_day, save_a_card, tips
from .parts import cancel, collect, connect, setup
from .progress import CHECKS, Progress, progress
from .result import Point, Result

__all__ = [
    "CHECKS",
    "Point",
    "Progress",
    "Result",
    "cancel",
    "cart",
    "collect",
    "connect",
    "end_of_day",
    "point_of_sale",
    "progress",
    "save_a_card",
    "setup",
    "tips",
    "when_it_goes_wrong",
]
