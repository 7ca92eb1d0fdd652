"""What home asks of whom, in each state a company can be in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from backdesk.parties.models import Organisation
from backdesk.planning.models import Activity, Answer, WorkHistory
from tests.cast import NOW, Cast
from tests.planning.histories import COLUMNS, confirmed, read, read_now, received
from tests.platform.notifications.telling import tell
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db

NO_LOG = "%PDF-1.7 not a log at all\n"


def home(cast: Cast, role: str = "operations_lead", where: Organisation | None = None) -> html.HtmlElement:
    response = cast.browser(role, where).get("/")
    assert response.status_code == 200
    return html.fromstring(response.content)


def asked(page: html.HtmlElement) -> list[str]:
    return [words(title) for title in select(page, ".today-title")]


def offered(page: html.HtmlElement) -> tuple[str, str]:
    """What an empty home says, and the step it offers."""
    return words(select(page, ".empty h2")[0]), words(select(page, ".empty a.button")[0])


@pytest.mark.parametrize(
    ("role", "title", "step"),
    [
        ("operations_lead", "Begin with what your systems recorded", "Upload a work history"),
        ("employee", "Nothing is planned yet", "See who leads operations"),
        ("controller", "Nothing is planned yet", "See who leads operations"),
        ("auditor", "Nothing is planned yet", "See who leads operations"),
        ("delivery_manager", "No work has been handed over to you yet", "See to the skills"),
        ("agent", "No work has come to you yet", "See what colleagues see of you"),
    ],
)
def test_where_nothing_is_there_yet_home_says_what_comes_and_what_to_do_until_then(
    role: str, title: str, step: str, cast: Cast
) -> None:
    where = cast.provider if role in ("delivery_manager", "agent") else cast.client
    page = home(cast, role, where)
    assert offered(page) == (title, step)
    assert cast.browser(role, where).get(select(page, ".empty a.button")[0].get("href")).status_code == 200


def test_a_file_that_is_no_log_is_not_asked_to_be_confirmed(cast: Cast) -> None:
    history = received(cast.lead, text=NO_LOG, filename="scan.csv")
    assert history.problem
    page = home(cast)
    assert asked(page) == ["“scan” could not be read"]
    assert history.problem in words(select(page, ".today p")[0])
    assert select(page, ".today-title")[0].get("href") == f"/plan/histories/{history.pk}/columns/"


def test_a_log_whose_columns_nobody_confirmed_is(cast: Cast) -> None:
    assert received(cast.lead).problem == ""
    assert asked(home(cast)) == ["Confirm the columns of “orders”"]


def test_a_reading_that_failed_is_an_obligation_until_it_succeeds(cast: Cast) -> None:
    read_now(confirmed(cast.lead, mapping=replace(COLUMNS, case="Nowhere")))
    assert asked(home(cast)) == ["“orders” could not be read"]
    assert asked(home(cast, "employee")) == []


def test_one_activity_is_asked_about_at_a_time_the_largest_first(cast: Cast) -> None:
    read(cast.lead)
    largest, *others = Activity.objects.order_by("-hours_per_month")
    page = home(cast, "employee")
    assert asked(page) == [f"Say how you see “{largest.name}”"]
    assert f"{len(others)} smaller one" in words(select(page, ".today p")[0])


def test_when_all_is_done_home_offers_what_can_be_read_in_peace(cast: Cast) -> None:
    read(cast.lead)
    Answer.objects.bulk_create(
        Answer(
            organisation=cast.client,
            activity=activity,
            person=cast.person("operations_lead"),
            value=3,
            answered_at=NOW,
        )
        for activity in Activity.objects.all()
    )
    for role in ("operations_lead", "controller"):
        assert offered(home(cast, role)) == ("All done: nothing needs you today", "See the candidates")


def test_however_many_histories_wait_home_asks_the_database_alike_and_stays_short(cast: Cast) -> None:
    first = received(cast.lead)
    WorkHistory.objects.bulk_create(
        WorkHistory(organisation=cast.client, name=f"No. {number}", file=first.file, received_at=NOW)
        for number in range(30)
    )
    assert len(asked(home(cast))) == 20


def test_unread_news_of_weight_stands_beside_and_goes_when_read(cast: Cast) -> None:
    tell(cast.employee, cast.person("operations_lead"), kind="tests.for_leads", title="A role has ended")
    tell(cast.employee, cast.person("operations_lead"), title="Something light")
    assert [words(link) for link in select(home(cast), ".told-title")] == ["Unread: A role has ended"]
    (form,) = select(home(cast), ".told form")
    response = cast.browser().post(form.get("action"), {"next": "/"})
    assert response["Location"] == "/"
    assert select(home(cast), ".told-title") == []
