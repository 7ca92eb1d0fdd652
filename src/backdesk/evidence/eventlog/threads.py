"""Work on all cores: while polars and numpy work on one piece, other threads do on the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def each(work: Callable[[Piece], Done], pieces: Sequence[Piece]) -> list[Done]:
    """Do the same to every piece; gives what it gives, in their order."""
    if len(pieces) < 2:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(min(len(pieces), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, pieces))


def ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make every next piece in a thread while the one before it is worked on; what making raises is raised here."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece
