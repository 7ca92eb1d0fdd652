"""What search finds of the parties: the actor's own colleagues, teams and skills, each in one statement."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from backdesk.parties.models import Person, Skill, Team
from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Source, Words, matching


def register() -> None:
    search.register(Source(kind="person", title=gettext_lazy("People"), function=people, order=10))
    search.register(Source(kind="team", title=gettext_lazy("Teams"), function=teams, order=11))
    search.register(Source(kind="skill", title=gettext_lazy("Skills"), function=skills, order=12))


def people(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    for one in matching(Person.objects.visible_to(actor), words=words, title="name", also=("email",))[:limit]:
        yield Hit(title=one.name, detail=one.email, url=reverse("organisation:person", args=(one.pk,)))


def teams(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    for one in matching(Team.objects.visible_to(actor).open(), words=words, title="name")[:limit]:
        yield Hit(title=one.name, url=reverse("organisation:team", args=(one.pk,)))


def skills(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    """Each opens the people who have it."""
    people = reverse("organisation:people")
    for one in matching(Skill.objects.visible_to(actor), words=words, title="name")[:limit]:
        yield Hit(title=one.name, url=f"{people}?{urlencode({'skills': one.name})}")
