"""Background jobs: asked for in a transaction, watched, called off, and told when they fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction

from backdesk.platform.actor import Actor, system
from backdesk.platform.jobs import JobRun, UnknownKind, enqueue, queries, request_cancel
from backdesk.platform.jobs.operations import JobWithoutOrganisation
from backdesk.platform.jobs.run import Superseded, execute_on
from backdesk.platform.models import AuditEntry, Job
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.platform import handlers  # noqa: F401  the kinds these tests ask for

pytestmark = pytest.mark.django_db


def ask(actor: Actor, kind: str, **arguments: object) -> Job:
    return enqueue(actor=actor, now=NOW, kind=kind, arguments=arguments)


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_a_job_is_done_and_says_so(cast: Cast, tmp_path: Path) -> None:
    job = ask(cast.lead, "tests.write_number", file=str(tmp_path / "number"), number=7)
    assert (job.state, queued()) == (Job.State.WAITING, 1)
    do_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.progress, job.phase, job.message) == (Job.State.DONE, 1.0, "step 3", "")
    assert job.started_at is not None
    assert job.finished_at is not None
    assert (tmp_path / "number").read_text() == "7"


def test_it_runs_as_the_person_who_asked(cast: Cast) -> None:
    job = ask(cast.lead, "tests.fail_foreseen")
    assert job.actor == cast.lead.through("job")


def test_what_is_rolled_back_was_never_asked_for(cast: Cast) -> None:
    with transaction.atomic():
        ask(cast.lead, "tests.fail_foreseen")
        transaction.set_rollback(True)
    assert (Job.objects.count(), queued()) == (0, 0)


def test_an_unknown_kind_fails_where_it_is_asked_for(cast: Cast) -> None:
    with pytest.raises(UnknownKind, match="make_coffee"):
        ask(cast.lead, "tests.make_coffee")


def test_a_job_belongs_to_somebody() -> None:
    with pytest.raises(JobWithoutOrganisation):
        ask(system(name="nobody in particular"), "tests.fail_foreseen")


def test_a_foreseen_failure_is_told_in_its_own_words(cast: Cast) -> None:
    ask(cast.lead, "tests.fail_foreseen")
    (job,) = do_waiting_jobs()
    assert job.state == Job.State.FAILED
    assert job.message.startswith("The file holds no case column; name the one")


def test_an_unforeseen_failure_is_told_plainly_and_logged_in_full(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    ask(cast.lead, "tests.fail_unforeseen")
    (job,) = do_waiting_jobs()
    assert job.state == Job.State.FAILED
    assert f"job-{job.pk}-1" in job.message
    assert "secret detail" not in job.message
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_a_waiting_job_called_off_never_begins(cast: Cast, tmp_path: Path) -> None:
    job = ask(cast.lead, "tests.write_number", file=str(tmp_path / "number"), number=7)
    job = request_cancel(actor=cast.lead, now=NOW, job=job)
    assert (job.state, job.is_over) == (Job.State.CANCELLED, True)
    execute_on(connection, job_id=job.pk, now=lambda: NOW)
    assert not (tmp_path / "number").exists()
    assert AuditEntry.objects.filter(verb="job cancelled", subject_id=str(job.pk)).exists()


def test_calling_off_what_is_over_changes_nothing(cast: Cast) -> None:
    ask(cast.lead, "tests.fail_foreseen")
    (job,) = do_waiting_jobs()
    assert request_cancel(actor=cast.lead, now=NOW, job=job).state == Job.State.FAILED
    assert not AuditEntry.objects.filter(verb="job cancelled").exists()


def test_a_job_that_is_over_is_not_done_twice(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "number"
    job = ask(cast.lead, "tests.write_number", file=str(file), number=7)
    do_waiting_jobs()
    file.unlink()
    execute_on(connection, job_id=job.pk, now=lambda: NOW)
    assert not file.exists()


def test_an_attempt_that_another_has_replaced_learns_it_and_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(cast.lead, "tests.write_number", file="never written", number=7)
    heard: list[Exception] = []

    def seems_dead(run: JobRun) -> None:
        Job.objects.filter(pk=run.job_id).update(attempt=run.attempt + 1)
        try:
            run.progress(0.5, "still here")
        except Superseded as word:
            heard.append(word)
            raise

    monkeypatch.setattr("backdesk.platform.jobs.run.handler_for", lambda kind: seems_dead)
    execute_on(connection, job_id=job.pk, now=lambda: NOW)
    job.refresh_from_db()
    assert heard
    assert (job.state, job.attempt) == (Job.State.RUNNING, 2)


def test_only_its_own_organisation_sees_or_stops_a_job(cast: Cast) -> None:
    job = ask(cast.lead, "tests.fail_foreseen")
    assert queries.job_for(cast.lead, job.pk) == job
    assert queries.job_for(cast.other_lead, job.pk) is None
    with pytest.raises(Job.DoesNotExist):
        request_cancel(actor=cast.other_lead, now=NOW, job=job)


def test_the_latest_job_on_a_subject_is_found(cast: Cast) -> None:
    kind = "tests.fail_foreseen"
    for _ in range(2):
        newest = enqueue(actor=cast.lead, now=NOW, kind=kind, subject=cast.client)
    enqueue(actor=cast.lead, now=NOW, kind="tests.fail_unforeseen", subject=cast.client)
    assert queries.latest_job_on(cast.lead, cast.client, kind=kind) == newest
    assert queries.latest_job_on(cast.other_lead, cast.client, kind=kind) is None
