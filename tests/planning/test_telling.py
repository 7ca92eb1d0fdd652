"""Whoever asked for work in the background is told how it went."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backdesk.planning import operations
from backdesk.planning.models import WorkHistory
from backdesk.platform.models import Notification
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.planning.histories import COLUMNS, OFFICE, confirmed, read, read_now

pytestmark = pytest.mark.django_db


def told(cast: Cast, role: str = "operations_lead") -> list[tuple[str, str, str]]:
    rows = Notification.objects.unread().filter(person_id=cast.person(role).pk).order_by("id")
    return [(row.title, row.detail, row.url) for row in rows]


def fail_to_read(cast: Cast) -> WorkHistory:
    return read_now(confirmed(cast.lead, mapping=replace(COLUMNS, case="Nowhere")))


def test_the_lead_is_told_that_a_history_has_been_read_and_where_it_is(cast: Cast) -> None:
    history = read(cast.lead)
    (one,) = told(cast)
    assert one[0] == f"“{history.name}” has been read"
    assert one[1].endswith("rows are in the record.")
    assert cast.browser().get(one[2]).status_code == 200


def test_colleagues_who_do_not_lead_are_not_told(cast: Cast) -> None:
    read(cast.lead)
    assert told(cast, "employee") == told(cast, "controller") == []
    assert not Notification.objects.filter(organisation_id=cast.other_client.pk).exists()


def test_whoever_asked_is_told_why_a_history_could_not_be_read(cast: Cast) -> None:
    history = fail_to_read(cast)
    (one,) = told(cast)
    assert one[0] == f"“{history.name}” could not be read"
    assert one[1] == history.job.message  # type: ignore[union-attr]


def test_that_it_once_failed_is_no_news_once_it_has_been_read(cast: Cast) -> None:
    history = operations.confirm_columns(
        actor=cast.lead, now=NOW, history=fail_to_read(cast), mapping=COLUMNS, zone="UTC", calendar=OFFICE
    )
    read_now(history)
    assert [title for title, *_ in told(cast)] == [f"“{history.name}” has been read"]


def test_a_fault_nobody_foresaw_is_told_without_its_insides(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero in Ada's file")

    monkeypatch.setattr("backdesk.planning.operations.readings.eventlog.read", fail)
    fail_to_read(cast)
    assert [detail for _, detail, _ in told(cast)] == ["Something went wrong that nobody foresaw."]


def test_a_report_is_told_to_whoever_ordered_it_and_opens(cast: Cast) -> None:
    history = read(cast.lead)
    operations.order_report(
        actor=cast.actor("controller"), now=NOW, history=history, kind="html", language="en"
    )
    do_waiting_jobs()
    ((title, _, url),) = told(cast, "controller")
    assert title == f"The report on “{history.name}” is ready"
    response = cast.browser("controller").get(url)
    assert response.status_code == 200
    response.close()
