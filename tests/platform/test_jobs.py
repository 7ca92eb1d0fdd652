"""Background jobs: asked for in a transaction, watched, called off, and told when they fail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from backdesk.parties.models import Membership, Organisation, Person
from backdesk.platform.actor import Actor, system
from backdesk.platform.jobs import JobRun, UnknownKind, enqueue, queries, request_cancel
from backdesk.platform.jobs.operations import JobWithoutOrganisation
from backdesk.platform.jobs.policies import NotYoursToCancel
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
    assert "ZeroDivisionError: [withheld]" in caplog.text


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


# -- On whose behalf
def end_membership(cast: Cast, role: str) -> None:
    Membership.objects.filter(person=cast.person("operations_lead"), role=role).update(
        ended_at=NOW + timedelta(days=1)
    )


def test_a_job_sees_what_who_asked_would_see(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(
        "backdesk.platform.jobs.run.handler_for",
        lambda kind: lambda run: seen.append([one.name for one in Organisation.objects.all()]),
    )
    ask(cast.lead, "tests.fail_foreseen")
    ask(cast.other_lead, "tests.fail_foreseen")
    do_waiting_jobs()
    assert seen == [[cast.client.name], [cast.other_client.name]]


@pytest.mark.parametrize(
    ("stays", "told"),
    [(False, "no member of the company any more"), (True, "a role they do not have any more")],
)
def test_who_left_or_lost_the_role_does_not_act_through_an_old_job(
    cast: Cast, tmp_path: Path, stays: bool, told: str
) -> None:
    if stays:
        Membership.objects.create(
            person=cast.person("operations_lead"), organisation=cast.client, role="employee", began_at=NOW
        )
    ask(cast.actor("operations_lead"), "tests.write_number", file=str(tmp_path / "number"), number=7)
    end_membership(cast, "operations_lead")
    (job,) = do_waiting_jobs()
    assert (job.state, told in job.message) == (Job.State.FAILED, True)
    assert not (tmp_path / "number").exists()


def test_nor_does_who_may_not_sign_in_any_more(cast: Cast) -> None:
    ask(cast.lead, "tests.fail_foreseen")
    Person.objects.filter(pk=cast.person("operations_lead").pk).update(is_active=False)
    (job,) = do_waiting_jobs()
    assert "no member of the company any more" in job.message


def test_a_role_won_since_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    ask(cast.employee, "tests.write_number", file=str(tmp_path / "number"), number=7)
    Membership.objects.create(
        person=cast.person("employee"), organisation=cast.client, role="auditor", began_at=NOW
    )
    (job,) = do_waiting_jobs()
    assert job.state == Job.State.DONE
    assert job.actor.roles == {"employee"}


def test_a_colleagues_job_is_called_off_by_who_manages_alone(cast: Cast) -> None:
    job = ask(cast.employee, "tests.fail_foreseen")
    with pytest.raises(NotYoursToCancel, match="who manages your company"):
        request_cancel(actor=cast.actor("controller"), now=NOW, job=job)
    assert not Job.objects.get(pk=job.pk).is_cancelling
    assert request_cancel(actor=cast.lead, now=NOW, job=job).is_over


def test_one_calls_off_ones_own(cast: Cast) -> None:
    job = ask(cast.employee, "tests.fail_foreseen")
    assert request_cancel(actor=cast.employee, now=NOW, job=job).is_over


@pytest.mark.parametrize(
    ("role", "offered"), [("employee", True), ("operations_lead", True), ("auditor", False)]
)
def test_the_page_offers_it_to_who_may(cast: Cast, role: str, offered: bool) -> None:
    job = ask(cast.employee, "tests.fail_foreseen")
    page = cast.browser(role).get(f"/jobs/{job.pk}/").content.decode()
    assert (f"/jobs/{job.pk}/cancellation/" in page) == offered
