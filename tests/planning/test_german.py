"""What is said to whoever reads German where no page says it: in reports, notes, rejects, failures and the trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import html

from backdesk.evidence import eventlog
from backdesk.parties.models import Person, Role
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.reports import order_report
from backdesk.platform.jobs import JobFailed
from backdesk.platform.models import Job
from backdesk.platform.web.formats import in_language
from scripts import messages
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.evidence.eventlog.broken import BROKEN
from tests.planning.bringing import brought, settled
from tests.planning.histories import orders, read
from tests.platform.web.markup import words

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(r"\b(the|and|of|with|are|were|by|from|each|which|has|have|not|this|that|for)\b")
NO_TIME = "A-999,Check,,,Ada,Office\n"


@pytest.fixture
def german(cast: Cast) -> Client:
    lead = cast.person(Role.OPERATIONS_LEAD)
    Person.objects.filter(pk=lead.pk).update(language="de")
    return cast.browser()


def sentences_in_english(text: str) -> list[str]:
    """Lines with two English words or more; what papers are called stays."""
    lines = (re.sub(r"\([^)]*\d{4}[^)]*\)", "", line) for line in text.splitlines())
    return [line for line in lines if len(ENGLISH.findall(line)) > 1]


def ordered(browser: Client, history: WorkHistory, kind: str) -> Job:
    Job.objects.filter(state=Job.State.WAITING).delete()  # the plots of the pages
    browser.post(reverse("planning:history-reports", args=(history.pk,)), {"kind": kind})
    (job,) = do_waiting_jobs()
    return job


def text_of(data: bytes, kind: str) -> Iterator[str]:
    if kind == "html":
        page = html.fromstring(data)
        for style in page.iter("style"):
            style.text = ""
        yield from (str(text) for text in page.itertext())
    else:
        yield from (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_a_report_has_no_sentence_in_english(german: Client, cast: Cast, kind: str) -> None:
    history = read(cast.lead)
    assert ordered(german, history, kind).state == Job.State.DONE
    text = "\n".join(text_of(records.report(history, kind=kind, language="de").read_bytes(), kind))
    assert "Was sich übergeben lässt" in text
    assert not sentences_in_english(text)


def test_a_sentence_in_english_would_be_seen(cast: Cast) -> None:
    """The negative control: the report that somebody else has made in English."""
    history = read(cast.lead)
    ordered(cast.browser(), history, "html")
    text = "\n".join(text_of(records.report(history, kind="html", language="en").read_bytes(), "html"))
    assert len(sentences_in_english(text)) > 10


def test_each_reader_gets_the_report_in_their_own_language(german: Client, cast: Cast) -> None:
    history = read(cast.lead)
    ordered(german, history, "html")
    address = reverse("planning:history-report", args=(history.pk, "html"))
    report = german.get(address)
    assert b'<html lang="de">' in report.getvalue()
    assert cast.browser("controller").get(address).status_code == 404, "nobody has made it in English"


def test_what_was_decided_while_reading_is_said_in_german(german: Client) -> None:
    brought(german, orders(3) + NO_TIME)
    history = settled(german)
    page = words(html.fromstring(german.get(reverse("planning:history", args=(history.pk,))).content))
    assert "7 Ereignisse: 7 mit Beginn und Ende in einer Zeile." in page
    rejects = german.get(reverse("planning:history-rejects", args=(history.pk,)))
    assert "Die Zeile hat keine Zeit; jede Zeile braucht eine." in words(html.fromstring(rejects.content))


def test_a_job_fails_in_the_language_of_who_asked(
    german: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = read(cast.lead)

    def fail(**_: object) -> None:
        raise JobFailed(translation.gettext("Cancelled."))

    monkeypatch.setattr("backdesk.planning.jobs.write_report", fail)
    assert ordered(german, history, "html").message == "Abgebrochen."
    assert ordered(cast.browser("controller"), history, "html").message == "Cancelled."


def test_the_trail_says_in_german_what_was_done(german: Client, cast: Cast) -> None:
    history = read(cast.lead)
    order_report(actor=cast.lead, now=NOW, history=history, kind="pdf", language="de")
    trail = words(html.fromstring(german.get(reverse("web:trail")).content))
    assert "Bericht beauftragt" in trail
    assert "Arbeitsprotokoll" in trail


def test_every_verb_of_the_trail_and_every_kind_of_object_has_its_german_word() -> None:
    known = messages.verbs() | messages.kinds()
    assert {"report ordered", "team lead relieved", "person skill"} <= known
    with translation.override("de"):
        same = {word for word in known if translation.gettext(word) == word}
    assert same <= {"verb"}, "not in the catalogue"


@pytest.mark.parametrize(("error", "name", "content", "asked"), BROKEN.values(), ids=BROKEN)
def test_why_a_file_cannot_be_read_is_said_in_german(
    tmp_path: Path, error: type[eventlog.LogError], name: str, content: bytes, asked: dict[str, Any]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as refused, translation.override("de"):
        eventlog.read(path, **asked)
    with translation.override("de"):
        told = in_language(refused.value.message)
    assert told != str(refused.value)
    for name in (value for value in refused.value.message.values if type(value) is str):
        told = told.replace(name, "")  # of files and columns, and what a library says in its own words
    assert not sentences_in_english(told)


def test_the_page_of_a_file_that_is_no_log_says_so_in_german(german: Client) -> None:
    page = brought(german, b"PK\x03\x04", name="orders.xlsx")
    assert "orders.xlsx ist ein ZIP-Archiv" in words(html.fromstring(page.content))
    assert "orders.xlsx ist ein ZIP-Archiv" in WorkHistory.objects.get().problem


def test_a_reading_that_fails_says_so_in_german(german: Client) -> None:
    brought(german, "Order,Task,Started,Done,Who,Team\n" + NO_TIME)
    history = settled(german)
    assert history.job is not None
    assert "Nichts davon war lesbar: 1 Zeile." in history.job.message
