"""Turn the rows of a file into events: each row is accepted or rejected with its line, field, value and reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.errors import NothingRead
from backdesk.evidence.eventlog.lifecycles import COMPLETE, START, normalised
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.results import Reading, ZoneSource
from backdesk.evidence.eventlog.schema import EVENTS, REJECTS
from backdesk.evidence.eventlog.tables import VALUE_LIMIT, Table, counted, rejects_frame
from backdesk.evidence.eventlog.timestamps import Times, read_times
from backdesk.evidence.eventlog.zones import fitting_zones, gap_around, localised

TEXTS: Final = ("case", "activity", "resource", "team", "party", "function", "lifecycle")
TIMES: Final = ("ended_at", "started_at")
NO_VALUE: Final = ("", "NULL", "null", "<null>", "NaN", "nan", "NaT", "None", "\\N")
SAME: Final = (*TEXTS, "at", "started_at")  # what two rows must share to be one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    name: str
    source: ZoneSource
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Check:
    """One thing that can be wrong with a row: where it is so, which field shows it, and what to say."""

    wrong: pl.Expr
    field: str
    value: pl.Expr
    reason: pl.Expr


def accepted(table: Table, mapping: Mapping, *, zone: str | None, now: datetime | None) -> Reading:
    """Accept or reject every row of a table; the zone is given, or found from the offsets, or assumed."""
    columns = {role: column for role, column in mapping.roles() if role in TIMES}
    raw = {column: _cleaned_time(table.frame[column]) for column in columns.values()}
    times = read_times(raw, day_first=mapping.day_first, time_format=mapping.time_format)
    place = _settled_zone(raw, times, zone)
    rows, ambiguous = _texts(table, mapping), 0
    for role, column in columns.items():
        at, twice = _instants(times.written[column], place.name)
        ambiguous += twice
        rows = rows.hstack(_time_columns(role, raw[column], times.written[column], at))
    checks = _checks(mapping, columns, times, place.name)
    good, wrong = _sifted(rows, checks)
    events, repeats = _without_repeats(_events(good, columns))
    rejects = pl.concat([*wrong, repeats, rejects_frame(table.rejects)]).sort("line", maintain_order=True)
    if not events.height:
        raise _nothing(rejects)
    told = _notes(events, mapping, ambiguous=ambiguous, zone=place.name, now=now)
    return Reading(
        events=events,
        rejects=rejects,
        rows_read=table.frame.height + len(table.rejects),
        rows_accepted=events.height,
        rows_rejected=rejects.height,
        mapping=mapping,
        columns=table.columns,
        zone=place.name,
        zone_source=place.source,
        notes=(*table.notes, *times.notes, *place.notes, *told),
        truncated=table.truncated,
    )


def _texts(table: Table, mapping: Mapping) -> pl.DataFrame:
    """Take the columns of text by their roles; roles without a column are null."""
    columns = dict(mapping.roles())
    null = pl.lit(None, pl.String)
    rows = table.frame.select(
        (_clean(columns[role]) if role in columns else null).alias(role) for role in TEXTS
    )
    return rows.insert_column(0, table.lines.alias("line"))


def _clean(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(~text.is_in(NO_VALUE)).then(text)


def _cleaned_time(values: pl.Series) -> pl.Series:
    if values.dtype != pl.String:
        return values
    return values.alias("time").to_frame().select(_clean("time").alias("time"))["time"]


def _time_columns(role: str, raw: pl.Series, written: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            f"{role}_raw": raw.cast(pl.String),
            f"{role}_fits": written["fits"],
            f"{role}_local": written["local"],
            f"{role}_offset": written["offset"],
            f"{role}_at": at,
        }
    )


def _settled_zone(raw: dict[str, pl.Series], times: Times, given: str | None) -> _Zone:
    """Take the zone given; else one whose clocks show every offset written; else UTC."""
    written = pl.concat(list(times.written.values()))
    with_offset = written.filter(pl.col("offset").is_not_null() & pl.col("local").is_not_null())
    if given is not None:
        return _Zone(name=given, source="given")
    if not with_offset.height:
        note = "The times carry no offset and no zone was given, so they were read as UTC. Give the zone, "
        return _Zone(
            name="UTC", source="assumed", notes=(note + "for example Europe/Amsterdam, to set them right.",)
        )
    fitting = fitting_zones(_by_offset(with_offset), with_offset["offset"])
    typed = [column.dtype.time_zone for column in raw.values() if isinstance(column.dtype, pl.Datetime)]
    name = next((zone for zone in (*typed, *fitting[:1]) if zone in fitting), None)
    return _Zone(
        name=name or "UTC", source="offsets" if name else "assumed", notes=(_zone_note(name, fitting),)
    )


def _zone_note(name: str | None, fitting: list[str]) -> str:
    if name is None:
        return (
            "The offsets of the times fit no single time zone (several places, or a faulty export). The instants are "
            "right; hours of the day are shown in UTC unless a zone is given."
        )
    if name == "UTC":
        return "All times are written in UTC. If the work was done elsewhere, give the zone for right office hours."
    others = f" (and {counted(len(fitting) - 1, 'other zone')})" if len(fitting) > 1 else ""
    return f"The offsets of the times fit {name}{others}."


def _by_offset(written: pl.DataFrame) -> pl.Series:
    utc = pl.col("local") - pl.duration(minutes=pl.col("offset"))
    return written.select(utc.dt.replace_time_zone("UTC").alias("at"))["at"]


def _instants(written: pl.DataFrame, zone: str) -> tuple[pl.Series, int]:
    """Give the instants, null where the local time never was; and how many local times came twice."""
    exact = _by_offset(written)
    bare = written["local"].is_not_null() & written["offset"].is_null()
    if not bare.any():
        return exact, 0
    placed = localised(written.select(pl.when(bare).then("local").alias("local"))["local"], zone)
    return exact.fill_null(placed.at) if exact.null_count() < exact.len() else placed.at, placed.ambiguous


def _checks(mapping: Mapping, columns: dict[str, str], times: Times, zone: str) -> list[_Check]:
    """List what can be wrong with a row by itself, in the order in which it is told."""
    checks = [_absent("case", mapping.case), _absent("activity", mapping.activity)]
    for role, column in columns.items():
        checks += [
            _misfit(role, column, times.forms[column]),
            _impossible(role, column, times.forms[column]),
            _skipped(role, column, zone),
        ]
    last = next(iter(columns.values()))
    no_time = pl.all_horizontal(pl.col(f"{role}_at").is_null() for role in columns)
    checks.append(_Check(no_time, last, pl.lit(""), pl.lit("The row has no time; every row needs one.")))
    if len(columns) == 2:
        checks.append(_reversed(columns["ended_at"]))
    return checks


def _absent(role: str, column: str) -> _Check:
    reason = f"The row names no {role}; every row needs one."
    return _Check(pl.col(role).is_null(), column, pl.lit(""), pl.lit(reason))


def _misfit(role: str, column: str, form: str) -> _Check:
    reason = (
        f"This is no time in the form of the others in its column ({form}); write it alike."
        if form
        else "This is no time in a form that is known; write it as 2024-01-31 14:30:00, or give the time_format."
    )
    return _Check(~pl.col(f"{role}_fits"), column, pl.col(f"{role}_raw"), pl.lit(reason))


def _impossible(role: str, column: str, form: str) -> _Check:
    wrong = pl.col(f"{role}_raw").is_not_null() & pl.col(f"{role}_local").is_null()
    reason = (
        f"This date or hour does not exist, or is not within the years 1900 to 2199 (it was read as {form})."
    )
    return _Check(wrong, column, pl.col(f"{role}_raw"), pl.lit(reason))


def _skipped(role: str, column: str, zone: str) -> _Check:
    local = pl.col(f"{role}_local")

    def reasons(times: pl.Series) -> pl.Series:
        told = {
            time: f"This local time does not exist in {zone}: the clocks went {gap_around(time, zone)}. Correct "
            "it, or name the zone that the times are in."
            for time in times.unique()
        }
        return pl.Series([told[time] for time in times], dtype=pl.String)

    wrong = local.is_not_null() & pl.col(f"{role}_at").is_null()
    return _Check(wrong, column, pl.col(f"{role}_raw"), local.map_batches(reasons, return_dtype=pl.String))


def _reversed(column: str) -> _Check:
    # Not pl.format: in polars 2.1 it panics on some filtered columns.
    reason = pl.concat_str(
        pl.lit("It ends before it starts ("), "started_at_raw", pl.lit("); swap the two, or correct one.")
    )
    return _Check(pl.col("ended_at_at") < pl.col("started_at_at"), column, pl.col("ended_at_raw"), reason)


def _sifted(rows: pl.DataFrame, checks: list[_Check]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Part the rows into good ones and rejects; each row is rejected for the first thing that is wrong."""
    rejects = [pl.DataFrame(schema=REJECTS)]
    for check in checks:
        wrong = rows.select(check.wrong.fill_null(False).alias("wrong"))["wrong"]
        if wrong.any():
            bad = rows.filter(wrong)
            rejects.append(_rejected(bad, check.field, check.value, check.reason))
            rows = rows.filter(~wrong)
    return rows, rejects


def _rejected(rows: pl.DataFrame, field: str, value: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    return rows.select(
        "line",
        pl.lit(field).alias("field"),
        value.str.head(VALUE_LIMIT).alias("value"),
        reason.alias("reason"),
    )


def _events(rows: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Shape the good rows as events; a row with a start and no end is a start."""
    ended, started = (
        pl.col(f"{role}_at") if role in columns else pl.lit(None, EVENTS["at"]) for role in TIMES
    )
    offsets = [pl.col(f"{role}_offset") for role in TIMES if role in columns]
    transition = normalised(pl.col("lifecycle"))
    return rows.select(
        *("line", "case", "activity", "resource", "team", "party", "function"),
        pl.when(ended.is_null() & (transition == COMPLETE))
        .then(pl.lit(START))
        .otherwise(transition)
        .alias("lifecycle"),
        ended.fill_null(started).alias("at"),
        pl.when(ended.is_not_null()).then(started).alias("started_at"),
        pl.coalesce(offsets).alias("offset"),
    )


def _without_repeats(events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reject the rows that repeat an earlier one in everything that is read, and give the categories."""
    repeated = ~events.select(pl.struct(SAME).is_first_distinct().alias("first"))["first"]
    rejects = pl.DataFrame(schema=REJECTS)
    if repeated.any():
        firsts = events.filter(~repeated).select(*SAME, pl.col("line").alias("first"))
        bad = events.filter(repeated).join(
            firsts, on=list(SAME), how="left", nulls_equal=True, maintain_order="left"
        )
        reason = pl.concat_str(pl.lit("The row is the same as line "), "first", pl.lit("."))
        rejects = _rejected(bad, "row", pl.concat_str("case", "activity", separator=", "), reason)
    return events.filter(~repeated).cast(EVENTS), rejects


def _notes(
    events: pl.DataFrame, mapping: Mapping, *, ambiguous: int, zone: str, now: datetime | None
) -> Iterator[str]:
    if ambiguous:
        times = counted(ambiguous, "local time")
        yield f"{times} came twice in {zone} (the clocks went back), read as the first."
    if mapping.resource is None:
        yield "No column names who did the work; figures about people are missing."
    elif nameless := events["resource"].null_count():
        yield f"{nameless:,} of {counted(events.height, 'event')} without the name of who did it."
    if mapping.started_at and (open_rows := int((events["lifecycle"] == START).sum())):
        yield f"{counted(open_rows, 'row')} with a start and no end, read as work not yet finished."
    if now is not None and (later := int((events["at"] > now).sum())):
        yield f"{counted(later, 'event')} in the future; check the dates."


def _nothing(rejects: pl.DataFrame) -> NothingRead:
    if not rejects.height:
        return NothingRead("The file has column names but no rows.")
    line, field, value, reason = rejects.row(0)
    return NothingRead(
        f"Not one of {counted(rejects.height, 'row')} could be read. The first, line {line}, "
        f'{field} "{value}": {reason}'
    )
