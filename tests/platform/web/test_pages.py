"""The shell's own pages over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html

from backdesk.parties.models import Person, Role
from backdesk.platform.actor import Actor
from backdesk.platform.models import AuditEntry, Job
from backdesk.platform.web import today
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.today import Beginning, Item
from tests.cast import NOW, Cast
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db


def page(response: Any, status: int = 200) -> Any:
    assert response.status_code == status
    text = response.content.decode()
    assert "style=" not in text
    assert "<script>" not in text
    return html.document_fromstring(text)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> today.Registry:
    """A home nobody has put anything on."""
    made = today.Registry()
    monkeypatch.setattr(today, "registry", made)
    return made


def item(title: str, *, days: int) -> Item:
    return Item(title=title, url=f"/{title}/", action="Do", since=NOW - timedelta(days=days))


def test_home_shows_the_oldest_obligation_first(cast: Cast, day: today.Registry) -> None:
    def one(*, actor: Actor, now: datetime) -> Iterator[Item]:
        yield item("young", days=1)
        yield item("old", days=9)

    day.items += [one, lambda *, actor, now: [item("middle", days=5)]]
    home = page(cast.browser().get("/"))
    assert [words(title) for title in select(home, ".today-title")] == ["old", "middle", "young"]


def test_home_says_the_day_where_the_reader_is(cast: Cast) -> None:
    def said(zone: str) -> str:
        Person.objects.filter(pk=cast.person(Role.EMPLOYEE).pk).update(zone=zone)
        return words(select(page(cast.browser(Role.EMPLOYEE).get("/")), "h1")[0])

    assert said("Pacific/Kiritimati") != said("Pacific/Pago_Pago"), "25 hours apart it is never the same day"


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/audit/", 403)])
def test_who_is_signed_in_is_refused_inside_the_shell(cast: Cast, path: str, status: int) -> None:
    assert select(page(cast.browser(Role.EMPLOYEE).get(path), status), ".shell .rail-link")


def test_who_is_nobody_is_refused_without_it() -> None:
    assert not select(page(Client().get("/nowhere/"), 404), ".shell, .rail-link")


def test_home_is_of_the_person_who_looks(cast: Cast, day: today.Registry) -> None:
    seen: list[Actor] = []

    def nothing(*, actor: Actor, now: datetime) -> list[Item]:
        seen.append(actor)
        return []

    day.items.append(nothing)
    cast.browser(Role.AGENT, cast.provider).get("/")
    assert [actor.organisation_id for actor in seen] == [cast.provider.pk]


def test_an_empty_home_tells_the_first_step(cast: Cast, day: today.Registry) -> None:
    def step(order: int) -> Beginning:
        return Beginning(title=f"Step {order}", detail="why", url=f"/{order}/", action="Go", order=order)

    day.beginnings += [
        lambda *, actor, now: step(2),
        lambda *, actor, now: step(1),
        lambda *, actor, now: None,
    ]
    home = page(cast.browser().get("/"))
    assert words(select(home, ".empty h2")[0]) == "Step 1"
    assert select(home, ".empty a")[0].get("href") == "/1/"


def test_a_home_with_nothing_to_do_says_so(cast: Cast, day: today.Registry) -> None:
    day.figures.append(lambda *, actor, now: [Figure(title="Activities", value=12)])
    home = page(cast.browser().get("/"))
    assert words(select(home, ".empty h2")[0]) == "Nothing needs you today"
    assert "Activities 12" in words(select(home, ".figures")[0])


def test_home_asks_for_a_sign_in_first(cast: Cast) -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=/"


def test_the_style_page_shows_every_part(cast: Cast) -> None:
    style = page(cast.browser().get("/style/"))
    for part in (
        "figures",
        "data-table",
        "status",
        "tag",
        "notice",
        "empty",
        "error-summary",
        "drop",
        "weight",
        "job",
    ):
        assert select(style, f".{part}"), f"the style page has no {part}"


def test_the_head_needs_nothing_from_elsewhere(cast: Cast) -> None:
    response = cast.browser().get("/style/")
    head = page(response)
    addresses = [
        node.get("src") or node.get("href") for node in [*select(head, "script"), *select(head, "link")]
    ]
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_rail_names_the_organisation_and_marks_a_demonstration(cast: Cast) -> None:
    cast.client.is_demonstration = True
    cast.client.save()
    rail = select(page(cast.browser().get("/")), ".organisation")[0]
    assert words(rail) == "Larch & Sons demonstration"
    other = select(page(cast.browser(organisation=cast.other_client).get("/")), ".organisation")[0]
    assert words(other) == "Quay Foods"


@pytest.mark.parametrize(
    ("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", None), ("<script>", None)]
)
def test_the_theme_is_kept_in_a_cookie(cast: Cast, chosen: str, kept: str | None) -> None:
    browser = cast.browser()
    response = browser.post("/theme/", {"theme": chosen, "next": "/style/"})
    assert response["Location"] == "/style/"
    assert page(browser.get("/")).get("data-theme") == kept


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_no_form_sends_anybody_elsewhere(cast: Cast, after: str) -> None:
    assert cast.browser().post("/theme/", {"theme": "dark", "next": after})["Location"] == "/"


def a_job(cast: Cast, state: str = Job.State.RUNNING, **about: Any) -> Job:
    is_over = state not in (Job.State.WAITING, Job.State.RUNNING)
    return Job.objects.create(
        organisation_id=cast.client.pk,
        kind="tests.write_number",
        state=state,
        enqueued_at=NOW,
        finished_at=NOW if is_over else None,
        **{"progress": 0.625, "phase": "pairing starts with ends", **about},
    )


def test_a_running_job_shows_how_far_it_is_and_asks_again(cast: Cast) -> None:
    job = a_job(cast)
    watched = page(cast.browser().get(f"/jobs/{job.pk}/?next=/style/"))
    (part,) = select(watched, f"#job-{job.pk}")
    assert part.get("hx-get") == f"/jobs/{job.pk}/?next=%2Fstyle%2F"
    assert select(part, "progress")[0].get("value") == "0.625"
    assert "Pairing starts with ends 62 %" in words(part)
    assert select(watched, "noscript meta")[0].get("http-equiv") == "refresh"


def test_htmx_gets_the_part_alone(cast: Cast) -> None:
    response = cast.browser().get(f"/jobs/{a_job(cast).pk}/", headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"<progress" in response.content


def test_a_job_that_is_done_leads_on(cast: Cast) -> None:
    job, browser = a_job(cast, Job.State.DONE), cast.browser()
    assert browser.get(f"/jobs/{job.pk}/?next=/style/")["Location"] == "/style/"
    response = browser.get(f"/jobs/{job.pk}/?next=/style/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/style/"
    assert "HX-Redirect" not in browser.get(f"/jobs/{job.pk}/?next=//evil", headers={"HX-Request": "true"})


def test_a_job_that_failed_says_what_happened_and_stays(cast: Cast) -> None:
    job = a_job(cast, Job.State.FAILED, message="Line 12 ends in the middle.")
    response = cast.browser().get(f"/jobs/{job.pk}/?next=/style/", headers={"HX-Request": "true"})
    assert "Line 12 ends in the middle." in response.content.decode()
    assert "hx-get" not in response.content.decode()
    assert response["HX-Trigger"] == "job-over"


def test_a_job_is_called_off_once_and_noted(cast: Cast) -> None:
    job, browser = a_job(cast), cast.browser()
    assert browser.post(f"/jobs/{job.pk}/cancellation/", {"next": "/style/"})["Location"] == "/style/"
    assert browser.post(f"/jobs/{job.pk}/cancellation/")["Location"] == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert job.is_cancelling
    assert AuditEntry.objects.filter(verb="job cancelled", subject_id=str(job.pk)).count() == 1


def test_the_job_of_another_client_is_not_there(cast: Cast) -> None:
    job, stranger = a_job(cast), cast.browser(organisation=cast.other_client)
    assert stranger.get(f"/jobs/{job.pk}/").status_code == 404
    assert stranger.post(f"/jobs/{job.pk}/cancellation/").status_code == 404
    job.refresh_from_db()
    assert not job.is_cancelling


def test_a_missing_page_says_what_to_do_and_gives_a_reference(cast: Cast) -> None:
    response = cast.browser().get("/nowhere/", headers={"X-Request-ID": "reference-4711"})
    missing = page(response, status=404)
    assert words(select(missing, "h1")[0]) == "There is nothing here"
    assert words(select(missing, "code")[0]) == "reference-4711"


def test_a_failure_of_ours_says_what_is_safe_and_nothing_secret(cast: Cast, day: today.Registry) -> None:
    def fails(*, actor: Actor, now: datetime) -> list[Item]:
        raise ZeroDivisionError("secret detail")

    day.items.append(fails)
    browser = cast.browser()
    browser.raise_request_exception = False
    failed = page(browser.get("/", headers={"X-Request-ID": "reference-4711"}), status=500)
    assert "What was saved before is safe" in words(failed)
    assert words(select(failed, "code")[0]) == "reference-4711"
    assert "secret detail" not in words(failed)


def test_a_form_without_its_key_is_told_so_plainly(cast: Cast) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.person(Role.OPERATIONS_LEAD))
    refused = page(careful.post("/theme/", {"theme": "dark"}), status=403)
    assert words(select(refused, "h1")[0]) == "This page was open for too long"


def test_no_page_is_heavy(cast: Cast) -> None:
    browser = cast.browser()
    assert len(browser.get("/").content) < 40_000
    assert len(browser.get("/style/").content) < 150_000
