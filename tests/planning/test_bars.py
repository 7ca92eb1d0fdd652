"""The picture beside a candidate, and what the drawing of a process asks of its page."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from backdesk.evidence.assessment import ActivityRecord, Candidate, rank
from backdesk.planning.web.bars import WIDTH, ZERO, bars, reach


@pytest.fixture
def candidate() -> Candidate:
    figures = {"touch_share": 0.3, "rework_share": 0.4, "handoff_share": 0.9}
    return rank([ActivityRecord(name="Check", figures=figures)])[0]


def drawn(candidate: Candidate) -> ElementTree.Element:
    return ElementTree.fromstring(bars(candidate, reach=reach([candidate])).svg)


def test_each_point_that_counts_has_its_bar_with_its_title(candidate: Candidate) -> None:
    titles = [rect.findtext("title") for rect in drawn(candidate).findall("rect")[:-1]]
    points = [value for value in candidate.contributions.values() if value]
    assert [float(str(title).rpartition(": ")[2]) for title in titles] == pytest.approx(points, abs=0.05)


def test_bars_lie_end_to_end_from_the_middle_and_within_the_picture(candidate: Candidate) -> None:
    rects = drawn(candidate).findall("rect")[:-1]
    ends = [
        (float(rect.attrib["x"]), float(rect.attrib["x"]) + float(rect.attrib["width"])) for rect in rects
    ]
    rightwards = [(start, end) for start, end in ends if start >= ZERO]
    assert rightwards[0][0] == ZERO
    assert all(before[1] == pytest.approx(after[0], abs=0.15) for before, after in pairwise(rightwards))
    assert all(0 <= start <= end <= WIDTH for start, end in ends)


def test_those_who_hear_the_page_are_told_total_and_range(candidate: Candidate) -> None:
    words = drawn(candidate).attrib["aria-label"]
    total, low, high = (round(value) for value in (candidate.total, candidate.low, candidate.high))
    assert words == f"{total} points; from {low} to {high} if the unknown were known"


def test_a_total_that_rounds_to_nothing_has_no_sign() -> None:
    (nothing,) = rank([ActivityRecord(name="Check", figures={})])
    assert drawn(nothing).attrib["aria-label"].startswith("0 points;")
