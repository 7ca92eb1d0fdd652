"""Work histories: brought as a file, read in the background once their columns are confirmed; their reports."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import FileResponse
from ninja.params import functions as taken_from
from pydantic import Field

from backdesk.evidence.eventlog import Mapping
from backdesk.evidence.sentences import from_data
from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.histories import (
    State,
    histories_of,
    history_of,
    proposal_of,
    report_of,
    state_of,
)
from backdesk.platform import uploads
from backdesk.platform.api import (
    By,
    Call,
    File,
    Given,
    Id,
    Listing,
    Page,
    Query,
    Schema,
    Text,
    UploadedFile,
    YesNo,
    listed,
    sorts,
)
from backdesk.platform.api.jobs import JobOut
from backdesk.platform.api.wording import TEXT

ReportKind = Literal["html", "pdf"]


class HistoryOut(Schema):
    id: int
    name: str
    service_id: int | None = Field(description="The service whose live work it is; null: a file was brought.")
    state: State
    job: JobOut | None = Field(description="Its reading: how far it is, or why it failed.")
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    notes: list[str]
    summary: dict[str, Any] = Field(description="Figures of the whole log, by their names in the catalogue.")
    mapping: dict[str, Any] | None = Field(description="Which column plays which role, as confirmed.")
    zone: str
    calendar: str
    received_at: datetime
    read_at: datetime | None


class HistoriesAsked(Listing):
    sort: str = sorts("name", "received_at", "read_at", "rows_read", "rows_rejected", first="-received_at")
    name: Annotated[Text | None, By("name__icontains")] = None


class LookOut(Schema):
    name: str
    kind: Literal["time", "number", "identifier", "text", "empty"]
    role: str | None
    filled: int
    distinct: int


class ProposalOut(Schema):
    """The columns of a file with the role each seems to play, and its first rows."""

    columns: list[str]
    rows: list[list[str | None]]
    mapping: dict[str, Any] | None = Field(description="Null where `reason` says why there is none.")
    reason: str | None
    looks: list[LookOut]
    notes: list[str]


Column = Annotated[Text, Field(min_length=1, max_length=1000)]


class ColumnsGiven(Given):
    """Which column plays which role; at least the case, the activity and the time a step ended."""

    case: Column
    activity: Column
    ended_at: Column
    started_at: Column | None = None
    resource: Column | None = None
    team: Column | None = None
    party: Column | None = None
    function: Column | None = None
    lifecycle: Column | None = None
    day_first: YesNo | None = None
    zone: Annotated[Text, Field(max_length=64)] = Field("", description="Empty: found in the log.")
    calendar: Annotated[Text, Field(min_length=1, max_length=500)] = operations.ASSUMED_CALENDAR

    @property
    def roles(self) -> Mapping:
        return Mapping(**self.model_dump(exclude={"zone", "calendar"}))


NAMED: Any = taken_from.Form("", max_length=200, pattern=TEXT, description="Empty: like the file.")


class ReportGiven(Given):
    kind: ReportKind


@planning.read("/histories", Page[HistoryOut], may=policies.may_read)
def list_histories(call: Call, asked: Query[HistoriesAsked]) -> Any:
    """Work histories, and how far each is."""
    return listed(call, histories_of(call.actor), asked, shown=shown)


@planning.create("/histories", HistoryOut)
def receive_history(call: Call, file: File[UploadedFile], name: str = NAMED) -> Any:
    """Bring a work history: CSV, XES or Parquet, as it comes from your system; .gz is fine.

    It is read once its columns are confirmed. Without a name it is called like the file.
    """
    received = operations.receive_history(
        actor=call.actor,
        now=call.now,
        name=name,
        stream=file,  # type: ignore[arg-type]
        filename=file.name or "",
        limit=uploads.limit_bytes(),
    )
    return shown(received)


@planning.read("/histories/{pk}", HistoryOut, may=policies.may_read)
def get_history(call: Call, pk: Id) -> Any:
    """One work history."""
    return shown(history_of(call.actor, pk))


@planning.remove("/histories/{pk}")
def remove_history(call: Call, pk: Id) -> None:
    """Remove a work history with its file, the activities measured in it and the answers about them."""
    operations.remove_history(actor=call.actor, now=call.now, history=WorkHistory(pk=pk))


@planning.read("/histories/{pk}/columns", ProposalOut, may=policies.may_edit)
def get_columns(call: Call, pk: Id) -> Any:
    """The columns of the file, and which role each seems to play."""
    found = proposal_of(history_of(call.actor, pk))
    mapping = found.mapping.to_dict() if found.mapping else None
    told = {name: getattr(found, name) for name in ("columns", "rows", "reason", "looks", "notes")}
    return {**told, "mapping": mapping}


@planning.change("/histories/{pk}/columns", HistoryOut)
def confirm_columns(call: Call, pk: Id, given: ColumnsGiven) -> Any:
    """Say which column plays which role, and have the log read with them, in the background."""
    confirmed = operations.confirm_columns(
        actor=call.actor,
        now=call.now,
        history=WorkHistory(pk=pk),
        mapping=given.roles,
        zone=given.zone,
        calendar=given.calendar,
    )
    return shown(confirmed)


@planning.create("/histories/{pk}/reports", JobOut, status=202)
def order_report(call: Call, pk: Id, given: ReportGiven) -> Any:
    """Have a report made, in the background; one of this kind made before stays until then."""
    history = WorkHistory(pk=pk)
    return operations.order_report(
        actor=call.actor, now=call.now, history=history, kind=given.kind, language=settings.LANGUAGE_CODE
    )


@planning.download(
    "/histories/{pk}/reports/{kind}", ("application/pdf", "text/html"), may=policies.may_see_people_and_cost
)
def get_report(call: Call, pk: Id, kind: ReportKind) -> FileResponse:
    """A report that was made, to keep and to read without Backdesk."""
    found = report_of(call.actor, pk, kind)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name)


def shown(history: WorkHistory) -> dict[str, Any]:
    told = {name: getattr(history, name) for name in HistoryOut.model_fields if name not in {"id", "state"}}
    notes = [str(from_data(note)) for note in history.notes]
    return {**told, "notes": notes, "id": history.pk, "pk": history.pk, "state": state_of(history)}
