"""The record of live work: read as columns over ADBC, kept by month in files that never change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.assessment import assess
from backdesk.evidence.calendars import parse
from backdesk.platform.isolation import as_system, within
from backdesk.platform.isolation.scopes import NOTHING, scoped
from backdesk.platform.operating.backup import holdings
from backdesk.work.models import Event, RecordSnapshot, Step
from backdesk.work.operations import recording
from backdesk.work.queries.record import OBJECTS, record_of, step_log
from backdesk.work.records import fetching, keeping
from backdesk.work.records.fetching import RecordUnreadable
from backdesk.work.records.keeping import AsOf, RecordDamaged
from backdesk.work.records.tables import TABLES
from tests.backend.base import as_owner
from tests.cast import Cast, assemble
from tests.committed import Committing, committed  # noqa: F401
from tests.supervision.worked import LATER, Worked, a_worked_service

pytestmark = pytest.mark.django_db

APRIL = datetime(2026, 4, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def cast(committed: Committing) -> Cast:  # noqa: F811
    with committed():
        return assemble()


@pytest.fixture(scope="module")
def worked(cast: Cast, committed: Committing) -> Worked:  # noqa: F811
    with committed():
        return a_worked_service(cast)


@pytest.fixture(scope="module")
def other(cast: Cast, worked: Worked, committed: Committing) -> Worked:  # noqa: F811
    """Worked on after the first."""
    with committed():
        return a_worked_service(cast, key="credit-notes")


@pytest.fixture(autouse=True)
def both(worked: Worked, other: Worked) -> None:
    """In every test, in whatever order they are run."""


def rows(worked: Worked, name: str) -> pl.DataFrame:
    kept = RecordSnapshot.objects.filter(service=worked.service_id, table=name).order_by("revision")
    latest = {one.month: one.path for one in kept}
    return keeping.scan(service_id=worked.service_id, table=TABLES[name], months=latest.items()).collect()


def held() -> dict[str, str]:
    return {
        str(held.path.relative_to(keeping.root())): held.sha256 for held in recording.held_files("default")
    }


# -- What is read
def test_every_step_pause_look_and_item_is_recorded(worked: Worked) -> None:
    assert recording.refresh_current(now=LATER) == 2
    assert keeping.as_of().at == LATER  # type: ignore[union-attr]
    counts = {name: rows(worked, name).height for name in TABLES}
    assert counts == {"steps": 5, "items": 6, "looks": 3, "pauses": 1, "gold": 1}
    step = rows(worked, "steps").filter(pl.col("item") == worked.items["early"].pk).row(0, named=True)
    kept = Step.objects.get(item=worked.items["early"])
    for name in ("node", "enabled_at", "started_at", "ended_at", "touch_seconds"):
        assert step[name] == getattr(kept, name), name


def test_a_step_somebody_has_in_hand_is_open_in_the_record(cast: Cast, worked: Worked) -> None:
    recording.refresh_current(now=LATER)
    log = step_log(actor=cast.lead, record=record_of(actor=cast.lead, service_id=worked.service_id))
    assert (log.steps.height, log.open_steps.height) == (4, 1)


def test_only_services_in_which_something_happened_are_read_again(
    worked: Worked, other: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_LATE_COMMITS", 0)
    assert recording.refresh_current(now=LATER) == 2
    before = keeping.version_of(worked.service_id), keeping.version_of(other.service_id)
    last = Event.objects.filter(item__service=worked.service_id).latest("pk").pk
    keeping.put_current([], AsOf(at=LATER, event=last, begins=None))
    assert recording.refresh_current(now=LATER) == 1
    after = keeping.version_of(worked.service_id), keeping.version_of(other.service_id)
    assert [one == two for one, two in zip(before, after, strict=True)] == [True, False]
    assert recording.refresh_current(now=LATER) == 0


# -- In whose scope
def asked(name: str, scope: object) -> int:
    with scope, fetching.reading() as reader:  # type: ignore[attr-defined]
        return reader.rows(TABLES[name], condition="true").height


@pytest.mark.parametrize("name", ["items", "steps", "looks", "gold"])
def test_the_connection_is_held_to_row_level_security_like_every_other(
    cast: Cast, worked: Worked, name: str
) -> None:
    """The control is the first line: the house sees all of it."""
    assert asked(name, as_system("a test")) == {"items": 12, "steps": 10, "looks": 6, "gold": 2}[name]
    assert asked(name, within(cast.agent)) == {"items": 12, "steps": 10, "looks": 6, "gold": 0}[name]
    assert asked(name, within(cast.other_lead)) == 0
    assert asked(name, scoped(NOTHING)) == 0


def test_it_can_write_nothing_and_leaves_no_transaction_open(worked: Worked) -> None:
    with as_system("a test"), fetching.reading() as reader:
        with pytest.raises(RecordUnreadable, match="read-only"), fetching.reading() as own:
            own.ask("DELETE FROM work_item RETURNING id")
        reader.ask("SELECT 1 AS one")
        with as_owner() as owner:
            ((idle,),) = owner.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
                "AND datname = current_database()"
            ).fetchall()
    assert idle == 0


def test_a_question_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, worked: Worked) -> None:
    monkeypatch.setattr(fetching, "SECONDS_FOR_A_QUESTION", 0.02)
    expected = pytest.raises(RecordUnreadable, match="statement timeout")
    with as_system("a test"), expected, fetching.reading() as reader:
        reader.ask("SELECT pg_sleep(5)::text AS slept")


# -- Months
def test_a_month_is_over_three_days_after_its_end() -> None:
    moments = {"2026-04-03T23:59": date(2026, 3, 1), "2026-04-04T00:00": date(2026, 4, 1)}
    for text, first in moments.items():
        assert recording.first_open_month(datetime.fromisoformat(text).replace(tzinfo=UTC)) == first


def test_what_is_over_is_kept_by_month_and_what_is_open_stays_current(worked: Worked) -> None:
    recording.refresh_current(now=LATER)
    before = {name: set(rows(worked, name)["item"]) for name in TABLES}
    kept = recording.keep_months(now=APRIL)
    own = sorted((one.table, one.rows) for one in kept if one.service_id == worked.service_id)
    assert own == [("gold", 1), ("items", 3), ("looks", 3), ("pauses", 1), ("steps", 4)]
    assert {name: set(rows(worked, name)["item"]) for name in TABLES} == before
    assert rows(worked, "items").height == 6


def test_a_snapshot_is_what_its_manifest_says_and_belongs_to_every_backup(worked: Worked) -> None:
    for one in recording.keep_months(now=APRIL):
        path = keeping.root() / one.path
        assert sha256(path.read_bytes()).hexdigest() == one.sha256
        assert pl.read_parquet(path).height == one.rows
        assert held()[one.path] == one.sha256
        assert not os.access(path, os.W_OK) or os.geteuid() == 0
        assert path.stat().st_mode & 0o222 == 0
    assert keeping.PLACE in holdings.places()


def test_nothing_new_keeps_nothing_again(worked: Worked) -> None:
    assert recording.keep_months(now=APRIL)
    assert recording.keep_months(now=APRIL) == []


def test_what_is_decided_late_makes_a_revision_and_leaves_the_first_as_it_was(worked: Worked) -> None:
    recording.keep_months(now=APRIL)
    before = held()
    with disputed(worked):
        (late,) = recording.keep_months(now=APRIL)
    assert (late.table, late.revision) == ("looks", 2)
    assert rows(worked, "looks")["errors"].sum() == 0
    assert before.items() <= held().items()
    first = RecordSnapshot.objects.get(service=worked.service_id, table="looks", revision=1)
    assert pl.read_parquet(keeping.root() / first.path)["errors"].sum() == 2


@contextmanager
def disputed(worked: Worked) -> Iterator[None]:
    """The error that a review found is withdrawn, for all connections; and found again afterwards."""
    sql = "UPDATE work_inspection SET errors = %s WHERE service_id = %s AND internal_to IS NULL AND is_sent_back"
    with as_owner() as owner:
        owner.execute(sql, [0, worked.service_id])
        yield
        owner.execute(sql, [1, worked.service_id])


def test_a_snapshot_that_is_missing_is_told_and_not_passed_over(cast: Cast, worked: Worked) -> None:
    recording.keep_months(now=APRIL)
    (keeping.root() / RecordSnapshot.objects.get(service=worked.service_id, table="items").path).unlink()
    with pytest.raises(RecordDamaged, match="bring it back from a backup"):
        record_of(actor=cast.lead, service_id=worked.service_id).items()


# -- As a history
@pytest.fixture
def log(cast: Cast, worked: Worked) -> eventlog.StepLog:
    recording.refresh_current(now=LATER)
    return step_log(actor=cast.lead, record=record_of(actor=cast.lead, service_id=worked.service_id))


def test_live_work_is_a_history_like_any_other(cast: Cast, log: eventlog.StepLog) -> None:
    assert dict(log.steps.schema) == dict(eventlog.STEPS)
    assert (log.starts, log.zone) == ("recorded", "UTC")
    assert log.steps["activity"].cast(pl.String).unique().to_list() == ["Enter"]
    assert log.steps["party"].cast(pl.String).unique().to_list() == [cast.provider.name]
    assert set(log.steps["resource"].cast(pl.String)) == {cast.agent.name}


def test_who_is_not_named_to_a_company_stays_a_number(cast: Cast, worked: Worked) -> None:
    from backdesk.parties.models import Participant

    Participant.objects.all().delete()
    recording.refresh_current(now=LATER)
    log = step_log(actor=cast.lead, record=record_of(actor=cast.lead, service_id=worked.service_id))
    assert log.steps["resource"].cast(pl.String).unique().to_list() == [f"no. {cast.agent.person_id}"]


@pytest.mark.parametrize("name", ["log.json", "log.sqlite", "log.xes", "log.csv", "log.parquet"])
def test_it_is_written_in_every_format_and_read_back(
    log: eventlog.StepLog, tmp_path: Path, name: str
) -> None:
    mapping = eventlog.write(log, path=tmp_path / name, objects=OBJECTS)
    again = eventlog.to_steps(eventlog.read(tmp_path / name, mapping=mapping, zone=log.zone))
    columns = ["case", "activity", "started_at", "ended_at"]
    assert again.steps.select(columns).sort(columns).rows() == log.steps.select(columns).sort(columns).rows()


def test_in_ocel_people_and_steps_are_objects_beside_the_items(log: eventlog.StepLog, tmp_path: Path) -> None:
    import json

    eventlog.write(log, path=tmp_path / "log.json", objects=OBJECTS)
    document = json.loads((tmp_path / "log.json").read_text())
    assert [one["name"] for one in document["objectTypes"]] == ["case", "person", "step"]
    counts = {
        kind: sum(one["type"] == kind for one in document["objects"]) for kind in ("case", "person", "step")
    }
    assert counts == {"case": 5, "person": 2, "step": 5}
    assert {len(one["relationships"]) for one in document["events"]} == {3}


def test_it_can_be_assessed_as_a_history_is(log: eventlog.StepLog) -> None:
    found = assess(log, calendar=parse("Mon-Fri 08:00-18:00", zone="UTC"))
    assert (found.summary.cases, found.summary.steps) == (4, 4)
