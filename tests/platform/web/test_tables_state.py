"""What the address of a table may ask for, and that it holds all of it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform.web import tables
from backdesk.platform.web.tables import MAX_PAGE, PAGE_SIZE, Column, State
from backdesk.platform.web.tables.state import pages

COLUMNS = (
    Column(key="name", title="Name", filter="contains"),
    Column(key="office", title="Office", filter="choice", choices=(("back", "Back"),)),
    Column(key="hours", title="Hours", kind="number", filter="at-least"),
    Column(key="verdict", title="Verdict", sortable=False),
)


def asked(address: str, *, sort: str = "-hours", prefix: str = "") -> State:
    return tables.read_state(QueryDict(address.removeprefix("?")), columns=COLUMNS, sort=sort, prefix=prefix)


def test_nothing_asked_is_the_first_page_in_the_usual_order() -> None:
    state = asked("")
    assert (state.sort_key, state.is_descending, state.page, state.filters) == ("hours", True, 1, ())
    assert (state.offset, state.limit) == (0, PAGE_SIZE)


@pytest.mark.parametrize(
    "sort", ["verdict", "-verdict", "password", "--hours", "hours; DROP TABLE", "name__secret"]
)
def test_an_order_that_does_not_exist_is_the_usual_one(sort: str) -> None:
    assert asked(f"sort={sort}").sort == "-hours"


@pytest.mark.parametrize(
    ("page", "read"),
    [("0", 1), ("-1", 1), ("2", 2), ("٣", 1), ("1e3", 1), ("9" * 40, MAX_PAGE), ("", 1), ("two", 1)],
)
def test_a_page_is_a_number_within_bounds(page: str, read: int) -> None:
    assert asked(f"page={page}").page == read


def test_a_filter_that_cannot_be_answered_is_left_out() -> None:
    assert asked("office=attic&hours=many&name=+").filters == ()
    assert asked("hours=NaN").filters == ()
    assert asked("hours=Infinity").filters == ()
    assert asked("office=back&hours=1.5&name=inv").filters == (
        ("name", "inv"),
        ("office", "back"),
        ("hours", "1.5"),
    )


def test_a_filter_has_a_length_limit() -> None:
    assert len(asked("name=" + "x" * 5_000).filter_on("name")) == 200


def test_a_filter_is_asked_for_without_what_no_text_holds() -> None:
    assert asked("name=in%00v").filters == (("name", "inv"),)
    assert asked("name=%00").filters == ()


def test_another_order_begins_at_the_first_page() -> None:
    state = asked("page=3&name=inv")
    assert state.address(sort="name") == "?sort=name&name=inv"
    assert state.address(page=4) == "?name=inv&page=4"
    assert state.address(export="csv") == "?name=inv&export=csv"


def test_what_belongs_to_the_rest_of_the_page_is_kept() -> None:
    state = asked("tab=cases&weight=1&weight=2&page=2")
    assert state.address(page=1) == "?tab=cases&weight=1&weight=2"
    assert state.cleared() == "?tab=cases&weight=1&weight=2"


def test_two_tables_on_a_page_do_not_mix() -> None:
    state = asked("sort=name&b-sort=hours&b-page=2", prefix="b-")
    assert (state.sort, state.page) == ("hours", 2)
    assert state.address(page=1) == "?sort=name&b-sort=hours"


def test_the_forms_send_along_what_they_do_not_change() -> None:
    state = asked("sort=name&columns=hours&name=inv&tab=cases")
    assert state.kept_by_filters == (("tab", "cases"), ("sort", "name"), ("columns", "hours"))
    assert state.kept_by_columns == (("tab", "cases"), ("sort", "name"), ("name", "inv"))


words = st.text(max_size=8)
keys = st.sampled_from(["sort", "page", "columns", "export", "name", "office", "hours", "other"])


@given(st.lists(st.tuples(keys, words | st.sampled_from(["-hours", "name", "2", "csv", "back", "1.5"]))))
def test_whatever_is_asked_the_address_holds_it(pairs: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for key, value in pairs:
        query.appendlist(key, value)
    state = tables.read_state(query, columns=COLUMNS, sort="-hours")
    again = asked(state.address(page=state.page))
    assert (again.sort, again.page, again.filters) == (state.sort, state.page, state.filters)
    assert (again.chosen, sorted(again.kept)) == (state.chosen, sorted(state.kept))


@given(st.integers(0, MAX_PAGE * PAGE_SIZE), st.integers(1, MAX_PAGE))
def test_every_row_is_on_exactly_one_page(total: int, page: int) -> None:
    state = State(page=page).within(total)
    assert 1 <= state.page <= pages(total)
    assert state.offset < max(total, 1)
    assert (pages(total) - 1) * PAGE_SIZE < max(total, 1) <= pages(total) * PAGE_SIZE
