"""Where a person can go: apps register their entries, the shell shows those the person may see.

An app registers in its `AppConfig.ready`::

    navigation.register(
        navigation.Entry(stage=Stage.PLAN, title="Inventory", url_name="planning:inventory", key="i")
    )

A stage nobody has built, or in which the person has no entry, is not shown at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from django.urls import reverse


class Stage(Enum):
    PLAN = "plan"
    HAND_OVER = "hand-over"
    WORK = "work"
    SUPERVISE = "supervise"

    @property
    def title(self) -> str:
        return _TITLES[self]

    @property
    def key(self) -> str:
        """The letter that opens the stage after `g`."""
        return str(self.value)[0]


_TITLES = {
    Stage.PLAN: "Plan",
    Stage.HAND_OVER: "Hand over",
    Stage.WORK: "Work",
    Stage.SUPERVISE: "Supervise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A section of a stage.

    `roles`: who sees it, empty for every member. `prefix`: paths below which it is the current section
    (its own address otherwise). `key`: the letter that opens it after `g`; the stage letters are taken.
    """

    stage: Stage
    title: str
    url_name: str
    roles: frozenset[str] = frozenset()
    order: int = 100
    prefix: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    title: str
    url: str
    key: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLinks:
    stage: Stage
    links: tuple[Link, ...]

    @property
    def title(self) -> str:
        return self.stage.title

    @property
    def key(self) -> str:
        return self.stage.key

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

    def register(self, entry: Entry) -> None:
        known = self._entries.get(entry.url_name)
        if known is not None and known != entry:
            raise TakenTwice(f"{entry.url_name} is registered as “{known.title}” and as “{entry.title}”.")
        if entry.key and entry.key in self._letters(besides=entry):
            raise TakenTwice(f"The letter “{entry.key}” of “{entry.title}” is taken already.")
        self._entries[entry.url_name] = entry

    def stages(self, *, roles: Collection[str], path: str) -> tuple[StageLinks, ...]:
        """The stages with the sections these roles may see; `path` marks the current one."""
        return tuple(
            StageLinks(stage=stage, links=links)
            for stage in Stage
            if (links := self._links(stage, frozenset(roles), path))
        )

    def _letters(self, *, besides: Entry) -> set[str]:
        stages = {stage.key for stage in Stage}
        return stages | {e.key for e in self._entries.values() if e.url_name != besides.url_name}

    def _links(self, stage: Stage, roles: frozenset[str], path: str) -> tuple[Link, ...]:
        open_to = [e for e in self._entries.values() if e.stage is stage and _may_see(e, roles)]
        found = [(entry, reverse(entry.url_name)) for entry in sorted(open_to, key=_place)]
        current = _longest_match([entry.prefix or url for entry, url in found], path)
        return tuple(
            Link(title=e.title, url=url, key=e.key, is_current=(e.prefix or url) == current)
            for e, url in found
        )

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())


def _may_see(entry: Entry, roles: frozenset[str]) -> bool:
    return not entry.roles or bool(entry.roles & roles)


def _place(entry: Entry) -> tuple[int, str]:
    return entry.order, entry.title


def _longest_match(prefixes: list[str], path: str) -> str | None:
    return max((p for p in prefixes if path.startswith(p)), key=len, default=None)


registry = Registry()
register = registry.register
