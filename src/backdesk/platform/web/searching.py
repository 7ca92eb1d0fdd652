"""The search page, and what the palette finds as one types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.audit import queries as audit_queries
from backdesk.platform.audit.policies import READERS
from backdesk.platform.search import Group, Hit, Source, Words
from backdesk.platform.web import navigation
from backdesk.platform.web.asked import actor_of

LONGEST_TEXT: Final = 200
HITS_A_GROUP: Final = 8
HITS_OF_ONE_KIND: Final = 100
HITS_IN_THE_PALETTE: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `is_match` where it is what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    title: tuple[Piece, ...]
    detail: tuple[Piece, ...]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGroup:
    """`more_url` shows all of this kind, where there are more than here."""

    kind: str
    title: str
    hits: tuple[FoundHit, ...]
    more_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """`asked`: what is looked through for this person. `kind`: the one they look at alone."""

    text: str
    kind: str
    words: Words
    groups: tuple[FoundGroup, ...]
    asked: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)

    @property
    def is_cut(self) -> bool:
        return any(group.more_url for group in self.groups)


def register() -> None:
    search.register(Source(kind="page", title=_("Pages"), function=places, order=0))
    search.register(Source(kind="trail", title=_("Audit trail"), function=verbs, roles=READERS, order=90))


@never_cache
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """`?q=` what to look for, `?kind=` in what alone; `?palette` gives the list that the palette shows."""
    text = request.GET.get("q", "")[:LONGEST_TEXT].replace("\0", "").strip()
    in_palette = "palette" in request.GET
    page = _page(actor_of(request), text, kind=request.GET.get("kind", ""), in_palette=in_palette)
    return render(request, "search.html#found" if in_palette else "search.html", {"page": page})


def places(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    """The pages of Backdesk itself, by their names."""
    groups = [*navigation.registry.stages(roles=actor.roles, path="")]
    house = navigation.registry.organisation(roles=actor.roles, path="")
    groups += [house] if house else []
    links = [(link, group.title) for group in groups for link in group.links]
    found = [
        Hit(title=link.title, detail=where, url=link.url)
        for link, where in links
        if _has_all(words, link.title)
    ]
    return found[:limit]


def verbs(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    """What happened of late, as the trail calls it; each opens all entries of that kind."""
    found = [verb for verb in audit_queries.choices(actor).verbs if _has_all(words, verb)]
    address = reverse("web:trail")
    return [Hit(title=verb, url=f"{address}?{urlencode({'verb': verb})}") for verb in found[:limit]]


def pieces(text: str, words: Words) -> tuple[Piece, ...]:
    """The text cut where a word begins that was looked for."""
    if not words:
        return (Piece(text, False),) if text else ()
    cut = _pattern(words).split(text)  # the matches are the odd ones
    return tuple(Piece(part, bool(place % 2)) for place, part in enumerate(cut) if part)


def _page(actor: Actor, text: str, *, kind: str, in_palette: bool) -> SearchPage:
    words = search.words_of(text)
    sources = [source for source in search.registry.for_(actor) if not (in_palette and source.kind == "page")]
    limit = HITS_IN_THE_PALETTE if in_palette else HITS_OF_ONE_KIND if kind else HITS_A_GROUP
    asked = [source for source in sources if kind in ("", source.kind)]
    found = search.find(asked, actor=actor, words=words, limit=limit)
    return SearchPage(
        text=text,
        kind=kind,
        words=words,
        groups=tuple(_group(group, text, words, kind) for group in found),
        asked=tuple(str(source.title) for source in sources),
    )


def _group(group: Group, text: str, words: Words, kind: str) -> FoundGroup:
    name = group.source.kind
    return FoundGroup(
        kind=name,
        title=str(group.source.title),
        hits=tuple(
            FoundHit(title=pieces(hit.title, words), detail=pieces(hit.detail, words), url=hit.url)
            for hit in group.hits
        ),
        more_url=f"?{urlencode({'q': text, 'kind': name})}" if group.is_cut and not kind else "",
    )


def _has_all(words: Words, text: str) -> bool:
    return all(_pattern(Words((word,))).search(text) for word in words.parts)


def _pattern(words: Words) -> re.Pattern[str]:
    longest_first = sorted(words.parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(re.escape(word) for word in longest_first)})", re.IGNORECASE)
