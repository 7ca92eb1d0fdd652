"""When people are away. That somebody is, colleagues see; why, only they and who manages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import Number, parties
from backdesk.parties.models import Absence, Person
from backdesk.parties.queries.calendar import coming
from backdesk.parties.queries.people import Away, away
from backdesk.parties.queries.single import absence_of
from backdesk.platform.api import Call, Given, Id, Listing, Moment, Named, Page, Query, Schema, Text, listed

Kind = Literal["holiday", "sick", "training", "other"]


class AbsenceOut(Schema):
    id: int
    person: Named
    begins_at: datetime
    ends_at: datetime
    kind: Kind | Literal[""] = Field(description="Empty where it is not for the reader to know.")
    note: str


class PeriodGiven(Given):
    """From `begins_at` until just before `ends_at`."""

    begins_at: Moment
    ends_at: Moment
    kind: Kind
    note: Annotated[Text, Field(max_length=500)] = ""


class AbsenceGiven(PeriodGiven):
    person_id: Number


@parties.read("/absences", Page[AbsenceOut])
def list_absences(call: Call, asked: Query[Listing]) -> Any:
    """The absences that are not over yet, the earliest first."""
    rows = coming(actor=call.actor, now=call.now)
    return listed(call, rows, asked, shown=lambda row: _shown(*row))


@parties.create("/absences", AbsenceOut)
def plan_absence(call: Call, given: AbsenceGiven) -> Any:
    """Plan an absence: one's own, or a colleague's by who manages."""
    values = given.model_dump(exclude={"person_id"})
    planned = operations.plan_absence(
        actor=call.actor, now=call.now, person=Person(pk=given.person_id), **values
    )
    return _shown(planned.person, away(call.actor, planned))


@parties.read("/absences/{pk}", AbsenceOut)
def get_absence(call: Call, pk: Id) -> Any:
    """One absence."""
    found = absence_of(call.actor, pk)
    return _shown(found.person, away(call.actor, found))


@parties.change("/absences/{pk}", AbsenceOut)
def change_absence(call: Call, pk: Id, given: PeriodGiven) -> Any:
    """Say anew when, and why."""
    changed = operations.change_absence(
        actor=call.actor, now=call.now, absence=Absence(pk=pk), **given.model_dump()
    )
    return _shown(changed.person, away(call.actor, changed))


@parties.remove("/absences/{pk}")
def withdraw_absence(call: Call, pk: Id) -> None:
    """Not away after all."""
    operations.withdraw_absence(actor=call.actor, now=call.now, absence=Absence(pk=pk))


def _shown(person: Person, absence: Away) -> dict[str, Any]:
    told = {name: getattr(absence, name) for name in ("id", "begins_at", "ends_at", "kind", "note")}
    return {**told, "person": person}
