"""What the lifecycle of an event says: the transitions of the XES standard, and other words for them."""

from __future__ import annotations

from typing import Final

import polars as pl

COMPLETE: Final = "complete"
START: Final = "start"

# Transitions that end work before it is done, and those that say something about it without starting or ending it.
ABORTS: Final = frozenset(("withdraw", "ate_abort", "pi_abort"))
SKIPS: Final = frozenset(("autoskip", "manualskip"))
PAUSES: Final = frozenset(("suspend", "resume"))
PREPARATIONS: Final = frozenset(("schedule", "assign", "reassign"))
KNOWN: Final = frozenset((COMPLETE, START)) | ABORTS | SKIPS | PAUSES | PREPARATIONS

SYNONYMS: Final = {
    **dict.fromkeys(("completed", "end", "ended", "finish", "finished", "done", "ende", "beendet"), COMPLETE),
    **dict.fromkeys(("started", "begin", "began", "beginn", "begonnen", "in progress"), START),
    **dict.fromkeys(("scheduled", "enable", "enabled", "create", "created"), "schedule"),
    **{"assigned": "assign", "reassigned": "reassign", "allocate": "assign", "allocated": "assign"},
    **{"suspended": "suspend", "pause": "suspend", "paused": "suspend", "resumed": "resume"},
    **{"withdrawn": "withdraw", "abort": "ate_abort", "aborted": "ate_abort", "cancelled": "ate_abort"},
    **{"canceled": "ate_abort", "cancel": "ate_abort", "skip": "manualskip", "skipped": "manualskip"},
}


def normalised(values: pl.Expr) -> pl.Expr:
    """Write transitions in lower case and as the standard names them; other words stay, null is complete."""
    lower = values.str.to_lowercase().str.strip_chars()
    return lower.replace(SYNONYMS).fill_null(COMPLETE)


def share_known(values: pl.Series) -> float:
    """Tell which share of the values are transitions, 0 to 1.

    >>> share_known(pl.Series(["START", "Completed", "maybe", None]))
    0.6666666666666666
    """
    filled = values.drop_nulls()
    if filled.dtype != pl.String or not filled.len():
        return 0.0
    names = filled.to_frame("transition").select(normalised(pl.col("transition")))["transition"]
    return int(names.is_in(list(KNOWN)).sum()) / filled.len()
