"""What one can talk about: the apps that have things say which, and who may read of them.

An app registers a kind of things in its `AppConfig.ready`, by the label of their model::

    subjects.register(Subject(kind="work.item", title=_("Item"), about=queries.about_item,
                              readable=queries.readable_items, to_tell=queries.people_for_item))

A thread is opened with the first message, so a million items need no million threads.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One thing: what it is called, where it is seen, and whose it is; without a provider one company's own."""

    kind: str
    id: str
    title: str
    url: str
    client_id: int
    provider_id: int | None = None


class Find(Protocol):
    def __call__(self, *, actor: Actor, subject_id: str) -> About | None:
        """None where the actor may not see it, or there is none."""


class Readable(Protocol):
    def __call__(self, *, actor: Actor, subject_ids: Collection[str]) -> Collection[str]:
        """Those of them that the actor may see, in one statement."""


class ToTell(Protocol):
    def __call__(self, *, organisation_id: int, subject_id: str) -> Collection[int]:
        """The people of this company to tell of a message, while none of them follows the thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A kind of things. `kind` is the label of their model, `title` heads them."""

    kind: str
    title: str | Promise
    about: Find
    readable: Readable
    to_tell: ToTell


class UnregisteredSubject(LookupError):
    """No app has registered this kind of things to talk about."""


class SubjectTakenTwice(ValueError):
    """Two apps want to speak for the same kind of things."""


_registered: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    known = _registered.setdefault(subject.kind, subject)
    if known.about != subject.about:
        raise SubjectTakenTwice(f"Another app speaks for “{subject.kind}” already.")


def named(kind: str) -> Subject:
    try:
        return _registered[kind]
    except KeyError:
        raise UnregisteredSubject(
            f"Nobody registered “{kind}” to be talked about; do so in the app's AppConfig.ready."
        ) from None


def found(kind: str) -> Subject | None:
    """None for a kind nobody registered, as an address can name one."""
    return _registered.get(kind)
