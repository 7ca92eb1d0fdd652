"""Processes of real logs, drawn by hand, and steps made from the order in which cases did them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from backdesk.evidence.process.bpmn import ProcessModel
from tests.evidence.process.bpmn.made import Choice, Fork, Loop, Plan, Run, Task, built

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def process(plan: Plan, names: Mapping[str, str]) -> ProcessModel:
    """The process of a plan, its tasks called by their names."""
    model = built(plan)
    nodes = [replace(node, name=names.get(node.id, node.name)) for node in model.nodes.values()]
    return ProcessModel.of(model.id, model.name, nodes, list(model.flows.values()))


def row(*tasks: str) -> Plan:
    """Tasks one after another."""
    return Run(tuple(Task(task) for task in tasks))


INVOICES = built(
    Run(
        (
            Task("Receive"),
            Fork("f", (Task("Check"), Task("Approve"))),
            Choice("c", Task("Remind"), None),
            row("Pay", "Archive"),
        )
    )
)
"""Receive; Check and Approve side by side; Remind or not; Pay; Archive."""

IN_ORDER = built(row("Receive", "Check", "Approve", "Pay", "Archive"))

_ROUND = Run(
    (
        Choice("again", Task("ri"), None),
        Fork("side", (Choice("how", Task("ec"), Task("et")), Task("ct"))),
        Task("d"),
    )
)
COMPENSATION = process(
    Run((Task("r"), Loop("rounds", _ROUND), Choice("outcome", Task("p"), Task("rr")))),
    {
        "r": "register request",
        "ri": "reinitiate request",
        "ec": "examine casually",
        "et": "examine thoroughly",
        "ct": "check ticket",
        "d": "decide",
        "p": "pay compensation",
        "rr": "reject request",
    },
)
"""Of running-example, whose cases all fit it."""

RECEIPT = process(
    Run(
        (
            row("receipt", "t02"),
            Fork("f", (Task("t04"), Choice("adjusting", Task("t03"), None))),
            row("t05", "t06"),
            Choice("stop", Loop("again", Task("t10")), None),
        )
    ),
    {
        "receipt": "Confirmation of receipt",
        "t02": "T02 Check confirmation of receipt",
        "t03": "T03 Adjust confirmation of receipt",
        "t04": "T04 Determine confirmation of receipt",
        "t05": "T05 Print and send confirmation of receipt",
        "t06": "T06 Determine necessity of stop advice",
        "t10": "T10 Determine necessity to stop indication",
    },
)
"""A rough drawing of the receipt phase, with much that the log does otherwise."""


def steps(cases: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Steps of cases, one hour each, straight after one another."""
    rows = [
        (case, activity, MONDAY + timedelta(hours=n), MONDAY + timedelta(hours=n + 1), line)
        for line, (case, n, activity) in enumerate(
            ((case, n, activity) for case, several in cases.items() for n, activity in enumerate(several)), 1
        )
    ]
    columns = {
        "case": pl.String(),
        "activity": pl.Categorical(),
        "started_at": pl.Datetime("us", "UTC"),
        "ended_at": pl.Datetime("us", "UTC"),
        "line": pl.UInt32(),
    }
    return pl.DataFrame(rows, schema=columns, orient="row")
