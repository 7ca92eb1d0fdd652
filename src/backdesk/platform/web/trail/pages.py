"""The page objects of the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.audit.canonical import SIDES
from backdesk.platform.audit.proofs import Proven
from backdesk.platform.audit.queries import Slice
from backdesk.platform.models import AuditEntry
from backdesk.platform.web.parts import Status, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.tables.state import State
from backdesk.platform.web.trail import wording
from backdesk.platform.web.trail.forms import TrailForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as a line of a table."""

    id: int
    at: datetime
    who: str
    verb: str
    kind: str
    subject: str
    name: str
    through: str
    changes: str
    is_sealed: bool

    @property
    def url(self) -> str:
        return reverse("web:trail-entry", args=[self.id])

    @property
    def thing(self) -> str:
        return f"{wording.kind(self.kind)} {self.subject}"

    @property
    def thing_url(self) -> str:
        return reverse("web:trail-object", args=[self.kind, self.subject])

    @property
    def sealed(self) -> Status:
        if self.is_sealed:
            return Status(kind="good", word=_("sealed"))
        return Status(kind="neutral", word=_("within a minute"))


_WHAT = Column(key="verb", title=gettext_lazy("What"), href=lambda row: row.url)
_WHEN = Column(key="at", title=gettext_lazy("When"), kind="time")
_WHO = Column(key="who", title=gettext_lazy("Who"), detail=lambda row: row.through)
_ON_WHAT = Column(
    key="thing",
    title=gettext_lazy("On what"),
    href=lambda row: row.thing_url,
    detail=lambda row: row.name,
)
_CHANGES = Column(
    key="changes",
    title=gettext_lazy("Fields"),
    reason=gettext_lazy("nothing was noted with it"),
    language="en",
)
_SEALED = Column(key="sealed", title=gettext_lazy("Sealed"), kind="status")
OF_TRAIL = (_WHAT, _WHEN, _WHO, _ON_WHAT, _CHANGES, _SEALED)
OF_OBJECT = (_WHAT, _WHEN, _WHO, _CHANGES, _SEALED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """`newer_url` and `older_url` keep what is asked for; `asked` goes along with the export."""

    form: TrailForm
    table: Table
    tabs: tuple[Tab, ...]
    newer_url: str
    older_url: str
    asked: tuple[tuple[str, str], ...]

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPage:
    thing: str
    name: str
    table: Table
    newer_url: str
    older_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`text` is empty where there was none; `is_erased` where there was one."""

    text: str = ""
    is_there: bool = False
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    field: str
    before: Value
    after: Value

    @property
    def is_changed(self) -> bool:
        return self.before != self.after or self.after.is_erased


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    at: datetime
    who: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """`earlier` and `later`: addresses of the entries around it on the same object, where there are any to see."""

    row: Row
    differences: tuple[Difference, ...]
    erasures: tuple[Erasure, ...]
    proven: Proven
    sequence: int
    hash: str
    previous: str
    request_id: str
    earlier: str
    later: str

    @property
    def has_before(self) -> bool:
        return any(one.before.is_there for one in self.differences)


def rows(found: Slice) -> list[Row]:
    names = wording.people(one.person_id for one in found.entries)
    return [row(one, names=names, is_sealed=one.pk in found.sealed) for one in found.entries]


def row(one: AuditEntry, *, names: Mapping[int | None, str], is_sealed: bool) -> Row:
    return Row(
        id=one.pk,
        at=one.at,
        who=names[one.person_id],
        verb=wording.verb(one.verb),
        kind=one.subject_kind,
        subject=one.subject_id,
        name=name_in(one),
        through=wording.interface(one.interface),
        changes=", ".join(field.replace("_", " ") for field in _fields(one)),
        is_sealed=is_sealed,
    )


def table(shown: Sequence[Row], *, name: str, columns: tuple[Column, ...]) -> Table:
    return Table(
        name=name,
        columns=columns,
        rows=shown,
        total=len(shown),
        state=State(),
        caption=_("Entries of the audit trail, the newest first"),
        row_id=lambda row: str(row.id),
        can_export=False,
    )


def differences(one: AuditEntry) -> tuple[Difference, ...]:
    return tuple(
        Difference(field=field.replace("_", " "), **{side: _value(one, side, field) for side in SIDES})
        for field in _fields(one)
    )


def name_in(one: AuditEntry) -> str:
    """What the object was called, where the entry says it."""
    for values in (one.after, one.before):
        for field in ("name", "title", "email"):
            if values and isinstance(values.get(field), str):
                return str(values[field])
    return ""


def _fields(one: AuditEntry) -> list[str]:
    return sorted({field for side in SIDES for field in one.digests[side] or {}})


def _value(one: AuditEntry, side: str, field: str) -> Value:
    if field not in (one.digests[side] or {}):
        return Value()
    values = one.before if side == "before" else one.after
    if values is None or field not in values:
        return Value(is_there=True, is_erased=True)
    return Value(text=_text(values[field]), is_there=True)


def _text(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case str():
            return value
        case list() if all(isinstance(one, str) for one in value):
            return ", ".join(value) or "–"
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict) else str(value)
