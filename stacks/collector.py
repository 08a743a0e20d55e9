"""Python's search for cyclic garbage, which finds none while requests are read and a plan is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Work without the search, and leave it as it was.

    What is built is frozen and all of it is kept, so that every search walks through more and frees nothing:
    a quarter of the time of a thousand tenants. References are counted all the same.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
