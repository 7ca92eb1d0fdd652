"""Find by itself which column plays which role: by its heading first, then by what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Mapping_
from typing import Final, Literal

import polars as pl

from backdesk.evidence.eventlog import headings
from backdesk.evidence.eventlog.errors import ColumnMissing, listed
from backdesk.evidence.eventlog.lifecycles import share_known
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.results import ColumnLook
from backdesk.evidence.eventlog.tables import Head
from backdesk.evidence.eventlog.timestamps import share_of_times
from backdesk.evidence.sentences import say

TIMES_ENOUGH: Final = 0.5  # of a column's first values must be times where its heading says so
TIMES_SURE: Final = 0.9  # where nothing but its content says so
TRANSITIONS_ENOUGH: Final = 0.8  # of a column's first values must be known transitions
EXAMPLES: Final = 3

Check = Callable[[pl.Series], bool]


class Guess:
    """A mapping in the making: takes columns for roles, each once, and notes what was uncertain."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.taken: dict[str, str] = {}  # role -> column
        self.notes: list[str] = []
        self._by_plain: dict[str, str] = {}
        for column in head.columns:
            self._by_plain.setdefault(headings.plain(column), column)

    def by_heading(self, role: str, names: Iterable[str], check: Check) -> None:
        """Take the first of the headings that is there, whose content passes the check."""
        for name in names:
            column = self._by_plain.get(name)
            if column and self.is_free(column) and check(self.values(column)):
                self.taken[role] = column
                return

    def by_words(self, role: str, wanted: frozenset[str], check: Check) -> None:
        """Take a column whose heading has one of the words, where there is just one that passes the check."""
        if role in self.taken:
            return
        fits = [
            column
            for column in self.head.columns
            if self.is_free(column)
            and headings.words(column) & wanted
            and not headings.words(column) & headings.PLAN_WORDS
            and check(self.values(column))
        ]
        if len(fits) == 1:
            self.taken[role] = fits[0]

    def is_free(self, column: str) -> bool:
        return column not in self.taken.values()

    def values(self, column: str) -> pl.Series:
        return self.head.frame[column]


def guessed(head: Head) -> tuple[Mapping, tuple[str, ...]]:
    """Find the mapping of a file from its columns and first rows, with notes on what was uncertain.

    Raises `ColumnMissing` naming the role that no column plays.
    """
    guess = Guess(head)
    guess.by_heading("case", headings.CASE, _is_filled)
    if "case" not in guess.taken:
        guess.by_heading("case", headings.CASE, _is_any)
    guess.by_heading("activity", headings.ACTIVITY, _is_label)
    _guess_times(guess)
    _guess_others(guess)
    _guess_by_content(guess)
    for role in ("case", "activity", "ended_at"):
        if role not in guess.taken:
            raise missing(role, head.columns, found=guess.taken)
    return Mapping(**guess.taken), tuple(guess.notes)  # type: ignore[arg-type]


def missing(role: str, columns: tuple[str, ...], *, found: Mapping_[str, str] | None = None) -> ColumnMissing:
    """Make the error of a role that no column plays: what is missing, what is there, how to name one."""
    titles = {
        "case": (
            say("the case (what the steps belong to: an order, a ticket, a claim)"),
            "case=Order",
        ),
        "activity": (say("the activity (what was done)"), "activity=Task"),
        "ended_at": (say("the time at which a step was done"), "ended_at=Finished"),
    }
    title, example = titles[role]
    there = say("No column was found for {}. The columns are {}.", title, listed(columns))
    if columns and sum(share_of_times(pl.Series([column]), counts=False) for column in columns):
        hint = say("The first line looks like data: a table starts with a line of column names.")
        there = say("{} {}", there, hint)
    return ColumnMissing(
        say("{} Say which it is, for example {}.", there, example),
        found=found,
    )


def looks(head: Head, roles: Iterable[tuple[str, str]]) -> tuple[ColumnLook, ...]:
    """Say what each column looks like, and which role it was found to play: `roles` are pairs of both."""
    by_column = {column: role for role, column in reversed(tuple(roles))}
    return tuple(_look(name, head.frame[name], by_column.get(name)) for name in head.columns)


def _guess_times(guess: Guess) -> None:
    guess.by_heading("started_at", headings.START, _is_time)
    guess.by_heading("ended_at", headings.END, _is_time)
    guess.by_words("started_at", headings.START_WORDS, _is_time)
    guess.by_words("ended_at", headings.END_WORDS, _is_time)
    if "ended_at" not in guess.taken:
        guess.by_heading("ended_at", headings.TIME, _is_time)
    _by_content(guess, "ended_at", _is_surely_time)
    if "ended_at" not in guess.taken and "started_at" in guess.taken:
        guess.taken["ended_at"] = guess.taken.pop("started_at")
        guess.notes.append(
            say(
                'Only starts are recorded ("{}"); they were read as the time of each step.',
                guess.taken["ended_at"],
            )
        )


def _guess_others(guess: Guess) -> None:
    guess.by_heading("lifecycle", headings.LIFECYCLE, _is_transition)
    guess.by_heading("resource", headings.RESOURCE, _is_any)
    guess.by_heading("team", headings.TEAM, _is_any)
    guess.by_heading("party", headings.PARTY, _is_any)
    guess.by_heading("function", headings.FUNCTION, _is_any)
    if headings.plain(guess.taken.get("team", "")) == "orgrole":
        guess.notes.append(
            say("The role of the performer (org:role) was read as the team: no other column names it.")
        )


def _guess_by_content(guess: Guess) -> None:
    """Fill the roles that no heading told, where the content leaves one answer only."""
    _by_content(guess, "case", _repeats_like_a_case)
    _by_content(guess, "activity", _repeats_like_an_activity)


def _by_content(guess: Guess, role: str, check: Check) -> None:
    if role in guess.taken:
        return
    fits = [name for name in guess.head.columns if guess.is_free(name) and check(guess.values(name))]
    if role == "ended_at":
        fits = [name for name in fits if not headings.words(name) & headings.PLAN_WORDS]
    if len(fits) == 1:
        guess.taken[role] = fits[0]
        title = {
            "case": say("the case"),
            "activity": say("the activity"),
            "ended_at": say("the time"),
        }[role]
        guess.notes.append(say('"{}" was taken as {} for what is in it; check the mapping.', fits[0], title))


def _look(name: str, values: pl.Series, role: str | None) -> ColumnLook:
    filled = values.drop_nulls()
    examples = tuple(str(value) for value in filled.unique(maintain_order=True).head(EXAMPLES))
    return ColumnLook(
        name=name,
        kind=_kind(filled),
        role=role,
        filled=filled.len(),
        distinct=filled.n_unique(),
        examples=examples,
    )


def _kind(filled: pl.Series) -> Literal["time", "number", "identifier", "text", "empty"]:
    if not filled.len():
        return "empty"
    if _is_number(filled):
        return "number"
    if _is_surely_time(filled):
        return "time"
    return "identifier" if filled.n_unique() > 0.5 * filled.len() else "text"


def _is_any(_: pl.Series) -> bool:
    return True


def _is_filled(values: pl.Series) -> bool:
    return values.is_empty() or values.drop_nulls().len() > 0.5 * values.len()


def _is_time(values: pl.Series) -> bool:
    filled = values.drop_nulls()
    return filled.is_empty() or share_of_times(filled, counts=True) >= TIMES_ENOUGH


def _is_surely_time(values: pl.Series) -> bool:
    return share_of_times(values, counts=False) >= TIMES_SURE


def _is_label(values: pl.Series) -> bool:
    filled = values.drop_nulls()
    return filled.is_empty() or share_of_times(filled, counts=False) < TIMES_ENOUGH


def _is_transition(values: pl.Series) -> bool:
    return values.drop_nulls().is_empty() or share_known(values) >= TRANSITIONS_ENOUGH


def _is_number(filled: pl.Series) -> bool:
    return filled.dtype == pl.String and bool(filled.str.contains(r"^[+-]?[0-9]+(?:[.,][0-9]+)?$").all())


def _repeats_like_a_case(values: pl.Series) -> bool:
    """Check for codes, each on a few rows: numbers, or texts with digits in them."""
    filled = values.drop_nulls()
    if filled.dtype != pl.String or filled.len() < 0.9 * values.len() or filled.len() < 3:
        return False
    coded = filled.str.contains(r"[0-9]").mean()
    rows_each = filled.len() / filled.n_unique()
    return isinstance(coded, float) and coded > 0.9 and rows_each >= 1.3 and filled.n_unique() > 1


def _repeats_like_an_activity(values: pl.Series) -> bool:
    """Check for names of things done: few different texts of more than one word, each on many rows."""
    filled = values.drop_nulls()
    if (
        filled.dtype != pl.String
        or filled.len() < 0.9 * values.len()
        or filled.len() < 3
        or _is_number(filled)
    ):
        return False
    worded = filled.str.contains(r"\p{L}{2,}[ _-]\p{L}{2,}").mean()
    rows_each = filled.len() / filled.n_unique()
    return isinstance(worded, float) and worded > 0.5 and rows_each >= 1.5 and filled.n_unique() > 1
