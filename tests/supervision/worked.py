"""Services on which work has been done, for the tests of the record and of scorecards.

Columns are read over a connection of its own, which sees what is committed: so these tests commit, and tidy up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backdesk.work.models import GoldCase, Inspection, Item, Pause, Step
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, an_item, completed, taken

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Of the test's now: a Wednesday, when all of it has happened.
LATER = NOW + 9 * DAY


@dataclass(kw_only=True)
class Worked:
    """Five items received on Monday the 2nd of March: two delivered in time and accepted, one of which a review had
    sent back; one late, that awaits acceptance; one returned and in hand again, one cancelled. And one that is gold."""

    work: Work
    items: dict[str, Item]

    @property
    def service_id(self) -> int:
        return self.work.service.pk


def a_worked_service(cast: Cast, *, key: str = "invoices") -> Worked:
    work = a_service(cast, key=key, limit=9)
    items: dict[str, Item] = {}
    for name, hours in (("early", 2), ("late", 30), ("sent back", 3), ("gold", 3)):
        step = taken(work, f"{key}-{name}")
        Step.objects.filter(pk=step.pk).update(touch_seconds=60 * hours)
        items[name] = completed(work, step, now=NOW + hours * HOUR).item
    items["open"] = taken(work, f"{key}-open", agent=1).item
    items["cancelled"] = an_item(work, f"{key}-cancelled")
    _as_it_went(items, cast)
    return Worked(work=work, items=items)


def look(item: Item, cast: Cast, *, errors: int = 0, at: datetime = NOW + 5 * HOUR, **given: object) -> None:
    Inspection.objects.create(
        **{
            "item": item,
            "service_id": item.service_id,
            "client_id": item.client_id,
            "provider_id": item.provider_id,
            "kind": "review",
            "organisation_id": cast.provider.pk,
            "person_id": cast.agent.person_id,
            "at": at,
            "errors": errors,
            "critical": 0,
            **given,
        }
    )


def _as_it_went(items: dict[str, Item], cast: Cast) -> None:
    for name, item in items.items():
        Item.objects.filter(pk=item.pk).update(due_at=NOW + 8 * HOUR)
        if name == "cancelled":
            Item.objects.filter(pk=item.pk).update(state="cancelled", closed_at=NOW + DAY)
            Step.objects.filter(item=item).update(state="cancelled", ended_at=NOW + DAY)
    accepted = [items["early"].pk, items["sent back"].pk]
    Item.objects.filter(pk__in=accepted).update(state="accepted", closed_at=NOW + 2 * DAY)
    Item.objects.filter(pk=items["open"].pk).update(round=1)
    look(items["open"], cast, kind="return", errors=1, is_sent_back=True)
    look(items["early"], cast)
    look(items["sent back"], cast, errors=1, is_sent_back=True)
    look(items["gold"], cast, errors=1, kind="gold", internal_to=cast.client.pk)
    gold = items["gold"]
    GoldCase.objects.create(
        service=gold.service, client_id=cast.client.pk, values={}, truth={}, made_at=NOW, item=gold,
        seeded_at=NOW, compared_at=NOW + DAY,
    )  # fmt: skip
    lead = cast.person("operations_lead")
    Pause.objects.create(
        item=items["open"], client_id=cast.client.pk, provider_id=cast.provider.pk, state="approved",
        reason="Illegible", began_at=NOW + HOUR, ended_at=NOW + 2 * HOUR, proposed_by=lead, proposed_at=NOW,
        decided_by=lead, decided_at=NOW,
    )  # fmt: skip
