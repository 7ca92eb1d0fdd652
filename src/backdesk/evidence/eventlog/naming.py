"""The names under which the columns of events are written."""

from __future__ import annotations

from typing import Final

TEXTS: Final = ("case", "activity", "resource", "team", "party", "function", "lifecycle")
#: The names of the columns in tables; `at` is the end, or the one time there is.
PLAIN: Final = {**{name: name for name in TEXTS}, "started_at": "started_at", "at": "ended_at"}
#: The names of the attributes in XES and OCEL, those of the standard where it has one.
STANDARD: Final = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "resource": "org:resource",
    "team": "org:group",
    "party": "party",
    "function": "function",
    "lifecycle": "lifecycle:transition",
    "started_at": "start_timestamp",
    "at": "time:timestamp",
}
