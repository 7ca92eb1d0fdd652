"""Read a work history (CSV, XES, OCEL, Parquet, Arrow) into a table of events, make steps of them, write it again."""

from typing import TYPE_CHECKING

from backdesk.evidence.lazily import lazily

if TYPE_CHECKING:
    from backdesk.evidence.eventlog.arrow import ArrowTable, from_arrow, steps_from_arrow, to_arrow
    from backdesk.evidence.eventlog.attributes import Attributes, kinds_of
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
    from backdesk.evidence.eventlog.ordering import in_case_order
    from backdesk.evidence.eventlog.reading import propose, read
    from backdesk.evidence.eventlog.results import ColumnLook, Proposal, Reading, StepLog
    from backdesk.evidence.eventlog.schema import EVENTS, PAUSES, REJECTS, STEPS
    from backdesk.evidence.eventlog.spanning import spans
    from backdesk.evidence.eventlog.steps import to_steps
    from backdesk.evidence.eventlog.storing import read_steps, write_steps
    from backdesk.evidence.eventlog.writing import FormatUnknown, format_of, write
    from backdesk.evidence.eventlog.writing_xml import NotWritable
else:
    __getattr__ = lazily(__name__, __file__)

__all__ = [
    "EVENTS",
    "PAUSES",
    "REJECTS",
    "STEPS",
    "ArrowTable",
    "Attributes",
    "ColumnLook",
    "ColumnMissing",
    "FileTooLarge",
    "FormatUnknown",
    "LogError",
    "Mapping",
    "MappingInvalid",
    "NotWritable",
    "NothingRead",
    "Proposal",
    "Reading",
    "StepLog",
    "UnknownZone",
    "UnreadableFile",
    "causal_predecessors",
    "format_of",
    "from_arrow",
    "in_case_order",
    "kinds_of",
    "propose",
    "read",
    "read_steps",
    "safe_cell",
    "spans",
    "steps_from_arrow",
    "to_arrow",
    "to_steps",
    "write",
    "write_rejects_csv",
    "write_steps",
]
