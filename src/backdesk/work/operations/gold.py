"""Items whose right answer is known, brought in among others so that nobody who does them can tell.

A case waits with its client. When other items come in, some draw a case after them: it is created by whoever brought
the others, from the same source, at the same moment, as any item is. What came of it is compared by a job, later, and
nothing of that is written where the provider could see it: no event, no finding of both, no number that moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.desks.services.differences import differences
from backdesk.parties.policies import company, require
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation, prepared
from backdesk.work import policies
from backdesk.work.models import GoldCase, Inspection, Item, SamplingRate, Service, Step
from backdesk.work.operations import findings, items, sampling
from backdesk.work.operations.findings import Found
from backdesk.work.queries import rows
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.disclosing import filled

AT_ONCE = 200
#: What is received when it is created, is: a case then is, too.
_JUST_NOW = timedelta(seconds=10)
#: Asked whenever a client brings items in.
_WAITING: Final = f"""
SELECT {rows.columns(GoldCase, "waiting")} FROM work_goldcase AS waiting
WHERE waiting.client_id = %s AND waiting.service_id = %s AND waiting.item_id IS NULL AND waiting.withdrawn_at IS NULL
ORDER BY waiting.id LIMIT %s FOR UPDATE SKIP LOCKED
"""  # noqa: S608  our own words


class InvalidCase(Refused):
    """Values of the input, or the truth, are not as the service wants them; `problems` says it, by part."""

    def __init__(self, problems: Mapping[str, Sequence[services.FieldProblem]]) -> None:
        super().__init__(_("Some fields are not right yet."))
        self.problems = {part: tuple(found) for part, found in problems.items()}


class SeededAlready(Refused):
    """The case has come in as an item; it cannot be taken back."""

    status = 409


@operation
def add_case(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    values: Mapping[str, Any],
    truth: Mapping[str, Any],
    title: str = "",
) -> GoldCase:
    """Keep an item with its right answer until one is drawn. By the client's lead. Raises `InvalidCase`."""
    require(policies.may_define(actor))
    service = Service.objects.visible_to(actor).get(pk=service.pk)
    require(policies.is_client_of(actor, service.client_id))
    if service.current_id is None:
        raise items.ServiceNotOpen(_("“%(name)s” is not published yet.") % {"name": service.name})
    _check(compiled(actor=actor, version_id=service.current_id).service, values, truth)
    case = GoldCase.objects.create(
        service=service,
        client_id=company(actor),
        title=title[:200],
        values=dict(values),
        truth=dict(truth),
        made_at=now,
        person_id=actor.person_id,
    )
    audit.record(actor=actor, now=now, verb="gold case added", subject=case, after={"service": service.key})
    return case


@operation
def withdraw_case(*, actor: Actor, now: datetime, case_id: int) -> GoldCase:
    """Before it has come in."""
    require(policies.may_define(actor))
    case = GoldCase.objects.select_for_update().get(pk=case_id, client_id=company(actor))
    if case.item_id is not None:
        raise SeededAlready(_("This case has come in as an item already; it stays."))
    case.withdrawn_at = now
    case.save(update_fields=["withdrawn_at"])
    audit.record(actor=actor, now=now, verb="gold case withdrawn", subject=case)
    return case


def seed(
    *, actor: Actor, now: datetime, service: Service, source: str, created: Sequence[Item]
) -> list[Item]:
    """Bring a case in after each item that draws one, as long as there are cases.

    Within the verb that created the items, and only where their client did: in other hands the cases are not seen.
    """
    if not created or not policies.is_client_of(actor, created[0].client_id):
        return []
    waiting = prepared.rows(sql=_WAITING, values=[company(actor), service.pk, len(created)])
    cases = [rows.made(GoldCase, row) for row in waiting]
    brought: list[Item] = []
    for after in created if cases else ():
        if cases and sampling.drawn(item=after, kind=SamplingRate.Kind.GOLD, now=now, key=str(after.pk)):
            case = cases.pop(0)
            later = _a_little(case) if len(created) == 1 else timedelta()
            brought += _brought(actor, now + later, service, source, after, case)
    return brought


def compare_all(*, actor: Actor, now: datetime) -> int:
    """Those that are done: each against its truth, a transaction each. Gives how many were compared."""
    return sum(_compared(actor=actor, now=now, case_id=pk) for pk in _done(actor=actor))


@operation
def _done(*, actor: Actor) -> list[int]:
    done = GoldCase.objects.filter(item__isnull=False, compared_at=None).exclude(item__state=Item.State.OPEN)
    return list(done.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@operation
def _compared(*, actor: Actor, now: datetime, case_id: int) -> bool:
    case = GoldCase.objects.select_for_update(of=("self",)).select_related("item").get(pk=case_id)
    if case.compared_at is not None or case.item is None or case.item.state == Item.State.OPEN:
        return False
    item = case.item
    case.compared_at = now
    case.save(update_fields=["compared_at"])
    if item.state != Item.State.CANCELLED:
        service = compiled(actor=actor, version_id=item.version_id).service
        for step in _makers(item):
            _look(now, item, service, step, case.truth)
    audit.record(
        actor=actor, now=now, verb="gold case compared", subject=case, organisation_id=case.client_id
    )
    return True


def _look(now: datetime, item: Item, service: services.Service, step: Step, truth: Mapping[str, Any]) -> None:
    """The fields the step fills; a truth that leaves a field out says nothing of it."""
    asked = [field.name for field in filled(service, step.node).shared().fields if field.name in truth]
    wrong = differences(service.output.only(asked), ours=step.result or {}, theirs=truth)
    findings.record(
        now=now,
        item=item,
        service=service,
        kind=Inspection.Kind.GOLD,
        looked_at=step,
        organisation_id=step.organisation_id or item.provider_id,
        inspector=(item.client_id, None),
        found=[Found(field=one.path, is_critical=one.critical) for one in wrong],
        internal_to=item.client_id,
    )


def _makers(item: Item) -> QuerySet[Step]:
    """The first time somebody of the provider did each task: what came of it without help."""
    done = Step.objects.filter(
        item=item,
        state=Step.State.DONE,
        kind__in=[Step.Kind.DO, Step.Kind.KEY],
        organisation_id=item.provider_id,
        holder__isnull=False,
    )
    return done.order_by("node", "copy", "pk").distinct("node", "copy")


def _a_little(case: GoldCase) -> timedelta:
    """Items of a file come in at one moment, but two that are brought one by one never do: that would tell."""
    drawn = int.from_bytes(sha256(f"{case.pk} {case.made_at}".encode()).digest()[:4], "big")
    return timedelta(microseconds=300_000 + drawn % 4_000_000)


def _brought(
    actor: Actor, now: datetime, service: Service, source: str, after: Item, case: GoldCase
) -> list[Item]:
    row = items.NewItem(
        values=case.values,
        title=case.title,
        priority=after.priority,
        language=after.language,
        received_at=max(after.received_at, now)
        if after.received_at >= now - _JUST_NOW
        else after.received_at,
    )
    (outcome,) = items.take_in(actor=actor, now=now, service=service, rows=[row], source=source)
    if outcome.item is None:  # by now the service wants other fields, or an item of that key is there
        return []
    case.item, case.seeded_at = outcome.item, now
    case.save(update_fields=["item", "seeded_at"])
    audit.record(actor=actor, now=now, verb="gold case seeded", subject=case)
    return [outcome.item]


def _check(service: services.Service, values: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    asked = service.output.only(truth)
    unknown = [
        services.FieldProblem(path=name, text="There is no such field.")
        for name in truth
        if service.output.find(name) is None
    ]
    problems = {
        "input": service.input.errors(values, lookups=service.lookups),
        "output": (*unknown, *asked.errors(
            {name: value for name, value in truth.items() if service.output.find(name)},
            lookups=service.lookups,
        )),
    }  # fmt: skip
    if not truth:
        problems["output"] = (services.FieldProblem(path="", text="Give at least one right answer."),)
    if any(problems.values()):
        raise InvalidCase(problems)


items.after_intake(seed)
