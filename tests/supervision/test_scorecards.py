"""Scorecards: what they say of a service, that each figure opens its items, and what each side does not see."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from backdesk.parties.models import Organisation, Role
from backdesk.supervision.queries.scorecard import Scorecard, by_partner, scorecard_of
from backdesk.supervision.web import ageing, views
from backdesk.work.operations import recording
from backdesk.work.queries.judging import items_behind
from backdesk.work.queries.record import record_of
from tests.cast import NOW, Cast, assemble
from tests.committed import Committing, committed  # noqa: F401
from tests.platform.web.markup import select, words
from tests.supervision.worked import LATER, Worked, a_worked_service

pytestmark = pytest.mark.django_db
MARCH = "from=2026-03-01&until=2026-03-31"


@pytest.fixture(scope="module")
def cast(committed: Committing) -> Cast:  # noqa: F811
    with committed():
        return assemble()


@pytest.fixture(scope="module")
def worked(cast: Cast, committed: Committing) -> Worked:  # noqa: F811
    with committed():
        return a_worked_service(cast)


@pytest.fixture(autouse=True)
def recorded(worked: Worked) -> None:
    recording.refresh_current(now=LATER)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return cast.browser()


@pytest.fixture
def manager(cast: Cast) -> Client:
    return cast.browser(Role.DELIVERY_MANAGER, cast.provider)


def page(browser: Client, address: str) -> Any:
    response = browser.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content)


def card(
    cast: Cast, worked: Worked, role: str = "operations_lead", where: Organisation | None = None
) -> Scorecard:
    record = record_of(actor=cast.actor(role, where), service_id=worked.service_id)
    return scorecard_of(record=record, every="month", now=LATER)


def items(browser: Client, worked: Worked, asked: str) -> list[str]:
    found = page(browser, f"/supervise/services/{worked.service_id}/items/?{asked}")
    return [words(one) for one in select(found, "tbody th")]


# -- What it says
def test_the_figures_of_a_month_are_those_of_its_items(cast: Cast, worked: Worked) -> None:
    row = card(cast, worked).present
    counts = {name: row[name] for name in ("received", "delivered", "accepted", "cancelled", "open_items")}
    assert counts == {"received": 5, "delivered": 3, "accepted": 2, "cancelled": 1, "open_items": 1}
    assert (row["on_time"], row["with_due"], row["attainment"]) == (2, 4, 0.5)  # one is open past due
    assert (row["judged"], row["first_pass"], row["first_pass_yield"]) == (3, 1, pytest.approx(1 / 3))
    assert row["touch_minutes"] == 3  # of 2, 3 and 30
    assert row["days_to_clear"] is None  # more came than went


def test_gold_is_the_clients_own_and_counts_in_its_figures_alone(cast: Cast, worked: Worked) -> None:
    client = card(cast, worked).present
    provider = card(cast, worked, Role.DELIVERY_MANAGER, cast.provider).present
    assert (client["looked_at"], client["with_error"], client["received"]) == (3, 2, 5)
    assert (provider["looked_at"], provider["with_error"], provider["received"]) == (2, 1, 6)


def test_how_long_open_items_have_lain_there_is_told_in_days(cast: Cast, worked: Worked) -> None:
    ages = {(begin, end): count for begin, end, count in card(cast, worked).ages.rows()}
    assert {age: count for age, count in ages.items() if count} == {(5, 10): 1}


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_each_figure_has_its_definition_its_sample_and_the_items_behind_it(
    lead: Client, worked: Worked, every: str
) -> None:
    found = page(lead, f"/supervise/services/{worked.service_id}/?every={every}")
    figures = select(found, ".figure")
    assert len(figures) == 11
    assert all(select(one, "a") for one in figures if "–" not in words(one))
    assert "items delivered by their due time / items due in the period" in words(found)


def test_a_figure_without_data_says_why(lead: Client, worked: Worked) -> None:
    """In the present month, by the clock, nothing happened any more."""
    text = words(page(lead, f"/supervise/services/{worked.service_id}/?every=month"))
    assert "nothing was accepted or returned" in text
    assert "nothing was sampled" in text


@pytest.mark.parametrize(
    ("count", "names"),
    [
        ("received", ["early", "late", "sent back", "open", "cancelled"]),
        ("late", ["late", "open"]),
        ("judged", ["early", "sent back", "open"]),
        ("first_pass", ["early"]),
        ("reworked", ["sent back", "open"]),
        ("open_items", ["open"]),
        ("with_error", ["sent back", "gold"]),
        ("accepted", ["early", "sent back"]),
    ],
)
def test_a_figure_opens_exactly_the_items_it_counts(
    lead: Client, worked: Worked, count: str, names: list[str]
) -> None:
    shown = items(lead, worked, f"count={count}&{MARCH}")
    assert set(shown) == {f"invoices-{name}" for name in names}


def test_each_period_of_a_plot_opens_the_items_received_in_it(lead: Client, worked: Worked) -> None:
    found = page(lead, f"/supervise/services/{worked.service_id}/?every=month&on=2026-03-15")
    doors = {one.get("aria-label"): one.get("href") for one in select(found, ".chart-drawing a[aria-label]")}
    march = next(address for address in doors.values() if MARCH.partition("&")[0] in address)
    assert doors["Mar 2026"] == march
    shown = select(page(lead, march), "tbody th")
    assert {words(one) for one in shown} >= {"invoices-early", "invoices-late"}


def test_what_a_figure_counts_and_what_is_behind_it_agree(cast: Cast, worked: Worked) -> None:
    found = card(cast, worked)
    first = found.present["period"]
    for name in (
        "received",
        "delivered",
        "with_due",
        "on_time",
        "late",
        "judged",
        "first_pass",
        "reworked",
        "touched",
    ):
        behind = items_behind(found.record, name, first=first, last=LATER.date(), now=LATER)  # type: ignore[arg-type]
        assert behind.height == found.present[name], name


def test_the_provider_does_not_reach_what_gold_found_by_its_address(
    manager: Client, lead: Client, worked: Worked
) -> None:
    """The control: the client does."""
    asked = f"count=with_error&{MARCH}"
    assert "invoices-gold" in items(lead, worked, asked)
    assert "invoices-gold" not in items(manager, worked, asked)


@pytest.mark.parametrize("asked", ["count=lost", "count="])
def test_what_nobody_counts_is_not_there(lead: Client, worked: Worked, asked: str) -> None:
    assert lead.get(f"/supervise/services/{worked.service_id}/items/?{asked}").status_code == 404


def test_an_odd_address_shows_what_is_asked_first(lead: Client, worked: Worked) -> None:
    address = f"/supervise/services/{worked.service_id}/"
    for asked in ("?every=minute", "items/?from=x&until=9999-99-99", "map/?paths=none"):
        assert lead.get(address + asked).status_code == 200, asked


def test_an_age_opens_the_items_that_have_lain_so_long(cast: Cast, worked: Worked) -> None:
    found = items_behind(
        card(cast, worked).record, "open_items", first=LATER.date(), last=LATER.date(), now=LATER
    )
    for asked, count in (("5-10", 1), ("0-1", 0), ("10-", 0), ("2-", 1), ("", 1), ("x-y", 1)):
        assert ageing.lying(found, asked, LATER).height == count, asked


def test_a_share_opens_all_it_is_of_and_leads_on_to_its_parts(lead: Client, worked: Worked) -> None:
    found = page(lead, f"/supervise/services/{worked.service_id}/items/?count=judged&{MARCH}")
    parts = [one.get("href") for one in select(found, ".tabs a")]
    assert [part.split("&")[0] for part in parts] == ["?count=judged", "?count=first_pass", "?count=reworked"]
    assert all(MARCH in part for part in parts)


def test_all_services_with_a_company_stand_together_too(cast: Cast, worked: Worked) -> None:
    one = card(cast, worked)
    (together,) = by_partner(cast.lead, [one, one])
    assert together["partner"] == cast.provider.pk
    assert (together["received"], together["judged"], together["first_pass"]) == (10, 6, 2)
    assert together["first_pass_yield"] == one.present["first_pass_yield"]
    assert together["first_pass_low"] > one.present["first_pass_low"]


# -- Any period
def test_a_past_period_is_shown_as_the_present_one_and_leads_to_its_neighbours(
    lead: Client, worked: Worked
) -> None:
    address = f"/supervise/services/{worked.service_id}/"
    found = page(lead, f"{address}?every=month&on=2026-03-17")
    assert "2 Mar" not in words(select(found, ".period strong")[0])
    assert "31 Mar 2026" in words(select(found, ".period strong")[0])
    received = select(found, ".figure")[0]
    assert "5" in words(received)
    assert f"{MARCH}" in select(received, "a")[0].get("href")
    ways = [one.get("href") for one in select(found, ".period a")]
    assert ways == ["?every=month&on=2026-02-28", "?every=month&on=2026-04-01"]
    assert not select(page(lead, f"{address}?every=month"), ".period a[rel=next]")


# -- How much was right, by service and by who did it
def test_the_page_of_quality_says_the_same_of_a_month_as_the_scorecard(
    cast: Cast, lead: Client, worked: Worked
) -> None:
    found = page(lead, "/work/quality/?every=month&on=2026-03-17")
    told = [words(one) for one in select(found, ".figure")]
    present = card(cast, worked).present
    for text, name in zip(told, ("first_pass_yield", "accuracy", "critical_accuracy"), strict=False):
        assert f"{100 * float(present[name]):.0f}" in text, name  # type: ignore[arg-type]
    (person,) = select(found, ".section tbody tr")[:1]
    assert cast.agent.name in words(person)
    assert "of 2" in words(person)  # judged: one accepted at once, one after a review had sent it back


@pytest.mark.parametrize(
    ("asked", "client", "provider"),
    [
        ("count=judged", {"early", "sent back", "open"}, {"early", "sent back", "open"}),
        ("count=judged&person={person}", {"early", "sent back"}, {"early", "sent back"}),
        ("count=first_pass&person={person}", {"early"}, {"early"}),
        ("count=with_error&person={person}", {"sent back", "gold"}, {"sent back"}),
        ("count=looked_at&service={service}", {"early", "sent back", "gold"}, {"early", "sent back"}),
    ],
)
def test_each_of_its_figures_opens_exactly_the_items_it_counts(
    lead: Client,
    manager: Client,
    cast: Cast,
    worked: Worked,
    asked: str,
    client: set[str],
    provider: set[str],
) -> None:
    named = asked.format(person=cast.agent.person_id, service=worked.service_id)
    for browser, names in ((lead, client), (manager, provider)):
        found = page(browser, f"/work/quality/items/?{named}&{MARCH}")
        rows = {words(one).split(" · ")[0] for one in select(found, "tbody th a")}
        assert rows == {f"invoices-{name}" for name in names}


def test_what_nobody_counts_or_is_of_others_is_not_there_either(
    cast: Cast, lead: Client, worked: Worked
) -> None:
    assert lead.get(f"/work/quality/items/?count=lost&{MARCH}").status_code == 404
    other = cast.browser(organisation=cast.other_client)
    assert other.get(f"/work/quality/items/?service={worked.service_id}&{MARCH}").status_code == 404


# -- Whose
def test_each_company_sees_its_own_services_with_its_partner(
    cast: Cast, lead: Client, manager: Client, worked: Worked
) -> None:
    assert cast.provider.name in words(select(page(lead, "/supervise/"), "tbody tr")[0])
    assert cast.client.name in words(select(page(manager, "/supervise/"), "tbody tr")[0])
    other = cast.browser(organisation=cast.other_client)
    assert "No service is in use yet" in words(page(other, "/supervise/"))


def test_a_table_is_taken_along_as_it_is_shown(
    lead: Client, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "clock", lambda: LATER)
    response = lead.get(f"/supervise/services/{worked.service_id}/", {"every": "month", "export": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0]["Received"] == "5"


# -- The map and the record
def test_live_work_is_drawn_as_a_history_is(lead: Client, worked: Worked) -> None:
    found = page(lead, f"/supervise/services/{worked.service_id}/map/")
    assert "Enter" in words(select(found, "div.map-drawing")[0])
    assert "4 steps of live work" in words(found)


@pytest.mark.parametrize("form", ["ocel.json", "ocel.sqlite", "xes", "csv", "parquet"])
def test_the_record_is_taken_along(lead: Client, worked: Worked, form: str) -> None:
    response = lead.get(f"/supervise/services/{worked.service_id}/record/{form}/")
    body = response.getvalue()
    assert response["Content-Disposition"] == f'attachment; filename="invoices.{form}"'
    if form == "ocel.json":
        assert len(json.loads(body)["events"]) == 5
    assert body


def test_there_is_no_record_in_a_form_nobody_writes(lead: Client, worked: Worked) -> None:
    assert lead.get(f"/supervise/services/{worked.service_id}/record/docx/").status_code == 404


def test_the_months_that_are_kept_stand_with_their_sums(lead: Client, worked: Worked) -> None:
    recording.keep_months(now=NOW + timedelta(days=60))
    found = page(lead, f"/supervise/services/{worked.service_id}/record/")
    assert len(select(found, "tbody tr")) == 5


def test_that_a_month_has_gold_and_how_much_is_not_told_to_the_provider(
    lead: Client, manager: Client, worked: Worked
) -> None:
    """The control: to the client it is."""
    recording.keep_months(now=NOW + timedelta(days=60))
    address = f"/supervise/services/{worked.service_id}/record/"
    client, provider = (
        [words(row) for row in select(page(browser, address), "tbody tr")] for browser in (lead, manager)
    )
    assert sum("gold" in row for row in client) == 1
    assert provider == [row for row in client if "gold" not in row]


# -- What it costs
def test_a_scorecard_asks_the_database_for_no_item(
    cast: Cast, lead: Client, worked: Worked, settings: Any
) -> None:
    """Pinned, with those every page sends to know who asks; none reads steps, looks or pauses, nor any item but for
    the titles of the rows that are shown."""
    for address, pinned in PINNED.items():
        place = address.format(pk=worked.service_id)
        lead.get(place)
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(place).status_code == 200
        sent = [str(one["sql"]) for one in captured.captured_queries]
        assert len(sent) == pinned, (address, len(sent), [sql[:120] for sql in sent])
        tables = ("work_step", "work_inspection", "work_pause")
        assert not any(f'"{table}"' in sql for sql in sent for table in tables), address
        assert sum('"work_item"' in sql for sql in sent) == address.endswith("/items/"), address


PINNED = {
    "/supervise/": 11,
    "/supervise/services/{pk}/": 11,
    "/supervise/services/{pk}/items/": 9,
    "/supervise/services/{pk}/map/": 8,
    "/supervise/services/{pk}/record/": 9,
}


def test_it_says_of_when_it_is(lead: Client, worked: Worked, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(views, "clock", lambda: now)
    recording.refresh_current(now=now)
    assert "As of just now" in words(page(lead, f"/supervise/services/{worked.service_id}/"))
