"""Items from a file: looked through, brought in, what is wrong told line by line, and nothing twice."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backdesk.platform import files
from backdesk.platform.spreadsheets import UnreadableSheet
from backdesk.work.models import ImportBatch, ImportLine, Item
from backdesk.work.operations import imports
from tests.background import do_waiting_jobs
from tests.cast import NOW, Cast
from tests.work import services
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db

LIMIT = 1_000_000
CSV = """number;supplier;Priority, 1 to 9;when
A-1;Alder Paper;3;x
;No number;5;x
A-2;Birch;12;x
A-1;Again;5;x
A-3;Cedar;;x
"""


def received(work: Work, content: str | bytes = CSV, name: str = "items.csv") -> ImportBatch:
    data = content.encode() if isinstance(content, str) else content
    return imports.receive_import(
        actor=work.lead, now=NOW, service=work.service, stream=io.BytesIO(data), filename=name, limit=LIMIT
    )


def test_what_is_no_table_is_not_kept(cast: Cast, var: Path) -> None:
    work = a_service(cast)
    kept = received(work)
    with pytest.raises(UnreadableSheet):
        received(work, b"PK\x03\x04 but no sheet", name="items.xlsx")
    assert [files.path_of(kept.file)] == [path for path in (var / "files").rglob("*") if path.is_file()]


def looked_through(work: Work, content: str | bytes = CSV, **given: Any) -> ImportBatch:
    batch = received(work, content, **given)
    imports.settle_columns(actor=work.lead, now=NOW, batch=batch, chosen=batch.columns)
    do_waiting_jobs(now=lambda: NOW)
    batch.refresh_from_db()
    return batch


def brought_in(work: Work, content: str | bytes = CSV, **given: Any) -> ImportBatch:
    batch = looked_through(work, content, **given)
    imports.begin_import(actor=work.lead, now=NOW, batch=batch)
    do_waiting_jobs(now=lambda: NOW)
    batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.read, batch.created, batch.duplicate, batch.rejected


def test_columns_are_offered_by_what_they_are_called(cast: Cast) -> None:
    batch = received(a_service(cast))
    assert batch.columns == {
        "number": "number",
        "supplier": "supplier",
        "item:priority": "Priority, 1 to 9",
    }


def test_looking_through_a_file_creates_nothing_and_says_line_by_line_what_is_wrong(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work, "A-3")
    batch = looked_through(work)
    assert batch.state == ImportBatch.State.CHECKED
    assert Item.objects.count() == 1
    assert {key: batch.found[key] for key in ("read", "good", "duplicate", "rejected")} == {
        "read": 5, "good": 1, "duplicate": 2, "rejected": 2,
    }  # fmt: skip
    told = {(line, field): says for line, field, says in batch.found["problems"]}
    assert told[3, "Number"] == "Fill this in."
    assert told[4, "Priority, 1 to 9"].startswith("“12” is no priority")
    assert told[5, "A-1"] == 2  # the line with the same key
    assert told[6, "A-3"] == "there"


def test_good_rows_beside_bad_become_items_and_the_counts_add_up(cast: Cast) -> None:
    work = a_service(cast)
    batch = brought_in(work)
    assert batch.state == ImportBatch.State.DONE
    assert counts(batch) == (5, 2, 1, 2)
    items = {item.business_key: item for item in Item.objects.all()}
    assert set(items) == {"A-1", "A-3"}
    assert (items["A-1"].priority, items["A-1"].source) == (3, "import")
    lines = {one.line: one for one in ImportLine.objects.filter(batch=batch)}
    assert lines[2].item_id == lines[5].item_id == items["A-1"].pk
    assert lines[5].outcome == ImportLine.Outcome.DUPLICATE
    assert lines[4].problems == [
        ["Priority, 1 to 9", "“12” is no priority; write a whole number from 1, first, to 9, last."]
    ]


LONG = "N" * 200
KEYS = (LONG, f"{LONG}1", "A-2", f"{LONG}2")
TOO_LONG = "With this the item's business key has 201 characters; it may have 200. Write it shorter."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("items.csv", "\n".join(["number", *KEYS])),
        ("items.jsonl", "\n".join(json.dumps({"number": key}) for key in KEYS)),
    ],
)
def test_keys_that_are_too_long_are_told_by_line_and_field_and_none_is_cut(
    cast: Cast, name: str, content: str
) -> None:
    work, first = a_service(cast), 2 if name.endswith("csv") else 1
    wrong = [first + 1, first + 3]
    batch = looked_through(work, content, name=name)
    assert batch.found["problems"] == [[line, "Number", TOO_LONG] for line in wrong]
    imports.begin_import(actor=work.lead, now=NOW, batch=batch)
    do_waiting_jobs(now=lambda: NOW)
    batch.refresh_from_db()
    assert counts(batch) == (4, 2, 0, 2), "two that begin alike are no duplicates"
    assert set(Item.objects.values_list("business_key", flat=True)) == {LONG, "A-2"}
    rejected = ImportLine.objects.filter(batch=batch, outcome=ImportLine.Outcome.REJECTED).order_by("line")
    assert [(one.line, one.problems) for one in rejected] == [
        (line, [["Number", TOO_LONG]]) for line in wrong
    ]


def test_a_column_of_keys_is_named_as_the_field(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SETTINGS", services.SETTINGS.replace('["number"]', "[]"))
    services.folder.cache_clear()
    batch = looked_through(a_service(cast), f"number;Business key\n1;A-1\n2;{LONG}1\n")
    services.folder.cache_clear()
    assert batch.found["problems"] == [[3, "Business key", TOO_LONG]]


def test_what_an_import_created_opens_from_its_figure_and_nothing_else(cast: Cast) -> None:
    work, browser = a_service(cast), cast.browser()
    an_item(work, "A-3")
    other, batch = brought_in(work, "number\nB-1\n"), brought_in(work)
    assert (other.created, batch.created) == (1, 1)
    figures = browser.get(f"/work/items/imports/{batch.pk}/").context["page"].figures
    (created,) = [one for one in figures if one.title == "Created"]
    rows = browser.get(created.href).context["page"].table.rows
    assert [line.item.business_key for line in rows] == ["A-1"]
    assert len(browser.get("/work/items/?import=").context["page"].table.rows) == 3
    for stray in ("0", "x", "9" * 30):
        assert browser.get(f"/work/items/?import={stray}").status_code == 404
    assert cast.browser(organisation=cast.other_client).get(created.href).status_code == 404


def test_lines_of_json_hold_whole_values(cast: Cast) -> None:
    work = a_service(cast)
    lines = [
        {"number": "J-1", "budget": {"amount": "10.00", "currency": "EUR"}},
        {"number": "J-2", "budget": 3.5},
    ]
    batch = brought_in(work, "\n".join(json.dumps(line) for line in lines), name="items.jsonl")
    assert counts(batch) == (2, 1, 0, 1)
    item = Item.objects.get(business_key="J-1")
    assert item.private.data["input"]["budget"]["amount"] == "10.00"


def test_the_lines_that_were_not_created_come_back_as_they_were_with_the_reason(cast: Cast) -> None:
    batch = brought_in(a_service(cast), CSV + "=1+1;Elm;99;x\n")
    answer = cast.browser().get(f"/work/items/imports/{batch.pk}/rejects/")
    assert answer["Content-Disposition"] == 'attachment; filename="items-rejected.csv"'
    head, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert head == 'number,supplier,"Priority, 1 to 9",when,line,reason'
    assert rows == [
        ",No number,5,x,3,Number: Fill this in.",
        "A-2,Birch,12,x,4,"
        '"Priority, 1 to 9: “12” is no priority; write a whole number from 1, first, to 9, last."',
        "A-1,Again,5,x,5,an item “A-1” is there already",
        "'=1+1,Elm,99,x,7,"
        '"Priority, 1 to 9: “99” is no priority; write a whole number from 1, first, to 9, last."',
    ]


def test_an_import_goes_its_way_over_its_pages(cast: Cast) -> None:
    work, browser = a_service(cast), cast.browser()
    upload = SimpleUploadedFile("items.csv", CSV.encode(), content_type="text/csv")
    there = browser.post("/work/items/imports/new/", {"service": work.service.pk, "file": upload})["Location"]
    assert browser.post(there, {"supplier": "supplier"}).status_code == 422
    assert browser.post(there, {"number": "number"}).status_code == 302
    do_waiting_jobs()
    page = browser.get(there).context["page"]
    assert ([figure.value for figure in page.figures], page.may_begin) == ([5, 3, 1, 1], True)
    assert Item.objects.count() == 0
    browser.post(f"{there}run/")
    do_waiting_jobs()
    page = browser.get(there).context["page"]
    assert ([figure.value for figure in page.figures], page.may_begin) == ([5, 3, 1, 1], False)
    assert browser.post(f"{there}run/").status_code == 302
    assert Item.objects.count() == 3


@pytest.mark.parametrize(
    ("lines", "says", "may_begin"),
    [
        (";Nobody;5;x\n;Nobody;5;x\n", "What is wrong stands below, line by line.", True),
        ("", "The file has a head and no lines below it.", False),
    ],
)
def test_a_file_of_which_nothing_would_come_says_so(
    cast: Cast, lines: str, says: str, may_begin: bool
) -> None:
    work, browser = a_service(cast), cast.browser()
    upload = SimpleUploadedFile("items.csv", (CSV.splitlines()[0] + "\n" + lines).encode())
    there = browser.post("/work/items/imports/new/", {"service": work.service.pk, "file": upload})["Location"]
    browser.post(there, {"number": "number"})
    do_waiting_jobs()
    answer = browser.get(there)
    assert says in answer.content.decode()
    assert answer.context["page"].may_begin is may_begin


def test_a_cell_that_never_ends_is_told_as_such(cast: Cast) -> None:
    batch = brought_in(a_service(cast), CSV + '"A-9;' + "x" * 140_000)
    assert "more than 131,072 characters" in batch.found["problems"][-1][2]


def test_what_is_no_table_is_refused_at_its_field(cast: Cast) -> None:
    work = a_service(cast)
    upload = SimpleUploadedFile("items.csv", b"%PDF-1.7", content_type="text/csv")
    answer = cast.browser().post("/work/items/imports/new/", {"service": work.service.pk, "file": upload})
    assert answer.status_code == 422
    assert "file" in answer.context["page"].form.errors
