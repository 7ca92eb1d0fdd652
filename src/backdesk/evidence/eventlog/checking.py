"""What can be wrong with a row by itself, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.eventlog import reasons
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
    checks.append(Check(no_time, last, pl.lit(""), pl.lit(reasons.NO_TIME)))
    if len(columns) == 2:
        checks.append(_reversed(columns["ended_at"]))
    return checks


def _absent(role: str, column: str) -> Check:
    reason = reasons.NO_CASE if role == "case" else reasons.NO_ACTIVITY
    return Check(pl.col(role).is_null(), column, pl.lit(""), pl.lit(reason))


def _endless(role: str, column: str) -> Check:
    """Names are counted, shown and compared: a text is none, and one field could otherwise fill the memory."""
    reason = reasons.filled(reasons.TOO_LONG, _text(role).str.len_chars(), pl.lit(NAME_LIMIT))
    return Check(_is_endless(role), column, _text(role), reason)


def _unprintable(role: str, column: str) -> Check:
    value = _text(role).str.replace_all("\0", "", literal=True)
    return Check(_has_nul(role), column, value, pl.lit(reasons.UNPRINTABLE))


def _is_endless(role: str) -> pl.Expr:
    return _text(role).str.len_chars() > NAME_LIMIT


def _has_nul(role: str) -> pl.Expr:
    return _text(role).str.contains("\0", literal=True)


def _text(role: str) -> pl.Expr:
    return pl.col(role).cast(pl.String)


def _misfit(role: str, column: str, form: str) -> Check:
    reason = reasons.OTHER_FORM.format(form) if form else reasons.UNKNOWN_FORM
    return Check(~pl.col(f"{role}_fits"), column, _written(role), pl.lit(reason), column)


def _impossible(role: str, column: str, form: str) -> Check:
    wrong = pl.col(f"{role}_raw").is_not_null() & pl.col(f"{role}_local").is_null()
    reason = reasons.IMPOSSIBLE.format(form)
    return Check(wrong, column, _written(role), pl.lit(reason), column)


def _skipped(role: str, column: str, zone: str) -> Check:
    local = pl.col(f"{role}_local")

    def told_of(times: pl.Series) -> pl.Series:
        gaps = {time: gap_around(time, zone).removeprefix("from ").split(" to ") for time in times.unique()}
        told = {time: reasons.SKIPPED.format(zone, *gap) for time, gap in gaps.items()}
        return pl.Series([told[time] for time in times], dtype=pl.String)

    wrong = local.is_not_null() & pl.col(f"{role}_at").is_null()
    return Check(wrong, column, _written(role), local.map_batches(told_of, return_dtype=pl.String), column)


def _reversed(column: str) -> Check:
    reason = reasons.filled(reasons.REVERSED, _written("started_at"))
    return Check(
        pl.col("ended_at_at") < pl.col("started_at_at"), column, _written("ended_at"), reason, column
    )


def _written(role: str) -> pl.Expr:
    return pl.col(f"{role}_raw").cast(pl.String)
