"""Names and titles are one line of which everybody sees all, whoever saves them and through which door."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from backdesk.parties.models import Team
from backdesk.parties.operations import open_team, rename_team
from backdesk.platform import files
from backdesk.platform.isolation import as_system
from backdesk.platform.lines import Line, NotOneLine, one_line, require_line
from backdesk.work.operations import intake
from tests.cast import NOW, Cast
from tests.work.services import a_service

UNSEEN = ("two\nlines", "a\ttab", "bell\x07", "\u202egnp.exe", "\u2066aside", "wide\u200bless", "\ufeffmark")
SEEN = ("Søn & Cie.", "שלום\u200f", "می\u200cخواهم", "日本語", "👩\u200d💻", "", "two  spaces")
#: Names that are taken from elsewhere as they are there, or that are lines already where they come from.
TAKEN = {
    "conversations.InternalThread.title": "its subject's",
    "conversations.Mention.name": "the person's",
    "conversations.Thread.title": "its subject's",
    "parties.Participant.name": "the person's",
    "planning.Activity.name": "as the record has it; by hand it is asked for as a line",
    "planning.Rate.name": "the activity's",
    "platform.Notification.title": "a sentence of ours with a name in it",
    "platform.RequestAllowance.name": "a key of ours",
    "platform.StoredFile.name": "plain name of a file",
    "work.Document.name": "plain name of a file",
    "work.Item.title": "made a line where items begin",
    "work.Arrival.name": "of a file or the subject of a mail",
    "work.Route.name": "of a task in a process that was read",
}


@pytest.mark.parametrize("text", UNSEEN)
def test_what_nobody_sees_is_refused_with_its_place_and_taken_out_of_what_a_machine_brought(
    text: str,
) -> None:
    with pytest.raises(NotOneLine, match=r"in one line: character \d+ of it"):
        require_line(text)
    assert require_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize("text", SEEN)
def test_names_of_all_scripts_stay_as_they_are(text: str) -> None:
    assert require_line(text) == one_line(text) == text


@given(st.text(max_size=30))
def test_what_was_made_a_line_is_one(text: str) -> None:
    assert require_line(one_line(text)) == one_line(one_line(text))


def test_every_name_and_title_is_a_line_or_says_why_it_need_not_be() -> None:
    named = {
        f"{model._meta.label}.{column.name}": column
        for model in apps.get_models()
        if model.__module__.startswith("backdesk.")
        for column in model._meta.concrete_fields
        if column.name in ("name", "title") and type(column) in (models.CharField, Line)
    }
    assert {name for name, column in named.items() if type(column) is models.CharField} == set(TAKEN)


@pytest.mark.django_db
def test_a_name_is_refused_at_its_form_and_nothing_is_kept(cast: Cast) -> None:
    team = open_team(actor=cast.lead, now=NOW, name="Payables")
    with pytest.raises(NotOneLine):
        rename_team(actor=cast.lead, now=NOW, team=team, name="Pay\u202eables")
    answer = cast.browser().post("/organisation/teams/new/", {"name": "Pay\u202eables"})
    assert answer.status_code == 422
    assert "Write “Payables” in one line: character 4 of it" in answer.content.decode()
    assert [one.name for one in Team.objects.all()] == ["Payables"]


@pytest.mark.django_db
def test_names_kept_before_are_made_lines_by_the_migration_as_machines_names_are(cast: Cast) -> None:
    person = cast.person("operations_lead")
    migration = import_module("backdesk.parties.migrations.0012_names_in_one_line")
    with as_system("a test"), connection.cursor() as cursor:
        for text in (*UNSEEN, *SEEN, " \r\n\tall\u2028of\u0085it\x9f "):
            cursor.execute("UPDATE parties_person SET name = %s WHERE id = %s", [text, person.pk])
            person.refresh_from_db()
            if text in UNSEEN:
                with pytest.raises(NotOneLine), transaction.atomic():
                    person.save()
            cursor.execute(migration.in_one_line("parties_person"))
            person.refresh_from_db()
            assert person.name == one_line(text)
            person.save()


@pytest.mark.django_db
def test_an_item_brought_with_breaks_in_its_title_and_key_has_them_in_one_line(cast: Cast) -> None:
    work = a_service(cast)
    values, title = {"number": "A\r\n1"}, "Due\u2028to\u202eday"
    item = intake.create_item(actor=cast.lead, now=NOW, service=work.service, values=values, title=title)
    assert (item.title, item.business_key) == ("Due today", "A 1")


def test_the_name_of_a_file_is_a_line() -> None:
    assert files.plain_name("C:\\bills\\in\nvoice\u202efdp.exe") == "in voicefdp.exe"
