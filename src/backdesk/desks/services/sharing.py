"""A service as both companies may see it: without what its client keeps to itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from backdesk.desks.services.agreeing import reads
from backdesk.desks.services.definition import Check, Service
from backdesk.evidence.process.bpmn import Node, ProcessModel


def shared(service: Service) -> Service:
    """Return the service without the client's own fields, checks of these, and how much is sampled.

    What is left is a service that can be written and read again.

    >>> from backdesk.desks.services.examples import example
    >>> example("invoice-entry").quality.review_share > 0, shared(example("invoice-entry")).quality.review_share
    (True, None)
    """
    return replace(
        service,
        input=service.input.shared(),
        output=service.output.shared(),
        process=_without_private(service),
        checks=tuple(check for check in service.checks if not _is_private(check, service)),
        quality=replace(service.quality, review_share=None, gold_share=Decimal(0), keyed_share=None),
    )


def _is_private(check: Check, service: Service) -> bool:
    at = {"output": service.output, "input": service.input}
    paths = reads(service, check.when or "") | reads(service, check.that)
    fields = [at[root].find(rest) for root, _, rest in (path.partition(".") for path in paths) if root in at]
    fields += [schema.find(check.field) for schema in at.values() if check.field]
    return any(field is not None and field.visibility == "client" for field in fields)


def _without_private(service: Service) -> ProcessModel:
    private = {
        each.name
        for schema in (service.input, service.output)
        for each in schema.fields
        if each.visibility == "client"
    }
    nodes = {id_: _shown(node, private) for id_, node in service.process.nodes.items()}
    return replace(service.process, nodes=nodes)


def _shown(node: Node, private: set[str]) -> Node:
    """What named the client's own fields alone names nothing now; unsaid, it would mean all."""
    attributes = {
        name: " ".join(each for each in text.split() if each not in private)
        if name in ("fields", "shows")
        else text
        for name, text in node.attributes.items()
    }
    return replace(node, attributes=attributes)
