"""How each person wants to be told of each kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.models.notifications import Email, NotificationPreference
from backdesk.platform.notifications.kinds import Channels, Kind, UnknownKind, registry


class NotAPerson(ValueError):
    """Backdesk itself is told nothing, so it has nothing to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A kind that can concern the person, and how they are told of it now."""

    kind: Kind
    channels: Channels


def channels(*, kind: Kind, people: Collection[int]) -> Mapping[int, Channels]:
    """How each of these people is told of this kind."""
    chosen = {} if kind.always else _chosen(kind, people)
    return {person: chosen.get(person, kind.default_channels) for person in people}


def choices(actor: Actor) -> tuple[Choice, ...]:
    """Every kind that the actor's roles can be told of, in the order of registration."""
    rows = {row.kind: row for row in NotificationPreference.objects.visible_to(actor)}
    return tuple(
        Choice(kind=kind, channels=_channels_of(rows.get(kind.name), kind)) for kind in concerning(actor)
    )


def concerning(actor: Actor) -> Iterable[Kind]:
    return (kind for kind in registry if not kind.roles or actor.has(*kind.roles))


@operation
def choose(*, actor: Actor, now: datetime, wanted: Mapping[str, Channels]) -> tuple[Choice, ...]:
    """Keep the choices for these kinds; what cannot be turned off stays as it is."""
    if actor.person_id is None:
        raise NotAPerson("Only a person chooses how they are told.")
    known = {kind.name: kind for kind in concerning(actor)}
    if unknown := sorted(set(wanted) - set(known)):
        raise UnknownKind(
            f"No kind of notification that concerns you is called {', '.join(unknown)}; "
            f"there are {', '.join(known)}."
        )
    rows = {row.kind: row for row in NotificationPreference.objects.visible_to(actor)}
    for name, new in wanted.items():
        kind = known[name]
        old = _channels_of(rows.get(name), kind)
        if kind.always or old == new:
            continue
        row, _ = NotificationPreference.objects.update_or_create(
            person_id=actor.person_id, kind=name, defaults={"in_app": new.in_app, "email": new.email}
        )
        audit.record(
            actor=actor,
            now=now,
            verb="notification preference changed",
            subject=row,
            before=_plain(name, old),
            after=_plain(name, new),
        )
    return choices(actor)


@operation
def stop_emails(*, actor: Actor, now: datetime, kinds: Collection[str]) -> None:
    """What the link in every e-mail does: none of these kinds by e-mail any more.

    A kind that meanwhile does not concern the person any more is not sent to them anyway.
    """
    rows = {row.kind: row for row in NotificationPreference.objects.visible_to(actor)}
    known = [kind for kind in concerning(actor) if kind.name in kinds]
    off = {
        kind.name: Channels(in_app=_channels_of(rows.get(kind.name), kind).in_app, email=Email.OFF)
        for kind in known
    }
    choose(actor=actor, now=now, wanted=off)


def forget(*, person_id: int) -> None:
    NotificationPreference.objects.filter(person_id=person_id).delete()


def _chosen(kind: Kind, people: Collection[int]) -> dict[int, Channels]:
    rows = NotificationPreference.objects.filter(kind=kind.name, person_id__in=people)
    return {row.person_id: _channels_of(row, kind) for row in rows}


def _channels_of(row: NotificationPreference | None, kind: Kind) -> Channels:
    if row is None or kind.always:
        return kind.default_channels
    return Channels(in_app=row.in_app, email=Email(row.email))


def _plain(kind: str, channels: Channels) -> dict[str, object]:
    return {"kind": kind, "in_app": channels.in_app, "email": channels.email.value}
