"""A figure over time with the change found in it: its line, its two levels, and what they say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from backdesk.evidence.charts import NothingToChart, shift_over_time, svg
from backdesk.evidence.charts.changes import TITLES
from backdesk.evidence.process.drift import SENTENCES, Change, Drift, Figure, Shift, drift
from backdesk.evidence.process.drift._example import checked_less
from tests.evidence.charts.pictures import marks, texts


@pytest.fixture(scope="module")
def found() -> Drift:
    return drift(checked_less(), rng=np.random.default_rng(1), rounds=99, period="week")


@pytest.fixture
def change(found: Drift) -> Change:
    return found.changes[0]


def of_kind(change: Change, kind: str) -> Shift:
    return next(one for one in change.shifts if one.figure.kind == kind)


@pytest.mark.parametrize("kind", ["done", "case takes"])
def test_the_levels_meet_at_the_change_and_stand_where_the_line_does(
    found: Drift, change: Change, kind: str
) -> None:
    shift = of_kind(change, kind)
    chart = shift_over_time(found, change=change, shift=shift)
    levels = [row for row in marks(chart, "rule") if row["colour"] == marks(chart, "rule")[-1]["colour"]][-2:]
    line = [row["y"] for row in marks(chart, "line")]
    assert levels[0]["x2"] == levels[1]["x"] == pytest.approx(levels[0]["x"] / 2 + levels[1]["x2"] / 2)
    assert (levels[0]["y"] < levels[1]["y"]) == (shift.before > shift.after)
    for level, part in zip(levels, (line[:8], line[8:]), strict=True):
        assert min(part) - 1 <= level["y"] <= max(part) + 1
    assert svg(chart, theme="page").startswith("<svg")


def test_each_period_leads_to_its_cases_and_says_how_many_they_are(found: Drift, change: Change) -> None:
    done, links = of_kind(change, "done"), [f"/cases/{place}" for place in range(found.periods)]
    broken = replace(done, series=(None, *done.series[1:]))
    drawn = svg(shift_over_time(found, change=change, shift=broken, links=links))
    doors = re.findall('<a href="([^"]*)" aria-label="([^"]*)">', drawn)
    assert [link for link, _ in doors] == links
    assert doors[0][1].endswith(f"2025, cases that arrived: {found.sizes[0]}")
    assert doors[1][1].endswith(f" %; cases that arrived: {found.sizes[1]}")


def test_shares_have_all_of_a_hundred_and_are_written_so(found: Drift, change: Change) -> None:
    said = texts(shift_over_time(found, change=change, shift=of_kind(change, "done")))
    assert {"0", "50", "100", "80 %", "41 %"} <= set(said)


def test_levels_under_a_second_are_told_apart(found: Drift, change: Change) -> None:
    short = replace(of_kind(change, "case takes"), before=0.034, after=0.0487, series=(0.04,) * found.periods)
    assert {"34 ms", "49 ms"} <= set(texts(shift_over_time(found, change=change, shift=short)))


def test_every_sentence_has_its_title() -> None:
    assert TITLES.keys() == SENTENCES.keys()


def test_what_is_known_in_no_period_is_not_drawn(found: Drift, change: Change) -> None:
    nothing = replace(change.shifts[0], figure=Figure(kind="done"), series=(None,) * found.periods)
    with pytest.raises(NothingToChart):
        shift_over_time(found, change=change, shift=nothing)
