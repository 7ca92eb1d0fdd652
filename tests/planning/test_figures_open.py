"""Every figure of planning leads to the rows behind it, and says where it comes from and where it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.urls import reverse
from django.utils.http import urlencode
from lxml import html

from backdesk.evidence.measures import CATALOGUE
from backdesk.planning import records
from backdesk.planning.models import Activity, WorkHistory
from backdesk.planning.queries.addresses import steps_address
from backdesk.planning.web.views.inventory import BASE
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.histories import drifting, orders, read
from tests.planning.processes import compared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module", autouse=True)
def history(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    """“Enter” is part of the name of another activity."""
    with making():
        return read(cast.lead, text=orders(20).replace("Check", "Enter anew"))


def opened(cast: Cast, address: str, role: str = "operations_lead") -> Any:
    response = cast.browser(role).get(address)
    assert response.status_code == 200, address
    return response.context["page"]


def test_each_figure_of_the_inventory_opens_steps_of_its_activity_alone(
    cast: Cast, history: WorkHistory
) -> None:
    table = opened(cast, reverse("planning:inventory")).table
    measured = [one for one in table.columns if one.definition and one.key not in ("said", "cost_per_month")]
    enter = next(row for row in table.rows if row.name == "Enter")
    assert {one.key for one in measured} >= {"steps_per_month", "hours_per_month", "rework_share", "people"}
    for column in measured:
        steps = opened(cast, column.href(enter))
        assert {row["activity"] for row in steps.table.rows} == {"Enter"}, column.key
    assert opened(cast, table.columns[3].href(enter)).table.total == enter.figures["steps"]


def test_each_month_of_a_plot_opens_the_steps_that_ended_in_it(cast: Cast, history: WorkHistory) -> None:
    activity = Activity.objects.get(history=history, name="Enter")
    page = opened(cast, reverse("planning:activity", args=(activity.pk,)))
    doors = doors_of(page.charts[0].svg)
    lists = [opened(cast, address) for address in doors.values()]
    assert list(doors) == ["Jan 2026"]
    assert [one.table.total for one in lists] == [activity.figures["steps"]]
    assert lists[0].told == "Those of “Enter”. Ended from 1 Jan 2026 to 31 Jan 2026."


def test_each_week_of_the_plot_of_open_cases_opens_those_under_way_in_it(
    cast: Cast, history: WorkHistory
) -> None:
    page = opened(cast, reverse("planning:history", args=(history.pk,)))
    doors = doors_of(page.overview.pictures[0].svg)
    cases = records.cases(history).collect()
    assert doors
    for told, address in doors.items():
        first = datetime.strptime(told, "%d %b %Y").replace(tzinfo=ZoneInfo(history.summary["zone"]))
        first, end = first.astimezone(UTC), (first + timedelta(days=7)).astimezone(UTC)
        under_way = cases.filter((pl.col("arrived_at") < end) & (pl.col("completed_at") >= first))
        assert opened(cast, address).table.total == under_way.height > 0


def test_each_week_of_the_plot_of_load_opens_as_many_steps_as_were_held_when_most_were(cast: Cast) -> None:
    at_once = [
        f"B-{number},Enter,2026-01-06T09:00:00+00:00,2026-01-06T09:30:00+00:00,Cy,Office\n"
        for number in range(3)
    ]
    history = read(cast.lead, text=orders(20) + "".join(at_once))
    page = opened(cast, reverse("planning:history", args=(history.pk,)))
    doors = doors_of(picture(page, "What lies open and what is in work"))
    assert len(doors) == 8, "four weeks, open and in work"
    for told, address in doors.items():
        behind = opened(cast, address)
        assert behind.table.total == number_in(told), told
        assert "at once at" in behind.told
    assert {number_in(told) for told in doors} == {1, 4}


def test_weeks_of_the_plot_of_arrivals_open_what_arrived_and_those_to_come_say_how_they_are_reckoned(
    cast: Cast,
) -> None:
    history = read(cast.lead, text=orders(130))
    page = opened(cast, reverse("planning:history", args=(history.pk,)))
    svg = picture(page, "What is to be expected")
    doors = doors_of(svg)
    assert len(doors) > 20
    for told, address in list(doors.items())[-3:]:
        behind = opened(cast, address)
        assert behind.table.total == number_in(told) == 5, told
        assert behind.told.startswith("Arrived from")
    marks = html.fromstring(svg).iter("g")
    to_come = [one.get("aria-label", "") for one in marks if one.get("tabindex") == "0"]
    assert len(to_come) == 4
    assert all(CATALOGUE["expected"].definition in told for told in to_come)


def test_each_period_of_the_plot_of_a_change_opens_the_cases_it_was_judged_by(cast: Cast) -> None:
    history = read(cast.lead, text=drifting())
    (shown,) = opened(cast, reverse("planning:history-changes", args=(history.pk,))).changes
    doors = doors_of(shown.picture.svg)
    first, *_, last = doors
    for told in (first, last):
        assert opened(cast, doors[told]).table.total == number_in(told) == 10, told
    assert "may not be over" in opened(cast, doors[last]).told


@pytest.mark.parametrize(
    "by", ["soon", "2026-01-08", "0001-01-01T00:00:00+00:00", "9999-12-31T23:00:00-12:00"]
)
def test_a_latest_arrival_that_was_mangled_leaves_nothing_out(
    cast: Cast, history: WorkHistory, by: str
) -> None:
    week = {"from": "2026-01-05", "until": "2026-01-12", "arrived": "yes"}
    address = reverse("planning:history-cases", args=(history.pk,))
    assert opened(cast, f"{address}?{urlencode({**week, 'by': by})}").table.total == 5


@pytest.mark.parametrize(
    "days",
    [
        "from=2026-01-01",
        "from=x&until=y",
        "from=2026-02-01&until=2026-01-01",
        "from=0001-01-01&until=9999-12-31",
    ],
)
def test_days_that_were_mangled_leave_nothing_out(cast: Cast, history: WorkHistory, days: str) -> None:
    for name in ("history-steps", "history-cases"):
        address = reverse(f"planning:{name}", args=(history.pk,))
        assert opened(cast, f"{address}?{days}").table.total == opened(cast, address).table.total


def test_days_without_work_hold_none(cast: Cast, history: WorkHistory) -> None:
    """The negative control: the days of the address count."""
    for name in ("history-steps", "history-cases"):
        address = reverse(f"planning:{name}", args=(history.pk,))
        assert opened(cast, f"{address}?from=2020-01-01&until=2020-02-01").table.total == 0


def picture(page: Any, title: str) -> str:
    return str(next(one.svg for one in page.overview.pictures if one.title == title))


def number_in(told: str) -> int:
    return int(told.rpartition(": ")[2])


def doors_of(svg: str) -> dict[str, str]:
    """The links of a plot that a keyboard reaches, by what they say."""
    links = html.fromstring(svg).iter("a")
    return {
        link.get("aria-label", ""): link.get("href", "") for link in links if link.get("tabindex") != "-1"
    }


def test_what_is_entered_by_hand_opens_nothing_since_there_is_no_record() -> None:
    by_hand = Activity(name="Book travel", pk=1)
    assert [one.key for one in BASE if one.definition and one.href and one.href(by_hand)] == []


def test_columns_of_the_catalogue_carry_its_source_and_limits() -> None:
    column = {one.key: one for one in BASE}
    for key, name in (
        ("waiting_hours_median", "waiting_hours_median"),
        ("minutes_each", "touch_minutes_median"),
    ):
        measure = CATALOGUE[name]
        assert (column[key].definition, column[key].source, column[key].limits) == (
            measure.definition,
            measure.source,
            measure.limits,
        )


def test_steps_say_which_alone_they_are_and_lead_to_all(cast: Cast, history: WorkHistory) -> None:
    page = cast.browser().get(steps_address(history.pk, of="Enter anew", after="Enter", by="Bo"))
    assert page.context["page"].table.total == 20
    text = page.content.decode()
    assert "Those of “Enter anew”, after “Enter”, done by Bo." in text
    assert f'href="{reverse("planning:history-steps", args=(history.pk,))}">All steps' in text


def test_part_of_a_name_typed_into_the_filter_finds_it(cast: Cast, history: WorkHistory) -> None:
    address = reverse("planning:history-steps", args=(history.pk,))
    assert opened(cast, f"{address}?activity=ter+an").table.total == 20
    assert opened(cast, f"{address}?activity=Enter").table.total == 47, "both that have it in their name"


def test_whom_one_may_not_see_one_cannot_ask_for_either(cast: Cast, history: WorkHistory) -> None:
    of_bo = steps_address(history.pk, by="Bo")
    assert opened(cast, of_bo).table.total == 20
    assert opened(cast, of_bo, "employee").table.total == 47, "all of them, as if nothing had been asked"


def test_cases_that_depart_say_from_what(cast: Cast, history: WorkHistory) -> None:
    compared(cast.lead, history)
    beside = opened(cast, reverse("planning:history-comparison", args=(history.pk,)))
    departing, _precision, fitting = (figure.href for figure in beside.figures)
    parts = [opened(cast, address) for address in (departing, fitting)]
    assert [one.table.total for one in parts] == [20, 0], "none is only entered and checked"
    assert all(one.told for one in parts)
    table = beside.table
    row = table.rows[0]
    page = opened(cast, table.columns[0].href(row))
    assert page.table.total == row["cases"]
    assert row["activity"] in page.told
    assert opened(cast, reverse("planning:history-cases", args=(history.pk,))).told == ""


def test_those_who_do_it_are_sorted_as_asked_and_open_their_own_steps(
    cast: Cast, history: WorkHistory
) -> None:
    enter = history.activities.get(name="Enter")
    address = reverse("planning:activity", args=(enter.pk,))
    (row,) = opened(cast, address).people.rows
    column = {one.key: one for one in opened(cast, address).people.columns}
    assert opened(cast, column["steps"].href(row)).table.total == row["steps"] == 27
    assert opened(cast, f"{address}?sort=resource").people.state.sort == "resource"
    sent = cast.browser().get(f"{address}?export=csv")
    assert sent["Content-Type"].startswith("text/csv")
    assert row["resource"] in b"".join(sent).decode()


def test_a_bundle_names_its_activities_and_leads_to_each(cast: Cast) -> None:
    read(cast.lead, text=orders(20))
    page = opened(cast, f"{reverse('planning:candidates')}?coupling=0&variability=0")
    names = {
        part.plan.history: set(part.plan.history.activities.values_list("name", flat=True))
        for part in page.plans
    }
    assert sorted(map(sorted, names.values())) == [["Check", "Enter"], ["Enter", "Enter anew"]]
    for part in page.plans:
        for row in part.bundles:
            assert {one.name for one in (*row.activities, *row.along)} <= names[part.plan.history]
            assert {one.history for one in row.activities} == {part.plan.history}
    assert any(part.pilot or part.bundles for part in page.plans)


def test_who_may_not_answer_is_not_sent_to_where_answers_are_given(cast: Cast, history: WorkHistory) -> None:
    enter = history.activities.get(name="Enter")
    answer = reverse("planning:answer", args=(enter.pk,))
    for role, is_asked in (("employee", True), ("controller", False)):
        response = cast.browser(role).get(reverse("planning:candidates"), {"all": "yes"})
        assert (answer in response.content.decode()) == is_asked, role
        assert (cast.browser(role).get(answer).status_code == 200) == is_asked


def test_a_mean_stands_beside_its_interval(cast: Cast, history: WorkHistory) -> None:
    enter = history.activities.get(name="Enter")
    address = reverse("planning:activity", args=(enter.pk,))
    assert "95\u202f% interval" not in cast.browser().get(address).content.decode(), "four weeks tell none"
    bounds = {"contention_hours_mean_low": 3.5, "contention_hours_mean_high": 4.5}
    enter.figures |= {"contention_hours_mean": 4.0, **bounds}
    enter.save()
    page = opened(cast, address)
    told = [one for judgement in page.judgements for one in judgement.recorded if one.interval]
    assert [one.evidence.figure for one in told] == ["contention_hours_mean"]
    assert "3\u202fh\u00a030\u202fmin to 4\u202fh\u00a030\u202fmin" in told[0].interval
