"""The page of one service: what stands on its tabs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.evidence.process.bpmn.drawing import draw_process
from backdesk.platform.web import formats
from backdesk.platform.web.parts import Status, Tab
from backdesk.work.models import Service, ServiceVersion
from backdesk.work.queries.services import ChangedFile
from backdesk.work.web.procedures import procedure_html

Part = Literal["overview", "procedure", "fields", "checks", "versions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """A field in the table of a schema; `depth` says how far within groups it stands."""

    title: str
    name: str
    type: str
    depth: int
    notes: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    name: str
    who: str
    kind: str
    minutes: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLine:
    """A step that a machine does, and which fields it fills by which texts."""

    name: str
    fills: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    version: ServiceVersion
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """What the viewer can do with the service."""

    define: bool
    publish: bool
    pause: bool
    resume: bool
    retire: bool
    acknowledge: bool
    see_terms: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage:
    service: Service
    version: ServiceVersion
    read: services.Service
    part: Part
    client: str
    provider: str
    status: Status
    may: May
    readers: int
    versions: tuple[VersionLine, ...]
    compared: tuple[ChangedFile, ...]
    older: int
    newer: int

    @property
    def tabs(self) -> tuple[Tab, ...]:
        titles = (
            ("overview", _("Overview")),
            ("procedure", _("Procedure")),
            ("fields", _("Fields")),
            ("checks", _("Checks")),
            ("versions", _("Versions")),
        )
        return tuple(
            Tab(title=title, url=self.address(part), is_current=part == self.part) for part, title in titles
        )

    def address(self, part: str) -> str:
        asked = "" if self.version.pk == self.service.current_id else f"?version={self.version.number}"
        if part == "overview":
            return reverse("work:service", args=[self.service.pk]) + asked
        return reverse(f"work:service-{part}", args=[self.service.pk]) + asked

    @property
    def is_in_use(self) -> bool:
        return self.version.pk == self.service.current_id

    @property
    def picture(self) -> SafeString:
        return mark_safe(draw_process(self.read.process, say=formats.said))  # noqa: S308  escapes what it draws

    @property
    def procedure(self) -> SafeString:
        return procedure_html(
            self.read.procedure,
            picture_url=lambda name: reverse(
                "work:service-picture", args=[self.service.pk, self.version.number, name]
            ),
        )

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        return tuple(_facts(self.read, see_terms=self.may.see_terms))

    @property
    def tasks(self) -> tuple[TaskLine, ...]:
        return tuple(_task(self.read, node) for node in self.read.process.of_kind("user"))

    @property
    def machines(self) -> tuple[MachineLine, ...]:
        titles = {field.name: field.title for field in self.read.output.fields}
        found = [
            (node.name or node.id, self.read.functions[services.function_of(node)])
            for node in self.read.process.of_kind("service")
        ]
        return tuple(
            MachineLine(name=task, fills=tuple((titles[name], text) for name, text in texts.items()))
            for task, texts in found
        )

    @property
    def inputs(self) -> tuple[FieldLine, ...]:
        return tuple(_lines(self.read.input.fields))

    @property
    def outputs(self) -> tuple[FieldLine, ...]:
        return tuple(_lines(self.read.output.fields))

    @property
    def lookups(self) -> tuple[tuple[str, int], ...]:
        return tuple((name, len(lookup.rows)) for name, lookup in self.read.lookups.items())


def status_of(service: Service) -> Status:
    match service.state:
        case Service.State.ACTIVE:
            return Status(kind="good", word=_("in use"))
        case Service.State.PAUSED:
            return Status(kind="warn", word=_("paused"))
        case Service.State.DRAFT:
            return Status(kind="info", word=_("draft"))
    return Status(kind="neutral", word=_("retired"))


def version_status(service: Service, version: ServiceVersion) -> Status:
    if version.pk == service.current_id:
        return Status(kind="good", word=_("in use"))
    if version.published_at is None:
        return Status(kind="info", word=_("draft"))
    return Status(kind="neutral", word=_("replaced"))


def turnaround_of(service: services.Service) -> str:
    """In words; empty where none is agreed."""
    agreed = service.targets.turnaround
    if agreed is None:
        return ""
    if agreed.hours is not None:
        return _("%(hours)s working hours") % {"hours": _plain(agreed.hours)}
    until = agreed.until.strftime("%H:%M") if agreed.until else _("the end of the day")
    counted = (
        _("the day of receipt is day 0") if agreed.day_rule == "day0" else _("the day of receipt is day 1")
    )
    return _("day %(days)s by %(until)s; %(counted)s") % {
        "days": agreed.days,
        "until": until,
        "counted": counted,
    }


def _facts(read: services.Service, *, see_terms: bool) -> Iterator[tuple[str, str]]:
    yield _("Turnaround"), turnaround_of(read) or _("none is agreed")
    yield _("Working time"), f"{read.calendar} ({read.zone})"
    yield (
        _("Standard time"),
        _("%(minutes)s minutes an item") % {"minutes": _plain(read.standard_minutes)},
    )
    for title, share in (
        (_("Delivered in time"), read.targets.attainment),
        (_("Accuracy"), read.targets.accuracy),
        (_("Accuracy without critical errors"), read.targets.accuracy_critical),
    ):
        if share is not None:
            yield title, _("at least %(share)s") % {"share": _share(share)}
    if read.alarms.warn_hours is not None:
        yield (
            _("Warned"),
            _("%(hours)s h of working time before it is due") % {"hours": _plain(read.alarms.warn_hours)},
        )
    if read.alarms.escalate_hours is not None:
        yield (
            _("Both companies told"),
            _("%(hours)s h of working time after it was due") % {"hours": _plain(read.alarms.escalate_hours)},
        )
    if read.skills:
        yield _("Skills"), ", ".join(read.skills)
    if read.taking.languages:
        yield _("Queues by language"), ", ".join(f"{one.code} ({one.skill})" for one in read.taking.languages)
    if read.pauses.reasons:
        yield _("The clock may stand for"), ", ".join(read.pauses.reasons)
    if see_terms:
        yield from _terms(read)


def _plain(value: Decimal) -> str:
    """With as many decimals as there are."""
    return formats.number(value, decimals=_decimals(value))


def _share(value: Decimal) -> str:
    return str(formats.share(value, decimals=_decimals(value * 100)))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _terms(read: services.Service) -> Iterator[tuple[str, str]]:
    bases = {"item": _("an item"), "hour": _("an hour"), "fte": _("a person working full time")}
    if read.price.basis in bases:
        yield (
            _("Price"),
            _("%(amount)s for %(basis)s")
            % {
                "amount": formats.money(read.price.amount, currency=read.price.currency, decimals=2),
                "basis": bases[read.price.basis],
            },
        )
    quality = read.quality
    if quality.review_share is not None:
        yield _("Reviewed"), _share(quality.review_share)
    if quality.accept_after_days is not None:
        days = {"days": quality.accept_after_days}
        yield _("Accepted by silence"), _("after %(days)s working days") % days
    yield _("Disputes"), _("within %(days)s working days") % {"days": quality.dispute_days}


def _task(read: services.Service, node: Any) -> TaskLine:
    lane = read.process.lane_of(node.id)
    attributes: Mapping[str, str] = node.attributes
    kinds = {"key": _("keyed twice"), "review": _("review"), "client": _("by the client")}
    own = attributes.get("skill")
    skills = read.skills if lane is None or lane.party != "client" else ()
    return TaskLine(
        name=node.name or node.id,
        who=lane.name if lane else "",
        kind=kinds.get(attributes.get("kind", "do"), _("task")),
        minutes=attributes.get("minutes", ""),
        skills=tuple(dict.fromkeys([*skills, *([own] if own else [])])),
    )


def _lines(fields: tuple[services.Field, ...], depth: int = 0) -> Iterator[FieldLine]:
    for field in fields:
        yield FieldLine(
            title=field.title,
            name=field.name,
            type=_types()[field.type],
            depth=min(depth, 3),
            notes=tuple(_notes(field)),
            help=field.help,
        )
        yield from _lines(field.fields, depth + 1)


def _notes(field: services.Field) -> Iterator[str]:
    if field.required:
        yield _("must be there")
    if field.critical:
        yield _("critical")
    if field.visibility == "client":
        yield _("the client's alone")
    if field.visibility == "masked":
        yield _("masked")
    if field.lookup:
        yield _("one of %(lookup)s") % {"lookup": field.lookup}
    if field.choices:
        yield ", ".join(title for _value, title in field.choices)


def _types() -> Mapping[str, str]:
    return {
        "text": _("text"),
        "longtext": _("longer text"),
        "integer": _("whole number"),
        "decimal": _("number"),
        "money": _("amount"),
        "date": _("date"),
        "datetime": _("date and time"),
        "boolean": _("yes or no"),
        "choice": _("choice"),
        "lookup": _("from a list"),
        "file": _("file"),
        "group": _("group"),
        "table": _("table"),
    }
