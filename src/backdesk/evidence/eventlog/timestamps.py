"""Read columns of times as they were written: the local wall clock, and the offset where one is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.errors import MappingInvalid
from backdesk.evidence.eventlog.threads import each
from backdesk.evidence.eventlog.timeforms import FORMS, MONTHS, TimeForm, date_groups
from backdesk.evidence.eventlog.timeplaces import LARGEST_OFFSET, standing_alike, whole_year
from backdesk.evidence.sentences import digits, say

SAMPLE: Final = 2000
SLICE: Final = 50_000  # rows taken apart at once: the parts need ten times the memory of the result
YEARS: Final = (pl.datetime(1900, 1, 1), pl.datetime(2200, 1, 1))
SPREADSHEET_EPOCH: Final = pl.datetime(1899, 12, 30)

WRITTEN: Final = pl.Schema({"local": pl.Datetime("us"), "offset": pl.Int16(), "fits": pl.Boolean()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Hold what columns of times say.

    `written` has, for each column, a frame with the schema `WRITTEN`: the local time (null where there is
    none or it is impossible), the offset in minutes (null where none was written), and whether the value
    has the column's form at all. `forms` names the form of each column.
    """

    written: dict[str, pl.DataFrame]
    forms: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DayOrder:
    day_first: bool
    notes: tuple[str, ...]


def read_times(columns: Mapping[str, pl.Series], *, day_first: bool | None, time_format: str | None) -> Times:
    """Read the columns together: what settles day against month in one settles it in all."""
    if time_format is not None:
        written = {name: _given_form(values, time_format) for name, values in columns.items()}
        return Times(written=written, forms=dict.fromkeys(columns, time_format), notes=())
    forms = {name: form_of(values) for name, values in columns.items()}
    order = _day_order({name: (columns[name], form) for name, form in forms.items() if form}, day_first)
    written = {name: _written(values, forms[name], order.day_first) for name, values in columns.items()}
    notes = [*order.notes, *(note for name, form in forms.items() if (note := _form_note(name, form)))]
    return Times(
        written=written,
        forms={name: _form_name(form, order) for name, form in forms.items()},
        notes=tuple(notes),
    )


def form_of(values: pl.Series) -> TimeForm | None:
    """Find the form that most values of a column have; None where the column is typed, or has no times."""
    if values.dtype != pl.String:
        return None
    filled = values.drop_nulls()
    sample = filled.gather_every(max(filled.len() // SAMPLE, 1))
    counts = [(_matches(sample, form), form) for form in FORMS]
    best, form = max(counts, key=lambda pair: pair[0], default=(0, None))
    if best in (0, sample.len()):
        return form if best else None
    return max((form for count, form in counts if count), key=lambda form: _matches(filled, form))


def share_of_times(values: pl.Series, *, counts: bool) -> float:
    """Tell which share of a column's values are times of any form, 0 to 1; 0 where there are no values.

    With `counts` numbers are times too where they could be seconds since 1970 or days of a spreadsheet.
    """
    filled = values.drop_nulls()
    if not filled.len():
        return 0.0
    if filled.dtype != pl.String:
        return 1.0
    others = filled.filter(
        filled.str.contains(r"\d\d")
    )  # no time is without; of two thousand columns few are times
    possible = others.len()
    for form in FORMS:  # one after the other: in one pattern they would take ten times the memory
        if others.len() and (counts or form.order != "count"):
            others = others.filter(~others.str.contains(form.pattern))
    return (possible - others.len()) / filled.len()


def _matches(values: pl.Series, form: TimeForm) -> int:
    return int(values.str.contains(form.pattern).sum())


def _written(values: pl.Series, form: TimeForm | None, day_first: bool) -> pl.DataFrame:
    if isinstance(values.dtype, pl.Datetime):
        return _typed(values)
    if isinstance(values.dtype, pl.Struct):  # read already, each as it was written
        return values.struct.unnest().with_columns(fits=pl.lit(True))
    if form is None:
        return pl.DataFrame({"fits": values.is_null()}).select(
            pl.lit(None, WRITTEN["local"]).alias("local"),
            pl.lit(None, WRITTEN["offset"]).alias("offset"),
            "fits",
        )
    slices = [values.slice(at, SLICE) for at in range(0, max(values.len(), 1), SLICE)]
    return pl.concat(each(lambda some: _piece(some, form, day_first), slices))


def _typed(values: pl.Series) -> pl.DataFrame:
    frame = values.to_frame("at")
    local = pl.col("at").dt.replace_time_zone(None)
    offset = pl.lit(None, pl.Int16)
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone:
        offset = local - pl.col("at").dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        offset = offset.dt.total_minutes().cast(pl.Int16)
    return frame.select(local.alias("local"), offset.alias("offset"), pl.lit(True).alias("fits"))


def _piece(values: pl.Series, form: TimeForm, day_first: bool) -> pl.DataFrame:
    if form.order == "count":
        frame = values.to_frame("text")
        offset = pl.lit(0 if form.scale else None, pl.Int16)  # the days of a spreadsheet are local
        frame = frame.select(pl.when(_fits(form)).then("text").alias("text"), _fits(form))
        return _within_years(frame.select(_counted(form), offset.alias("offset"), "fits"))
    found = standing_alike(values, form, day_first=day_first)
    if found is None:
        return _by_pattern(values, form, day_first)
    alike, read = found
    read = read.with_columns(fits=pl.lit(True))
    if alike.all():
        return read
    rest = _by_pattern(values.filter(~alike), form, day_first)
    place = pl.concat([alike.arg_true(), (~alike).arg_true()])
    return pl.concat([read, rest])[place.arg_sort()]


def _by_pattern(values: pl.Series, form: TimeForm, day_first: bool) -> pl.DataFrame:
    groups = pl.col("text").str.extract_groups(form.pattern).alias("parts")
    parts = values.to_frame("text").select(_fits(form), groups).unnest("parts")
    numbers = parts.select("fits", *_numbers(frozenset(parts.columns)))
    present = frozenset(numbers.columns)
    return _within_years(
        numbers.select(_local(form, present, day_first), _offset(present).alias("offset"), "fits")
    )


def _within_years(read: pl.DataFrame) -> pl.DataFrame:
    """Drop times that no work was done at: SAP's 31.12.9999 means "not yet"."""
    known_offset = (pl.col("offset").abs() <= LARGEST_OFFSET).fill_null(True)
    possible = pl.col("local").is_between(*YEARS, closed="left") & known_offset
    return read.with_columns(pl.when(possible).then("local").alias("local"))


def _fits(form: TimeForm) -> pl.Expr:
    return pl.col("text").str.contains(form.pattern).fill_null(True).alias("fits")


def _numbers(present: frozenset[str]) -> Iterator[pl.Expr]:
    """Turn the texts of a pattern's groups into numbers."""
    for name in present & set("abdmHMShn"):
        yield pl.col(name).cast(pl.Int32, strict=False)
    if "y" in present:
        year = pl.col("y").cast(pl.Int32, strict=False)
        yield pl.when(pl.col("y").str.len_chars() == 2).then(whole_year(year)).otherwise(year)
    if "w" in present:
        month = pl.col("w").str.to_lowercase().str.head(3)
        yield month.replace_strict(MONTHS, default=None, return_dtype=pl.Int32).alias("m")
    if "f" in present:
        yield pl.col("f").str.pad_end(6, "0").str.head(6).cast(pl.Int32, strict=False)
    if "s" in present:
        yield pl.when(pl.col("s") == "-").then(-1).when(pl.col("s").is_not_null()).then(1).alias("sign")
        yield pl.when(pl.col("u").is_not_null()).then(0).alias("u")
    if "p" in present:
        yield (pl.col("p").str.to_lowercase() == "p").alias("afternoon")


def _local(form: TimeForm, present: frozenset[str], day_first: bool) -> pl.Expr:
    """Put the numbers together; null where they name a day or an hour that does not exist."""
    year, month, day = (pl.col(name) for name in date_groups(form, day_first=day_first))
    february = 28 + ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))).cast(pl.Int32)
    last_day = pl.when(month == 2).then(february).otherwise(30 + (month + month // 8) % 2)
    hour, minute, second, fraction = (_number(name, present) for name in "HMSf")
    possible = month.is_between(1, 12) & day.is_between(1, last_day)
    possible &= (hour <= 23) & (minute <= 59) & (second <= 60) | ((hour == 24) & (minute + second == 0))
    if "afternoon" in present:
        afternoon = pl.col("afternoon")
        possible &= afternoon.is_null() | hour.is_between(1, 12)
        hour = (
            pl.when(afternoon.is_not_null()).then(hour % 12 + 12 * afternoon.cast(pl.Int32)).otherwise(hour)
        )
    midnight = pl.datetime(pl.when(possible).then(year), month, day, time_unit="us")
    local = midnight + pl.duration(hours=hour, minutes=minute, seconds=second, microseconds=fraction)
    return local.alias("local")


def _number(name: str, present: frozenset[str]) -> pl.Expr:
    return pl.col(name).fill_null(0) if name in present else pl.lit(0)


def _offset(present: frozenset[str]) -> pl.Expr:
    utc = pl.col("u") if "u" in present else pl.lit(None, pl.Int16)
    if "sign" not in present:
        return utc.cast(pl.Int16)
    minutes = pl.col("sign") * (_number("h", present) * 60 + _number("n", present))
    return minutes.fill_null(utc).cast(pl.Int16)


def _counted(form: TimeForm) -> pl.Expr:
    """Turn a count since 1970, or the days of a spreadsheet, into a time."""
    if form.scale == 0:
        days = pl.col("text").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        milliseconds = (days * 86_400_000).round().cast(pl.Int64)
        return (
            (SPREADSHEET_EPOCH + pl.duration(milliseconds=milliseconds))
            .cast(pl.Datetime("us"))
            .alias("local")
        )
    if form.scale == 1:
        seconds = pl.col("text").cast(pl.Float64, strict=False)
        microseconds = (seconds * 1_000_000).round().cast(pl.Int64)
    else:
        count = pl.col("text").str.extract(r"^([0-9]+)").cast(pl.Int64, strict=False)
        microseconds = (
            count * (10**6 // form.scale) if form.scale <= 10**6 else count // (form.scale // 10**6)
        )
    return microseconds.cast(pl.Datetime("us")).alias("local")


def _given_form(values: pl.Series, time_format: str) -> pl.DataFrame:
    """Read by a format in strftime codes, as the caller gave it."""
    if isinstance(values.dtype, pl.Datetime):
        return _typed(values)
    try:
        at = values.str.to_datetime(time_format, time_unit="us", strict=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise MappingInvalid(
            say(
                "The time format {} cannot be used ({}); write strftime codes, as in {}.",
                repr(time_format),
                reason,
                '"%d.%m.%Y %H:%M"',
            )
        ) from None
    frame = pl.DataFrame({"at": at, "text": values})
    fits = (pl.col("at").is_not_null() | pl.col("text").is_null()).alias("fits")
    if not (isinstance(at.dtype, pl.Datetime) and at.dtype.time_zone):
        return frame.select(pl.col("at").alias("local"), pl.lit(None, pl.Int16).alias("offset"), fits)
    groups = pl.col("text").str.extract_groups(
        r"(?:(?P<u>[Zz])|(?P<s>[+-])(?P<h>[0-9]{2}):?(?P<n>[0-9]{2})?)$"
    )
    parts = frame.select("at", fits, groups.alias("parts")).unnest("parts")
    present = frozenset("ushn")
    numbers = parts.select("at", "fits", *_numbers(present))
    parts = numbers.with_columns(_offset(frozenset(numbers.columns)).fill_null(0).alias("offset"))
    local = pl.col("at").dt.replace_time_zone(None) + pl.duration(minutes=pl.col("offset"))
    return parts.select(local.alias("local"), "offset", "fits")


def _day_order(columns: Mapping[str, tuple[pl.Series, TimeForm]], day_first: bool | None) -> _DayOrder:
    """Settle whether the day or the month is written first, from every value of every column."""
    unsettled = [(values, form) for values, form in columns.values() if form.order == "day or month first"]
    if not unsettled or day_first is not None:
        return _DayOrder(day_first=day_first is not False, notes=())
    found = [_evidence(*column) for column in unsettled]
    day, month, clock = (sum(counts) for counts in zip(*found, strict=True))
    first = day > month or (day == month and not clock)
    if day and month:
        return _DayOrder(day_first=first, notes=(_mixed(day, month, first),))
    told = day or month or all(form.separator == "." for _, form in unsettled)
    return _DayOrder(day_first=first, notes=() if told else (_untold(first),))


def _mixed(day: int, month: int, first: bool) -> str:
    return say(
        "Dates are mixed: {} can only be {}, which was used; {} can only be the other way and are rejected. "
        "Others written the other way cannot be told: check them, or set day_first.",
        digits(max(day, month)),
        _order(first),
        digits(min(day, month)),
    )


def _untold(first: bool) -> str:
    return say(
        "No date tells whether the day or the month is written first; they were read as {}. "
        "If that is wrong, set day_first={}.",
        _order(first),
        "no" if first else "yes",
    )


def _order(first: bool) -> str:
    return say("day/month") if first else say("month/day")


def _evidence(values: pl.Series, form: TimeForm) -> tuple[int, int, int]:
    """Count the values whose first number must be a day, those whose second must, those with am or pm."""
    parts = values.drop_nulls().str.extract_groups(form.pattern).struct.unnest()
    first, second = (parts[name].cast(pl.Int32, strict=False) for name in "ab")
    clock = int(parts["p"].is_not_null().sum()) if "p" in parts.columns else 0
    return int(((first > 12) & (second <= 12)).sum()), int(((second > 12) & (first <= 12)).sum()), clock


def _form_name(form: TimeForm | None, order: _DayOrder) -> str:
    if form is None:
        return ""
    if form.order == "day or month first" and not order.day_first:
        return form.name.replace("dd", "--").replace("mm", "dd").replace("--", "mm")
    return form.name


def _form_note(name: str, form: TimeForm | None) -> str | None:
    if form is None or (form.has_clock and form.order != "count"):
        return None
    if form.order == "count":
        return say('The times in "{}" were read as {}.', name, form.name)
    return say('The times in "{}" are dates without an hour; each counts as midnight.', name)
