"""Work on all cores: while polars and numpy work on one piece, other threads do on the next."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def each(work: Callable[[Piece], Done], pieces: Sequence[Piece]) -> list[Done]:
    """Do the same to every piece; gives what it gives, in their order."""
    if len(pieces) < 2:
        return [work(piece) for piece in pieces]
    return list(side_by_side(work, pieces))


def side_by_side(work: Callable[[Piece], Done], pieces: Iterable[Piece]) -> Iterator[Done]:
    """Do the same to every piece as it comes, in their order; no more are taken than keep every core at work."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        waiting = deque[Future[Done]]()
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > cores + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make every next piece in a thread while the one before it is worked on; what making raises is raised here."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece
