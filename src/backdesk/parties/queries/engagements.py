"""With whom a company works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backdesk.parties.models import VALID_FOR, Engagement, Membership, Participant, Role
from backdesk.parties.queries.participants import NamedPerson, names_of_companies
from backdesk.platform.actor import Actor

State = Literal["proposed", "expired", "to come", "running", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRow:
    """`client` and `provider` are names; of a proposal there is no provider yet."""

    engagement: Engagement
    client: str
    provider: str
    state: State

    @property
    def other(self) -> str:
        return self.provider or self.engagement.proposed_to


def engagement_rows(*, actor: Actor, now: datetime) -> list[EngagementRow]:
    """Running ones first, then the latest."""
    found = Engagement.objects.visible_to(actor).order_by("-begins_at", "-pk")
    rows = _rows(list(found), now)
    return sorted(rows, key=lambda row: _ORDER.index(row.state))


def engagement_row(*, actor: Actor, now: datetime, pk: int) -> EngagementRow:
    """One of them. Raises `Engagement.DoesNotExist`."""
    return _rows([Engagement.objects.visible_to(actor).get(pk=pk)], now)[0]


def engagements_running(*, actor: Actor, now: datetime) -> list[Engagement]:
    """Those work can be handed over in, by name."""
    found = Engagement.objects.visible_to(actor).filter(accepted_at__isnull=False).order_by("name")
    return [one for one in found if not one.ends_at or now < one.ends_at]


def named_in(*, actor: Actor, engagement: Engagement) -> list[Participant]:
    """Whose names both companies are shown, the client's first."""
    shown = list(Participant.objects.visible_to(actor).filter(engagement=engagement).order_by("name", "pk"))
    return sorted(shown, key=lambda one: one.organisation_id != engagement.client_id)


def to_be_named(*, colleagues: Sequence[NamedPerson], named: Sequence[Participant]) -> list[NamedPerson]:
    """Colleagues the other company is not shown yet."""
    known = {(one.person_id, one.organisation_id) for one in named}
    return [one for one in colleagues if (one.person_id, one.organisation_id) not in known]


def lead_of(*, engagement_id: int) -> Actor | None:
    """Who leads operations at the client, for what is done on the command line in their name; None where there is no
    such engagement. In the scope of the house."""
    engagement = Engagement.objects.filter(pk=engagement_id).first()
    if engagement is None:
        return None
    leads = Membership.objects.current().filter(
        organisation_id=engagement.client_id, role=Role.OPERATIONS_LEAD
    )
    lead = leads.select_related("person").order_by("pk").first()
    if lead is None:
        return None
    return Actor(
        person_id=lead.person_id,
        organisation_id=engagement.client_id,
        roles=frozenset({Role.OPERATIONS_LEAD.value}),
        interface="cli",
        name=lead.person.name,
    )


def state_at(engagement: Engagement, now: datetime) -> State:
    if engagement.accepted_at is None:
        return "expired" if engagement.proposed_at + VALID_FOR <= now else "proposed"
    if engagement.ends_at is not None and engagement.ends_at <= now:
        return "ended"
    return "running" if engagement.begins_at <= now else "to come"


_ORDER: tuple[State, ...] = ("running", "to come", "proposed", "expired", "ended")


def _rows(engagements: Sequence[Engagement], now: datetime) -> list[EngagementRow]:
    ids = {pk for one in engagements for pk in (one.client_id, one.provider_id) if pk is not None}
    names = names_of_companies(ids) if ids else {}
    return [
        EngagementRow(
            engagement=one,
            client=names[one.client_id],
            provider=names[one.provider_id] if one.provider_id else "",
            state=state_at(one, now),
        )
        for one in engagements
    ]
