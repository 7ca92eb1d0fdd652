"""What a review adds to the page of a step, and what an adjudicator sees of the two who differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from backdesk.desks.services import Field, Schema, Service
from backdesk.desks.services.differences import Difference
from backdesk.platform.actor import Actor
from backdesk.work.models import Finding, Inspection, Step, StepDraft
from backdesk.work.operations import keying
from backdesk.work.queries import disclosed, doing
from backdesk.work.queries.disclosed import Disclosed
from backdesk.work.queries.quality import sent_back
from backdesk.work.web.entry import reading
from backdesk.work.web.entry.facts import Fact, Told, fact, facts
from backdesk.work.web.entry.reading import Texts
from backdesk.work.web.quality.titles import title_at

ROWS = 6
SHOWN_AT_FIRST = 2
_DRAFTED = "$review"
_OWN = ("_verdict", "_finding-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding as it is typed."""

    number: int
    category: str = ""
    field: str = ""
    note: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.category or self.field or self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`entered`: what is looked at. `categories` and `fields` are pairs of key and name, for the lists."""

    entered: tuple[Told, ...]
    categories: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    verdict: str
    rows: tuple[Row, ...]
    problem: str = ""

    @property
    def first_rows(self) -> tuple[Row, ...]:
        return self.rows[:SHOWN_AT_FIRST]

    @property
    def more_rows(self) -> tuple[Row, ...]:
        return self.rows[SHOWN_AT_FIRST:]

    @property
    def more_are_open(self) -> bool:
        return any(not row.is_empty for row in self.more_rows)

    def refused(self, problems: tuple[tuple[int, str], ...]) -> Review:
        """With what is wrong at each finding, counted without the empty ones, and of the whole."""
        filled = [row.number for row in self.rows if not row.is_empty]
        at = {filled[place]: says for place, says in problems if 0 <= place < len(filled)}
        rows = tuple(replace(row, problem=at.get(row.number, "")) for row in self.rows)
        whole = " ".join(says for place, says in problems if not 0 <= place < len(filled))
        return replace(self, rows=rows, problem=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A field in which two keyed differently; which of them is whose is not said.

    `target`: its input in the form, if there; `typed`: what to enter there to decide for the one, and for the other, as
    JSON of texts by the names of inputs.
    """

    title: str
    one: Fact | None
    other: Fact | None
    is_critical: bool
    target: str
    typed: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """What two keyed of a field, first the one whose error it is, and what was decided; a dash for nothing."""

    own: Fact | None
    other: Fact | None
    right: Fact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """An error for which work is to be done again; `target`: where in the form it is put right, if there."""

    kind: str
    field: str
    note: str
    target: str


def came_back(
    actor: Actor, step: Step, steps: Sequence[Step], service: Service, asked: Schema
) -> tuple[CameBack, ...]:
    """Of a step that is done again; of others one need not look. `asked`: what its form asks for."""
    done = (one.node for one in steps if one.state == Step.State.DONE)
    if not step.item.round and step.node not in done:
        return ()
    kinds = {one.key: _(one.name) for one in service.errors}
    return tuple(
        CameBack(
            kind=kinds.get(one.category, one.category),
            field=title_at(service.output, one.field) if one.field else "",
            note=one.note,
            target=f"in-{reading.input_name(one.field)}" if asked.find(one.field) else "",
        )
        for one in sent_back(actor, step.item)
    )


def review_of(
    step: Step, service: Service, shown: Disclosed, typed: Mapping[str, str] | None = None
) -> Review | None:
    """Of a step that is one, with what was typed of it."""
    if step.kind != Step.Kind.REVIEW:
        return None
    typed = typed or {}
    entered = facts(
        shown.fields["output"],
        shown.values["output"],
        at="output",
        masked=shown.masked,
        lookups=service.lookups,
    )
    return Review(
        entered=entered,
        categories=tuple(
            (one.key, f"{_(one.name)} ({_('critical')})" if one.critical else _(one.name))
            for one in service.errors
        ),
        fields=tuple(
            (path, title_at(service.output, path))
            for field in shown.fields["output"]
            for path in _paths(field, shown.values["output"].get(field.name))
        ),
        verdict=typed.get("_verdict", ""),
        rows=tuple(_row(number, typed) for number in range(1, ROWS + 1)),
    )


def _paths(field: Field, value: Any, at: str = "") -> Iterator[str]:
    """Of what can be wrong: each field, and of a table those of each line that was entered."""
    path = f"{at}{field.name}"
    if field.type == "table":
        for number, row in enumerate(value or ()):
            for inner in field.fields:
                yield from _paths(inner, row.get(inner.name), f"{path}[{number}].")
    elif field.type == "group":
        for inner in field.fields:
            yield from _paths(inner, (value or {}).get(inner.name), f"{path}.")
    else:
        yield path


def outcome_of(review: Review | None) -> dict[str, Any] | None:
    """As the verb takes it: without a verdict it is none, and refused there."""
    if review is None:
        return None
    return {
        "wrong": {"right": False, "wrong": True}.get(review.verdict),
        "findings": [
            {"category": row.category, "field": row.field, "note": row.note}
            for row in review.rows
            if not row.is_empty
        ],
    }


def typed_in(post: QueryDict) -> dict[str, str]:
    """What a form says of the review: names no field can have."""
    return {name: str(text) for name, text in post.items() if name.startswith("_")}


def to_draft(step: Step, post: QueryDict) -> dict[str, Any]:
    """What is kept of a review that is not complete, under a name no field can have."""
    if step.kind != Step.Kind.REVIEW:
        return {}
    return {_DRAFTED: {name: text for name, text in typed_in(post).items() if name.startswith(_OWN) and text}}


def drafted(draft: StepDraft | None) -> Mapping[str, str]:
    return draft.values.get(_DRAFTED, {}) if draft else {}


def apart_of(step: Step, steps: list[Step], service: Service, asked: Schema) -> tuple[Apart, ...]:
    """For who decides between two; nobody else is shown what two keyed. `asked`: what the form asks for."""
    if step.kind != Step.Kind.ADJUDICATE:
        return ()
    both = keying.keyed_with(step, steps)
    if len(both) != 2:
        return ()
    texts = [reading.opened(asked, one.result or {}) for one in both]
    return tuple(_apart(one, service, texts) for one in keying.apart(service, both))


def keyed_of(actor: Actor, found: Finding, service: Service) -> Keyed | None:
    """Of a finding of double keying; nothing while the same is keyed once more, which is to be blind."""
    look = found.inspection
    if look.kind != Inspection.Kind.KEYING:
        return None
    steps = doing.steps_of(actor, found.item)
    own = next((one for one in steps if one.pk == look.step_id), None)
    if own is None or own.node in disclosed.blind_to(actor=actor, steps=steps):
        return None
    entries = keying.decided(service, own, steps).get(found.field)
    field = service.output.find(found.field)
    if entries is None or field is None or field.visibility == "masked":
        return None
    one, other, right = (
        _fact(field, value, found.field, service) for value in (entries.own, entries.other, entries.right)
    )
    return Keyed(own=one, other=other, right=right)


def _row(number: int, typed: Mapping[str, str]) -> Row:
    category, field, note = (
        typed.get(f"_finding-{number}-{name}", "").strip() for name in ("category", "field", "note")
    )
    return Row(number=number, category=category, field=field, note=note)


def _apart(found: Difference, service: Service, texts: Sequence[Texts]) -> Apart:
    field = service.output.find(found.path)
    one, other = (_fact(field, value, found.path, service) for value in (found.ours, found.theirs))
    name = reading.input_name(found.path)
    first, second = (_typed(name, keyed) for keyed in texts)
    return Apart(
        title=title_at(service.output, found.path),
        one=one,
        other=other,
        is_critical=found.critical,
        target=f"in-{name}",
        typed=(first, second),
    )


def _typed(name: str, texts: Texts) -> str:
    names = (name, f"{name}-currency")
    return json.dumps({one: texts[one] for one in names if one in texts} or {name: ""})


def _fact(field: Field | None, value: Any, path: str, service: Service) -> Fact | None:
    if field is None or value is None:
        return None
    return fact(field, value, path=f"output.{path}", lookups=service.lookups)
