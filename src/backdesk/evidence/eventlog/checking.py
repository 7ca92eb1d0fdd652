"""What can be wrong with a row by itself, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.texts import Texts
from backdesk.evidence.eventlog.timestamps import Times
from backdesk.evidence.eventlog.zones import gap_around

NAME_LIMIT: Final = 300  # characters


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a row: where it is so, which field shows it, and what to say."""

    wrong: pl.Expr
    field: str
    value: pl.Expr
    reason: pl.Expr
    time: str | None = None  # the column of which the value is a time as it is written


def checks_of(
    mapping: Mapping, texts: dict[str, Texts], columns: dict[str, str], times: Times, zone: str
) -> list[Check]:
    """List what can be wrong with a row by itself, in the order in which it is told."""
    checks = [_absent("case", mapping.case), _absent("activity", mapping.activity)]
    doubtful = [role for role, values in texts.items() if values.any(_is_endless("text") | _has_nul("text"))]
    for role, column in mapping.roles():
        if role in doubtful:
            checks += [_endless(role, column), _unprintable(role, column)]
    for role, column in columns.items():
        checks += [
            _misfit(role, column, times.forms[column]),
            _impossible(role, column, times.forms[column]),
            _skipped(role, column, zone),
        ]
    last = next(iter(columns.values()))
    no_time = pl.all_horizontal(pl.col(f"{role}_at").is_null() for role in columns)
    checks.append(Check(no_time, last, pl.lit(""), pl.lit("The row has no time; every row needs one.")))
    if len(columns) == 2:
        checks.append(_reversed(columns["ended_at"]))
    return checks


def _absent(role: str, column: str) -> Check:
    reason = f"The row names no {role}; every row needs one."
    return Check(pl.col(role).is_null(), column, pl.lit(""), pl.lit(reason))


def _endless(role: str, column: str) -> Check:
    """Names are counted, shown and compared: a text is none, and one field could otherwise fill the memory."""
    reason = pl.concat_str(
        pl.lit("This text has "),
        _text(role).str.len_chars().cast(pl.String),
        pl.lit(f" characters, more than a name has ({NAME_LIMIT}); shorten it, or choose another column."),
    )
    return Check(_is_endless(role), column, _text(role), reason)


def _unprintable(role: str, column: str) -> Check:
    reason = "This text holds the character NUL, which no name has; export the file anew."
    value = _text(role).str.replace_all("\0", "", literal=True)
    return Check(_has_nul(role), column, value, pl.lit(reason))


def _is_endless(role: str) -> pl.Expr:
    return _text(role).str.len_chars() > NAME_LIMIT


def _has_nul(role: str) -> pl.Expr:
    return _text(role).str.contains("\0", literal=True)


def _text(role: str) -> pl.Expr:
    return pl.col(role).cast(pl.String)


def _misfit(role: str, column: str, form: str) -> Check:
    reason = (
        f"This is no time in the form of the others in its column ({form}); write it alike."
        if form
        else "This is no time in a form that is known; write it as 2024-01-31 14:30:00, or give the time_format."
    )
    return Check(~pl.col(f"{role}_fits"), column, _written(role), pl.lit(reason), column)


def _impossible(role: str, column: str, form: str) -> Check:
    wrong = pl.col(f"{role}_raw").is_not_null() & pl.col(f"{role}_local").is_null()
    reason = (
        f"This date or hour does not exist, or is not within the years 1900 to 2199 (it was read as {form})."
    )
    return Check(wrong, column, _written(role), pl.lit(reason), column)


def _skipped(role: str, column: str, zone: str) -> Check:
    local = pl.col(f"{role}_local")

    def reasons(times: pl.Series) -> pl.Series:
        told = {
            time: f"This local time does not exist in {zone}: the clocks went {gap_around(time, zone)}. Correct "
            "it, or name the zone that the times are in."
            for time in times.unique()
        }
        return pl.Series([told[time] for time in times], dtype=pl.String)

    wrong = local.is_not_null() & pl.col(f"{role}_at").is_null()
    return Check(wrong, column, _written(role), local.map_batches(reasons, return_dtype=pl.String), column)


def _reversed(column: str) -> Check:
    # Not pl.format: in polars 2.1 it panics on some filtered columns.
    reason = pl.concat_str(
        pl.lit("It ends before it starts ("),
        _written("started_at"),
        pl.lit("); swap the two, or correct one."),
    )
    return Check(
        pl.col("ended_at_at") < pl.col("started_at_at"), column, _written("ended_at"), reason, column
    )


def _written(role: str) -> pl.Expr:
    return pl.col(f"{role}_raw").cast(pl.String)
