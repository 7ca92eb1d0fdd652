"""The metrics as Prometheus reads them: what was counted, and what the database and the processes say now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version

import psutil
from django.db import connection
from django.db.models import Count, F, Max, Min, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from backdesk.platform.isolation import as_system
from backdesk.platform.models import AuditCheckpoint, AuditPending, Job, Notification
from backdesk.platform.operating import metrics, workers

_OVER = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


def text(*, now: datetime) -> bytes:
    with as_system("metrics"):
        asked = CollectorRegistry(auto_describe=False)
        asked.register(_Now(now))
        return generate_latest(metrics.counted()) + generate_latest(asked)


class _Now(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterable[Metric]:
        yield _build()
        yield _memory()
        yield from _jobs(self.now)
        yield _queue()
        yield from _mails()
        yield from _trail()
        yield _connections()
        yield GaugeMetricFamily("backdesk_workers", "Job workers alive", value=workers.alive(now=self.now))


def _build() -> Metric:
    info = GaugeMetricFamily("backdesk_build_info", "The version that runs", labels=("version",))
    info.add_metric((version("backdesk"),), 1)
    return info


def _memory() -> Metric:
    memory = GaugeMetricFamily("backdesk_resident_bytes", "Memory of our processes", labels=("process",))
    sizes = {"web": 0, "worker": 0}
    for process in metrics.processes():
        with suppress(psutil.Error):
            sizes["worker" if "backdesk.cli.work" in process.cmdline() else "web"] += (
                process.memory_info().rss
            )
    for kind, size in sizes.items():
        memory.add_metric((kind,), size)
    return memory


def _jobs(now: datetime) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("backdesk_jobs", "Jobs kept", labels=("kind", "state"))
    took = SummaryMetricFamily(
        "backdesk_job_seconds", "Time at work of jobs that are over", labels=("kind", "state")
    )
    oldest = None
    rows = Job.objects.values("kind", "state").annotate(
        times=Count("id"), took=Sum(F("finished_at") - F("started_at")), since=Min("enqueued_at")
    )
    for row in rows.order_by("kind", "state"):
        label = (row["kind"], row["state"])
        jobs.add_metric(label, row["times"])
        if row["state"] in _OVER and row["took"] is not None:
            took.add_metric(label, row["times"], row["took"].total_seconds())
        if row["state"] == Job.State.WAITING:
            oldest = min(oldest or row["since"], row["since"])
    waited = (now - oldest).total_seconds() if oldest else 0
    yield from (jobs, took)
    yield GaugeMetricFamily(
        "backdesk_job_oldest_waiting_seconds", "Wait of the oldest waiting job", value=waited
    )


def _queue() -> Metric:
    depth = GaugeMetricFamily("backdesk_queue", "Entries of the queue beneath the jobs", labels=("status",))
    for status, times in _rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1"):
        depth.add_metric((status,), times)
    return depth


def _mails() -> Iterator[Metric]:
    sent, waiting, tries = Notification.objects.aggregate(
        sent=Count("emailed_at"), waiting=Count("email_due_at"), tries=Sum("email_attempts", default=0)
    ).values()
    mails = GaugeMetricFamily("backdesk_mails", "E-mails of notifications", labels=("state",))
    mails.add_metric(("sent",), sent)
    mails.add_metric(("waiting",), waiting)
    yield mails
    yield GaugeMetricFamily("backdesk_mail_failures", "Tries that no e-mail went out at", value=tries - sent)


def _trail() -> Iterator[Metric]:
    sealed = AuditCheckpoint.objects.aggregate(size=Max("size", default=0))["size"]
    yield GaugeMetricFamily(
        "backdesk_audit_sealed", "Entries of the audit trail that are sealed", value=sealed
    )
    pending = AuditPending.objects.count()
    yield GaugeMetricFamily("backdesk_audit_pending", "Entries that wait to be sealed", value=pending)


def _connections() -> Metric:
    found = GaugeMetricFamily(
        "backdesk_database_connections", "Connections to our database", labels=("state",)
    )
    for state, times in _rows(
        "SELECT coalesce(state, 'of others'), count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() GROUP BY 1 ORDER BY 1"
    ):
        found.add_metric((state,), times)
    return found


def _rows(sql: str) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
