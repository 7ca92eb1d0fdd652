"""The page an agent works on: what the step shows and asks for, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from backdesk.conversations.web.panel import ThreadPanel, panel_about
from backdesk.desks import services
from backdesk.evidence.process.bpmn.drawing import draw_process
from backdesk.platform.actor import Actor
from backdesk.platform.web import formats
from backdesk.platform.web.parts import Status
from backdesk.work.models import Item, Step, StepDraft
from backdesk.work.operations import holding
from backdesk.work.operations.taking import held_of
from backdesk.work.queries import disclosing, doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.disclosed import Disclosed, disclosed, kept_behind
from backdesk.work.queries.people import names_for
from backdesk.work.web import subjects
from backdesk.work.web.documents import DocumentView, documents_shown
from backdesk.work.web.entry import blocks, reading
from backdesk.work.web.entry.blocks import EntryForm, Message
from backdesk.work.web.entry.facts import Told, facts
from backdesk.work.web.entry.lookups import Option
from backdesk.work.web.entry.reading import Reading, Texts, input_name
from backdesk.work.web.history import Happening, Telling, happenings
from backdesk.work.web.procedures import procedure_html
from backdesk.work.web.quality import second_look
from backdesk.work.web.quality.second_look import Apart, CameBack, Review

SOON_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of what was entered: by name of input, of the whole, and how much of it only warns."""

    messages: blocks.Messages = field(default_factory=dict)
    whole: tuple[Message, ...] = ()

    @property
    def warnings(self) -> int:
        everywhere = (*self.whole, *(one for told in self.messages.values() for one in told))
        return sum(one.severity == "warning" for one in everywhere)


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A step in somebody's hands, with all that is needed to read, check and draw its form."""

    actor: Actor
    now: datetime
    step: Step
    service: services.Service
    schema: services.Schema
    shown: Disclosed

    @property
    def node(self) -> Any:
        return self.service.process.nodes[self.step.node]

    @property
    def kept(self) -> dict[str, Any]:
        """Of these nothing need be entered."""
        return kept_behind(actor=self.actor, item=self.step.item, step=self.step, service=self.service)

    def read(self, typed: Texts) -> Reading:
        found = reading.read(self.schema, typed, lookups=self.service.lookups)
        kept = {path: value for path, value in self.kept.items() if not found.texts.get(path, "").strip()}
        problems = {name: says for name, says in found.problems.items() if name not in kept}
        return replace(found, values={**kept, **found.values}, problems=problems)

    def begun(self, draft: StepDraft | None) -> Texts:
        """What the form opens with: the draft, else what an earlier round of the same step left."""
        if self.step.kind == Step.Kind.KEY and (draft is None or draft.person_id != self.actor.person_id):
            return {}  # blind: to what an earlier round came to, and to who began it and may key the other copy
        if draft is None:
            return reading.opened(self.schema, self.shown.values["output"])
        values = draft.values
        if draft.person_id != self.actor.person_id:
            values = {name: value for name, value in values.items() if not self._is_masked(name)}
        return reading.opened(self.schema, values)

    def findings(self, found: Reading) -> tuple[services.Finding, ...]:
        """What the service's checks say of values that are not complete yet."""
        course = holding.course_of(actor=self.actor, now=self.now, item=self.step.item, steps=[self.step])
        known = course.values
        output = {**known["output"], **course.kept.get("output", {}), **found.values}
        return services.run_checks(self.service, values={**known, "output": output})

    def _is_masked(self, name: str) -> bool:
        named = self.schema.find(name)
        return named is not None and named.visibility == "masked"


def task_of(*, actor: Actor, now: datetime, step: Step) -> Task:
    service = compiled(actor=actor, version_id=step.item.version_id).service
    blind = [step.node] if step.kind == Step.Kind.KEY else []
    shown = disclosed(actor=actor, item=step.item, service=service, nodes=[step.node], blind=blind)
    return Task(
        actor=actor,
        now=now,
        step=step,
        service=service,
        schema=disclosing.filled(service, step.node),
        shown=shown,
    )


def said_of(task: Task, problems: Mapping[str, str], findings: Iterable[services.Finding] = ()) -> Said:
    """Each at its field; a check of a field that is wrong by itself waits until that is right."""
    messages = {name: (Message(severity="error", text=text),) for name, text in problems.items()}
    whole: list[Message] = []
    here = {input_name(one.path) for one in task.schema.every()}
    for one in findings:
        name = input_name(one.field or "")
        message = Message(severity=one.severity, text=_(one.message))
        if name not in here:
            whole.append(message)
        elif name not in problems:
            messages[name] = (*messages.get(name, ()), message)
    return Said(messages=messages, whole=tuple(whole))


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where the page's forms and scripts ask."""

    draft: str
    heartbeat: str
    completion: str
    giving_back: str
    lookups: str
    item: str
    clock: str
    question: str
    documents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingPage:
    step_id: int
    claim: int
    title: str
    service: str
    task: str
    business_key: str
    due_at: datetime | None
    received_at: datetime
    due: Status
    lease_until: datetime | None
    saved_at: datetime | None
    now: datetime
    given: tuple[Told, ...]
    form: EntryForm
    said: Said
    history: tuple[Happening, ...]
    thread: ThreadPanel
    urls: Urls
    unmask_url: str
    procedure: SafeString
    process: SafeString
    documents: tuple[DocumentView, ...]
    shortcuts: tuple[tuple[str, str], ...]
    may_take_more: bool
    review: Review | None = None
    apart: tuple[Apart, ...] = ()
    came_back: tuple[CameBack, ...] = ()

    @property
    def scripts(self) -> tuple[str, ...]:
        return tuple(f"work/js/{name}.js" for name in ("lookup", "touch"))


def page_of(
    task: Task,
    *,
    urls: Urls,
    texts: Texts,
    said: Said = NOTHING_SAID,
    summary: bool = False,
    adding: str = "",
    saved_at: datetime | None = None,
    review: Review | None = None,
) -> WorkingPage:
    """The page with these texts in its form."""
    step, item = task.step, task.step.item
    steps = doing.steps_of(task.actor, item)
    documents = documents_shown(task.actor, item, task.shown)
    may_take_more = may_hold_more(task.actor, step)
    return WorkingPage(
        step_id=step.pk,
        claim=step.claim,
        title=item.title,
        service=task.service.name,
        task=task_of_step(step, task.service),
        business_key=item.business_key,
        due_at=item.due_at,
        received_at=item.received_at,
        due=due_of(item, task.now),
        lease_until=step.lease_until,
        saved_at=saved_at,
        now=task.now,
        given=_given(task, documents),
        form=form_of(
            task, urls=urls, texts=texts, said=said, summary=summary, adding=adding, documents=documents
        ),
        said=said,
        history=_history(task, steps),
        thread=panel_about(actor=task.actor, now=task.now, about=subjects.about(item), back=urls.item),
        urls=urls,
        unmask_url=reverse("work:unmasking", args=[item.pk]),
        procedure=procedure_of(step.item, task.service),
        process=picture_of(task.service, steps),
        documents=documents,
        shortcuts=shortcuts(may_take_more=may_take_more),
        may_take_more=may_take_more,
        review=review or second_look.review_of(step, task.service, task.shown),
        apart=second_look.apart_of(step, steps, task.service, task.schema),
        came_back=second_look.came_back(task.actor, step, steps, task.service, task.schema),
    )


def form_of(
    task: Task,
    *,
    urls: Urls,
    texts: Texts,
    said: Said,
    summary: bool = False,
    adding: str = "",
    documents: Sequence[DocumentView] = (),
) -> EntryForm:
    filled = blocks.Filled(
        texts=texts,
        messages=said.messages,
        sources=blocks.Sources(
            lookups=task.service.lookups,
            documents=tuple(Option(key=str(one.pk), name=one.name) for one in documents),
            search_url=urls.lookups,
        ),
        adding=adding,
        kept=frozenset(task.kept),
    )
    return blocks.form(task.schema.fields, filled, summary=summary)


def may_hold_more(actor: Actor, step: Step) -> bool:
    """Whether another item of the service can be taken before this one is completed."""
    return (
        step.route is not None
        and step.route.at_once > 1
        and held_of(actor, step.service_id) < step.route.at_once
    )


def shortcuts(*, may_take_more: bool) -> tuple[tuple[str, str], ...]:
    """Of this page, shown with those of the house."""
    return (
        (_("Complete and take the next"), "Ctrl Enter"),
        (_("Leave the field; the draft is kept"), "Esc"),
        *(((_("Take another item beside this one"), "n"),) if may_take_more else ()),
        (_("Go to the form"), "f"),
        (_("Next page of the document, previous page"), ". ,"),
        (_("Larger, smaller, fit"), "+ - 0"),
        (_("Turn the page"), "r"),
        (_("The same from within a field"), "Alt …"),
        (_("Procedure, conversation, item"), "1 2 3"),
    )


def procedure_of(item: Item, service: services.Service) -> SafeString:
    """Of the version the item began with."""
    return procedure_html(
        service.procedure,
        picture_url=lambda name: reverse(
            "work:service-picture", args=[item.service_id, item.version.number, name]
        ),
    )


def picture_of(service: services.Service, steps: Sequence[Step]) -> SafeString:
    """The process, with where the item stands."""
    live = {Step.State.OPEN, Step.State.TAKEN, Step.State.WAITING}
    active = [one.node for one in steps if one.state in live]
    done = [one.node for one in steps if one.state == Step.State.DONE]
    return mark_safe(draw_process(service.process, active=active, done=done, say=formats.said))  # noqa: S308  escapes what it draws


def task_of_step(step: Step, service: services.Service) -> str:
    """What is done at it; who decides between two does something else there than they did."""
    node = service.process.nodes.get(step.node)
    name = (node.name or node.id) if node else step.node
    return f"{name} · {step.get_kind_display()}" if step.kind == Step.Kind.ADJUDICATE else name


def due_of(item: Item, now: datetime) -> Status:
    """How the item stands with its due time, in a few words."""
    if item.state in (Item.State.ACCEPTED, Item.State.CANCELLED, Item.State.DELIVERED):
        return Status(kind="neutral", word=item.get_state_display())
    if item.is_paused:
        return Status(kind="neutral", word=_("Clock stopped"))
    if item.due_at is None:
        return Status(kind="neutral", word=_("No due time"))
    when = formats.ago(item.due_at, now=now)
    if item.due_at <= now:
        return Status(kind="bad", word=_("Was due %(when)s") % {"when": when})
    is_soon = (item.due_at - now).total_seconds() < SOON_SECONDS
    return Status(kind="warn" if is_soon else "good", word=_("Due %(when)s") % {"when": when})


def _given(task: Task, documents: Sequence[DocumentView]) -> tuple[Told, ...]:
    return facts(
        task.shown.fields["input"],
        task.shown.values["input"],
        at="input",
        masked=task.shown.masked,
        lookups=task.service.lookups,
        documents={str(one.pk): one.name for one in documents},
    )


def _history(task: Task, steps: Sequence[Step]) -> tuple[Happening, ...]:
    item = task.step.item
    telling = Telling(
        names=names_for(task.actor, [item]),
        steps={one.pk: one for one in steps},
        service=task.service,
    )
    return happenings(doing.history_of(task.actor, item), telling)
