"""Clocks nobody can argue about: computed from their history, never patched, and explained stretch by stretch."""

from backdesk.evidence.clocks.columns import NotItems, counted_many, due_many
from backdesk.evidence.clocks.explaining import counted_at, explain
from backdesk.evidence.clocks.model import (
    Clock,
    ClockError,
    DayRule,
    ImpossiblePause,
    ImpossibleTerms,
    Kind,
    NotAware,
    Pause,
    Segment,
    Stage,
    Terms,
)

__all__ = [
    "Clock",
    "ClockError",
    "DayRule",
    "ImpossiblePause",
    "ImpossibleTerms",
    "Kind",
    "NotAware",
    "NotItems",
    "Pause",
    "Segment",
    "Stage",
    "Terms",
    "counted_at",
    "counted_many",
    "due_many",
    "explain",
]
