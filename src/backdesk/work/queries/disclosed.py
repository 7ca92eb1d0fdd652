"""What of an item somebody is shown: the fields of their step and no others, masked ones without their values.

Everything that tells of an item asks here first, so that a page, its parts, the API and exports hold the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backdesk.desks.services import Field, Schema, Service
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import prepared
from backdesk.work import policies
from backdesk.work.models import Item, Step
from backdesk.work.queries.disclosing import filled

#: Of an item's data, those that have a schema.
PARTS = ("input", "output")
_PRIVATE = "SELECT data FROM work_itemprivate WHERE item_id = %s"
_TO_KEY = frozenset({Step.State.OPEN, Step.State.TAKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """`values` of the fields shown, by part; in `masked` the paths (`input.account`) behind which there is a value."""

    fields: Mapping[str, tuple[Field, ...]]
    values: Mapping[str, Mapping[str, Any]]
    masked: frozenset[str]


class NotShown(LookupError):
    """There is no such field for who asks."""


def disclosed(
    *,
    actor: Actor,
    item: Item,
    service: Service,
    nodes: Collection[str] | None = None,
    blind: Collection[str] = (),
) -> Disclosed:
    """`nodes`: the tasks for the sake of which the actor is shown it; None: all that is for their company. `blind`:
    tasks that are being keyed twice, of which nothing entered before is shown."""
    whole = whole_data(actor=actor, item=item)
    unseen = {field.name for node in blind for field in filled(service, node).fields}
    fields = {part: tuple(_fields(actor, item, service, part, nodes)) for part in PARTS}
    fields["output"] = tuple(field for field in fields["output"] if field.name not in unseen)
    values, masked = {}, set()
    for part in PARTS:
        values[part], hidden = _pick(fields[part], whole.get(part, {}))
        masked |= {f"{part}.{path}" for path in hidden}
    return Disclosed(fields=fields, values=values, masked=frozenset(masked))


def value_behind(
    *,
    actor: Actor,
    item: Item,
    service: Service,
    path: str,
    nodes: Collection[str] | None = None,
    blind: Collection[str] = (),
) -> tuple[Field, Any]:
    """The field and value behind a path that is masked for the actor. Raises `NotShown`."""
    shown = disclosed(actor=actor, item=item, service=service, nodes=nodes, blind=blind)
    part, _, inner = path.partition(".")
    field = Schema(document={}, fields=shown.fields.get(part, ())).find(inner)
    if path not in shown.masked or field is None:
        raise NotShown(path)
    return field, _at(whole_data(actor=actor, item=item)[part], inner)


def kept_behind(*, actor: Actor, item: Item, step: Step, service: Service) -> dict[str, Any]:
    """Masked values of the fields a step fills that are there already: they stay unless others are entered. What is
    keyed is keyed blind."""
    fields = filled(service, step.node).fields if step.kind != Step.Kind.KEY else ()
    masked = [one.name for one in fields if one.visibility == "masked"]
    output = whole_data(actor=actor, item=item).get("output", {}) if masked else {}
    return {name: output[name] for name in masked if name in output}


def nodes_of(*, actor: Actor, steps: Sequence[Step]) -> frozenset[str] | None:
    """An agent is shown what the steps they had needed; who leads, orders or controls the work, all of it."""
    if policies.sees_whole(actor):
        return None
    return frozenset(step.node for step in steps if step.holder_id == actor.person_id)


def blind_to(*, actor: Actor, steps: Sequence[Step]) -> frozenset[str]:
    """The tasks that are being keyed, to who does the work, and to who leads it while they key a copy themselves."""
    keyed = [step for step in steps if step.kind == Step.Kind.KEY and step.state in _TO_KEY]
    keys = any(step.holder_id == actor.person_id and step.state == Step.State.TAKEN for step in keyed)
    return frozenset(step.node for step in keyed) if keys or not policies.sees_whole(actor) else frozenset()


def whole_data(*, actor: Actor, item: Item) -> Mapping[str, Any]:
    """With what the client keeps to itself, for its own people; to others the database shows none of that."""
    if not policies.is_client_of(actor, item.client_id):
        return dict(item.data)
    own = private_data(item)
    return {part: {**item.data.get(part, {}), **own.get(part, {})} for part in PARTS}


def private_data(item: Item) -> Mapping[str, Any]:
    """What the client keeps to itself of an item; to others the database shows none."""
    found = prepared.rows(sql=_PRIVATE, values=[item.pk])
    return found[0][0] if found else {}


def _fields(
    actor: Actor, item: Item, service: Service, part: str, nodes: Collection[str] | None
) -> Iterator[Field]:
    """The outermost ones some of the tasks name, or all; without those for the client's eyes, for anybody else."""
    schema: Schema = getattr(service, part)
    named = None if nodes is None else [_named(service, node, part) for node in nodes]
    for field in schema.fields:
        if named is None or any(names is None or field.name in names for names in named):
            yield from _for(field, is_client=policies.is_client_of(actor, item.client_id))


def _named(service: Service, node: str, part: str) -> frozenset[str] | None:
    """What a task names of a part; None: it names nothing, and needs all of it."""
    task = service.process.nodes.get(node)
    if task is None:
        return frozenset()
    if part == "output" and task.attributes.get("kind") == "review":
        task = service.process.nodes.get(task.attributes.get("of", ""), task)
    text = task.attributes.get("shows" if part == "input" else "fields")
    return None if text is None else frozenset(text.split())


def _for(field: Field, *, is_client: bool) -> Iterator[Field]:
    if field.visibility == "client" and not is_client:
        return
    inner = tuple(one for each in field.fields for one in _for(each, is_client=is_client))
    yield replace(field, fields=inner) if field.fields else field


def _pick(
    fields: Sequence[Field], values: Mapping[str, Any], at: str = ""
) -> tuple[dict[str, Any], set[str]]:
    """The values of these fields alone, and the paths of those that are masked."""
    picked: dict[str, Any] = {}
    masked: set[str] = set()
    for field in fields:
        value, path = values.get(field.name), f"{at}{field.name}"
        if value is None:
            continue
        if _is_masked(field):
            masked.add(path)
        elif field.type == "group":
            picked[field.name], hidden = _pick(field.fields, value, f"{path}.")
            masked |= hidden
        elif field.type == "table":
            rows = [_pick(field.fields, row, f"{path}[{place}].") for place, row in enumerate(value)]
            picked[field.name] = [row for row, _ in rows]
            masked |= {one for _, hidden in rows for one in hidden}
        else:
            picked[field.name] = value
    return picked, masked


def _is_masked(field: Field) -> bool:
    return field.visibility == "masked"


def _at(values: Any, path: str) -> Any:
    for part in path.replace("[", ".").replace("]", "").split("."):
        values = values[int(part)] if part.isdecimal() else values[part]
    return values
