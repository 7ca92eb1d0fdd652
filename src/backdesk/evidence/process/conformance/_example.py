"""Two invoices, for the examples in docstrings."""

from datetime import UTC, datetime, timedelta

import polars as pl

from backdesk.evidence.process.bpmn import ProcessModel, read_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE


def two_invoices() -> tuple[pl.DataFrame, ProcessModel]:
    """Give the steps of two cases, keyed and checked in this order and in the other; and the process."""
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    done = [
        ("a", "Key the invoice"),
        ("a", "Check the invoice"),
        ("b", "Check the invoice"),
        ("b", "Key the invoice"),
    ]
    rows = [
        {
            "case": case,
            "activity": activity,
            "started_at": begun + timedelta(hours=n),
            "ended_at": begun + timedelta(hours=n + 1),
            "line": n + 1,
        }
        for n, (case, activity) in enumerate(done)
    ]
    return pl.DataFrame(rows), read_bpmn(INVOICE)
