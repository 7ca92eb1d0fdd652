"""Which fields of an item somebody sees."""

from __future__ import annotations

from backdesk.desks.services import Schema, Service


def filled(service: Service, node: str) -> Schema:
    """The fields of the output that a step fills: those its task names, else all; a review none but those."""
    task = service.process.nodes[node].attributes
    names = task.get("fields", "").split()
    if "fields" not in task and task.get("kind") != "review":
        names = [each.name for each in service.output.fields]
    return service.output.only(names)
