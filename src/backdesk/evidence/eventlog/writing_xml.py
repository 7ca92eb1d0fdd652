"""What XML can hold, for all that is written in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.errors import LogError
from backdesk.evidence.sentences import Sentence, say

#: What XML does not allow in any form, see "Extensible Markup Language (XML) 1.0", production 2.
FORBIDDEN: Final = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{FFFE}\\x{FFFF}]"
ESCAPES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",  # within an attribute these are kept only as references
    "\n": "&#10;",
    "\r": "&#13;",
}
_TABLE: Final = str.maketrans(ESCAPES)


class NotWritable(LogError):
    """A text of the log cannot be held by the format asked for; says which, and which format can."""


def escaped(text: str) -> str:
    """Write a text as the value of an attribute, or between tags.

    >>> escaped('a "b" & c')
    'a &quot;b&quot; &amp; c'
    """
    return text.translate(_TABLE)


def check(events: pl.DataFrame, texts: Iterable[str], names: Iterable[str]) -> None:
    """Refuse what no XML holds, in the columns of texts or in the names of attributes."""
    for name in texts:
        bad = events.filter(pl.col(name).cast(pl.String).str.contains(FORBIDDEN))
        if bad.height:
            raise _unheld(
                say("{} {} (line {} of the source)", name, repr(str(bad[name][0])[:80]), str(bad["line"][0]))
            )
    for name in pl.Series(list(names), dtype=pl.String):
        if pl.Series([name]).str.contains(FORBIDDEN).any():
            raise _unheld(say("name of the attribute {}", repr(name[:80])))


def _unheld(where: Sentence) -> NotWritable:
    return NotWritable(
        say(
            "XML cannot hold the control character in the {}; write CSV, Parquet or OCEL in JSON, or take it out.",
            where,
        )
    )
