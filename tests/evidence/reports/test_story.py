"""What an assessment says in sentences, in the terminal and in plain data."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from backdesk.evidence.assessment import Assessment, assess
from backdesk.evidence.reports import headlines, holdings
from backdesk.evidence.reports.content import content
from backdesk.evidence.reports.story import why_work_waits
from backdesk.evidence.reports.terminal import clean, show
from tests.evidence.assessment.logs import CLOCK, Step, at, log_of, purchases

NOW = at(5000)


@pytest.fixture(scope="module")
def found() -> Assessment:
    return assess(log_of(purchases()), calendar=CLOCK)


def printed(assessment: Assessment, *, width: int = 80, colour: bool = False) -> str:
    file = StringIO()
    console = Console(file=file, width=width, highlight=False, force_terminal=colour or None)
    show(assessment, console=console, name="purchases.csv")
    return file.getvalue()


def test_the_sum_of_it_names_what_with_how_many_hours(found: Assessment) -> None:
    said = headlines(found)

    assert said[0].startswith("The record speaks for handing over 1 activity, 136 hours a month (86 % of all")
    assert said[1] == "Best handed over by itself: Check, with 1 crossing a case."
    assert said[2] == "Start with 70 % of Check: 32 steps and 95.3 hours a month."
    assert said[-1] == "1 activity should stay; 1 is nobody's work (changes of state, or done by machine)."


def test_what_the_record_cannot_tell_is_said(found: Assessment) -> None:
    assert any(
        "cannot tell value added, judgement, customer contact and data sensitivity" in said
        for said in headlines(found)
    )


def test_what_the_log_holds_is_said_with_what_limits_it() -> None:
    steps: list[Step] = [
        (case, activity, None, start, end) for case, activity, _, start, end in purchases(20)
    ]
    found = assess(
        log_of(steps, estimated=("Register", "Check", "Book")), calendar=CLOCK, calendar_assumed=True
    )
    said = " ".join(holdings(found))

    assert "is assumed (give it with --calendar)" in said
    assert "The log records no starts" in said
    assert "names no people" in said
    assert "shorter than two months" in said


def test_a_record_outside_the_assumed_hours_is_warned_about(found: Assessment) -> None:
    away = replace(found, calendar_assumed=True, working_share=0.0)

    assert any("Much of the work is done outside" in said for said in holdings(away))
    assert not any("Much of the work" in said for said in holdings(found))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_terminal_keeps_to_its_width_and_leaves_no_blanks_behind(found: Assessment, width: int) -> None:
    lines = printed(found, width=width).splitlines()

    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_the_terminal_says_all_there_is(found: Assessment) -> None:
    text = printed(found, width=120)

    for part in (
        "In short",
        "Ranking",
        "The reasons",
        "Bundles",
        "The pilot",
        "What stays",
        "cannot tell",
        "was read",
    ):
        assert part in text
    assert "+ Hurts in-house: half of them wait 24 hours of working time or more" in text
    assert "Register: nobody's work" in text


def test_in_a_pipe_there_is_no_escape_sequence(found: Assessment) -> None:
    assert "\x1b" not in printed(found)
    assert "\x1b[" in printed(found, colour=True)


def test_names_of_others_give_the_terminal_no_orders() -> None:
    evil = "Check\x1b[2J\r\u202egnihton [bold]x[/bold]"
    steps: list[Step] = [
        (case, evil if activity == "Check" else activity, who, start, end)
        for case, activity, who, start, end in purchases()
    ]
    text = printed(assess(log_of(steps), calendar=CLOCK), width=120)

    assert not set(text) & set("\x1b\r\u202e")
    assert "[bold]x[/bold]" in text


def test_clean_keeps_words_of_any_script() -> None:
    assert clean("Prüfung 検査 тест a\tb") == "Prüfung 検査 тест a\ufffdb"


def test_a_long_ranking_is_cut_and_says_how_much_is_left_out() -> None:
    steps: list[Step] = [
        (f"C-{n}", f"Task {n % 70}", "Ann", n * 5.0, n * 5 + 4 + (n % 70) / 100) for n in range(700)
    ]
    text = printed(assess(log_of(steps), calendar=CLOCK))

    assert "20 more are in --report and --json." in text


def test_an_empty_log_is_told_without_fault() -> None:
    text = printed(assess(log_of([]), calendar=CLOCK))

    assert "0 cases with 0 steps of 0 activities" in text
    assert "None: nothing is to be handed over yet." in text


def test_content_holds_every_activity_somewhere(found: Assessment) -> None:
    told = content(found, title="purchases.csv", now=NOW)

    assert {row.activity for row in told.ranking} == {"Check", "Book"}
    assert [card.activity for card in told.cards] == ["Check"]
    assert {name for kept in told.kept for name in kept.activities} == {"Book", "Register"}


def test_every_score_in_the_content_has_evidence_or_a_question(found: Assessment) -> None:
    told = content(found, title="purchases.csv", now=NOW)

    for card in told.cards:
        for score in card.scores:
            assert bool(score.evidence) != bool(score.question)
            assert (score.part is None) == bool(score.question)


def test_why_work_waits_is_said_with_what_would_be_gained(found: Assessment) -> None:
    whole, *causes = why_work_waits(found)

    assert whole.startswith("Work waited ")
    assert found.waiting["share"].sum() == pytest.approx(1)
    assert len(causes) == found.waiting.filter(pl.col("hours") > 0).height > 0
    assert all(" Without it touch would be " in said for said in causes)
    assert "Why work waits" in printed(found)


def test_where_starts_are_estimated_nothing_is_said_of_why_work_waits() -> None:
    found = assess(log_of(purchases(20), estimated=("Register", "Check", "Book")), calendar=CLOCK)

    assert why_work_waits(found) == ("The log records no starts, so why work waits cannot be told.",)
