"""What a history says beside who did what when: attributes of cases and of events, each with its type.

They stand behind the fixed columns of events and steps. `case:NAME` says the same all through a case, `event:NAME`
is of the event (of a step: of the event that ended it).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, get_args

import polars as pl

from backdesk.evidence.eventlog.errors import MappingInvalid
from backdesk.evidence.eventlog.schema import UTC_TIME
from backdesk.evidence.eventlog.tables import CASE, Kind, distinct_names, shortened
from backdesk.evidence.eventlog.timestamps import read_times, share_of_times
from backdesk.evidence.eventlog.zones import instants
from backdesk.evidence.sentences import counted, in_a_row, say

#: All that there are, the one named, those named, or those named with the type that each is to have.
Attributes = Literal["all"] | Collection[str] | Mapping[str, Kind]

EVENT: Final = "event:"
TYPES: Final[dict[Kind, pl.DataType]] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "float": pl.Float64(),
    "boolean": pl.Boolean(),
    "time": UTC_TIME,
}
NO_VALUE: Final = ("", "NULL", "null", "<null>", "NaN", "nan", "NaT", "None", "\\N")
TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}

# What a text looks like that is more than a text. No leading zeros, and no more digits than a number holds: those are
# names ("007", an account). All values of a column have to look so.
LOOKS: Final[dict[Kind, str]] = {
    "boolean": r"^(?i:true|false)$",
    "integer": r"^-?(0|[1-9]\d{0,17})$",
    "float": r"^-?((0|[1-9]\d*)\.\d+|(0|[1-9]\d{0,14}))([eE][+-]?\d{1,3})?$",
}


def kinds_of(frame: pl.DataFrame) -> dict[str, Kind]:
    """Give the attributes of events or steps with their types; `read` takes it as `attributes`.

    >>> frame = pl.DataFrame({"case": ["7"], "case:channel": ["web"], "event:cost": [1.5], "touch_s": [60.0]})
    >>> kinds_of(frame)
    {'case:channel': 'text', 'event:cost': 'float'}
    """
    kinds: dict[pl.DataType, Kind] = {dtype: kind for kind, dtype in TYPES.items()}
    return {
        name: kinds.get(dtype, "text")
        for name, dtype in frame.schema.items()
        if name.startswith((CASE, EVENT))
    }


def asked_for(
    attributes: Attributes, columns: Iterable[str], used: Collection[str]
) -> tuple[dict[str, Kind | None], list[str]]:
    """Give the columns to keep with the type asked for, and the names that are no column.

    Columns that have a role are in the log already. A name may have `event:` before it, also where the file has not.
    """
    there = [column for column in columns if column not in used]
    if attributes == "all":
        return dict.fromkeys(there), []
    names = [attributes] if isinstance(attributes, str) else attributes
    kinds = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names)
    if wrong := [kind for kind in kinds.values() if kind not in (None, *get_args(Kind))]:
        raise MappingInvalid(
            say('"{}" is no type; an attribute is {}.', str(wrong[0]), ", ".join(get_args(Kind)))
        )
    found: dict[str, Kind | None] = {}
    missing = []
    for name, kind in kinds.items():
        column = next((one for one in _written_as(name) if one in there), None)
        if column is not None:
            found[column] = kind
        elif not {*_written_as(name)} & {*used}:
            missing.append(name)
    return found, missing


def _written_as(name: str) -> tuple[str, ...]:
    """Name the columns of a file that an attribute may be: trace attributes are there as `case:NAME`."""
    return (name, CASE + name if name.startswith(CASE) else name.removeprefix(EVENT), name.removeprefix(CASE))


def typed(
    frame: pl.DataFrame,
    asked: Mapping[str, Kind | None],
    declared: Mapping[str, Kind],
    *,
    zone: str,
    day_first: bool | None,
) -> tuple[pl.DataFrame, list[str]]:
    """Make each column one of one type: as asked for, else as the file declares, else as it looks.

    The columns are named "attribute 0" and so on: what a file calls them is not to meet the columns of events.
    """
    columns, notes = [], list[str]()
    for number, (name, kind) in enumerate(asked.items()):
        made, note = _typed(_plain(frame[name]), kind or declared.get(name), zone, day_first)
        columns.append(made.alias(f"attribute {number}"))
        notes += [say('Attribute "{}": {}', name, note)] if note else []
    return pl.DataFrame(columns), notes


def _plain(values: pl.Series) -> pl.Series:
    """Give one of the types there are; of text what is a value."""
    dtype = values.dtype
    if dtype.is_float() or dtype.is_decimal():
        numbers = values.cast(pl.Float64)
        return numbers.set(~numbers.is_finite(), None)
    if (
        dtype.is_integer()
        and (whole := values.cast(pl.Int64, strict=False)).null_count() == values.null_count()
    ):
        return whole
    if dtype in (pl.Boolean, pl.Datetime):
        return values
    frame = values.cast(pl.String).alias("text").to_frame()
    text = pl.col("text").str.strip_chars()
    return frame.select(pl.when(~text.is_in(NO_VALUE)).then(text))["text"]


def _typed(
    values: pl.Series, kind: Kind | None, zone: str, day_first: bool | None
) -> tuple[pl.Series, str | None]:
    """Make a column one of that type; where not all values are, it stays text, and the note says so."""
    if values.dtype != pl.String and kind is None:
        return (_times(values, zone, day_first) if values.dtype == pl.Datetime else values), None
    kind = kind or _looks(values)
    made = _converted(values, kind, zone, day_first)
    wrong = made.is_null() & values.is_not_null()
    if not wrong.any():
        return made, None
    texts = values.cast(pl.String)
    example = shortened(str(texts.filter(wrong)[0]))
    return (
        texts,
        say(
            '{} of it no {}, such as "{}", so it is kept as text.',
            counted(int(wrong.sum()), "value"),
            say(kind),
            example,
        ),
    )


def _looks(texts: pl.Series) -> Kind:
    filled = texts.drop_nulls()
    if not filled.len():
        return "text"
    for kind, look in LOOKS.items():
        if filled.str.contains(look).all():
            return kind
    return "time" if share_of_times(filled, counts=False) == 1.0 else "text"


def _converted(values: pl.Series, kind: Kind, zone: str, day_first: bool | None) -> pl.Series:
    if kind == "time":
        return _times(values, zone, day_first)
    if kind == "boolean" and values.dtype != pl.Boolean:
        lower = values.cast(pl.String).str.to_lowercase()
        return lower.replace_strict(TRUTHS, default=None, return_dtype=pl.Boolean)
    made = values.cast(TYPES[kind], strict=False)
    if kind == "integer" and values.dtype == pl.Float64:
        return made.set(made != values, None)
    return made.set(~made.is_finite(), None) if kind == "float" else made


def _times(values: pl.Series, zone: str, day_first: bool | None) -> pl.Series:
    texts = values if values.dtype == pl.Datetime else values.cast(pl.String)
    written = read_times({"time": texts}, day_first=day_first, time_format=None).written["time"]
    return instants(written, zone)[0].cast(UTC_TIME)


def settled(
    events: pl.DataFrame, columns: Mapping[str, str], *, of_events: bool
) -> tuple[pl.DataFrame, list[str]]:
    """Name the attributes by whose they are, say of each case's what its other events say, and tell what was kept.

    With `of_events` the file says which are of events: all that have no `case:` before them. Otherwise they are of
    cases where all events of a case say the same, and some case has two events to say it.
    """
    varying = _varying(events, columns)
    any_may_be_of_cases = not of_events and events["case"].n_unique() < events.height
    names = [
        _placed(written, varies=column in varying, may_be_of_case=any_may_be_of_cases)
        for column, written in columns.items()
    ]
    notes: list[str] = [
        say('"{}" changes within cases, so it is an attribute of events: {}.', written, name)
        for (column, written), name in zip(columns.items(), names, strict=True)
        if written.startswith(CASE) and column in varying
    ]
    given = dict(zip(columns, distinct_names(names), strict=True))
    constant = pl.col([name for name in given.values() if name.startswith(CASE)])
    filled = events.rename(given).with_columns(constant.drop_nulls().first().over("case"))
    shown = [say("{} ({})", name, say(kind)) for name, kind in kinds_of(filled).items()]
    notes.append(say("Kept as attributes: {}.", in_a_row(shown, most=20)))
    return filled, notes


def _placed(written: str, *, varies: bool, may_be_of_case: bool) -> str:
    """Name an attribute by whose it is: of its case where it says so, or may, and does not vary there."""
    bare = written.removeprefix(CASE).removeprefix(EVENT).removeprefix(CASE)
    of_case = written.startswith(CASE) or (may_be_of_case and not written.startswith(EVENT))
    return (CASE if of_case and not varies else EVENT) + bare


def _varying(events: pl.DataFrame, columns: Mapping[str, str]) -> set[str]:
    """What is told to be of cases may be said once; otherwise all events have to say it, or none."""
    said = (
        pl.col(name).drop_nulls() if written.startswith(CASE) else pl.col(name)
        for name, written in columns.items()
    )
    several = events.group_by("case").agg(values.n_unique() > 1 for values in said)
    return {name for name in columns if several[name].any()}


def merged(kinds: Collection[Kind]) -> Kind:
    """Give the type that holds values of all these: integers among floats are floats, all else is text.

    >>> merged({"integer", "float"}), merged({"integer"}), merged({"time", "integer"})
    ('float', 'integer', 'text')
    """
    if len(kinds) == 1:
        return next(iter(kinds))
    return "float" if set(kinds) == {"integer", "float"} else "text"


def key_of(column: str, taken: Collection[str]) -> str:
    """Name an attribute within XES or OCEL, where events and cases are apart; what would be mistaken keeps its mark.

    >>> key_of("event:cost", ()), key_of("event:concept:name", {"concept:name"})
    ('cost', 'event:concept:name')
    """
    key = column.partition(":")[2]
    return column if key in taken or key.startswith((CASE, EVENT, "object:")) else key


def of(names: Iterable[str], mark: str) -> Iterator[str]:
    """Give the names that have the mark, `case:` or `event:`."""
    return (name for name in names if name.startswith(mark))
