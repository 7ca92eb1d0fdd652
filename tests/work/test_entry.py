"""The form of a task: what is typed into it in the reader's language, and what comes back when it is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.desks.services.fields import Lookup
from backdesk.desks.services.reading_schemas import read_schema
from backdesk.work.web.entry import blocks, dates, lookups, reading, spelling
from backdesk.work.web.entry.reading import Reading
from tests.platform.web.markup import drawn, select, words

DOCUMENT: dict[str, Any] = {
    "type": "object",
    "required": ["number", "issued", "total", "lines"],
    "properties": {
        "number": {"type": "string", "title": "Invoice number", "description": "As printed."},
        "supplier": {"type": "string", "title": "Supplier", "x-lookup": "suppliers"},
        "issued": {"type": "string", "format": "date", "title": "Issued"},
        "seen": {"type": "string", "format": "date-time", "title": "Seen at"},
        "total": {"type": "object", "format": "money", "title": "Total", "x-currencies": ["EUR", "DKK"]},
        "rate": {"type": "string", "format": "decimal", "title": "Tax rate", "x-maximum": "0.5"},
        "credit": {"type": "boolean", "title": "Credit note"},
        "kind": {"title": "Kind", "type": "string", "enum": ["goods", "services"]},
        "note": {"type": "string", "title": "Note", "x-widget": "longtext"},
        "payment": {
            "type": "object",
            "title": "Payment",
            "properties": {"days": {"type": "integer", "title": "Days", "minimum": 0}},
        },
        "lines": {
            "type": "array",
            "title": "Lines",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["text", "net"],
                "properties": {
                    "text": {"type": "string", "title": "Text"},
                    "net": {"type": "object", "format": "money", "title": "Net", "x-currencies": ["EUR"]},
                },
            },
        },
    },
}
SCHEMA = read_schema(json.dumps(DOCUMENT).encode(), file="output.schema.json", lookups={"suppliers"})
SUPPLIERS = Lookup(
    columns=("number", "name", "town"),
    rows=(
        ("70001", "Alder Paper", "Kiel"),
        ("70002", "Birch Print", "Bremen"),
        ("70003", "Birch Print", "Kiel"),
    ),
)
KNOWN = {"suppliers": SUPPLIERS}
WHOLE = {
    "number": "A-17",
    "supplier": "Alder Paper",
    "issued": "21 Nov 2026",
    "total": "1,234.5",
    "total-currency": "EUR",
    "credit": "false",
    "payment-days": "30",
    "lines-0-text": "Paper",
    "lines-0-net": "1,234.50",
}


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    with translation.override("en"), timezone.override("Europe/Copenhagen"):
        yield


def read(**typed: str) -> Reading:
    return reading.read(
        SCHEMA, {name.replace("__", "-"): text for name, text in typed.items()}, lookups=KNOWN
    )


def read_whole(**other: str) -> Reading:
    typed = {name.replace("__", "-"): text for name, text in other.items()}
    return reading.read(SCHEMA, {**WHOLE, **typed}, lookups=KNOWN)


def test_what_was_typed_becomes_the_values_of_the_schema() -> None:
    found = read_whole()
    assert not found.problems
    assert found.values == {
        "number": "A-17",
        "supplier": "70001",
        "issued": "2026-11-21",
        "total": {"amount": "1234.50", "currency": "EUR"},
        "credit": False,
        "payment": {"days": 30},
        "lines": [{"text": "Paper", "net": {"amount": "1234.50", "currency": "EUR"}}],
    }


def test_the_same_number_is_typed_as_the_readers_language_writes_it() -> None:
    assert read_whole(rate="0.19").values["rate"] == "0.19"
    with translation.override("de"):
        german = {
            **WHOLE,
            "total": "1.234,5",
            "lines-0-net": "1234,50",
            "rate": "0,19",
            "issued": "21.11.2026",
        }
        found = reading.read(SCHEMA, german, lookups=KNOWN)
        assert not found.problems
        assert found.values["total"]["amount"] == "1234.50"
        assert reading.opened(SCHEMA, found.values)["total"] == "1234,50"
        assert reading.opened(SCHEMA, found.values)["issued"] == "21.11.2026"


def test_what_cannot_be_read_is_said_at_its_field_and_stays_as_it_was_typed() -> None:
    found = read_whole(rate="twelve", issued="03/04/2026", supplier="Alder Papier")
    assert found.problems == {
        "rate": "“twelve” is no number here. Write it like 12.5 or 1,234.5.",
        "issued": "“03/04/2026” may be 4 Mar 2026 or 3 Apr 2026. Write the one you mean like that.",
        "supplier": "“Alder Papier” is not in the list. Did you mean “Alder Paper”?",
    }
    assert {"rate", "issued", "supplier"}.isdisjoint(found.values)
    assert found.texts["rate"] == "twelve"


def test_a_draft_keeps_also_what_cannot_be_read_yet() -> None:
    found = read(number="A-17", rate="1.2.3", supplier="nobody", lines__4__net="12 apples")
    again = reading.opened(SCHEMA, found.draft)
    typed = {"number": "A-17", "rate": "1.2.3", "supplier": "nobody", "lines-0-net": "12 apples"}
    assert again == {**typed, "credit": "false"}
    assert found.draft[reading.UNREAD] == {"rate": "1.2.3", "supplier": "nobody", "lines-0-net": "12 apples"}


def test_what_is_refused_in_one_language_is_not_taken_for_something_else_when_the_draft_is_opened() -> None:
    with translation.override("de"):
        found = reading.read(SCHEMA, {"rate": "0.19"}, lookups=KNOWN)
        assert "rate" in found.problems
        assert reading.opened(SCHEMA, found.draft)["rate"] == "0.19"


def test_nobody_is_told_to_fill_in_what_they_have_not_come_to() -> None:
    found = read(number="A-17", lines__0__text="Paper", rate="0.9")
    assert found.problems["issued"] == "Fill this in."
    assert found.problems["lines-0-net"] == "Fill this in."
    assert found.early_problems == {"rate": "Enter at most 0.5."}


def test_a_limit_is_said_as_the_reader_writes_numbers() -> None:
    with translation.override("de"):
        assert "0,5" in reading.read(SCHEMA, {"rate": "0,9"}, lookups=KNOWN).problems["rate"]


def test_empty_rows_are_left_out_and_the_others_counted_anew() -> None:
    found = read(
        lines__1__text="Paper", lines__1__net="1", lines__3__text=" ", lines__7__text="Ink", lines__7__net="x"
    )
    assert found.texts["lines-1-text"] == "Ink"
    assert found.values["lines"] == [
        {"text": "Paper", "net": {"amount": "1.00", "currency": "EUR"}},
        {"text": "Ink"},
    ]
    assert found.problems["lines-1-net"].startswith("“x” is no number")


def test_a_row_with_nothing_but_a_wrong_value_keeps_its_place() -> None:
    found = read(lines__0__net="x", lines__1__net="2", lines__1__text="Ink")
    assert found.values["lines"] == [{}, {"text": "Ink", "net": {"amount": "2.00", "currency": "EUR"}}]


def test_a_row_is_taken_out() -> None:
    texts = reading.without_row({"lines-0-text": "a", "lines-1-text": "b", "lines-10-text": "c"}, "lines", 1)
    assert reading.read(SCHEMA, texts, lookups=KNOWN).texts == {
        "lines-0-text": "a", "lines-0-net": "", "lines-1-text": "c", "lines-1-net": "",
    } | dict.fromkeys(NAMES, "") | {"lines-0-net-currency": "", "lines-1-net-currency": ""}  # fmt: skip


NAMES = (
    "number", "supplier", "issued", "seen", "total", "total-currency", "rate", "credit", "kind", "note", "payment-days",
)  # fmt: skip


@given(
    st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)),
    st.sampled_from(["en", "de"]),
)
@settings(max_examples=60, deadline=None)
def test_a_day_that_is_shown_can_be_typed(day: date, language: str) -> None:
    field = SCHEMA.find("issued")
    assert field
    with translation.override(language):
        assert spelling.spelled(field, spelling.shown(field, day.isoformat()), {}) == day.isoformat()


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-14",
        "14.3.2026",
        "14.03.26",
        "14 March 2026",
        "14 mar 26",
        "Mar 14, 2026",
        "14/3/2026",
        "3/14/2026",
    ],
)
def test_a_day_can_be_typed_in_many_ways(typed: str) -> None:
    assert dates.read_day(typed).isoformat() == "2026-03-14"


@pytest.mark.parametrize("typed", ["31 June 2026", "32/13/2026", "soon", "2026", "14 Mars 2026"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(dates.NoDate):
        dates.read_day(typed)


def test_an_instant_is_on_the_clock_of_its_reader() -> None:
    assert dates.read_instant("14 Mar 2026, 16:30").isoformat() == "2026-03-14T16:30:00+01:00"
    assert reading.opened(SCHEMA, {"seen": "2026-03-14T15:30:00+00:00"}) == {"seen": "14 Mar 2026, 16:30"}
    with pytest.raises(dates.NoDate, match="14 Mar 2026, 16:30"):
        dates.read_instant("14 Mar 2026, 25:10")
    label = select(the_form(read()), "label[for=in-seen]")[0]
    assert words(label) == "Seen at Europe/Copenhagen (optional)"


def test_an_entry_is_named_by_its_key_or_by_its_name_if_that_is_its_own() -> None:
    assert lookups.key_of(SUPPLIERS, "70002") == "70002"
    assert lookups.key_of(SUPPLIERS, "alder paper") == "70001"
    with pytest.raises(lookups.NotListed, match="choose one of 70002, 70003"):
        lookups.key_of(SUPPLIERS, "Birch Print")
    assert [one.key for one in lookups.search(SUPPLIERS, "kiel")] == ["70001", "70003"]
    assert [one.key for one in lookups.search(SUPPLIERS, "birch bre")] == ["70002"]


def the_form(found: Reading, **options: Any) -> Any:
    said = {name: (blocks.Message(severity="error", text=text),) for name, text in found.problems.items()}
    filled = blocks.Filled(texts=found.texts, messages=said, sources=blocks.Sources(lookups=KNOWN))
    form = blocks.form(SCHEMA.fields, filled, summary=True)
    return drawn('{% include "work/entry/form.html" %}', form=form)


def test_each_input_has_a_label_and_its_message_beside_it() -> None:
    node = the_form(read(number="A-17", rate="twelve"))
    (rate,) = select(node, "input#in-rate")
    assert rate.get("value") == "twelve"
    assert rate.get("aria-invalid") == "true"
    (says,) = select(node, f"#{rate.get('aria-describedby')}")
    assert words(says) == "“twelve” is no number here. Write it like 12.5 or 1,234.5."
    assert words(select(node, "label[for=in-rate]")[0]) == "Tax rate (optional)"
    hint = select(node, "#in-number")[0].get("aria-describedby").split()[0]
    assert words(select(node, f"#{hint}")[0]) == "As printed."


def test_the_summary_leads_to_each_input_in_the_order_of_the_form() -> None:
    node = the_form(read(number="A-17", rate="twelve"))
    links = [(words(one), one.get("href")) for one in select(node, ".error-summary a")]
    assert links == [
        ("“Issued”: Fill this in.", "#in-issued"),
        ("“Total”: Fill this in.", "#in-total"),
        ("“Tax rate”: “twelve” is no number here. Write it like 12.5 or 1,234.5.", "#in-rate"),
        ("“Lines”: Fill in at least one row.", "#in-lines"),
    ]
    targets = {one.get("id") for one in select(node, "*")}
    assert all(href.removeprefix("#") in targets for _, href in links)


def test_a_table_has_its_rows_and_an_empty_one_to_go_on_with() -> None:
    node = the_form(read(lines__0__text="Paper", lines__0__net="x"))
    assert [one.get("name") for one in select(node, "tbody input")] == [
        "lines-0-text", "lines-0-net", "lines-1-text", "lines-1-net",
    ]  # fmt: skip
    (net,) = select(node, "#in-lines-0-net")
    assert net.get("aria-label") == "Net, line 1"
    assert words(select(node, f"#{net.get('aria-describedby')}")[0]).startswith("Net: “x” is no number here.")
    assert [one.get("value") for one in select(node, "button[name=_row]")] == [
        "remove lines-0", "remove lines-1", "add lines",
    ]  # fmt: skip


def test_a_short_lookup_is_offered_whole_and_a_long_one_searched() -> None:
    node = the_form(read(supplier="70001"))
    (supplier,) = select(node, "#in-supplier")
    assert len(select(node, f"datalist#{supplier.get('list')} option")) == len(SUPPLIERS.rows)
    assert words(select(node, "[data-note=supplier]")[0]) == "Alder Paper"
    many = Lookup(columns=("number",), rows=tuple((str(number),) for number in range(201)))
    sources = blocks.Sources(lookups={"suppliers": many}, search_url="/look/")
    (searched,) = blocks.form(SCHEMA.fields, blocks.Filled(sources=sources)).datalists
    assert (searched.options, searched.search_url) == ((), "/look/?lookup=suppliers")


def test_what_is_not_ticked_is_a_no() -> None:
    assert read(number="A-17").values["credit"] is False
    (credit,) = select(the_form(read(credit="true")), "#in-credit")
    assert (credit.get("type"), credit.get("checked") is not None) == ("checkbox", True)


def test_a_choice_that_is_none_any_more_is_not_lost() -> None:
    (kept,) = [
        one
        for one in select(the_form(read(kind="rights")), "#in-kind option")
        if one.get("selected") is not None
    ]
    assert kept.get("value") == "rights"
