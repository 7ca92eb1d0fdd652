"""The figures of a service against a naive twin, and what must hold of them whatever the work was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.measures import (
    SERVICE_CATALOGUE,
    SERVICE_ITEMS,
    SERVICE_LOOKS,
    ageing,
    behind,
    service_figures,
    service_quality,
)
from backdesk.evidence.measures.services import COUNTED, Every
from backdesk.evidence.statistics import wilson

BEGIN = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)
ZONE = "Europe/Berlin"  # whose clocks go forward on the 29th
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 5, 31)
NOW = BEGIN + dt.timedelta(days=20)
Row = dict[str, Any]

moments = st.integers(0, 40 * 24 * 4).map(lambda quarter: BEGIN + dt.timedelta(minutes=15 * quarter))


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        received = draw(moments)
        later = [received + dt.timedelta(hours=draw(st.integers(0, 300))) for _ in range(3)]
        state = draw(st.sampled_from(["open", "delivered", "accepted", "cancelled"]))
        delivered = later[0] if state in {"delivered", "accepted"} else None
        closed = max(later) if state in {"accepted", "cancelled"} else None
        rounds = draw(st.integers(0, 1))
        made.append(
            {
                "item": number,
                "received_at": received,
                "delivered_at": delivered,
                "returned_at": later[2] if rounds else None,
                "closed_at": closed,
                "due_at": draw(st.sampled_from([None, later[1]])),
                "is_cancelled": state == "cancelled",
                "round": rounds,
                "was_sent_back": draw(st.booleans()),
                "touch_seconds": draw(st.sampled_from([None, 60, 600])) if delivered else None,
                "is_gold": draw(st.sampled_from([False, False, False, True])),
            }
        )
    return made


looks = st.lists(
    st.tuples(st.integers(0, 11), moments, st.integers(0, 2)).map(
        lambda look: {"item": look[0], "at": look[1], "errors": look[2], "critical": min(look[2], 1)}
    ),
    max_size=8,
)


def tables(items: Iterable[Row], looked: Iterable[Row]) -> dict[str, Any]:
    return {
        "items": pl.DataFrame(list(items), schema=SERVICE_ITEMS, orient="row"),
        "looks": pl.DataFrame(list(looked), schema=SERVICE_LOOKS, orient="row"),
    }


def day(moment: dt.datetime | None) -> dt.date | None:
    return moment.astimezone(ZoneInfo(ZONE)).date() if moment else None


def begins(of: dt.date, every: Every) -> dt.date:
    if every == "month":
        return of.replace(day=1)
    return of - dt.timedelta(days=of.weekday()) if every == "week" else of


def naive(items: list[Row], looked: list[Row], period: dt.date, every: Every) -> Row:
    """One period, by going through every row of it."""

    def in_it(moment: dt.datetime | None) -> bool:
        return moment is not None and begins(day(moment), every) == period  # type: ignore[arg-type]

    items = [one for one in items if not one["is_gold"]]
    done = [one for one in items if in_it(one["delivered_at"])]
    due = [
        one
        for one in items
        if in_it(one["due_at"]) and not one["is_cancelled"] and (one["delivered_at"] or one["due_at"] <= NOW)
    ]
    kept = [one for one in due if one["delivered_at"] and one["delivered_at"] <= one["due_at"]]
    judged = [one for one in items if in_it(judged_at(one))]
    first = [one for one in judged if not one["returned_at"] and not one["was_sent_back"]]
    seen = [one for one in looked if in_it(one["at"])]
    right = [one for one in seen if not one["errors"]]
    return {
        "received": sum(in_it(one["received_at"]) for one in items),
        "delivered": len(done),
        "accepted": sum(in_it(one["closed_at"]) and not one["is_cancelled"] for one in items),
        "attainment": share(kept, due),
        "first_pass_yield": share(first, judged),
        "accuracy": share(right, seen),
        "accuracy_low": wilson(count=len(right), total=len(seen)).low if seen else None,
    }


def judged_at(one: Row) -> dt.datetime | None:
    """When the client first returned it, else accepted it."""
    accepted: dt.datetime | None = None if one["is_cancelled"] else one["closed_at"]
    return one["returned_at"] or accepted


def share(part: list[Row], of: list[Row]) -> float | None:
    return len(part) / len(of) if of else None


@settings(max_examples=40, deadline=None)
@given(rows(), looks, st.sampled_from(["day", "week", "month"]))
def test_figures_are_those_of_going_through_every_row(
    items: list[Row], looked: list[Row], every: Every
) -> None:
    table = service_figures(**tables(items, looked), zone=ZONE, every=every, first=FIRST, last=LAST, now=NOW)
    for row in table.rows(named=True):
        wanted = naive(items, looked, row["period"], every)
        assert {name: row[name] for name in wanted} == pytest.approx(wanted), row["period"]


@settings(max_examples=25, deadline=None)
@given(rows(), looks)
def test_each_count_has_as_many_items_behind_it(items: list[Row], looked: list[Row]) -> None:
    both = tables(items, looked)
    table = service_figures(**both, zone=ZONE, every="month", first=FIRST, last=LAST, now=NOW)
    for name in COUNTED:
        found = behind(**both, count=name, zone=ZONE, first=FIRST, last=LAST, now=NOW)["item"].to_list()
        if name == "open_items":
            assert len(found) == table["open_items"][-1]
        elif name in {"looked_at", "with_error", "with_critical"}:
            known = {one["item"] for one in items}
            assert set(found) <= known  # an item that was looked at twice stands once
        else:
            assert len(found) == table[name].sum(), name


@settings(max_examples=25, deadline=None)
@given(rows())
def test_what_came_went_or_lies_there(items: list[Row]) -> None:
    table = service_figures(**tables(items, []), zone=ZONE, every="day", first=FIRST, last=LAST, now=NOW)
    items = [one for one in items if not one["is_gold"]]
    gone = sum(
        1
        for one in items
        if (at := day(one["closed_at"] if one["is_cancelled"] else one["delivered_at"])) and at <= LAST
    )
    assert table["open_items"][-1] == len(items) - gone
    assert (table["open_items"] >= 0).all()
    now = BEGIN + dt.timedelta(days=400)
    lying = [one for one in items if not one["delivered_at"] and not one["is_cancelled"]]
    assert ageing(tables(items, [])["items"], now=now)["items"].sum() == len(lying)


def test_nothing_is_null_and_never_zero_where_nothing_was_done() -> None:
    table = service_figures(
        **tables([], []), zone=ZONE, every="month", first=FIRST, last=LAST, now=NOW, standard_minutes=5
    )
    row = table.row(-1, named=True)
    for name in ("attainment", "first_pass_yield", "accuracy", "days_to_clear", "touch_minutes"):
        assert row[name] is None, name
    assert (row["received"], row["open_items"], row["backlog_hours"]) == (0, 0, 0)


def test_a_backlog_is_cleared_as_fast_as_more_goes_than_comes() -> None:
    """Of forty that came long ago, twenty-eight went in the last four weeks: twelve are left, one goes a day."""
    done = [item(number, delivered=BEGIN + dt.timedelta(days=32 + number)) for number in range(28)]
    left = [item(number) for number in range(28, 40)]
    asked: dict[str, Any] = {"zone": "UTC", "every": "month", "now": NOW}
    day = BEGIN.date() + dt.timedelta(days=59)
    table = service_figures(**tables([*done, *left], []), first=day, last=day, **asked)
    assert table["days_to_clear"].to_list() == [12.0]
    first = BEGIN.date()
    assert service_figures(**tables([*done, *left], []), first=first, last=first, **asked)[
        "days_to_clear"
    ].to_list() == [None]


def item(number: int, *, delivered: dt.datetime | None = None) -> Row:
    return {
        "item": number,
        "received_at": BEGIN,
        "delivered_at": delivered,
        "returned_at": None,
        "closed_at": None,
        "due_at": None,
        "is_cancelled": False,
        "round": 0,
        "was_sent_back": False,
        "touch_seconds": None,
        "is_gold": False,
    }


def test_first_pass_yield_is_of_what_the_client_has_judged() -> None:
    """Accepted at once, accepted after a review sent it back, returned and open again; delivered ones wait and do not
    count, nor does one again when it is accepted after its return."""
    when = BEGIN + dt.timedelta(days=1)
    later = when + dt.timedelta(days=40)
    judged = [
        {**item(0, delivered=when), "closed_at": when},
        {**item(1, delivered=when), "closed_at": when, "was_sent_back": True},
        {**item(2), "returned_at": when, "round": 1},
        {**item(3, delivered=later), "returned_at": when, "closed_at": later, "round": 1},
    ]
    waiting = [item(number, delivered=when) for number in range(4, 9)]
    both = tables([*judged, *waiting], [])
    table = service_figures(**both, zone=ZONE, every="month", first=FIRST, last=LAST, now=NOW)
    assert table["judged"].to_list() == [4, 0, 0]
    assert table["first_pass_yield"].to_list() == [0.25, None, None]
    assert table["first_pass_low"][0] == wilson(count=1, total=4).low
    asked: dict[str, Any] = {"zone": ZONE, "first": FIRST, "last": LAST, "now": NOW}
    assert behind(**both, count="reworked", **asked)["item"].to_list() == [1, 2, 3]


@settings(max_examples=25, deadline=None)
@given(rows(), looks)
def test_quality_by_a_column_adds_up_to_that_of_the_service(items: list[Row], looked: list[Row]) -> None:
    both = {of: table.with_columns(person=pl.col("item") % 3) for of, table in tables(items, looked).items()}
    table = service_quality(**both, by=["person"], zone=ZONE, first=FIRST, last=LAST)
    whole = service_figures(
        **tables(items, looked), zone=ZONE, every="month", first=FIRST, last=LAST, now=NOW
    )
    for name in ("judged", "first_pass", "reworked", "looked_at", "with_error", "with_critical"):
        assert table[name].sum() == whole[name].sum(), name
    for row in table.rows(named=True):
        own = [one for one in items if one["item"] % 3 == row["person"] and not one["is_gold"]]
        known = [one for one in own if judged_at(one) and FIRST <= day(judged_at(one)) <= LAST]  # type: ignore[operator]
        first = [one for one in known if not one["returned_at"] and not one["was_sent_back"]]
        assert row["first_pass_yield"] == pytest.approx(share(first, known))


def test_every_figure_is_defined() -> None:
    table = service_figures(**tables([], []), zone="UTC", every="week", first=FIRST, last=LAST, now=NOW)
    assert set(SERVICE_CATALOGUE) <= set(table.columns)
    assert all(measure.definition for measure in SERVICE_CATALOGUE.values())
