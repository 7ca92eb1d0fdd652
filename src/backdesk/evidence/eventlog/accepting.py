"""Turn the rows of a file into events: each row is accepted or rejected with its line, field, value and reason."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.attributes import settled, typed
from backdesk.evidence.eventlog.checking import Check, checks_of
from backdesk.evidence.eventlog.errors import NothingRead
from backdesk.evidence.eventlog.lifecycles import COMPLETE, START, normalised
from backdesk.evidence.eventlog.mapping import TIMES, Mapping
from backdesk.evidence.eventlog.reasons import understood
from backdesk.evidence.eventlog.results import Duplicates, Reading, ZoneSource
from backdesk.evidence.eventlog.schema import EVENTS, REJECTS
from backdesk.evidence.eventlog.tables import VALUE_LIMIT, Kind, Table, rejects_frame
from backdesk.evidence.eventlog.texts import Texts, cleaned
from backdesk.evidence.eventlog.threads import each
from backdesk.evidence.eventlog.timestamps import Times, read_times
from backdesk.evidence.eventlog.zones import fitting_zones, instants
from backdesk.evidence.sentences import counted, digits, say

TEXTS: Final = ("case", "activity", "resource", "team", "party", "function")
TRANSITION: Final = "transition"  # the lifecycle as the standard names it; "lifecycle" is what is written
SLICE: Final = 100_000  # rows judged at once


class NotAsWritten(Exception):
    """Something is wrong with a time, which is to be told as it is written, and all there is is what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    name: str
    source: ZoneSource
    notes: tuple[str, ...] = ()


def accepted(
    table: Table,
    mapping: Mapping,
    *,
    attributes: AnyMapping[str, Kind | None],
    duplicates: Duplicates,
    zone: str | None,
    now: datetime | None,
) -> Reading:
    """Accept or reject every row of a table; the zone is given, or found from the offsets, or assumed.

    Raises `NotAsWritten` where the times have to be read as text.
    """
    columns = {role: column for role, column in mapping.roles() if role in TIMES}
    raw = {column: _cleaned_time(table.frame[column]) for column in columns.values()}
    times = read_times(raw, day_first=mapping.day_first, time_format=mapping.time_format)
    place = _settled_zone(raw, times, zone)
    texts = _texts(table, mapping)
    rows = _Rows(table, columns, texts, raw, times, place.name)
    checks = checks_of(mapping, texts, columns, times, place.name)
    sorted_out = _sorted_out(rows, checks)
    events, names, of_kept = _attributed(sorted_out, table, attributes, place.name, mapping.day_first)
    events, repeats, of_repeats = _without_repeats(events, duplicates)
    wrong = [reject for part in sorted_out for reject in part.rejects]
    rejects = pl.concat([*wrong, repeats, rejects_frame(table.rejects)]).sort("line", maintain_order=True)
    if not events.height:
        raise _nothing(rejects)
    events, of_named = settled(events, names, of_events=table.of_events) if names else (events, [])
    ambiguous = sum(part.ambiguous for part in sorted_out)
    told = _notes(events, mapping, ambiguous=ambiguous, zone=place.name, now=now)
    notes = (*table.notes, *times.notes, *place.notes, *_bare(times, place.name), *told)
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
        notes=(*notes, *of_repeats, *of_kept, *of_named),
        truncated=table.truncated,
    )


def _attributed(
    sorted_out: list[_Sifted],
    table: Table,
    attributes: AnyMapping[str, Kind | None],
    zone: str,
    day_first: bool | None,
) -> tuple[pl.DataFrame, dict[str, str], list[str]]:
    """Give the events with their attributes, under which name each of these stands, and what is to be told of them."""
    every = pl.concat([part.events for part in sorted_out])
    if not attributes:
        return every.drop("row"), {}, []
    said = pl.DataFrame([table.frame[name] for name in attributes])[every["row"]]
    kept, notes = typed(said, attributes, table.kinds, zone=zone, day_first=day_first)
    return every.drop("row").hstack(kept), dict(zip(kept.columns, attributes, strict=True)), notes


@dataclass(frozen=True, slots=True)
class _Rows:
    """Everything known about the rows before they are judged."""

    table: Table
    columns: dict[str, str]  # the columns of times by their roles
    texts: dict[str, Texts]  # by their roles, too
    raw: dict[str, pl.Series]
    times: Times
    zone: str

    def slice(self, at: int, size: int) -> tuple[pl.DataFrame, int]:
        """Give some rows as one frame, and how many local times in it came twice."""
        lines = self.table.lines.slice(at, size).alias("line")
        texts = each(lambda role: self.texts[role].slice(at, size).alias(role), list(self.texts))
        rows, ambiguous = pl.DataFrame([*texts, lines]).with_row_index("row", at), 0
        for role, column in self.columns.items():
            written = self.times.written[column].slice(at, size)
            moments, twice = instants(written, self.zone)
            rows = rows.hstack(_time_columns(role, self.raw[column].slice(at, size), written, moments))
            ambiguous += twice
        return rows, ambiguous


@dataclass(frozen=True, slots=True)
class _Sifted:
    events: pl.DataFrame
    rejects: list[pl.DataFrame]
    ambiguous: int


def _texts(table: Table, mapping: Mapping) -> dict[str, Texts]:
    """Give the texts of every role, and the transitions that the lifecycle tells."""
    columns = {role: column for role, column in mapping.roles() if role not in TIMES}
    texts = {role: Texts.of(table.frame[column]) for role, column in columns.items()}
    told = texts.get("lifecycle") or Texts.of(
        pl.repeat(None, table.frame.height, dtype=pl.String, eager=True)
    )
    texts[TRANSITION] = told.through(normalised)
    return {role: values.of_type(EVENTS.get(role, pl.Categorical())) for role, values in texts.items()}


def _cleaned_time(values: pl.Series) -> pl.Series:
    if values.dtype in (pl.Datetime, pl.Struct):
        return values
    texts = values.cast(pl.String)
    return pl.concat(each(cleaned, [texts.slice(at, SLICE) for at in range(0, max(texts.len(), 1), SLICE)]))


def _time_columns(role: str, raw: pl.Series, written: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            f"{role}_raw": raw,
            f"{role}_fits": written["fits"],
            f"{role}_local": written["local"],
            f"{role}_offset": written["offset"],
            f"{role}_at": at,
        }
    )


def _settled_zone(raw: dict[str, pl.Series], times: Times, given: str | None) -> _Zone:
    """Take the zone given; else one whose clocks show every offset written; else UTC."""
    if given is not None:
        return _Zone(name=given, source="given")
    written = pl.concat(frame.drop_nulls("offset") for frame in times.written.values())
    if not written["local"].count():
        note = say(
            "The times carry no offset and no zone was given, so they were read as UTC. Give the zone, "
            "for example Europe/Amsterdam, to set them right."
        )
        return _Zone(name="UTC", source="assumed", notes=(note,))
    said = [column.dtype.time_zone for column in raw.values() if isinstance(column.dtype, pl.Datetime)]
    if not said and (written["offset"] == 0).all():  # the clocks of other places need not be asked
        return _Zone(name="UTC", source="offsets", notes=(_zone_note("UTC", ["UTC"]),))
    fitting = fitting_zones(instants(written, "UTC")[0], written["offset"])
    name = next((zone for zone in (*said, *fitting[:1]) if zone in fitting), None)
    return _Zone(
        name=name or "UTC", source="offsets" if name else "assumed", notes=(_zone_note(name, fitting),)
    )


def _bare(times: Times, zone: str) -> Iterator[str]:
    """Tell of times without an offset among others with one: perhaps two sources were put together."""
    counts = [(one["local"].count(), one["offset"].count()) for one in times.written.values()]
    every, placed = (sum(some) for some in zip(*counts, strict=True))
    if 0 < placed < every:
        bare = digits(every - placed)
        yield say("{} of {} times carry no offset, read as those of {}.", bare, digits(every), zone)


def _zone_note(name: str | None, fitting: list[str]) -> str:
    if name is None:
        return say(
            "The offsets of the times fit no single time zone (several places, or a faulty export). The instants are "
            "right; hours of the day are shown in UTC unless a zone is given."
        )
    if name == "UTC":
        return say(
            "All times are written in UTC. If the work was done elsewhere, give the zone for right office hours."
        )
    if len(fitting) == 1:
        return say("The offsets of the times fit {}.", name)
    return say("The offsets of the times fit {} (and {}).", name, counted(len(fitting) - 1, "other zone"))


def _sorted_out(source: _Rows, checks: list[Check]) -> list[_Sifted]:
    """Judge all rows at once; those of a log with something wrong in slices, as parting them takes memory."""
    height = source.table.frame.height
    rows, ambiguous = source.slice(0, height)
    wrong = [check for check in checks if _wrong(rows, check).any()]
    if any(isinstance(source.raw[check.time].dtype, pl.Struct) for check in wrong if check.time):
        raise NotAsWritten
    if not wrong:
        return [_Sifted(_events(rows, source.columns), [pl.DataFrame(schema=REJECTS)], ambiguous)]
    return each(lambda at: _sifted(*source.slice(at, SLICE), source.columns, checks), range(0, height, SLICE))


def _sifted(rows: pl.DataFrame, ambiguous: int, columns: dict[str, str], checks: list[Check]) -> _Sifted:
    """Part rows into events and rejects; each row is rejected for the first thing that is wrong."""
    rejects = [pl.DataFrame(schema=REJECTS)]
    for check in checks:
        wrong = _wrong(rows, check)
        if wrong.any():
            bad = rows.filter(wrong)
            rejects.append(_rejected(bad, check.field, check.value, check.reason))
            rows = rows.filter(~wrong)
    return _Sifted(_events(rows, columns), rejects, ambiguous)


def _wrong(rows: pl.DataFrame, check: Check) -> pl.Series:
    return rows.select(check.wrong.fill_null(False).alias("wrong"))["wrong"]


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
    told = pl.col(TRANSITION).fill_null(pl.lit(COMPLETE, EVENTS["lifecycle"]))
    begun = pl.lit(START, EVENTS["lifecycle"])
    given = [
        pl.col(role) if role in rows.columns else pl.lit(None, EVENTS[role]).alias(role) for role in TEXTS
    ]
    return rows.select(
        "row",
        "line",
        *given,
        pl.when(ended.is_null() & (told == COMPLETE)).then(begun).otherwise(told).alias("lifecycle"),
        ended.fill_null(started).alias("at"),
        pl.when(ended.is_not_null()).then(started).alias("started_at"),
        pl.coalesce(offsets).alias("offset"),
    ).cast(EVENTS)


def _without_repeats(
    events: pl.DataFrame, duplicates: Duplicates
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Reject the rows that repeat an earlier one in everything that is read, and tell how many, left out or kept."""
    same = [name for name in events.columns if name not in ("line", "offset")]
    beside = _beside_their_like(events)
    said = events.select(name for name in same if events[name].count())
    hashes = _hashes(said if beside is None else said.filter(beside))
    in_order = np.sort(hashes)
    if (in_order[1:] != in_order[:-1]).all():
        return events, pl.DataFrame(schema=REJECTS), []
    suspected = pl.Series(hashes).is_duplicated()  # or the same hash by chance
    places = pl.int_range(events.height, eager=True)
    places = (places if beside is None else places.filter(beside)).filter(suspected)
    alike = events[places]
    first = alike.select(pl.struct(same).is_first_distinct().alias("first"))["first"]
    if first.all():
        return events, pl.DataFrame(schema=REJECTS), []
    count = counted(int((~first).sum()), "row")
    if duplicates == "keep":
        told = say("{} the same as an earlier one, kept as asked.", count)
        return events, pl.DataFrame(schema=REJECTS), [told]
    firsts = alike.filter(first).select(*same, pl.col("line").alias("first"))
    bad = alike.filter(~first).join(firsts, on=same, how="left", nulls_equal=True, maintain_order="left")
    reason = reasons.filled(reasons.REPEATED, pl.col("first"))
    what = pl.concat_str("case", pl.col("activity").cast(pl.String), separator=", ")
    repeated = pl.repeat(False, events.height, eager=True).scatter(places.filter(~first), True)
    told = say("{} the same as an earlier one, left out.", count)
    return events.filter(~repeated), _rejected(bad, "row", what, reason), [told]


def _beside_their_like(events: pl.DataFrame) -> pl.Series | None:
    """Which rows have the case and the time of a row next to them, as all that repeat one have in most logs.

    None of a log in which the rows of a case stand apart, or not in the order of their times.
    """
    case, at = events["case"], events["at"]
    begins = (case != case.shift(1)).fill_null(True)
    rises = (at >= at.shift(1)) | begins
    if not rises.all() or not case.filter(begins).is_unique().all():
        return None
    repeats = ~begins & (at == at.shift(1))
    return repeats | repeats.shift(-1, fill_value=False)


def _hashes(rows: pl.DataFrame) -> NDArray[np.uint64]:
    """Give a number for each row, the same for the same."""
    slices = [rows.slice(at, SLICE) for at in range(0, max(rows.height, 1), SLICE)]
    return np.concatenate(each(lambda some: some.hash_rows().to_numpy(), slices))


def _notes(
    events: pl.DataFrame, mapping: Mapping, *, ambiguous: int, zone: str, now: datetime | None
) -> Iterator[str]:
    if ambiguous:
        times = counted(ambiguous, "local time")
        yield say("{} came twice in {} (the clocks went back), read as the first.", times, zone)
    if mapping.resource is None:
        yield say("No column names who did the work; figures about people are missing.")
    elif nameless := events["resource"].null_count():
        yield say(
            "{} of {} without the name of who did it.", digits(nameless), counted(events.height, "event")
        )
    if mapping.started_at and (open_rows := int((events["lifecycle"] == START).sum())):
        yield say("{} with a start and no end, read as work not yet finished.", counted(open_rows, "row"))
    if now is not None and (later := int((events["at"] > now).sum())):
        yield say("{} in the future; check the dates.", counted(later, "event"))


def _nothing(rejects: pl.DataFrame) -> NothingRead:
    if not rejects.height:
        return NothingRead(say("The file has column names but no rows."))
    line, field, value, reason = rejects.row(0)
    return NothingRead(
        say(
            'Not one of {} could be read. The first, line {}, {} "{}": {}',
            counted(rejects.height, "row"),
            str(line),
            str(field),
            str(value),
            understood(reason),
        )
    )
