r"""Search over what one may see: apps register sources, the search page and the palette ask them all.

An app registers in its `AppConfig.ready`::

    search.register(Source(kind="function", title=_("Functions"), function=queries.search_functions))

and a source begins, as every read does, at what the actor may see::

    def search_functions(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
        found = search.matching(Function.objects.visible_to(actor), words=words, title="name", also=("description",))
        return [Hit(title=one.name, url=...) for one in found[:limit]]

A row is found if every word begins some word of its texts, whatever the case. Rows come in this order: those whose
title begins with what was typed, those whose title has all the words, the others; each by title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from django.db import models
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.functional import Promise

from backdesk.platform.actor import Actor

_Row = TypeVar("_Row", bound=models.Model)

MOST_WORDS: Final = 8
LONGEST_WORD: Final = 64
_NOT_A_WORD = re.compile(r"^[^\w]+|[^\w]+$")


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody looks for, taken apart: in lower case, without what surrounds a word."""

    parts: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found: `title` opens `url`."""

    title: str
    url: str
    detail: str = ""


class Look(Protocol):
    def __call__(self, *, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
        """In one statement, at most `limit` hits, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`kind` names it in addresses, `title` heads its hits. `roles`: whose search asks it, empty for everyone."""

    kind: str
    title: str | Promise
    function: Look
    roles: frozenset[str] = frozenset()
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one source found; `is_cut` where it has more than are here."""

    source: Source
    hits: tuple[Hit, ...]
    is_cut: bool


class SourceTakenTwice(ValueError):
    """Two sources want the same name."""


class Registry:
    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def register(self, source: Source) -> None:
        known = self._sources.setdefault(source.kind, source)
        if known.function != source.function:
            raise SourceTakenTwice(f"Something else is searched as “{source.kind}” already.")

    def for_(self, actor: Actor) -> list[Source]:
        open_to = (one for one in self._sources.values() if not one.roles or actor.has(*one.roles))
        """The sources whose hits this actor may see at all, in the order they are shown."""
        return sorted(open_to, key=lambda source: source.order)


def find(sources: Iterable[Source], *, actor: Actor, words: Words, limit: int) -> tuple[Group, ...]:
    """What each of these sources finds, at most `limit` each; those that find nothing are left out."""
    groups = [_group(source, actor, words, limit) for source in sources] if words else []
    return tuple(group for group in groups if group.hits)


def words_of(text: str) -> Words:
    """Up to `MOST_WORDS` words of what was typed."""
    bare = (_NOT_A_WORD.sub("", part)[:LONGEST_WORD] for part in text.replace("\0", " ").lower().split())
    return Words(tuple(dict.fromkeys(part for part in bare if part))[:MOST_WORDS])


def matching(rows: QuerySet[_Row], *, words: Words, title: str, also: Iterable[str] = ()) -> QuerySet[_Row]:
    """Of these rows the ones in which every word begins some word, the best first.

    `title`: the field that ranks; `also`: further ones that are looked in.
    """
    for word in words.parts:
        rows = rows.filter(_begins_a_word(word, (title, *also)))
    in_title = Q()
    for word in words.parts:
        in_title &= _begins_a_word(word, (title,))
    rank = Case(
        When(**{f"{title}__istartswith": str(words)}, then=Value(0)),
        When(in_title, then=Value(1)),
        default=Value(2),
        output_field=models.SmallIntegerField(),
    )
    return rows.order_by(rank, Lower(title), "pk")


def _begins_a_word(word: str, fields: Iterable[str]) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__iregex": rf"\m{_escaped(word)}"})
    return found


def _escaped(word: str) -> str:
    """A backslash takes its meaning from any sign that is no letter, digit or underscore."""
    return re.sub(r"([^\w])", r"\\\1", word)


def _group(source: Source, actor: Actor, words: Words, limit: int) -> Group:
    found = tuple(source.function(actor=actor, words=words, limit=limit + 1))
    return Group(source=source, hits=found[:limit], is_cut=len(found) > limit)


registry = Registry()
register = registry.register
