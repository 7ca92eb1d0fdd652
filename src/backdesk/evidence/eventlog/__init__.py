"""Read a work history (CSV, XES, Parquet) into one table of events, and those into the steps of the work."""

from backdesk.evidence.eventlog.enabling import causal_predecessors
from backdesk.evidence.eventlog.errors import (
    ColumnMissing,
    FileTooLarge,
    LogError,
    MappingInvalid,
    NothingRead,
    UnknownZone,
    UnreadableFile,
)
from backdesk.evidence.eventlog.exporting import safe_cell, write_rejects_csv
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.reading import propose, read
from backdesk.evidence.eventlog.results import ColumnLook, Proposal, Reading, StepLog
from backdesk.evidence.eventlog.schema import EVENTS, REJECTS, STEPS
from backdesk.evidence.eventlog.steps import to_steps
from backdesk.evidence.eventlog.storing import read_steps, write_steps

__all__ = [
    "EVENTS",
    "REJECTS",
    "STEPS",
    "ColumnLook",
    "ColumnMissing",
    "FileTooLarge",
    "LogError",
    "Mapping",
    "MappingInvalid",
    "NothingRead",
    "Proposal",
    "Reading",
    "StepLog",
    "UnknownZone",
    "UnreadableFile",
    "causal_predecessors",
    "propose",
    "read",
    "read_steps",
    "safe_cell",
    "to_steps",
    "write_rejects_csv",
    "write_steps",
]
