"""Write XES (IEEE 1849-2016): the elements in the order of its schema, each event's attributes with their types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.errors import LogError
from backdesk.evidence.eventlog.naming import STANDARD

BATCH: Final = 10_000  # traces
DATES: Final = ("at", "started_at")
#: What XML does not allow in any form, see "Extensible Markup Language (XML) 1.0", production 2.
FORBIDDEN: Final = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{FFFE}\\x{FFFF}]"
ESCAPES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",  # within an attribute these are kept only as references
    "\n": "&#10;",
    "\r": "&#13;",
}
EXTENSIONS: Final = {
    "Concept": ("concept", "http://www.xes-standard.org/concept.xesext"),
    "Time": ("time", "http://www.xes-standard.org/time.xesext"),
    "Organizational": ("org", "http://www.xes-standard.org/org.xesext"),
    "Lifecycle": ("lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
}
PREAMBLE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
        for name, (prefix, uri) in EXTENSIONS.items()
    )
    + '<global scope="trace">\n<string key="concept:name" value=""/>\n</global>\n'
    '<global scope="event">\n<string key="concept:name" value=""/>\n'
    '<string key="lifecycle:transition" value="complete"/>\n'
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n</global>\n'
    '<classifier name="Activity" keys="concept:name"/>\n'
)


class NotWritable(LogError):
    """A text of the log cannot be held by the format asked for; says which, and which format can."""


def lines(events: pl.DataFrame, kept: tuple[str, ...]) -> Iterator[str]:
    """Give the document in pieces; events of a case stand together, in the order of the first."""
    _check(events, kept)
    written = events.select(
        _escaped("case").alias("case"),
        pl.concat_str(
            pl.lit("<event>\n"),
            *(_attribute(name, STANDARD[name]) for name in kept if name != "case"),
            pl.lit("</event>\n"),
        ).alias("event"),
    )
    traces = written.group_by("case", maintain_order=True).agg(pl.col("event").str.join())
    head = pl.concat_str(
        pl.lit('<trace>\n<string key="concept:name" value="'),
        "case",
        pl.lit('"/>\n'),
        "event",
        pl.lit("</trace>\n"),
    )
    yield PREAMBLE
    for at in range(0, traces.height, BATCH):
        yield traces.slice(at, BATCH).select(head.str.join()).item()
    yield "</log>\n"


def _attribute(name: str, key: str) -> pl.Expr:
    kind = "date" if name in DATES else "string"
    value = pl.col(name) if name in DATES else _escaped(name)
    return pl.concat_str(pl.lit(f'<{kind} key="{key}" value="'), value, pl.lit('"/>\n')).fill_null("")


def _escaped(name: str) -> pl.Expr:
    return pl.col(name).str.replace_many(list(ESCAPES), list(ESCAPES.values()))


def _check(events: pl.DataFrame, kept: tuple[str, ...]) -> None:
    for name in kept:
        bad = events.filter(pl.col(name).str.contains(FORBIDDEN))
        if bad.height:
            raise _unheld(str(bad[name][0]), name, int(bad["line"][0] or 0))


def _unheld(text: str, name: str, line: int) -> NotWritable:
    return NotWritable(
        f"XES cannot hold the control character in the {name} {text[:80]!r} (line {line} of the source); write CSV, "
        "Parquet or OCEL in JSON, or take it out."
    )
