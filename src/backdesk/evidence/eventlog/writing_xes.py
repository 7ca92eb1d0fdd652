"""Write XES (IEEE 1849-2016): the elements in the order of its schema, each event's attributes with their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.attributes import EVENT, key_of, of
from backdesk.evidence.eventlog.naming import STANDARD
from backdesk.evidence.eventlog.tables import CASE, Kind
from backdesk.evidence.eventlog.writing_xml import ESCAPES, check, escaped

BATCH: Final = 10_000  # traces
STANDARD_KINDS: Final[dict[str, Kind]] = {"at": "time", "started_at": "time"}
ELEMENTS: Final[dict[Kind, str]] = {
    "text": "string",
    "integer": "int",
    "float": "float",
    "boolean": "boolean",
    "time": "date",
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


def lines(events: pl.DataFrame, kept: tuple[str, ...], kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Give the document in pieces; events of a case stand together, in the order of the first."""
    check(events, (*kept, *(name for name, kind in kinds.items() if kind == "text")), kinds)
    standard = set(STANDARD.values())
    written = events.select(
        "case",
        _elements({name: key_of(name, ("concept:name",)) for name in of(kinds, CASE)}, kinds).alias("said"),
        pl.concat_str(
            pl.lit("<event>\n"),
            _elements({name: STANDARD[name] for name in kept if name != "case"}, STANDARD_KINDS),
            _elements({name: key_of(name, standard) for name in of(kinds, EVENT)}, kinds),
            pl.lit("</event>\n"),
        ).alias("event"),
    )
    traces = written.group_by("case", maintain_order=True).agg(pl.first("said"), pl.col("event").str.join())
    head = pl.concat_str(
        pl.lit("<trace>\n"),
        _element("case", "concept:name", "text"),
        "said",
        "event",
        pl.lit("</trace>\n"),
    )
    yield PREAMBLE
    for at in range(0, traces.height, BATCH):
        yield traces.slice(at, BATCH).select(head.str.join()).item()
    yield "</log>\n"


def _elements(keys: Mapping[str, str], kinds: Mapping[str, Kind]) -> pl.Expr:
    elements = (_element(name, key, kinds.get(name, "text")) for name, key in keys.items())
    return pl.concat_str(pl.lit(""), *elements)


def _element(name: str, key: str, kind: Kind) -> pl.Expr:
    """Write an attribute; one without a value is not there."""
    value = pl.col(name).cast(pl.String)
    if kind == "text":
        value = value.str.replace_many(list(ESCAPES), list(ESCAPES.values()))
    start = pl.lit(f'<{ELEMENTS[kind]} key="{escaped(key)}" value="')
    return pl.concat_str(start, value, pl.lit('"/>\n')).fill_null("")
