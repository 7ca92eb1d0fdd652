"""Telling people of things that only tests know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backdesk.parties.models import Person
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.models import Notification
from backdesk.platform.notifications import BY_EMAIL, IN_DIGEST, Channels, Kind
from tests.cast import NOW

for kind in (
    Kind(name="tests.plain", title="Something plain happens"),
    Kind(name="tests.mailed", title="Something is mailed", default_channels=BY_EMAIL),
    Kind(name="tests.daily", title="Something can wait", default_channels=IN_DIGEST),
    Kind(name="tests.ordered", title="What one asked for is done", to_oneself=True),
    Kind(
        name="tests.account",
        title="Somebody signed in",
        default_channels=Channels(email=BY_EMAIL.email),
        to_oneself=True,
        personal=True,
        always=True,
    ),
    Kind(name="tests.for_leads", title="Leads decide", roles=frozenset({"operations_lead"}), weighty=True),
):
    notifications.register(kind)


def tell(actor: Actor, *people: Person, kind: str = "tests.plain", **said: Any) -> None:
    whole = {"title": "A thing happened", "url": "/style/", "now": NOW, **said}
    notifications.notify(actor=actor, people=[person.pk for person in people], kind=kind, **whole)


def told(person: Person) -> list[Notification]:
    return list(Notification.objects.filter(person_id=person.pk).order_by("id"))


def titles(rows: Iterable[Notification]) -> list[str]:
    return [row.title for row in rows]
