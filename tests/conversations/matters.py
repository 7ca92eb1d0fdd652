"""Things to talk about: matters of one company, or of a client and its provider, which only the test knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from backdesk.conversations import operations, subjects
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.subjects import About, Subject
from backdesk.parties.models import Organisation, Role
from backdesk.parties.queries.recipients import people_with
from backdesk.platform.actor import Actor
from tests.cast import NOW, Cast

KIND = "tests.matter"


@dataclass
class Matters:
    """`hidden`: matters that only managers may see; like items an agent does not hold."""

    known: dict[str, About] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def about(self, *, actor: Actor, subject_id: str) -> About | None:
        known = self.known.get(subject_id)
        mine = known and actor.organisation_id in (known.client_id, known.provider_id)
        return known if mine and self.readable(actor=actor, subject_ids=[subject_id]) else None

    def readable(self, *, actor: Actor, subject_ids: Collection[str]) -> Collection[str]:
        sees_all = actor.has(Role.OPERATIONS_LEAD, Role.DELIVERY_MANAGER)
        return [one for one in subject_ids if sees_all or one not in self.hidden]

    def to_tell(self, *, organisation_id: int, subject_id: str) -> Collection[int]:
        return people_with(
            organisation_id=organisation_id, roles=[Role.OPERATIONS_LEAD, Role.DELIVERY_MANAGER]
        )


MATTERS = Matters()
subjects.register(
    Subject(
        kind=KIND,
        title="Matter",
        about=MATTERS.about,
        readable=MATTERS.readable,
        to_tell=MATTERS.to_tell,
    )
)


def matter(
    client: Organisation, provider: Organisation | None = None, *, name: str = "Invoice 4711"
) -> About:
    number = str(len(MATTERS.known) + 1)
    MATTERS.known[number] = About(
        kind=KIND,
        id=number,
        title=name,
        url="/search/",
        client_id=client.pk,
        provider_id=provider.pk if provider else None,
    )
    return MATTERS.known[number]


def shared_thread(cast: Cast, *, name: str = "Invoice 4711") -> Thread:
    """Of the client and its provider."""
    about = matter(cast.client, cast.provider, name=name)
    return operations.open_thread(actor=cast.lead, now=NOW, about=about)


def own_thread(cast: Cast, company: Organisation | None = None) -> Thread:
    """Of the client alone, or of another one."""
    where = company or cast.client
    actor = cast.actor(Role.OPERATIONS_LEAD, where)
    return operations.open_thread(actor=actor, now=NOW, about=matter(where))


def said(actor: Actor, thread: Thread, text: str = "Which VAT rate is it?", **given: Any) -> Message:
    return operations.post(**{"actor": actor, "now": NOW, "thread": thread, "text": text, **given})


def a_thread(cast: Cast) -> Mapping[str, Any]:
    thread = own_thread(cast)
    said(cast.lead, thread, f"Can you look at it, @{cast.person(Role.EMPLOYEE).name}?")
    return {"pk": thread.pk}


def a_matter(cast: Cast) -> Mapping[str, Any]:
    return {"kind": KIND, "subject_id": matter(cast.client).id}
