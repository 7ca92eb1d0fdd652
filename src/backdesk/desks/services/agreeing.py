"""Whether the parts of a service agree: that conditions, checks and tasks name what is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from backdesk.desks.services.definition import Check, Problem, Service, function_of
from backdesk.desks.services.expressions import BUILT_IN, FUNCTIONS, NotCel, compiled
from backdesk.desks.services.fields import Field, near
from backdesk.desks.services.references import Branch, Leaf, References, Shape, references, shape_of
from backdesk.desks.services.schemas import Schema
from backdesk.desks.services.tables import Table, read_toml
from backdesk.evidence.process.bpmn import Node, ProcessModel, element_lines, problems

ITEM: Final = ("title", "language", "priority", "business_key", "received_at")
"""What texts read of `item`: texts, but for priority (1 to 9) and received_at (a timestamp)."""
REVIEW: Final = ("wrong", "errors")
"""What texts read of `review`, the last one: whether it sends the work back, and how many errors it found."""
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "client": ("operations_lead", "employee", "controller", "auditor"),
    "provider": ("delivery_manager", "agent"),
}
"""Who may be asked to do the tasks of a lane, by its party; those of "either" are of both."""


_ENDLESS: Final = "Machines alone go round in this loop, maybe for ever; lead it over a user task or a timer."


def disagreements(service: Service, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find what each file by itself is right about, and the service as a whole is not.

    >>> from backdesk.desks.services.examples import example
    >>> from backdesk.desks.services.writing import write_service
    >>> service = example("invoice-entry")
    >>> list(disagreements(service, write_service(service)))
    []
    """
    yield from _process(service, files["process.bpmn"])
    yield from _rules(service, read_toml(files.get("checks.toml", b""), file="checks.toml"))
    yield from _settings(service, read_toml(files["service.toml"], file="service.toml"))


def reads(service: Service, text: str) -> frozenset[str]:
    """Return the paths of the values that a CEL text of a service reads or asks for.

    >>> from backdesk.desks.services.examples import example
    >>> sorted(reads(example("invoice-entry"), "output.net.amount > 0"))
    ['output.net', 'output.net.amount']
    """
    found = _found(text, service)
    return frozenset(found.reads) | found.asked


def _process(service: Service, data: bytes) -> Iterator[Problem]:
    lines, process = element_lines(data), service.process
    for element, says in (
        *((each.element or "", each.says) for each in problems(process)),
        *_lanes(process),
        *((task.id, says) for task in process.of_kind("user") for says in _task(task, service)),
        *_conditions(service),
        *_machines(service),
        *_rounds(service.process),
    ):
        yield Problem(file="process.bpmn", line=lines.get(element, 0), field=element, says=says)


def _lanes(process: ProcessModel) -> Iterator[tuple[str, str]]:
    if not process.lanes:
        yield process.id, "The process has no lanes; say with them which company does which step."
    for lane in process.lanes.values():
        known = {*ROLES["client"], *ROLES["provider"]} if lane.party == "either" else ROLES[lane.party]
        if lane.role and lane.role not in known:
            says = f"“{lane.role[:60]}” is no role of the {lane.party}{near(lane.role, known)}"
            yield lane.id, f"{says} There are {', '.join(sorted(known))}."


def _conditions(service: Service) -> Iterator[tuple[str, str]]:
    for flow in service.process.flows.values():
        for says in _text(flow.condition or "", service, private=False):
            yield flow.id, f"Condition: {says}"


def _task(task: Node, service: Service) -> Iterator[str]:
    lane = service.process.lane_of(task.id)
    outside = lane is not None and lane.party != "client"
    for attribute, schema in (("fields", service.output), ("shows", service.input)):
        names = {each.name: each for each in schema.fields}
        for name in task.attributes.get(attribute, "").split():
            if name not in names:
                yield f"backdesk:{attribute} names “{name[:60]}”, which the schema has not{near(name, names)}"
            elif outside and names[name].visibility == "client":
                yield f"backdesk:{attribute} names “{name}”, which is the client's alone, and the step is not."
    if not 1 <= _level(task) <= 4:
        yield "backdesk:level is 1 to 4."


def _machines(service: Service) -> Iterator[tuple[str, str]]:
    for task in service.process.of_kind("service"):
        if (name := function_of(task)) not in service.functions:
            says = f"service.toml has no function “{name[:60]}”{near(name, service.functions)}"
            yield task.id, f"{says} Write [functions.{name[:60]}], or make this a user task."


def _rounds(process: ProcessModel) -> Iterator[tuple[str, str]]:
    """Find a loop that machines go round in without a person or a time between."""
    alone = {id_ for id_, node in process.nodes.items() if node.kind not in ("user", "timer")}
    ways = TopologicalSorter[str]()
    for flow in process.flows.values():
        if {flow.source, flow.target} <= alone:
            ways.add(flow.target, flow.source)
    try:
        ways.prepare()
    except CycleError as loop:  # one of gateways alone is refused with the process itself
        for id_ in [id_ for id_ in loop.args[1] if process.nodes[id_].kind == "service"][:1]:
            yield id_, _ENDLESS


def _level(task: Node) -> int:
    level = task.attributes.get("level", "1")
    return int(level) if level.isascii() and level.isdigit() and len(level) < 4 else 0


def _rules(service: Service, table: Table) -> Iterator[Problem]:
    numbers = {check.key: number for number, check in reversed(list(enumerate(service.checks)))}
    for check in service.checks:
        place = f"check[{numbers[check.key]}]"
        for name, says, line in _rule(check, service):
            at = table.lines.get(f"{place}.{name}", 0)
            yield Problem(file="checks.toml", line=at + line if at else 0, field=f"{place}.{name}", says=says)


def _rule(check: Check, service: Service) -> Iterator[tuple[str, str, int]]:
    asked = _found(check.when, service).asked if check.when else ()
    for name, text in (("when", check.when), ("that", check.that)):
        for says in _text(text or "", service, asked=asked):
            yield name, says, 0
    if check.field is not None and not (service.output.find(check.field) or service.input.find(check.field)):
        known = [each.path for schema in (service.output, service.input) for each in schema.every()]
        yield "field", f"There is no field “{check.field[:60]}”{near(check.field, known)}", 0


def _text(text: str, service: Service, *, private: bool = True, asked: Collection[str] = ()) -> Iterator[str]:
    """Say what is wrong with a CEL text; `asked` are paths that `has()` was asked about before."""
    if not text:
        return
    try:
        called = compiled(text).functions()
    except NotCel as broken:
        yield f"This is no CEL: {broken} (line {broken.line}, character {broken.column})."
        return
    found = _found(text, service)
    for mistake in found.mistakes:
        yield f"{mistake.says} (character {mistake.at + 1})"
    yield from _calls(called, found)
    for path in found.may_miss.keys() - found.asked - set(asked):
        yield f"{path} may be missing; ask first, as in has({path}) && … or in when."
    for path in () if private else sorted({*found.reads, *found.asked}):
        field = _field(service, path)
        if field is not None and field.visibility == "client":
            yield f"{path} is the client's alone; the way an item takes would give it away."


def _calls(called: Collection[str], found: References) -> Iterator[str]:
    known = {*BUILT_IN.split(), *FUNCTIONS, "lookup"}
    for name in called:
        if name.isidentifier() and not name.startswith("_") and name not in known:
            yield f"There is no function {name}{near(name, known)}"
    if found.exact and found.reckons:
        yield "Reckoning with + - * / on decimals is inexact; use sum([a, b]), minus(a, b), times(a, b)."


def _found(text: str, service: Service) -> References:
    return references(text, scope=_scope(service), lookups=service.lookups)


def _scope(service: Service) -> dict[str, Shape]:
    return {
        "input": shape_of(service.input.fields),
        "output": shape_of(service.output.fields),
        "item": Branch(dict.fromkeys(ITEM, Leaf())),
        "review": Branch(dict.fromkeys(REVIEW, Leaf())),
    }


def _field(service: Service, path: str) -> Field | None:
    root, _, rest = path.partition(".")
    schemas: Mapping[str, Schema] = {"input": service.input, "output": service.output}
    return schemas[root].find(rest) if root in schemas else None


def _settings(service: Service, table: Table) -> Iterator[Problem]:
    for name, says in (*_keys(service), *_quality(service), *_functions(service)):
        table.problem(name, says)
    yield from table.problems
    for name, schema in (("input", service.input), ("output", service.output)):
        if all(each.visibility == "client" for each in schema.fields):
            says = "Every field is the client's alone; give at least one that both companies see."
            yield Problem(file=f"{name}.schema.json", says=says)


def _functions(service: Service) -> Iterator[tuple[str, str]]:
    used = {function_of(task) for task in service.process.of_kind("service")}
    for name, texts in service.functions.items():
        if name not in used:
            yield (
                f"functions.{name}",
                "It does no service task of the process; name it there, or take it out.",
            )
        for path, text in texts.items():
            for says in _filling(path, text, service):
                yield f"functions.{name}.set.{path}", says


def _filling(name: str, text: str, service: Service) -> Iterator[str]:
    """Say what is wrong with a field that a machine fills, and with the text that says by what."""
    known = {each.name: each for each in service.output.fields}
    target = known.get(name)
    if target is None:
        yield f"The output has no field “{name[:60]}”{near(name, known)}"
        return
    if target.type in ("group", "table", "file"):
        yield f"“{name}” is a {target.type}; machines fill single values."
    if target.visibility == "client":
        yield f"“{name}” is the client's alone, and the provider's people lead to this step, too."
    wrong = list(_text(text, service))
    yield from wrong
    hidden = {"client", "masked"} - {target.visibility}
    for path in () if wrong else sorted(reads(service, text)):
        field = _field(service, path)
        if field is not None and hidden & {each.visibility for each in field.walk()}:
            yield f"{path} is not for everybody's eyes, and “{name}” would give it away."


def _keys(service: Service) -> Iterator[tuple[str, str]]:
    for path in service.key_fields:
        field = service.input.find(path)
        if field is None:
            known = [each.path for each in service.input.every()]
            yield "key_fields", f"The input has no field “{path[:60]}”{near(path, known)}"
        elif "[]" in path or field.fields or field.type == "file":
            yield "key_fields", f"“{path}” is a table, in one, a group or a file; name single values."
        elif field.visibility != "all":
            yield "key_fields", f"“{path}” is not for everybody's eyes, and keys are seen by all."


def _quality(service: Service) -> Iterator[tuple[str, str]]:
    kinds = {task.attributes.get("kind", "do") for task in service.process.of_kind("user")}
    if service.quality.review_share and "review" not in kinds:
        says = 'The process has no review; give one of its tasks backdesk:kind="review".'
        yield "quality.review_share", says
    if service.quality.keyed_share is not None and "key" not in kinds:
        says = 'The process has nothing keyed twice; give a task backdesk:kind="key".'
        yield "quality.keyed_share", says
