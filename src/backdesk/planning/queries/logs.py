"""Into a work history: its steps, its cases, the rows that were rejected."""

from typing import Any

import polars as pl

from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields
from backdesk.platform.errors import Refused


class NoSuchCase(Refused):
    """No case of this work history has the name."""

    status = 404


def history_read(actor: Actor, pk: int) -> WorkHistory:
    """A work history that has been read; one that has not has nothing in it yet."""
    return WorkHistory.objects.visible_to(actor).read().get(pk=pk)


def steps_of(actor: Actor, pk: int) -> pl.LazyFrame:
    """All steps with what was measured of each; who did them only for those who may see it."""
    steps = records.measured(history_read(actor, pk))
    return steps.drop(disclosed_fields(actor, policies.STEP).hidden)


def cases_of(actor: Actor, pk: int) -> pl.LazyFrame:
    return records.cases(history_read(actor, pk))


def case_of(actor: Actor, pk: int, name: str) -> dict[str, Any]:
    """What is measured of one case."""
    found = cases_of(actor, pk).filter(pl.col("case") == name).collect()
    if found.is_empty():
        raise NoSuchCase(f"No case of this work history is called “{name}”.")
    return found.row(0, named=True)


def rejects_of(actor: Actor, pk: int) -> pl.LazyFrame:
    return records.rejects(history_read(actor, pk))
