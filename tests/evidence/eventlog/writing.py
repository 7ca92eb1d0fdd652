"""Small logs written to a folder of the test's own, as exports write them."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hypothesis import settings

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import Reading, StepLog

unhurried = settings(deadline=None)  # a first call warms up, and the machine may be busy

HEADER = "case,activity,resource,start,end"


def table(folder: Path, text: str, *, name: str = "log.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(folder: Path, *lines: str, header: str = HEADER) -> Path:
    return table(folder, "\n".join((header, *lines)) + "\n")


def read_rows(folder: Path, *lines: str, header: str = HEADER, zone: str = "UTC") -> Reading:
    return eventlog.read(rows(folder, *lines, header=header), zone=zone)


def events(folder: Path, *lines: str, zone: str = "UTC") -> Reading:
    """Read rows of case, activity, resource, lifecycle and time."""
    return read_rows(folder, *lines, header="case,activity,resource,lifecycle,time", zone=zone)


def steps(folder: Path, *lines: str, **options: object) -> StepLog:
    """Put rows of case, activity, resource, lifecycle and time together into steps."""
    return eventlog.to_steps(events(folder, *lines), **options)  # type: ignore[arg-type]


def xes(folder: Path, body: str, *, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> Path:
    path = folder / "log.xes"
    path.write_text(f'{prolog}<log xes.version="1.0">\n{body}\n</log>\n', encoding="utf-8")
    return path


def trace(case: str, *trace_events: str) -> str:
    name = f'<string key="concept:name" value={quoteattr(case)}/>'
    return "\n".join(("<trace>", name, *trace_events, "</trace>"))


def event(activity: str, at: str, **attributes: str) -> str:
    named = {"concept:name": activity, "org:resource": attributes.pop("resource", "Ann"), **attributes}
    texts = [f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in named.items()]
    return "\n".join(("<event>", *texts, f'<date key="time:timestamp" value="{at}"/>', "</event>"))


def packed(path: Path, *, keep: float = 1.0) -> Path:
    """Pack a file with gzip, and cut it to a share of its bytes."""
    data = gzip.compress(path.read_bytes(), mtime=0)
    target = path.with_name(path.name + ".gz")
    target.write_bytes(data[: int(len(data) * keep)])
    return target


def times(series: object) -> list[str]:
    """Show times as hours and minutes."""
    return [f"{at:%H:%M}" for at in series]  # type: ignore[attr-defined]
