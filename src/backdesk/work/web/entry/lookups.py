"""Values that stand in a table of the service: typed by their key or by their name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from django.utils.translation import gettext as _

from backdesk.desks.services.fields import Lookup

#: So many entries stand in the page; of longer tables those that fit what is typed are asked for.
MOST_IN_PAGE = 200
MOST_FOUND = 20
_MOST_COMPARED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    key: str
    name: str


class NotListed(ValueError):
    """No entry, or several, are called what somebody typed; the message says which it could be."""


def options(lookup: Lookup) -> Iterator[Option]:
    return (_option(row) for row in lookup.rows)


def search(lookup: Lookup, text: str) -> tuple[Option, ...]:
    """Those whose key or any other column holds all the words; those that begin with the text first."""
    words = text.casefold().split()
    fitting = (row for row in lookup.rows if _holds(row, words))
    found = islice(fitting, MOST_FOUND * 10)
    ranked = sorted(
        found, key=lambda row: not any(part.casefold().startswith(text.casefold()) for part in row)
    )
    return tuple(_option(row) for row in ranked[:MOST_FOUND])


def key_of(lookup: Lookup, typed: str) -> str:
    """The key of what somebody typed: a key, or a name that only one entry has."""
    if lookup.row(typed):
        return typed
    wanted = typed.casefold()
    named = [one for one in options(lookup) if wanted in (one.key.casefold(), one.name.casefold())]
    if len(named) == 1:
        return named[0].key
    if named:
        keys = ", ".join(one.key for one in named[:5])
        raise NotListed(
            _("“%(text)s” is the name of several: choose one of %(keys)s.") % {"text": typed, "keys": keys},
        )
    raise NotListed(_not_found(lookup, typed))


def name_of(lookup: Lookup, key: str) -> str:
    """What people call it; the key itself where there is no such entry, or no other column."""
    values = tuple(lookup.row(key).values())
    return values[1] if len(values) > 1 else key


def _option(row: tuple[str, ...]) -> Option:
    return Option(key=row[0], name=row[1] if len(row) > 1 else row[0])


def _holds(row: tuple[str, ...], words: list[str]) -> bool:
    text = " ".join(row).casefold()
    return all(word in text for word in words)


def _not_found(lookup: Lookup, typed: str) -> str:
    near: list[str] = []
    if len(lookup.rows) <= _MOST_COMPARED:
        known = {text.casefold(): text for one in options(lookup) for text in (one.key, one.name)}
        near = [known[text] for text in get_close_matches(typed.casefold(), known, n=1)]
    if near:
        return _("“%(text)s” is not in the list. Did you mean “%(near)s”?") % {"text": typed, "near": near[0]}
    return _("“%(text)s” is not in the list: type a key or a name that is.") % {"text": typed}
