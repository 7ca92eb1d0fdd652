"""Names of any script, with any markup, and with formulas in them: shown as written, and never run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from backdesk.planning import operations, records
from backdesk.planning.models import Function
from backdesk.platform.models import Job
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.planning.bringing import brought, csv_text, pages, seen, settled
from tests.planning.pages import Subjects, addresses
from tests.platform.web.markup import words

pytestmark = pytest.mark.django_db

HEAD = "Order,Task,Started,Done,Who,Team,Function"
SCRIPTS = (
    "שלום עולם",
    "مراجعة الفاتورة",
    "請求書を確認 🧾",
    "Ünïcödé ﬁ İ",
    "\u202efel ot thgir",
    "a\u0301\u0327",
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'></title><b>&amp;",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "#panic(1) $x^2 *b* `r @ref <label> \\end",
)
NAMES = (*SCRIPTS, *MARKUP)
FORMULAS = ("=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0")
EXPORTS = (
    "inventory",
    "histories",
    "functions",
    "rates",
    "history-steps",
    "history-cases",
    "history-case",
    "history-rejects",
)


@pytest.fixture
def browser(cast: Cast) -> Client:
    return cast.browser()


def test_names_of_any_script_stand_on_every_page_as_written_and_markup_in_them_stays_text(
    browser: Client,
) -> None:
    brought(browser, one_of_each(NAMES), name=f"{MARKUP[1]}.csv")
    history = settled(browser)
    assert set(history.activities.values_list("name", flat=True)) == set(NAMES)
    for page in pages(browser, history):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>&amp;" not in text
    listed = seen(browser.get(reverse("planning:inventory")))
    assert all(" ".join(name.split()) in listed for name in NAMES)
    for name in NAMES:
        case = browser.get(reverse("planning:history-case", args=(history.pk,)), {"case": name})
        assert [row["activity"] for row in case.context["page"].table.rows] == [name]


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_names_of_any_script_and_with_any_markup_stand_in_the_reports(browser: Client, kind: str) -> None:
    brought(browser, one_of_each(NAMES), name=f"{MARKUP[1]}.csv")
    history = settled(browser)
    Job.objects.filter(state=Job.State.WAITING).delete()  # the plots of the pages
    browser.post(reverse("planning:history-reports", args=(history.pk,)), {"kind": kind})
    (job,) = do_waiting_jobs()
    assert job.state == Job.State.DONE, job.message
    report = records.report(history, kind=kind, language="en").read_bytes()
    if kind == "html":
        assert all(" ".join(name.split()) in words(html.fromstring(report)) for name in NAMES)
        assert b"<script>alert" not in report
        assert b"<img src=x" not in report


def test_no_export_holds_a_formula(browser: Client, cast: Cast) -> None:
    rows = [
        [name, name, "2026-01-05 09:00", "2026-01-05 10:00" if number else name, name, name, name]
        for number, name in enumerate((*FORMULAS, *(f"{name} " for name in FORMULAS)))
    ]
    good = [
        f"A-{n},Enter,2026-01-05 09:{n:02},2026-01-05 10:{n:02},Ada,Office,Sales".split(",")
        for n in range(30)
    ]
    brought(browser, csv_text(HEAD.split(","), *rows, *good), name="=HYPERLINK(1).csv")
    history = settled(browser)
    operations.add_function(
        actor=cast.lead, now=NOW, name="=2+2", office=Function.Office.BACK, description="@x"
    )
    rates = csv_text(["kind", "name", "rate", "currency"], ["activity", "=1+1", "30", "EUR"])
    browser.post(reverse("planning:rates"), {"file": SimpleUploadedFile("rates.csv", rates.encode())})
    found = addresses(Subjects(history=history))
    for name in EXPORTS:
        data = {"export": "csv", **({"case": "=1+1"} if name == "history-case" else {})}
        text = browser.get(found[f"planning:{name}"], data).content.decode("utf-8-sig")
        cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
        assert any("=" in cell or "+" in cell for cell in cells), f"{name} holds what could be a formula"
        assert [cell for cell in cells if cell[:1] in set("=+-@\t\r")] == [], name


def one_of_each(names: Iterable[str]) -> str:
    """Cases, activities, people, teams and functions of these names, a day each."""
    rows = (
        [name, name, f"2026-01-{day:02} 09:00", f"2026-01-{day:02} 10:00", name, name, name]
        for day, name in enumerate(names, start=5)
    )
    return csv_text(HEAD.split(","), *rows)
