"""What second eyes found: recorded by category and field, disputed in time, upheld or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.evidence.clocks import Terms, explain
from backdesk.parties.policies import person, require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Finding, Inspection, Item, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.events import Deed
from backdesk.work.queries.terms import terms_of


class DisputeTooLate(Refused):
    """The window in which a finding may be disputed is over."""

    status = 409


class NotDisputable(Refused):
    """The finding is disputed already, or decided."""

    status = 409


class NotDisputed(Refused):
    """There is nothing to decide: nobody disputes the finding, or it is decided."""

    status = 409


class ReasonMissing(Refused):
    """A dispute and its answer come with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An error before it is recorded."""

    category: str = ""
    field: str = ""
    note: str = ""
    is_critical: bool = False


def record(
    *,
    now: datetime,
    item: Item,
    service: services.Service,
    kind: str,
    looked_at: Step | None,
    organisation_id: int,
    inspector: tuple[int | None, int | None],
    found: Sequence[Found],
    is_sent_back: bool = False,
    internal_to: int | None = None,
) -> Inspection:
    """Write a look down with what it found. `inspector`: organisation and person, none where Backdesk compared.

    What is for one company alone cannot be disputed by the other.
    """
    common = {
        "item": item,
        "service_id": item.service_id,
        "client_id": item.client_id,
        "provider_id": item.provider_id,
        "internal_to": internal_to,
        "at": now,
    }
    inspection = Inspection.objects.create(
        **common,
        kind=kind,
        round=item.round,
        step_id=looked_at.pk if looked_at else None,
        node=looked_at.node if looked_at else "",
        organisation_id=organisation_id,
        person_id=looked_at.holder_id if looked_at else None,
        inspector_organisation_id=inspector[0],
        inspector_id=inspector[1],
        is_sent_back=is_sent_back,
        errors=len(found),
        critical=sum(one.is_critical for one in found),
    )
    until = None if internal_to else dispute_until(service, now)
    Finding.objects.bulk_create(
        Finding(**common, **asdict(one), inspection=inspection, dispute_until=until) for one in found
    )
    return inspection


@operation
def dispute(*, actor: Actor, now: datetime, finding_id: int, reason: str) -> Finding:
    """By whose work it is, or who leads them, as long as the window is open."""
    finding, item = _opened(actor, now, finding_id)
    inspection = finding.inspection
    require(policies.may_dispute(actor, inspection.organisation_id, inspection.person_id))
    if finding.state != Finding.State.STANDS:
        raise NotDisputable(
            _("This finding is %(state)s already; nothing was changed.")
            % {"state": finding.get_state_display()}
        )
    if finding.dispute_until is None or now > finding.dispute_until:
        raise DisputeTooLate(_("The time to dispute this finding is over."))
    finding.state, finding.dispute_reason = Finding.State.DISPUTED, _said(reason)
    finding.disputed_by_id, finding.disputed_at = person(actor), now
    finding.save()
    _tell(actor, now, "finding disputed", finding, item)
    return finding


@operation
def answer_dispute(*, actor: Actor, now: datetime, finding_id: int, upheld: bool, answer: str) -> Finding:
    """By who leads where it was found; a finding that is withdrawn counts no more."""
    finding, item = _opened(actor, now, finding_id)
    inspection = finding.inspection
    require(policies.may_answer_dispute(actor, inspection.inspector_organisation_id or finding.client_id))
    require(actor.person_id != finding.disputed_by_id)
    if finding.state != Finding.State.DISPUTED:
        raise NotDisputed(_("Nobody disputes this finding, or it is decided; nothing was changed."))
    finding.state = Finding.State.UPHELD if upheld else Finding.State.WITHDRAWN
    finding.answer, finding.answered_by_id, finding.answered_at = _said(answer), person(actor), now
    finding.save()
    if not upheld:
        inspection.errors -= 1
        inspection.critical -= finding.is_critical
        inspection.save(update_fields=["errors", "critical"])
    _tell(actor, now, "finding upheld" if upheld else "finding withdrawn", finding, item)
    return finding


def dispute_until(service: services.Service, now: datetime) -> datetime | None:
    """The end of the last working day of the window; the day of the finding does not count."""
    return after_days(service, now, service.quality.dispute_days)


def after_days(service: services.Service, now: datetime, days: int) -> datetime | None:
    if days <= 0:
        return None
    agreed = terms_of(service, since=now)
    terms = Terms(since=now, calendar=agreed.calendar, target_days=days, day_rule="day0")
    return explain(received_at=now, terms=[terms], now=now).due_at


def _opened(actor: Actor, now: datetime, finding_id: int) -> tuple[Finding, Item]:
    """A finding with its inspection, after its item: locked in the order everybody locks them."""
    item_id = Finding.objects.visible_to(actor).values_list("item_id", flat=True).get(pk=finding_id)
    item = holding.of_item(actor=actor, now=now, item_id=item_id).item
    finding = Finding.objects.select_for_update().select_related("inspection").get(pk=finding_id)
    return finding, item


def _tell(actor: Actor, now: datetime, kind: str, finding: Finding, item: Item) -> None:
    facts = {"finding": finding.pk, "reason": finding.answer or finding.dispute_reason}
    events.append(actor=actor, now=now, deeds=[Deed(kind=kind, item=item, facts=facts)])


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(_("Say why: the other side will read it."))
    return reason.strip()[:1000]
