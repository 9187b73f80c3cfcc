"""Keep the collector of garbage away from what was read at the start and stays until the end."""

import gc


def leave_what_stays() -> None:
    """Call it when all lists are read.

    Words, phrases and names are hundreds of thousands of objects: one look through all of them takes 0.3 s, and
    meanwhile nobody is answered.
    """
    gc.collect()
    gc.freeze()
