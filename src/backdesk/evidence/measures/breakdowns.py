"""What is asked of measured steps: which figures, of which groups, of which of the steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

import polars as pl

from backdesk.evidence.calendars.model import check_zone
from backdesk.evidence.measures.catalogue import AGREED_MEASURES, GROUP_MEASURES, giver, measure
from backdesk.evidence.measures.columns import UnknownGrouping, check_measured, checked_keys, near
from backdesk.evidence.measures.definition import Measure

Every = Literal["day", "week", "month", "quarter"]
At = Literal["arrival", "enabled", "start", "end", "due"]

TRUNCATED: Final = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q"}
_MOMENTS: Final = {"enabled": "enabled_at", "start": "started_at", "end": "ended_at", "due": "due_at"}

_QUOTED: Final = re.compile(r"""'(?:[^']|'')*'|"[^"]*\"""")
# What looks at more than one step, as SUM(touch_s) does, would tell something else in each partition.
_CALL: Final = re.compile(r"(?!(?:and|or|not|in|between|like|ilike)\b)\b[a-z_]\w*\s*\(", re.IGNORECASE)


class NotOfAGroup(Exception):
    """A figure of the catalogue that is not computed over a group of steps."""


class NotMergeable(NotOfAGroup):
    """A figure that looks across cases: what partitions tell of it cannot be put together."""


class NotAgreed(Exception):
    """Steps that do not know of an agreement, of which a figure against one was asked."""


class UnreadableFilter(Exception):
    """A filter that is none, or asks for what measured steps do not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Group by time, too: by the day, week (from Monday), month or quarter in which a moment of the step lies.

    `at` says which moment: when its case arrived, when it could have begun, began or ended, or when its case falls due
    by what was agreed. Days are those of `zone`. Raises `UnknownGrouping` and `UnknownZone` (of calendars).
    """

    every: Every
    zone: str
    at: At = "end"

    def __post_init__(self) -> None:
        for said, known in ((self.every, get_args(Every)), (self.at, get_args(At))):
            if said not in known:
                raise UnknownGrouping(f"there is no period by {said!r}; there is {', '.join(known)}")
        check_zone(self.zone)

    def column(self) -> pl.Expr:
        """Return the first day of the period."""
        arrived = pl.col("started_at").min().over("case")
        moment = arrived if self.at == "arrival" else pl.col(_MOMENTS[self.at])
        day = moment.dt.convert_time_zone(self.zone).dt.date()
        return day.dt.truncate(TRUNCATED[self.every]).alias(self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The figures `only`, for each group of steps alike in the columns `by` and in the period.

    No columns ask for the whole. `where` leaves only steps that fulfil a condition, `where_case` only cases, whole,
    with a step that fulfils one: SQL over the columns of measured steps, such as `activity = 'Check' and
    touch_working_s > 3600` or `ended_at >= DATE '2026-03-01'` (of UTC); a name with more than letters in double
    quotes, such as `"case:amount" > 500`; without functions, and IN for texts only. A step of which the condition
    is not known does not fulfil it.

    >>> Breakdown(by=("activity",), only=("steps", "touch_hours"), where="team = 'Desk'").where
    "team = 'Desk'"
    """

    by: tuple[str, ...] = ()
    only: tuple[str, ...] = GROUP_MEASURES
    period: Period | None = None
    where: str | None = None
    where_case: str | None = None

    def __post_init__(self) -> None:
        """Take one name, or a list of them, as it is written in a notebook."""
        for part in ("by", "only"):
            said = getattr(self, part)
            object.__setattr__(self, part, tuple(dict.fromkeys([said] if isinstance(said, str) else said)))

    @property
    def takes_all(self) -> bool:
        """Say whether no condition leaves steps out."""
        return self.where is None and self.where_case is None

    def keys(self) -> list[str]:
        """Return the columns that tell the groups apart."""
        return list(dict.fromkeys([*self.by, *([self.period.every] if self.period else [])]))

    def entries(self) -> list[Measure]:
        """Return the definitions of the figures; raise `UnknownMeasure`, `NotOfAGroup` or `NotMergeable`."""
        found = [measure(name) for name in self.only]
        for entry in found:
            if not entry.is_mergeable:
                raise NotMergeable(
                    f"{entry.name!r} looks across cases, so groups and partitions of them do not give it; "
                    f"ask the whole log for it, by `{giver(entry)}`"
                )
            if not entry.is_of_groups:
                raise NotOfAGroup(
                    f"{entry.name!r} is not a figure of a group of steps, but of each; `{giver(entry)}` gives it"
                )
        return found

    def prepared(self, measured: pl.DataFrame) -> pl.DataFrame:
        """Return measured steps with the period; raise `UnknownGrouping` for a column they do not have.

        Raise `NotMeasured` where steps are not measured, and `NotAgreed` where a figure or the period is against an
        agreement that they do not know of.
        """
        check_measured(measured, "touch_working_s")
        checked_keys(self.by, measured)
        self._check_agreed(measured)
        return measured.with_columns(self.period.column()) if self.period else measured

    def filtered(self, measured: pl.DataFrame) -> pl.DataFrame:
        """Return the steps that fulfil both conditions; raise `UnreadableFilter`."""
        if self.where_case is not None:
            cases = _kept(measured, self.where_case).select("case").unique()
            kept = measured.join(cases, on="case", how="semi")
        else:
            kept = measured
        # Both look at all steps: a filter of steps must not decide which cases there are.
        return kept if self.where is None else _kept(kept, self.where)

    def _check_agreed(self, measured: pl.DataFrame) -> None:
        against = [name for name in self.only if name in AGREED_MEASURES]
        if self.period and self.period.at == "due":
            against.append("due")
        if against and "due_at" not in measured.columns:
            raise NotAgreed(
                f"{against[0]!r} rests on what was agreed, which these steps do not know; give them to `agreed` first"
            )


def _kept(measured: pl.DataFrame, condition: str) -> pl.DataFrame:
    expression = _read(condition)
    names = list(dict.fromkeys(expression.meta.root_names()))
    for name in names:
        if name not in measured.columns:
            raise UnreadableFilter(
                f"{condition!r} asks for {name!r}, which measured steps do not have; "
                f"did you mean {near(name, measured)}?"
            )
    asked = measured.select(names).with_columns(pl.col(pl.Categorical).cast(pl.String))
    try:
        return measured.filter(asked.select(expression.alias("holds"))["holds"])
    except (pl.exceptions.PolarsError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableFilter(f"{condition!r} is no condition of steps: {reason}") from None


def _read(condition: str) -> pl.Expr:
    try:
        expression = pl.sql_expr(condition)
    except pl.exceptions.PolarsError as error:
        raise UnreadableFilter(f"{condition!r} cannot be read: {error}") from None
    if _CALL.search(_QUOTED.sub("", condition)) or not expression.meta.root_names():
        raise UnreadableFilter(
            f"{condition!r} does not look at one step alone; ask for its columns, as in touch_s > 60"
        )
    return expression
