"""A proposal, opened by the link in its mail: shown to whoever has it, accepted by whom it was sent to."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations
from backdesk.parties.models import Engagement, Role
from backdesk.parties.requests import Standing, standing_of
from backdesk.parties.web.acting import clock, tell
from backdesk.parties.web.invited import RefusalPage
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import within


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """`organisation`: the provider for which it would be accepted, where the viewer leads delivery at one."""

    engagement: Engagement
    signed_in_as: str
    organisation: str

    @property
    def client(self) -> str:
        return self.engagement.client.name

    @property
    def is_for_the_person(self) -> bool:
        return self.signed_in_as == self.engagement.proposed_to


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        found = operations.proposal_of(secret=secret, now=clock())
    except Refused as refusal:
        page = RefusalPage(text=str(refusal))
        return render(
            request, "parties/engagements/proposal_over.html", {"page": page}, status=refusal.status
        )
    standing = standing_of(request)
    if standing is not None and request.method == "POST" and _accepted(request, standing, found, secret):
        return redirect("engagements:engagement", pk=found.pk)
    shown = ProposalPage(
        engagement=found,
        signed_in_as=standing.person.email if standing else "",
        organisation=_provider_of(standing),
    )
    return render(request, "parties/engagements/proposal.html", {"page": shown})


def _accepted(request: HttpRequest, standing: Standing, found: Engagement, secret: str) -> bool:
    with within(standing.actor):
        return tell(
            request,
            lambda: operations.accept_proposal(actor=standing.actor, now=clock(), secret=secret),
            done=_("You work with %(client)s now. Services appear here as they are published.")
            % {"client": found.client.name},
        )


def _provider_of(standing: Standing | None) -> str:
    if standing is None or standing.place is None or not standing.actor.has(Role.DELIVERY_MANAGER):
        return ""
    return standing.place.organisation.name
