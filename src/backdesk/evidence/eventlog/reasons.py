"""Why a row is rejected: a sentence in a column of texts, understood again as what it was made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import polars as pl

from backdesk.evidence.sentences import say

NO_CASE: Final = "The row names no case; every row needs one."
NO_ACTIVITY: Final = "The row names no activity; every row needs one."
NO_TIME: Final = "The row has no time; every row needs one."
TOO_LONG: Final = (
    "This text has {} characters, more than a name has ({}); shorten it, or choose another column."
)
UNPRINTABLE: Final = "This text holds the character NUL, which no name has; export the file anew."
OTHER_FORM: Final = "This is no time in the form of the others in its column ({}); write it alike."
UNKNOWN_FORM: Final = (
    "This is no time in a form that is known; write it as 2024-01-31 14:30:00, or give the time_format."
)
IMPOSSIBLE: Final = (
    "This date or hour does not exist, or is not within the years 1900 to 2199 (it was read as {})."
)
SKIPPED: Final = (
    "This local time does not exist in {}: the clocks went from {} to {}. Correct it, or name the zone that the "
    "times are in."
)
REVERSED: Final = "It ends before it starts ({}); swap the two, or correct one."
REPEATED: Final = "The row is the same as line {}."
CUT_EVENT: Final = "The file ends in the middle of this event."
CUT_ROW: Final = "The file ends in the middle of this row."
UNCLOSED: Final = (
    "A double quote opens on this line and is never closed; close it, or double it within a text."
)
RAGGED: Final = (
    "The row has {} fields where the header has {}; put texts that hold {} or a line break in double quotes, and "
    "leave no field out."
)
NO_OBJECT: Final = 'The event has no object of the type "{}", which is the case; every row needs one.'
SAME_ID: Final = 'The id "{}" was given to the event of line {}; ids are unique.'
NO_EVENT: Final = "This is no event: each is an object in braces."
NO_NAMED_EVENT: Final = "This is no event: each is an id with an object in braces."
LISTS: Final = "The id, the type and the time of an event are texts, not lists."
REASONS: Final = (
    NO_CASE, NO_ACTIVITY, NO_TIME, TOO_LONG, UNPRINTABLE, OTHER_FORM, UNKNOWN_FORM, IMPOSSIBLE, SKIPPED, REVERSED,
    REPEATED, CUT_EVENT, CUT_ROW, UNCLOSED, RAGGED, NO_OBJECT, SAME_ID, NO_EVENT, NO_NAMED_EVENT, LISTS,
)  # fmt: skip
"""For those who translate them."""


def filled(reason: str, *values: pl.Expr) -> pl.Expr:
    """Fill a reason for every row.

    >>> pl.select(filled(REPEATED, pl.lit("375"))).item()
    'The row is the same as line 375.'
    """
    # Not pl.format: in polars 2.1 it panics on some filtered columns.
    first, *rest = reason.split("{}")
    parts = [pl.lit(first)]
    for value, text in zip(values, rest, strict=True):
        parts += [value.cast(pl.String), pl.lit(text)]
    return pl.concat_str(parts)


def understood(reason: str) -> str:
    """Give a reason as the sentence it is, so that it can be said in another language; others stay what they are.

    >>> understood("The row is the same as line 375.").template
    'The row is the same as line {}.'
    >>> understood("It rained.")
    'It rained.'
    """
    for template, form in _forms().items():
        if found := form.fullmatch(reason):
            return say(template, *found.groups())
    return reason


@cache
def _forms() -> Mapping[str, re.Pattern[str]]:
    return {
        reason: re.compile("(.*?)".join(map(re.escape, reason.split("{}"))), re.DOTALL) for reason in REASONS
    }
