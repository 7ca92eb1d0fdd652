"""Where a person can go: apps register their entries, the shell shows those the person may see.

An app registers in its `AppConfig.ready`, with titles that are translated when they are shown::

    navigation.register(Entry(stage=Stage.PLAN, title=_("Inventory"), url_name="planning:inventory", key="i"))
    navigation.register_place(Place(title=_("Teams"), url_name="teams", group="organisation"))
    navigation.register_place(Place(title=_("Profile"), url_name="profile", group="account", icon="person"))

Entries stand in the four stages; places of the organisation below them in the rail, those of one's own account in the
menu at its foot. A stage nobody has built, or in which the person has no entry, is not shown at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backdesk.platform.actor import Actor
from backdesk.platform.web.words import Words


class Stage(Enum):
    PLAN = "plan"
    HAND_OVER = "hand-over"
    WORK = "work"
    SUPERVISE = "supervise"

    @property
    def title(self) -> str:
        return str(_TITLES[self])

    @property
    def key(self) -> str:
        """The letter that opens the stage after `g`."""
        return _KEYS[self]


_TITLES = {
    Stage.PLAN: _("Plan"),
    Stage.HAND_OVER: _("Hand over"),
    Stage.WORK: _("Work"),
    Stage.SUPERVISE: _("Supervise"),
}
_KEYS = {Stage.PLAN: "p", Stage.HAND_OVER: "d", Stage.WORK: "w", Stage.SUPERVISE: "s"}
HOME_KEY = "h"
ORGANISATION_KEY = "o"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A section of a stage.

    `roles`: who sees it, empty for every member. It is the current one below its address. `key`: the letter that
    opens it after `g`; the stage letters are taken.
    """

    stage: Stage
    title: Words
    url_name: str
    roles: frozenset[str] = frozenset()
    order: int = 100
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that belongs to no stage: of the organisation, or of one's own account.

    `count`: how much there is new to see, asked for each page the actor is shown.
    """

    title: Words
    url_name: str
    group: Literal["organisation", "account"]
    roles: frozenset[str] = frozenset()
    order: int = 100
    key: str = ""
    icon: str = ""
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    title: str
    url: str
    key: str
    is_current: bool
    icon: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A stage, or the organisation's places, with what the person may open there."""

    name: str
    title: str
    key: str
    links: tuple[Link, ...]

    @property
    def url(self) -> str:
        return self.links[0].url

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)


class TakenTwice(ValueError):
    """Two entries want the same address name or the same letter."""


class Registry:
    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._places: dict[str, Place] = {}

    def register(self, entry: Entry) -> None:
        self._check(entry)
        self._entries[entry.url_name] = entry

    def register_place(self, place: Place) -> None:
        self._check(place)
        self._places[place.url_name] = place

    def stages(self, *, roles: Collection[str], path: str) -> tuple[Group, ...]:
        """The stages with the sections these roles may see; `path` marks the current one."""
        return tuple(
            Group(name=stage.value, title=stage.title, key=stage.key, links=links)
            for stage in Stage
            if (links := _links([e for e in self._entries.values() if e.stage is stage], roles, path))
        )

    def organisation(self, *, roles: Collection[str], path: str) -> Group | None:
        links = _links(self._in("organisation"), roles, path)
        if not links:
            return None
        return Group(name="organisation", title=str(_("Organisation")), key=ORGANISATION_KEY, links=links)

    def account(self, *, actor: Actor, path: str) -> tuple[Link, ...]:
        """What is one's own, with what is new there."""
        return _links(self._in("account"), actor.roles, path, actor)

    def _in(self, group: str) -> list[Place]:
        return [place for place in self._places.values() if place.group == group]

    def _check(self, new: Entry | Place) -> None:
        known = self._entries.get(new.url_name) or self._places.get(new.url_name)
        if known is not None and known != new:
            raise TakenTwice(f"{new.url_name} is registered as “{known.title}” and as “{new.title}”.")
        if new.key and new.key in self._letters(besides=new):
            raise TakenTwice(f"The letter “{new.key}” of “{new.title}” is taken already.")

    def _letters(self, *, besides: Entry | Place) -> set[str]:
        taken = {HOME_KEY, ORGANISATION_KEY} | {stage.key for stage in Stage}
        others: tuple[Entry | Place, ...] = (*self._entries.values(), *self._places.values())
        return taken | {one.key for one in others if one.url_name != besides.url_name}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())


def _links(
    found: Sequence[Entry | Place], roles: Collection[str], path: str, actor: Actor | None = None
) -> tuple[Link, ...]:
    theirs = sorted((one for one in found if not one.roles or one.roles & frozenset(roles)), key=_rank)
    addresses = [reverse(one.url_name) for one in theirs]
    current = max((url for url in addresses if path.startswith(url)), key=len, default=None)
    return tuple(
        Link(
            title=str(one.title),
            url=url,
            key=one.key,
            is_current=url == current,
            icon=getattr(one, "icon", ""),
            count=one.count(actor) if actor and isinstance(one, Place) and one.count else 0,
        )
        for one, url in zip(theirs, addresses, strict=True)
    )


def _rank(one: Entry | Place) -> tuple[int, str]:
    return one.order, str(one.title)


registry = Registry()
register = registry.register
register_place = registry.register_place
