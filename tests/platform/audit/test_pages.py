"""The pages of the trail, as those who answer for the work and those who check it see them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from backdesk.parties.models import Role
from backdesk.platform import audit, notifications
from backdesk.platform.audit import queries
from backdesk.platform.isolation import as_system
from backdesk.platform.models import AuditCheckpoint, AuditEntry, NotificationPreference
from backdesk.platform.notifications import outbox
from backdesk.platform.web.trail import mailing
from tests.cast import NOW, Cast
from tests.platform.audit.trails import sealed, written

pytestmark = pytest.mark.django_db


def shown(response: Any) -> str:
    """The words of a page, blanks made single."""
    assert response.status_code == 200
    text = re.sub(r"<(script|style|nav)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(text))


def test_the_trail_says_who_did_what_on_what_and_whether_it_is_sealed(cast: Cast) -> None:
    written(cast, 1)
    sealed()
    audit.record(
        actor=cast.lead.through("api"),
        now=NOW,
        verb="zone changed",
        subject=cast.client,
        after={"zone": "UTC"},
    )
    words = shown(cast.browser().get("/audit/"))
    assert "zone changed" in words
    assert re.search(r"operations lead of Larch & Sons API organisation \d+", words)
    assert re.search(r"organisation \d+ Name 1 name, zone sealed", words)
    assert "zone within a minute" in words


def test_an_empty_trail_says_what_will_be_there(cast: Cast) -> None:
    assert "Nothing has happened yet" in shown(cast.browser().get("/audit/"))


@pytest.fixture
def mixed(cast: Cast) -> None:
    """Entries that differ in everything one can ask for."""
    audit.record(actor=cast.lead, now=NOW, verb="name changed", subject=cast.client)
    audit.record(
        actor=cast.employee.through("api"),
        now=NOW + timedelta(days=2),
        verb="zone changed",
        subject=cast.person("employee"),
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"verb": "zone changed"}, ["zone changed"]),
        ({"interface": "api"}, ["zone changed"]),
        ({"kind": "parties.organisation"}, ["name changed"]),
        ({"since": "2026-03-03"}, ["zone changed"]),
        ({"until": "2026-03-03"}, ["name changed"]),
        ({"since": "2026-03-02", "until": "2026-03-04"}, ["zone changed", "name changed"]),
        ({"verb": "name changed", "interface": "api"}, []),
        ({"who": "no number"}, ["zone changed", "name changed"]),
        ({"since": "not a day"}, ["zone changed", "name changed"]),
        ({"verb": "never\0done"}, ["zone changed", "name changed"]),
    ],
)
def test_it_is_filtered_by_what_is_asked_for(
    cast: Cast, mixed: None, asked: dict[str, str], found: list[str]
) -> None:
    response = cast.browser().get("/audit/", asked)
    assert response.status_code == 200
    assert [row.verb for row in response.context["page"].table.rows] == found


def test_it_is_filtered_by_who(cast: Cast, mixed: None) -> None:
    who = str(cast.person("employee").pk)
    response = cast.browser().get("/audit/", {"who": who})
    assert [row.verb for row in response.context["page"].table.rows] == ["zone changed"]
    audit.record(actor=system_of(cast), now=NOW, verb="counted", subject=cast.client)
    response = cast.browser().get("/audit/", {"who": "backdesk"})
    assert [row.who for row in response.context["page"].table.rows] == ["Backdesk"]


def system_of(cast: Cast):  # type: ignore[no-untyped-def]
    from backdesk.platform.actor import system

    return system(name="test", organisation_id=cast.client.pk)


def test_where_nothing_matches_the_way_back_is_shown(cast: Cast, mixed: None) -> None:
    words = shown(cast.browser().get("/audit/", {"verb": "never done"}))
    assert "No entry is as asked for" in words
    assert "Show all entries" in words


def test_pages_go_by_key_there_and_back(cast: Cast) -> None:
    changes = [audit.Change(subject=cast.client)] * 120
    audit.record_many(actor=cast.lead, now=NOW, verb="counted", changes=changes)
    browser = cast.browser()

    def ids(address: str) -> tuple[list[int], str, str]:
        page = browser.get(f"/audit/{address}").context["page"]
        return [row.id for row in page.table.rows], page.newer_url, page.older_url

    first, newer, older = ids("?verb=counted")
    assert (len(first), newer) == (queries.PAGE, "")
    second, newer, older = ids(older)
    assert ids(newer)[0] == first
    third, newer, older = ids(older)
    assert (len(third), older) == (20, "")
    assert ids(newer)[0] == second
    assert first + second + third == sorted(first + second + third, reverse=True)


def test_an_entry_shows_what_changed_and_proves_itself(cast: Cast) -> None:
    entries = written(cast, 3)
    checkpoint = sealed()
    words = shown(cast.browser().get(f"/audit/entries/{entries[1].pk}/"))
    assert "name Name 1 Name 2" in words
    assert "zone – Europe/Copenhagen" in words
    assert "proven just now" in words
    assert f"It is sealed in checkpoint {checkpoint.pk}" in words
    assert "Before it" in words
    assert "After it" in words
    assert bytes(entries[1].hash).hex() in words


def test_an_entry_that_waits_says_so(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    words = shown(cast.browser().get(f"/audit/entries/{entry.pk}/"))
    assert "waits to be sealed" in words
    assert "Before it" not in words


def test_an_entry_that_does_not_hold_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from backdesk.platform.audit import proofs

    (entry,) = written(cast, 1)
    sealed()
    monkeypatch.setattr(proofs, "content_of", lambda entry: b"another")
    words = shown(cast.browser().get(f"/audit/entries/{entry.pk}/"))
    assert "does not hold" in words
    assert "It was changed after it was written." in words
    assert "It is not what checkpoint" in words


def test_erased_values_are_shown_as_erased_with_the_reason(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, fields=["name"], reason="She asked to.")
    sealed()
    words = shown(cast.browser().get(f"/audit/entries/{entry.pk}/"))
    assert "Values were erased" in words
    assert "because: “She asked to.” The proof of this entry still holds." in words
    assert "name erased erased" in words
    assert "Europe/Copenhagen" in words
    assert "Name 0" not in words
    assert "proven just now" in words


def test_an_object_has_its_history(cast: Cast) -> None:
    written(cast, 2)
    audit.record(actor=cast.lead, now=NOW, verb="elsewhere", subject=cast.person("employee"))
    address = reverse("web:trail-object", args=["parties.organisation", cast.client.pk])
    response = cast.browser().get(address)
    assert [row.verb for row in response.context["page"].table.rows] == ["name changed"] * 2
    assert f"What happened to organisation {cast.client.pk}" in shown(response)
    for nothing in ("no.such/1", "parties.organisation/a%00b"):
        assert cast.browser().get(f"/audit/objects/{nothing}/").status_code == 404


def test_what_is_shown_can_be_exported_with_proofs(cast: Cast, mixed: None) -> None:
    response = cast.browser().post("/audit/exports/", {"verb": "zone changed"})
    export = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert len(export.read("entries.jsonl").splitlines()) == 1
    assert re.search(r'filename="audit-trail-[0-9-]+\.zip"', response["Content-Disposition"])
    assert AuditEntry.objects.latest("id").after == {"entries": 1, "selection": {"verb": "zone changed"}}


def test_too_large_an_export_is_refused_with_what_to_do(
    cast: Cast, mixed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backdesk.platform.audit import exporting

    monkeypatch.setattr(exporting, "MOST", 1)
    response = cast.browser().post("/audit/exports/", {}, follow=True)
    assert "Choose a shorter period" in shown(response)


def test_checkpoints_are_there_to_keep(cast: Cast) -> None:
    browser = cast.browser(Role.AUDITOR)
    assert "Nothing is sealed yet" in shown(browser.get("/audit/checkpoints/"))
    written(cast, 2)
    first = sealed()
    written(cast, 1)
    second = sealed()
    assert "Download the newest" in shown(browser.get("/audit/checkpoints/"))
    assert first.note in unescape(browser.get(f"/audit/checkpoints/{first.pk}/").content.decode())
    note = browser.get(f"/audit/checkpoints/{second.pk}/note/")
    assert (note.content.decode(), note["Content-Disposition"]) == (
        second.note,
        'attachment; filename="checkpoint-3.txt"',
    )
    proof = browser.get(f"/audit/checkpoints/{first.pk}/consistency/")
    assert b'"first":2' in proof.content
    assert browser.get("/audit/key/").content.decode().strip() == second.verifier_key
    assert browser.get("/audit/checkpoints/999999/").status_code == 404


def test_an_export_of_the_checkpoints_is_a_table(cast: Cast) -> None:
    written(cast, 1)
    sealed()
    assert b"Checkpoint" in cast.browser().get("/audit/checkpoints/?export=csv").content


@pytest.mark.parametrize(
    ("address", "most"),
    [("/audit/", 10), ("/audit/entries/{entry}/", 14), ("/audit/checkpoints/", 9)],
)
def test_a_page_asks_the_database_no_more_often_than_this(
    cast: Cast, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    entries = written(cast, 60)
    sealed()
    browser = cast.browser()
    with django_assert_max_num_queries(most):
        browser.get(address.format(entry=entries[5].pk))


# -- By e-mail -----------------------------------------------------------------------------------------------


def wants_checkpoints(cast: Cast, role: str) -> None:
    notifications.preferences.choose(
        actor=cast.actor(role),
        now=NOW,
        wanted={"audit.checkpoint": notifications.Channels(in_app=False, email=notifications.Email.AT_ONCE)},
    )


def test_who_asked_for_it_is_sent_the_days_last_checkpoint(cast: Cast) -> None:
    wants_checkpoints(cast, Role.AUDITOR)
    written(cast, 1)
    sealed()
    written(cast, 1)
    last = sealed()
    tomorrow = (NOW + timedelta(days=1)).replace(hour=0, minute=5)
    with as_system("a tick"):
        mailing.tell_of_yesterdays_last(tomorrow)
        outbox.send_due(now=tomorrow)
    (sent,) = mail.outbox
    assert sent.to == ["auditor@larch.example"]
    assert last.note.strip() in str(sent.body), "whole, as it can be kept and verified"
    assert NotificationPreference.objects.exists()


def test_a_day_without_entries_sends_nothing(cast: Cast) -> None:
    wants_checkpoints(cast, Role.AUDITOR)
    written(cast, 1)
    sealed()
    with as_system("a tick"):
        mailing.tell_of_yesterdays_last(NOW + timedelta(days=3))
        outbox.send_due(now=NOW + timedelta(days=3))
    assert mail.outbox == []
    assert AuditCheckpoint.objects.count() == 1
