"""The audit trail: entries with their proofs, checkpoints to keep, and an export that proves itself."""

import tempfile
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse
from pydantic import Field

from backdesk.platform.api import (
    Area,
    By,
    Call,
    Given,
    Id,
    Listing,
    Moment,
    Page,
    Query,
    Schema,
    Text,
    listed,
    sorts,
)
from backdesk.platform.audit import exporting, proofs, queries
from backdesk.platform.audit.policies import may_read
from backdesk.platform.audit.queries import Asked
from backdesk.platform.models import AuditCheckpoint, AuditEntry

audit = Area("audit", title="Audit trail")

Interface = Literal["web", "api", "cli", "job"]
Word = Annotated[Text, Field(max_length=100)]


class EntryOut(Schema):
    id: int
    at: datetime
    verb: str
    subject_kind: str
    subject_id: str
    person_id: int | None = Field(description="Who did it; null for Backdesk itself.")
    interface: str
    request_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    sequence: int = Field(description="Its place in the chain of its object.")
    previous: str = Field(description="Hash of the entry before it on the same object.")
    hash: str


class ProofOut(Schema):
    """`index` is its place in the tree, `proof` the hashes from there to the root of the checkpoint (RFC 6962)."""

    holds: bool = Field(description="Whether all that can be proven of it here and now is so.")
    is_sealed: bool
    index: int | None
    checkpoint_id: int | None
    proof: list[str]


class CheckpointOut(Schema):
    id: int
    at: datetime
    size: int = Field(description="How many entries of everybody it seals.")
    root: str
    note: str = Field(description="The signed checkpoint, to be kept word for word.")
    verifier_key: str


class ConsistencyOut(Schema):
    """That the later checkpoint goes on from the earlier one (RFC 6962)."""

    first: int
    second: int
    proof: list[str]


class EntriesAsked(Listing):
    sort: str = sorts("id", first="-id")
    verb: Annotated[Word | None, By("verb")] = None
    subject_kind: Annotated[Word | None, By("subject_kind")] = None
    subject_id: Annotated[Word | None, By("subject_id")] = None
    person_id: Annotated[Id | None, By("person_id")] = None
    interface: Annotated[Interface | None, By("interface")] = None
    since: Annotated[Moment | None, By("at__gte")] = None
    until: Annotated[Moment | None, By("at__lt")] = None
    before_id: Annotated[Id | None, By("id__lt"), Field(description="Quicker than a large offset.")] = None


class CheckpointsAsked(Listing):
    sort: str = sorts("size", first="-size")


class ExportGiven(Given):
    """Which entries; all where nothing is said."""

    verb: Word = ""
    subject_kind: Word = ""
    subject_id: Word = ""
    since: Moment | None = None
    until: Moment | None = None

    @property
    def asked(self) -> Asked:
        return Asked(
            verb=self.verb,
            kind=self.subject_kind,
            subject=self.subject_id,
            since=self.since,
            until=self.until,
        )

    @property
    def said(self) -> dict[str, str]:
        return {name: value for name, value in self.model_dump(mode="json").items() if value}


@audit.read("/audit/entries", Page[EntryOut], may=may_read)
def list_entries(call: Call, asked: Query[EntriesAsked]) -> Any:
    """What happened, the latest first."""
    return listed(call, queries.entries(call.actor, Asked()), asked, shown=_entry)


@audit.read("/audit/entries/{pk}", EntryOut, may=may_read)
def get_entry(call: Call, pk: Id) -> Any:
    """One entry."""
    return _entry(_one(call, pk))


@audit.read("/audit/entries/{pk}/proof", ProofOut, may=may_read)
def get_proof(call: Call, pk: Id) -> Any:
    """What proves that it is as it was written; until it is sealed, within a minute, only its own hash does."""
    proven = proofs.prove(_one(call, pk))
    sealed = proven.sealed
    return {
        "holds": proven.holds,
        "is_sealed": sealed is not None,
        "index": sealed.index if sealed else None,
        "checkpoint_id": sealed.checkpoint.pk if sealed else None,
        "proof": [step.hex() for step in sealed.proof] if sealed else [],
    }


@audit.read("/audit/checkpoints", Page[CheckpointOut], may=may_read)
def list_checkpoints(call: Call, asked: Query[CheckpointsAsked]) -> Any:
    """Checkpoints; what is kept of them outside, nobody can rewrite."""
    return listed(call, queries.checkpoints(), asked, shown=_checkpoint)


@audit.read("/audit/checkpoints/{pk}", CheckpointOut, may=may_read)
def get_checkpoint(call: Call, pk: Id) -> Any:
    """One checkpoint."""
    return _checkpoint(queries.checkpoints().get(pk=pk))


@audit.read("/audit/checkpoints/{pk}/consistency/{later}", ConsistencyOut, may=may_read)
def get_consistency(call: Call, pk: Id, later: Id) -> Any:
    """The proof that a later checkpoint goes on from this one."""
    first, second = sorted(
        (queries.checkpoints().get(pk=one) for one in (pk, later)), key=lambda one: one.size
    )
    proof = proofs.consistency(first=first, second=second)
    return {"first": first.size, "second": second.size, "proof": [step.hex() for step in proof]}


@audit.download("/audit/exports", ("application/zip",), may=may_read, method="POST")
def export_trail(call: Call, given: ExportGiven) -> FileResponse:
    """A zip of entries with their proofs, which proves itself without Backdesk; the trail says who exported it."""
    target = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response)
    try:
        found = queries.entries(call.actor, given.asked)
        exporting.export(actor=call.actor, now=call.now, target=target, entries=found, selection=given.said)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    name = f"audit-trail-{call.now:%Y%m%d-%H%M}.zip"
    return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")


def _one(call: Call, pk: int) -> AuditEntry:
    return queries.entries(call.actor, Asked()).get(pk=pk)


def _entry(one: AuditEntry) -> dict[str, Any]:
    hashes = {"previous": bytes(one.previous).hex(), "hash": bytes(one.hash).hex()}
    return {**{name: getattr(one, name) for name in EntryOut.model_fields}, **hashes}


def _checkpoint(one: AuditCheckpoint) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in CheckpointOut.model_fields},
        "root": bytes(one.root).hex(),
    }
