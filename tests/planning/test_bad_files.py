"""Whatever file somebody brings: it is read as far as it can be, or the page says what is wrong and what to do."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.platform.models import Job
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.bringing import brought, latest, seen, settled, walked
from tests.planning.histories import chain, file_of, orders, read
from tests.planning.pages import Subjects, addresses

pytestmark = pytest.mark.django_db

HEAD = "Order,Task,Started,Done,Who,Team,Function"
ROLES = ("case", "activity", "ended_at", "started_at", "resource", "team")
BOMB = b"<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><log>&b;</log>"
XES = "<?xml version='1.0'?><log>{}</log>".format(
    "".join(
        f"<trace><string key='concept:name' value='A-{case}'/><event><string key='concept:name' value='Enter'/>"
        f"<date key='time:timestamp' value='2026-01-05T10:{case:02}:00+01:00'/></event></trace>"
        for case in range(60)
    )
).encode()


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def before(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    with making():
        return read(cast.lead)


@pytest.fixture
def browser(cast: Cast, before: WorkHistory) -> Iterator[Client]:
    """Of a lead whose company has a work history already; what was measured in it must stay."""
    yield cast.browser()
    kept = WorkHistory.objects.get(pk=before.pk)
    assert (kept.generation, kept.rows_accepted, kept.activities.count()) == (1, 70, 2)
    assert records.measured(kept).collect().height == 70


# -- Columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "missing", "offered"),
    [
        ("Task,Done,Who", "Enter,2026-01-05 09:20,Ada", "case", ["Task", "Done", "Who"]),
        ("Order,Task,Who", "A-1,Enter,Ada", "time", ["Order", "Task", "Who"]),
        ("Order,Done,Who", "A-1,2026-01-05 09:20,Ada", "activity", ["Order", "Done", "Who"]),
    ],
)
def test_the_page_says_which_column_is_missing_and_offers_what_was_found(
    browser: Client, head: str, row: str, missing: str, offered: list[str]
) -> None:
    page = brought(browser, f"{head}\n{row}\n")
    assert f"No column was found for the {missing}" in seen(page)
    assert "Choose it below" in seen(page)
    initial = page.context["page"].form.initial
    assert [initial[role] for role in ROLES if initial.get(role)] == offered


def test_one_chooses_the_column_that_was_not_found(browser: Client) -> None:
    brought(browser, "Where,Task,Done\nnorth,Enter,2026-01-05 09:20\nsouth,Enter,2026-01-05 10:20\n")
    history = settled(browser, case="Where")
    assert history.summary["cases"] == 2


def test_without_the_column_nothing_is_read_and_what_was_chosen_stays(browser: Client) -> None:
    brought(browser, "Where,Task,Done\nnorth,Enter,2026-01-05 09:20\n")
    history = latest()
    given = {"activity": "Task", "ended_at": "Done", "calendar": "Mon-Fri 09:00-17:00"}
    page = browser.post(reverse("planning:history-columns", args=(history.pk,)), given)
    assert page.status_code == 422
    assert "Choose the column for “Case”" in seen(page)
    assert page.context["page"].form["activity"].value() == "Task"
    assert latest().job is None


# -- Rows -------------------------------------------------------------------------------------------------------------

BAD_ROWS = (
    ("A-2,Enter,05/01/2026 10:00,05/01/2026 10:30,Ada,Office,Sales", "Done", "write it alike"),
    ("A-2,Enter,2026-01-05 12:00,2026-01-05 11:00,Ada,Office,Sales", "Done", "swap the two, or correct one"),
    ("A-0,Enter,2026-01-05 09:00,2026-01-05 09:20,Ada,Office,Sales", "row", "same as line 2"),
    ("A-2,Enter,2026-03-29 02:30,2026-03-29 03:30,Ada,Office,Sales", "Started", "does not exist in Europe/Copenhagen"),
    ("A-2,Enter,2026-02-28 10:00,2026-02-30 10:00,Ada,Office,Sales", "Done", "date or hour does not exist"),
    ("A-2,Enter,,,Ada,Office,Sales", "Done", "The row has no time"),
    (",Enter,2026-01-05 10:00,2026-01-05 10:30,Ada,Office,Sales", "Order", "names no case"),
    ("A-2,Enter", "row", "2 fields where the header has 7"),
    (f"A-2,{'N' * 5000},2026-01-05 10:00,2026-01-05 10:30,Ada,Office,Sales", "Task", "more than a name has (300)"),
    (f"A-2,Enter,2026-01-05 10:00,2026-01-05 10:30,Ada,Office,{'F' * 301}", "Function", "more than a name has (300)"),
)  # fmt: skip


def test_every_row_that_cannot_be_used_is_listed_with_its_line_its_field_and_a_remedy(
    browser: Client,
) -> None:
    good = [f"A-{n},Enter,2026-01-05 09:{n:02},2026-01-05 09:{n + 20:02},Ada,Office,Sales" for n in range(20)]
    brought(browser, "\n".join([HEAD, *good, *(row for row, _, _ in BAD_ROWS)]) + "\n")
    history = settled(browser, zone="Europe/Copenhagen")
    assert (history.rows_read, history.rows_accepted) == (20 + len(BAD_ROWS), 20)
    table = browser.get(reverse("planning:history-rejects", args=(history.pk,))).context["page"].table
    for (_, field, remedy), (line, told) in zip(
        BAD_ROWS, enumerate(table.rows, start=2 + len(good)), strict=True
    ):
        assert (told["line"], told["field"]) == (line, field)
        assert remedy in told["reason"]
    assert [one.name for one in history.activities.all()] == ["Enter"]


def test_a_field_of_twenty_megabytes_is_one_bad_row(browser: Client) -> None:
    rows = [
        "A-1,Enter,2026-01-05 09:20",
        f"A-2,{'x' * 20_000_000},2026-01-05 09:30",
        "A-3,Enter,2026-01-05 09:40",
    ]
    brought(browser, "\n".join(["Order,Task,Done", *rows]) + "\n")
    history = settled(browser)
    assert (history.rows_accepted, history.rows_rejected) == (2, 1)
    page = browser.get(reverse("planning:history-rejects", args=(history.pk,)))
    assert "has 20000000 characters" in seen(page)
    assert len(page.content) < 100_000


# -- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("orders.csv.gz", gzip.compress(orders(500).encode(), mtime=0)[:-500], "orders.csv.gz ends early"),
        ("orders.xes", XES[: len(XES) // 2], "The XML of orders.xes breaks on line 1"),
        ("orders.xes.gz", gzip.compress(XES, mtime=0)[:-40], "orders.xes.gz ends early"),
    ],
)
def test_of_a_file_that_was_cut_all_before_the_cut_is_read_and_the_cut_is_told(
    browser: Client, name: str, content: bytes, told: str
) -> None:
    brought(browser, content, name=name)
    history = settled(browser)
    assert history.rows_accepted > 20
    assert told in seen(browser.get(reverse("planning:history", args=(history.pk,))))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("blank.csv", b"\n\n\n", "blank.csv holds no line of text"),
        ("photo.csv", bytes(range(256)) * 100, "photo.csv holds binary data"),
        ("bomb.xes", BOMB, "declares a document type"),
        ("bomb.xes.gz", gzip.compress(BOMB, mtime=0), "declares a document type"),
        ("cut.parquet", b"PAR1" + bytes(100), "cut.parquet is no whole Parquet file"),
        ("cut.csv.gz", gzip.compress(orders().encode(), mtime=0)[:9], "cut.csv.gz"),
    ],
)
def test_a_file_that_is_no_log_is_named_with_the_reason_and_can_be_removed(
    browser: Client, name: str, content: bytes, told: str
) -> None:
    page = brought(browser, content, name=name)
    assert page.status_code == 422
    assert "This file cannot be read" in seen(page)
    assert told in seen(page)
    assert file_of(latest()).path.rpartition("/")[2] not in page.content.decode(), (
        "its checksum says nothing to anybody"
    )
    browser.post(reverse("planning:history-removal", args=(latest().pk,)))
    assert WorkHistory.objects.count() == 1


def test_an_empty_file_is_not_taken(browser: Client) -> None:
    page = brought(browser, b"")
    assert page.status_code == 422
    assert "is empty" in seen(page)
    assert WorkHistory.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\Ada\\orders.csv", "orders.csv"),
        ("/var/log/orders.csv", "orders.csv"),
        ("x" * 300 + ".csv", "x" * 251 + ".csv"),
        ("注文 🧾 <b>.csv", "注文 🧾 <b>.csv"),
        ("...csv", "...csv"),
    ],
)
def test_a_file_keeps_its_name_and_nothing_of_its_path(browser: Client, given: str, kept: str) -> None:
    page = brought(browser, orders(2), name=given)
    assert file_of(latest()).name == kept
    assert re.fullmatch(r"\d+/[0-9a-f]{2}/[0-9a-f]{64}", file_of(latest()).path)
    assert kept in seen(page)
    assert 0 < len(latest().name) <= 200


# -- Logs that are hardly logs ----------------------------------------------------------------------------------------

ODD = {
    "one row": "Order,Task,Done\nA-1,Enter,2026-01-05 09:20\n",
    "one case": "Order,Task,Done,Who\nA-1,Enter,2026-01-05 09:20,Ada\nA-1,Check,2026-01-06 09:20,Bo\n",
    "one activity": chain(length=1),
    "nobody named": "Order,Task,Started,Done\n"
    + "".join(f"A-{n},Enter,2026-01-05 09:{n:02},2026-01-05 10:{n:02}\n" for n in range(9)),
    "nothing ended": "Order,Task,Started,Done\n"
    + "".join(f"A-{n},Enter,2026-01-05 09:{n:02},\n" for n in range(9)),
    "all at once": "Order,Task,Done\n" + "".join(f"A-{n},Enter,2026-01-05 09:20\n" for n in range(9)),
    "in the future": "Order,Task,Done\nA-1,Enter,2199-01-05 09:20\nA-1,Check,2199-01-06 09:20\n",
    "long ago": "Order,Task,Done\nA-1,Enter,1900-01-05 09:20\nA-1,Check,1920-01-06 09:20\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_every_page_shows_even_the_oddest_log(browser: Client, text: str) -> None:
    brought(browser, text)
    history = settled(browser)
    assert history.job is not None
    assert history.job.state == Job.State.DONE, history.job.message
    assert set(walked(browser, history).values()) == {200}


def test_the_ranking_and_the_map_answer_for_five_hundred_activities(browser: Client) -> None:
    brought(browser, chain(length=500, cases=2))
    history = settled(browser)
    assert set(walked(browser, history).values()) == {200}
    ranking = browser.get(reverse("planning:candidates"))
    assert "Show the other" in seen(ranking)
    everything = browser.get(reverse("planning:candidates"), {"all": "yes"}).content.decode()
    assert all(f"Task {number:03}" in everything for number in range(500))
    drawing = browser.get(
        reverse("planning:history-map", args=(history.pk,)), {"paths": "100", "activities": "100"}
    )
    assert drawing.context["page"].drawn.svg.startswith("<svg")


# -- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["\0", "a\0b", "nan", "1e999", "-1", "é" * 3000, "'\"<%_\\"])
def test_an_address_that_was_mangled_shows_the_page_all_the_same(
    browser: Client, before: WorkHistory, value: str
) -> None:
    keys = (
        "sort",
        "page",
        "name",
        "function",
        "activity",
        "waiting_working_s",
        "paths",
        "hurts",
        "field",
        "columns",
    )
    found = addresses(Subjects(history=before))
    for name in (
        "inventory",
        "histories",
        "rates",
        "candidates",
        "history-steps",
        "history-map",
        "history-rejects",
    ):
        page = browser.get(found[f"planning:{name}"], dict.fromkeys(keys, value))
        assert page.status_code == 200, name


def test_a_file_of_endless_columns_makes_no_endless_page(browser: Client) -> None:
    others = [f"Attribute {number}" for number in range(396)]
    row = ["1", "Enter", "2026-01-05 09:20", "Ada", *("x" for _ in others)]
    brought(browser, ",".join(["Order", "Task", "Done", "Who", *others]) + "\n" + ",".join(row) + "\n")
    history = latest()
    address = reverse("planning:history-columns", args=(history.pk,))
    page = browser.get(address)
    assert len(page.content) < 100_000
    assert page.content.count(b"<option") < 500, "each column is offered once, not once a role"
    assert "340 more columns are not shown here" in seen(page)
    given = {"case": "Order", "activity": "Task", "ended_at": "Done", "calendar": "Mon-Fri 09:00-17:00"}
    wrong = browser.post(address, {**given, "resource": "Whom"})
    assert wrong.status_code == 422
    assert 'value="Whom"' in wrong.content.decode(), "what was typed stays"
    assert browser.post(address, {**given, "resource": "Who"}).status_code == 302
