"""Rates that are set just when a reading writes what it found with the ones before."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, connections, transaction

from backdesk.evidence.assessment import Rate as HourlyRate
from backdesk.evidence.assessment import Rates
from backdesk.planning import operations
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.rates import REPRICE
from backdesk.platform.isolation import within
from backdesk.platform.models import Job
from tests.cast import NOW, assemble
from tests.planning.histories import confirmed
from tests.waiting import PATIENCE, until

AN_HOUR = Rates(entries=(HourlyRate(kind="default", name="", rate=Decimal(30), currency="EUR"),))
WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.mark.django_db(transaction=True)
def test_costs_are_reckoned_anew_also_where_neither_saw_the_other(var: Path) -> None:
    lead = assemble().lead
    history = confirmed(lead)
    are_set, is_read = Event(), Event()

    def set_rates() -> None:
        with transaction.atomic():
            operations.set_rates(actor=lead, now=NOW, rates=AN_HOUR)
            are_set.set()
            until(lambda: is_read.is_set() or somebody_waits(), "the reading to come as far as it may")
        connections.close_all()

    def progress(fraction: float, phase: str) -> None:
        if phase == "writing the inventory":
            setting.append(both.submit(set_rates))
            assert are_set.wait(PATIENCE)

    setting: list[Future[None]] = []
    with ThreadPoolExecutor(1) as both:
        with within(lead):
            operations.read_history(actor=lead, now=NOW, history_id=history.pk, progress=progress)
        is_read.set()
        setting[0].result()
    assert WorkHistory.objects.read().exists()
    assert Job.objects.filter(kind=REPRICE).count() == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return bool(cursor.fetchone()[0])
