"""When the figures of a part of a page were read: answers that overlap may arrive in the other order."""

import time


def as_of() -> int:
    """Microseconds since 1970, for `data-as-of` (static/js/fresh.js keeps the part with the larger one).

    Taken after the request has written and before it reads what it shows. Of all overlapping answers the one
    with the latest moment then knows every change made before it, so what stays on the page is complete.
    """
    return time.time_ns() // 1_000
