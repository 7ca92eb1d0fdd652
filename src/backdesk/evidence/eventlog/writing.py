"""Write a work history in another format, so that reading it gives the same events.

Offsets stay as they were written. Times that had none are written as the clocks of the log's zone showed
them, without an offset, so the zone has to be given to whoever reads them; where a format demands an offset
(OCEL, Parquet beside times with one) they get that of the zone.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from collections.abc import Mapping as Types
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

import polars as pl

from backdesk.evidence.eventlog.attributes import kinds_of
from backdesk.evidence.eventlog.errors import LogError
from backdesk.evidence.eventlog.lifecycles import COMPLETE, START
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.naming import PLAIN, STANDARD, TEXTS
from backdesk.evidence.eventlog.results import Reading, StepLog
from backdesk.evidence.eventlog.schema import EVENTS
from backdesk.evidence.eventlog.zones import localised
from backdesk.evidence.sentences import say
from backdesk.evidence.whole import whole

if TYPE_CHECKING:
    from backdesk.evidence.eventlog.writing_ocel import ObjectLog

Format = Literal[
    "csv", "xes", "parquet", "ocel-json", "ocel-xml", "ocel-sqlite", "ocel1-json", "ocel1-xml", "ocel1-sqlite"
]

SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".xes": "xes",
    ".parquet": "parquet",
    ".json": "ocel-json",
    ".xml": "ocel-xml",
    ".jsonocel": "ocel1-json",
    ".xmlocel": "ocel1-xml",
    ".sqlite": "ocel-sqlite",
    ".sqlite3": "ocel-sqlite",
}
UTC_FORM: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
PACKABLE: Final = ("csv", "xes", "ocel-json", "ocel-xml", "ocel1-json", "ocel1-xml")


class FormatUnknown(LogError):
    """The name of a file to write does not tell a format that is written."""


def format_of(path: Path | str) -> Format:
    """Tell from the name of a file in which format to write it.

    Raises `FormatUnknown` where the ending is none of those known.

    >>> format_of(Path("log.xes.gz")), format_of(Path("orders.sqlite"))
    ('xes', 'ocel-sqlite')
    """
    path = Path(path)
    name = path.name.lower()
    packed = name.endswith(".gz")
    found = SUFFIXES.get(Path(name.removesuffix(".gz")).suffix)
    if found is None or (packed and found not in PACKABLE):
        raise FormatUnknown(
            say(
                "{} tells no format; end it in {} (texts also with .gz behind).",
                path.name,
                ", ".join(SUFFIXES),
            )
        )
    return found


def write(
    log: Reading | StepLog,
    *,
    path: Path | str,
    form: Format | None = None,
    objects: Types[str, str] = MappingProxyType({}),
) -> Mapping:
    """Write a work history to a file, and give the mapping with which `read` gives it back.

    The format is told by the file's name where `form` does not give it; a name ending in .gz is packed. The file is
    whole or not there, also when this is broken off. Of a reading every event is written: all columns of
    `EVENTS` but the line. Of steps each is an event with its start and end, starts that were estimated are
    left out, open steps are events of the lifecycle "start", and pauses suspensions and resumptions; `to_steps`
    makes the same steps of them. XES groups events by case, in the order in which the cases begin. Attributes
    are written with their types where the format has types: pass `attributes=kinds_of(log.events)` to `read` to
    get all again. Pass `zone=log.zone`. `objects` makes columns objects beside the case in OCEL, each of the
    type given: {"resource": "person"}; in the other formats it says nothing.

    Raises `FormatUnknown`, and `NotWritable` where the format cannot hold a text or the name of an attribute.

    >>> from tempfile import TemporaryDirectory
    >>> from backdesk.evidence.eventlog import read
    >>> with TemporaryDirectory() as folder:
    ...     log = Path(folder, "log.csv")
    ...     _ = log.write_text("case,activity,time\\n7,Check,2024-01-02 09:00+05:30\\n")
    ...     mapping = write(read(log), path=Path(folder, "log.xes"))
    ...     again = read(Path(folder, "log.xes"), mapping=mapping)
    >>> again.events.select("case", "activity", "offset").row(0)
    ('7', 'Check', 330)
    """
    path = Path(path)
    chosen = form or format_of(path)
    if chosen not in get_args(Format):
        raise FormatUnknown(
            say('"{}" is no format; the formats are {}.', chosen, ", ".join(get_args(Format)))
        )
    events = log.events if isinstance(log, Reading) else _events_of(log)
    kept = _kept(events)
    with whole(path, mode=0o644) as part:
        if chosen in ("csv", "parquet"):
            _write_table(events, kept, log.zone, part, chosen, packed=_is_packed(path))
        elif chosen == "xes":
            from backdesk.evidence.eventlog import writing_xes

            lines = writing_xes.lines(_with_times(events, log.zone), kept, kinds_of(events))
            _pack(part, lines, packed=_is_packed(path))
        else:
            from backdesk.evidence.eventlog.writing_ocel import object_log

            object_type = _object_type(log)
            timed = _with_times(events, log.zone, always=True)
            found = object_log(timed, events, kept, object_type, objects)
            _write_objects(found, part, chosen, packed=_is_packed(path))
            return _mapping(kept, STANDARD, object_type)
    return _mapping(kept, STANDARD if chosen == "xes" else PLAIN, None)


def _write_objects(found: ObjectLog, part: Path, chosen: Format, *, packed: bool) -> None:
    from backdesk.evidence.eventlog import writing_ocel_json, writing_ocel_sqlite, writing_ocel_xml

    if chosen.endswith("sqlite"):
        (writing_ocel_sqlite.write if chosen == "ocel-sqlite" else writing_ocel_sqlite.write_1)(found, part)
        return
    module = writing_ocel_json if chosen.endswith("json") else writing_ocel_xml
    _pack(part, (module.lines_1 if chosen.startswith("ocel1") else module.lines)(found), packed=packed)


def _object_type(log: Reading | StepLog) -> str:
    return (log.mapping.object_type if isinstance(log, Reading) else None) or "case"


def _kept(events: pl.DataFrame) -> tuple[str, ...]:
    """Name the columns to write: those that every log has, and those that say something."""
    needed = ("case", "activity", "lifecycle", "at")
    return tuple(name for name in PLAIN if name in needed or events[name].null_count() < events.height)


def _mapping(kept: tuple[str, ...], names: dict[str, str], object_type: str | None) -> Mapping:
    roles = {("ended_at" if name == "at" else name): names[name] for name in kept}
    return Mapping(**roles, object_type=object_type)  # type: ignore[arg-type]


def _events_of(log: StepLog) -> pl.DataFrame:
    """Make events of steps: a step is one event with its start, one not yet ended is a start."""
    done = log.steps.with_columns(
        pl.lit(COMPLETE).alias("lifecycle"),
        pl.col("ended_at").alias("at"),
        pl.when(~pl.col("start_estimated")).then("started_at").alias("started_at"),
    )
    begun = log.open_steps.with_columns(
        pl.lit(START).alias("lifecycle"),
        pl.col("started_at").alias("at"),
        pl.lit(None, EVENTS["started_at"]).alias("started_at"),
    )
    every = pl.concat([done, begun, *_pauses_of(log)], how="diagonal")
    every = every.with_columns(pl.lit(None, EVENTS["offset"]).alias("offset"))
    events = every.select(*EVENTS.names(), *kinds_of(every)).cast(EVENTS)
    return events.sort("line", maintain_order=True)


def _pauses_of(log: StepLog) -> Iterator[pl.DataFrame]:
    """Make events of the suspensions and resumptions of steps."""
    every = pl.concat([log.steps, log.open_steps])
    if "pauses" not in every.columns:
        return
    who = ("case", "activity", "resource", "team", "party", "function", "line")
    paused = every.select(*who, "pauses").explode("pauses").unnest("pauses")
    for name, at in (("suspend", "suspended_at"), ("resume", "resumed_at")):
        yield paused.drop_nulls(at).select(*who, pl.lit(name).alias("lifecycle"), pl.col(at).alias("at"))


def _with_times(events: pl.DataFrame, zone: str, *, always: bool = False) -> pl.DataFrame:
    """Give the events with their times as ISO 8601, and other columns as text.

    `always` gives every time an offset. Without it, a time that had none has none, unless the zone's clocks
    showed that time twice and this was not the first.
    """
    offset = pl.col("offset").cast(pl.Int32)
    bare = events["offset"].is_null()
    bare &= ~pl.Series([always]) if always else _shown_once(events["at"], zone)
    if not always:
        bare &= _shown_once(events["started_at"], zone)
    kinds = kinds_of(events)
    timed = events.with_columns(
        bare.alias("bare"), offset.fill_null(_zone_offset("at", zone)).alias("minutes")
    )
    return timed.select(
        *(pl.col(name).cast(pl.String) for name in TEXTS),
        *(_iso(name, zone).alias(name) for name in ("at", "started_at")),
        "line",
        *(pl.col(name).dt.strftime(UTC_FORM) if kind == "time" else name for name, kind in kinds.items()),
    )


def _shown_once(at: pl.Series, zone: str) -> pl.Series:
    """Tell which instants are found again from what the clocks showed; where there is none, there is none to find."""
    local = at.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return (localised(local, zone).at == at).fill_null(True)


def _zone_offset(name: str, zone: str) -> pl.Expr:
    """Give the zone's offset in minutes; 0 where it was none of whole minutes, as before there were zones."""
    there = pl.col(name).dt.convert_time_zone(zone)
    ahead = there.dt.replace_time_zone(None) - pl.col(name).dt.replace_time_zone(None)
    seconds = ahead.dt.total_seconds()
    return pl.when(seconds % 60 == 0).then(seconds // 60).otherwise(0).cast(pl.Int32)


def _iso(name: str, zone: str) -> pl.Expr:
    minutes = pl.col("minutes")
    form = "%Y-%m-%dT%H:%M:%S%.6f"
    there = pl.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None).dt.strftime(form)
    written = (pl.col(name).dt.replace_time_zone(None) + pl.duration(minutes=minutes)).dt.strftime(form)
    sign = pl.when(minutes < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    hours, rest = (part.cast(pl.String).str.zfill(2) for part in (minutes.abs() // 60, minutes.abs() % 60))
    exact = pl.concat_str(written, sign, hours, pl.lit(":"), rest)
    return pl.when(pl.col("bare")).then(there).otherwise(exact)


def _write_table(
    events: pl.DataFrame, kept: tuple[str, ...], zone: str, part: Path, chosen: Format, *, packed: bool
) -> None:
    if chosen == "parquet":
        _typed_table(events, kept, zone).write_parquet(part)
        return
    table = _plain_table(_with_times(events, zone), kept)
    text = table.write_csv(include_bom=True, quote_style="non_numeric")
    _pack(part, iter([text]), packed=packed)


def table_of(log: Reading) -> pl.DataFrame:
    """Give the events of a reading as the table that is written to Parquet."""
    return _typed_table(log.events, _kept(log.events), log.zone)


def _typed_table(events: pl.DataFrame, kept: tuple[str, ...], zone: str) -> pl.DataFrame:
    typed = _typed_times(events, zone)
    if typed is not None:
        return _plain_table(typed, kept)
    of_attributes = events.select(kinds_of(events).keys())
    return _plain_table(_with_times(events, zone).with_columns(of_attributes), kept)


def _plain_table(rows: pl.DataFrame, kept: tuple[str, ...]) -> pl.DataFrame:
    return rows.select(*(pl.col(name).alias(PLAIN[name]) for name in kept), *kinds_of(rows))


def _typed_times(events: pl.DataFrame, zone: str) -> pl.DataFrame | None:
    """Give the times as times of the zone, or as local ones; None where that would lose offsets."""
    if events["offset"].null_count() == events.height:
        found_again = _shown_once(events["at"], zone).all() and _shown_once(events["started_at"], zone).all()
        local = pl.col("at", "started_at").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        return events.with_columns(local) if found_again else None
    of_zone = events.select((pl.col("offset") == _zone_offset("at", zone)).fill_null(False).all()).item()
    return events.with_columns(pl.col("at", "started_at").dt.convert_time_zone(zone)) if of_zone else None


def _pack(part: Path, texts: Iterator[str], *, packed: bool) -> None:
    with part.open("wb") as file:
        if not packed:
            file.writelines(text.encode() for text in texts)
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as archive:
            for text in texts:
                archive.write(text.encode())


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")
