"""The table as a browser gets it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import BulkAction, Column
from tests.platform.web.markup import drawn, select, words

COLUMNS = (
    Column(key="name", title="Activity", href=lambda row: f"/activities/{row['id']}/", filter="contains"),
    Column(
        key="hours", title="Touch", unit="h", kind="number", decimals=1, definition="Start to end.", bar=True
    ),
    Column(key="rework", title="Rework", kind="share", reason="no order is recorded"),
    Column(key="waiting", title="Waiting", kind="duration", mark=lambda row: "estimated"),
    Column(key="at", title="Last", kind="time", is_optional=True),
    Column(key="verdict", title="Verdict", kind="status", sortable=False),
)
INVOICE = {
    "id": 1,
    "name": "Check <b>invoice</b>",
    "hours": 412.44,
    "rework": None,
    "waiting": 7_500,
    "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "verdict": Status(kind="good", word="Hand over"),
}
PAYROLL = {**INVOICE, "id": 2, "name": "Payroll", "hours": 206.22, "rework": 0.125}


def render(query: str = "", rows: tuple[dict[str, Any], ...] = (INVOICE, PAYROLL), **options: Any) -> Any:
    state = tables.read_state(QueryDict(query), columns=COLUMNS, sort="-hours")
    table = tables.from_rows(
        rows, name="activities", columns=COLUMNS, state=state, caption="Activities", **options
    )
    return drawn("{% data_table table %}", table=table)


def test_the_sorted_column_says_so_and_turns_round() -> None:
    (head,) = select(render(), "th[aria-sort]")
    assert head.get("aria-sort") == "descending"
    assert [link.get("href") for link in select(head, "a.sort")] == ["?sort=hours"]


def test_numbers_begin_with_the_largest_and_words_with_a() -> None:
    links = [link.get("href") for link in select(render("sort=hours"), "a.sort")]
    assert links == ["?sort=name", "?", "?sort=-rework", "?sort=-waiting"]


def test_the_unit_stands_in_the_head_and_the_digits_in_the_cell() -> None:
    table = render()
    assert words(select(table, "thead th .sort")[1]) == "Touch h"
    assert words(select(table, "tbody td")[0]) == "412.4"
    assert select(select(table, "tbody td")[0], "span[title]")[0].get("title") == "412.44\u202fh"


def test_a_bar_is_as_long_as_its_share_of_the_largest() -> None:
    widths = [rect.get("width") for rect in select(render(), "rect.fill")]
    assert widths == ["1000", "500"]


def test_what_is_not_known_is_a_dash_with_the_reason() -> None:
    unknown, known = (select(row, "td")[1] for row in select(render(), "tbody tr"))
    assert words(unknown) == "–no order is recorded"
    assert select(unknown, ".dash")[0].get("title") == "no order is recorded"
    assert words(known) == "12.5"


def test_what_is_estimated_says_so() -> None:
    assert words(select(render(), "tbody td")[2]) == "est. 2 h 5 min"


def test_a_name_is_words_whatever_is_in_it() -> None:
    (cell, _) = select(render(), "tbody th")
    assert select(cell, "b") == []
    assert select(cell, "a")[0].get("href") == "/activities/1/"
    assert words(cell) == "Check <b>invoice</b>"


def test_a_status_has_a_shape_and_a_word() -> None:
    (status, _) = select(render(), ".status-good")
    assert words(status) == "Hand over"
    assert select(status, "svg use")[0].get("href").endswith("#status-good")


def test_an_optional_column_shows_when_it_is_chosen() -> None:
    titles = [words(head).split()[0] for head in select(render("columns=at&columns=hours"), "thead th .sort")]
    assert titles == ["Activity", "Touch", "Last"]


def test_columns_are_not_lost_by_filtering_nor_filters_by_choosing_columns() -> None:
    table = render("columns=at&name=pay")
    hidden = select(table, "#activities-form input[type=hidden]")
    assert [(field.get("name"), field.get("value")) for field in hidden] == [("columns", "at")]
    hidden = select(table, "#activities-columns input[type=hidden]")
    assert [(field.get("name"), field.get("value")) for field in hidden] == [("name", "pay")]


def test_without_rows_the_table_says_what_it_is_for() -> None:
    empty = Empty(
        title="No activities yet", text="They are found in a log.", action="Upload a log", url="/new/"
    )
    table = render(rows=(), empty=empty)
    (cell,) = select(table, "tbody td")
    assert words(cell) == "No activities yet They are found in a log. Upload a log"
    assert select(cell, "a")[0].get("href") == "/new/"


def test_without_a_match_the_rows_are_still_there() -> None:
    (cell,) = select(render("name=zzz"), "tbody td")
    assert "No row matches" in words(cell)
    assert select(cell, "a")[0].get("href") == "?"


def test_rows_are_selected_by_name_and_sent_to_the_chosen_verb() -> None:
    table = render(row_id=lambda row: str(row["id"]), bulk=(BulkAction(title="Remove", url="/removals/"),))
    boxes = select(table, ".row-check")
    assert [(box.get("value"), box.get("aria-label")) for box in boxes] == [
        ("1", "Select Check <b>invoice</b>"),
        ("2", "Select Payroll"),
    ]
    (verb,) = select(table, ".bulk-bar [type=submit]")
    assert (verb.get("formaction"), verb.get("form")) == ("/removals/", "activities-bulk")
    assert select(table, "#activities-bulk [name=csrfmiddlewaretoken]")[0].get("value") == "key"


def test_pages_lead_on_and_back() -> None:
    rows = tuple({**PAYROLL, "id": n} for n in range(120))
    assert [link.get("href") for link in select(render("page=2", rows=rows), ".pager a")] == ["?", "?page=3"]
    assert [link.get("rel") for link in select(render("page=3", rows=rows), ".pager a")] == ["prev"]
    assert select(render(), ".pager") == []


def test_totals_stand_under_a_rule() -> None:
    table = render(totals={**INVOICE, "name": "All", "hours": 618.66, "verdict": None})
    assert words(select(table, "tfoot th")[0]) == "All"
    assert words(select(table, "tfoot td")[0]) == "618.7"


@pytest.mark.parametrize(
    ("query", "said"), [("", "2 rows, by Touch, descending"), ("sort=name", "2 rows, by Activity, ascending")]
)
def test_a_change_is_announced(query: str, said: str) -> None:
    assert select(render(query), "tbody")[0].get("data-announce") == said
