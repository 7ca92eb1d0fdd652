"""How many statements each page of planning sends to the database: pinned, and the same however much there is.

The numbers stand in `sql_counts.json`. A page that comes to need more, or fewer, changes its number there, where
a reader of the change sees it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backdesk.parties.models import Organisation
from backdesk.planning import records
from backdesk.planning.models import Activity, Answer, Function, Rate
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.pinned import assert_sends
from tests.pinned import statements as pinned_statements
from tests.planning.histories import COLUMNS, chain, confirmed, read, read_now, received
from tests.planning.pages import PAGES, Subjects, addresses

pytestmark = pytest.mark.django_db

PINNED: Mapping[str, int] = json.loads(Path(__file__).with_name("sql_counts.json").read_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """With the address of every page, of one of its histories and activities where the page is about one."""

    lead: Client
    addresses: Mapping[str, str]


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def small(cast: Cast, making: Making) -> Company:  # noqa: F811
    with making():
        return furnished(cast, cast.client, histories=1, activities=2, functions=1)


@pytest.fixture(scope="module")
def large(cast: Cast, making: Making) -> Company:  # noqa: F811
    with making():
        return furnished(cast, cast.other_client, histories=3, activities=20, functions=12)


def test_every_page_is_pinned() -> None:
    assert set(PINNED) == set(PAGES)


@pytest.mark.parametrize(("name", "pinned"), PINNED.items(), ids=PINNED)
def test_a_page_asks_the_database_as_often_as_pinned_however_much_there_is(
    name: str, pinned: int, small: Company, large: Company
) -> None:
    for company in (small, large):
        assert_asks(company, name, pinned)


@pytest.mark.parametrize("name", ["inventory", "histories", "functions", "rates", "history-steps"])
def test_a_table_is_exported_whole_without_asking_more(name: str, small: Company, large: Company) -> None:
    few, many = (statements(one, f"planning:{name}", export="csv") for one in (small, large))
    assert len(few) == len(many) <= PINNED[f"planning:{name}"]


def test_a_reading_writes_its_activities_and_functions_together(cast: Cast) -> None:
    mapping = replace(COLUMNS, function="Task")
    few, many = (confirmed(cast.lead, text=chain(length=length), mapping=mapping) for length in (2, 40))
    assert _sent_by(lambda: read_now(few)) == _sent_by(lambda: read_now(many))


@pytest.mark.parametrize("change", [-1, 1])
def test_a_page_that_asks_more_or_fewer_is_told(change: int, small: Company) -> None:
    """The negative control."""
    with pytest.raises(AssertionError, match="planning:inventory"):
        assert_asks(small, "planning:inventory", PINNED["planning:inventory"] + change)


def assert_asks(company: Company, name: str, pinned: int) -> None:
    assert_sends(name, statements(company, name), pinned)


def statements(company: Company, name: str, **query: str) -> list[str]:
    return pinned_statements(company.lead, company.addresses[name], {**PAGES[name].data, **query})


def _sent_by(work: Callable[[], object]) -> int:
    """Words of progress, which come by the clock, do not count."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not one["sql"].startswith("UPDATE platform_job SET progress") for one in captured)


def furnished(cast: Cast, where: Organisation, *, histories: int, activities: int, functions: int) -> Company:
    """A company with as much of everything, and as many files whose columns, or whose reading, are still to come."""
    lead = cast.actor("operations_lead", where)
    read_ones = [
        read(lead, text=chain(length=activities, prefix=f"Part {number}")) for number in range(histories)
    ]
    coming = [(received(lead), confirmed(lead)) for _ in range(histories)]
    report = records.report(read_ones[0], kind="html", language="en")
    report.parent.mkdir()
    report.write_text("made before")
    _organise(where, functions=functions)
    _speak(where, people=[person.pk for person in cast.people[where.pk].values()][:histories])
    subjects = Subjects(
        history=read_ones[0],
        received=coming[0][0],
        measured=read_ones[0].activities.all()[0],
        entered=Activity.objects.visible_to(lead).filter(history=None)[0],
        function=Function.objects.visible_to(lead)[0],
    )
    return Company(lead=cast.browser(organisation=where), addresses=addresses(subjects))


def _organise(where: Organisation, *, functions: int) -> None:
    """Spread the activities over the functions, each with one entered by hand, and give each activity a rate."""
    made = Function.objects.bulk_create(
        Function(organisation=where, name=f"Function {number}") for number in range(functions)
    )
    measured = list(Activity.objects.filter(organisation=where))
    for number, activity in enumerate(measured):
        activity.function = made[number % functions]
    Activity.objects.bulk_update(measured, ["function"])
    Activity.objects.bulk_create(
        Activity(organisation=where, function=function, name=f"By hand in {function}", hours_per_month=1)
        for function in made
    )
    Rate.objects.bulk_create(
        Rate(organisation=where, kind=Rate.Kind.ACTIVITY, name=activity.name, rate=30, currency="EUR")
        for activity in measured
    )


def _speak(where: Organisation, *, people: list[int]) -> None:
    """Of every second activity, so that home still asks for some."""
    Answer.objects.bulk_create(
        Answer(
            organisation=where, activity=activity, person_id=person, value=3, comment="So.", answered_at=NOW
        )
        for activity in Activity.objects.filter(organisation=where)[::2]
        for person in people
    )
