"""Numbers of the texts that were seen in a block, to be compiled: what the tokeniser and the cutter share."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from backdesk.evidence.eventlog._words import Bytes, same

UNUSUAL: Final = -1
NULS: Final = 64  # behind the text: as many bytes are looked at without a look for its end
MOST_PROBES: Final = 1 << 10  # for a text among those seen; more are needed where somebody means it

LIMIT, SLOTS, EVENTS, OWN = range(4)  # places in `state`; behind these each has its own
BEGIN, END, SLOT, SPAN = range(4)  # of a text


def number_of(text: Bytes, column: int, start: int, end: int, mark: np.uint64, room: Any) -> int:
    """Number the texts of a column, equal ones alike; UNUSUAL where that takes too long.

    The room is that of the tokeniser, or of the cutter of rows.
    """
    state, counts = room.state, room.counts
    slots, texts = column * state[SLOTS], column * state[LIMIT]
    slot = np.int64((mark ^ (mark >> np.uint64(32))) & np.uint64(state[SLOTS] - 1))
    for _ in range(MOST_PROBES):
        number = np.int64(room.slots[slots + slot]) - 1
        span = (texts + number) * SPAN
        if number < 0:
            number = counts[column]
            span = (texts + number) * SPAN
            counts[column] = number + 1
            room.slots[slots + slot] = number + 1
            room.marks[texts + number] = mark
            room.spans[span + BEGIN], room.spans[span + END], room.spans[span + SLOT] = start, end, slot
        elif (
            room.marks[texts + number] != mark
            or room.spans[span + END] - room.spans[span + BEGIN] != end - start
            or not same(text, start, room.spans[span + BEGIN], end - start)
        ):
            slot = (slot + 1) & (state[SLOTS] - 1)
            continue
        return int(number)
    return UNUSUAL
