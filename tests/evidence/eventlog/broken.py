"""Files that cannot be read at all, and the class of the error that says so."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from backdesk.evidence.eventlog import (
    ColumnMissing,
    FileTooLarge,
    LogError,
    Mapping,
    MappingInvalid,
    NothingRead,
    UnknownZone,
    UnreadableFile,
)

BLANKS: Final = b" " * (65 << 20)
LOG: Final = "Order,Task,Finished\n7,Check,2024-02-01 09:30\n"
DOCTYPE: Final = b"<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a 'ha'>]><log>&a;</log>"
DEEP: Final = b"<log>" + b"<string>" * 300
OCEL: Final = b"<log><events/><objects/></log>"
NAMED: Final = Mapping(case="Order", activity="Task", ended_at="Finished")


def ocel(*objects: dict[str, str]) -> bytes:
    events = [{"id": "e1", "type": "Check", "time": "2024-02-01T09:30:00Z"}]
    return json.dumps({"events": events, "objects": objects}).encode()


BROKEN: Final[dict[str, tuple[type[LogError], str, bytes, dict[str, Any]]]] = {
    "empty": (NothingRead, "a.csv", b"", {}),
    "blank": (NothingRead, "a.csv", b"\n\n", {}),
    "no rows": (NothingRead, "a.csv", LOG.splitlines()[0].encode(), {}),
    "no good row": (NothingRead, "a.csv", LOG.replace(":30", ":70").encode(), {"mapping": NAMED}),
    "no event": (NothingRead, "a.xes", b"<log/>", {}),
    "no event among objects": (NothingRead, "a.xml", OCEL, {}),
    "no objects": (NothingRead, "a.json", ocel(), {}),
    "no object of an event": (NothingRead, "a.json", ocel({"id": "o1", "type": "Order"}), {}),
    "blanks without end": (FileTooLarge, "a.xes.gz", gzip.compress(b"<log>" + BLANKS, 1, mtime=0), {}),
    "binary": (UnreadableFile, "a.csv", b"Order,Task\n7," + bytes(9), {}),
    "ZIP": (UnreadableFile, "a.xlsx", b"PK\x03\x04", {}),
    "old workbook": (UnreadableFile, "a.xls", b"\xd0\xcf\x11\xe0", {}),
    "PDF": (UnreadableFile, "a.pdf", b"%PDF-1.7", {}),
    "bzip2": (UnreadableFile, "a.bz2", b"BZh9", {}),
    "xz": (UnreadableFile, "a.xz", b"\xfd7zXZ\0", {}),
    "7-Zip": (UnreadableFile, "a.7z", b"7z\xbc\xaf", {}),
    "list": (UnreadableFile, "a.json", b"[1]", {}),
    "foreign JSON": (UnreadableFile, "a.json", b"{}", {}),
    "cut JSON": (UnreadableFile, "a.json", b'{"events"', {}),
    "wrong JSON": (UnreadableFile, "a.json", b'{"events": [1 2]}', {}),
    "unquoted JSON": (UnreadableFile, "a.json", b"{events: []}", {}),
    "deep JSON": (FileTooLarge, "a.json", b'{"events": ' + b"[" * 200_000, {}),
    "foreign XML": (UnreadableFile, "a.xml", b"<html></html>", {}),
    "cut XML": (UnreadableFile, "a.xes", b"<log><trace", {}),
    "undecodable XML": (UnreadableFile, "a.xes", b"<?xml version='1.0' encoding='klingon'?><log/>", {}),
    "document type": (UnreadableFile, "a.xes", DOCTYPE, {}),
    "deep XML": (FileTooLarge, "a.xes", DEEP, {}),
    "deep XML of objects": (FileTooLarge, "a.xml", OCEL[:14] + b"<event>" * 300, {}),
    "no whole Parquet": (UnreadableFile, "a.parquet", b"PAR1" + bytes(50), {}),
    "no whole SQLite": (UnreadableFile, "a.sqlite", b"SQLite format 3\0" + bytes(50), {}),
    "packed SQLite": (UnreadableFile, "a.sqlite.gz", gzip.compress(b"SQLite format 3\0", mtime=0), {}),
    "too many columns": (FileTooLarge, "a.csv", b"," * 20_000 + b"\n", {}),
    "no case": (ColumnMissing, "a.csv", b"Task,Finished\nCheck,2024-02-01 09:30\n", {}),
    "no header": (ColumnMissing, "a.csv", b"2024-02-01 09:30,x\n2024-02-02 09:30,y\n", {}),
    "other column": (ColumnMissing, "a.csv", LOG.replace("Task", "Tasks").encode(), {"mapping": NAMED}),
    "no attribute": (ColumnMissing, "a.csv", LOG.encode(), {"attributes": ["Amount"]}),
    "no type": (MappingInvalid, "a.csv", LOG.encode(), {"attributes": {"Amount": "money"}}),
    "no objects in a table": (MappingInvalid, "a.csv", LOG.encode(), {"object_type": "Order"}),
    "no objects of that type": (MappingInvalid, "a.json", ocel({"id": "1", "type": "A"}), {"object_type": "B"}),
    "neither dropped nor kept": (MappingInvalid, "a.csv", LOG.encode(), {"duplicates": "dropp"}),
    "two types": (
        MappingInvalid,
        "a.csv",
        LOG.encode(),
        {"mapping": Mapping(case="Order", activity="Task", object_type="A"), "object_type": "B"},
    ),
    "no zone": (UnknownZone, "a.csv", LOG.encode(), {"zone": "Europe/Amsterdm"}),
    "nowhere": (UnknownZone, "a.csv", LOG.encode(), {"zone": "?"}),
}  # fmt: skip
"""By what is wrong: the class, the name and the bytes of the file, and what else is asked for."""
