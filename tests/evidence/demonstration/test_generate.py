"""What `generate` promises: the same bytes, the right size, a company that says it is invented."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from statistics import median

import polars as pl
import pytest

from backdesk.evidence.demonstration import Demonstration, PeriodOutOfRange, ScaleOutOfRange, generate
from backdesk.evidence.demonstration.answers import OPINIONS
from backdesk.evidence.demonstration.processes import PROCESSES

MARCH = dt.date(2026, 3, 1)

_DIGEST = """
import datetime, hashlib, sys
from backdesk.evidence.demonstration import generate
demo = generate(seed=3, months=1, until=datetime.date(2026, 3, 1))
print(hashlib.sha256((demo.steps.write_csv() + repr(demo)).encode()).hexdigest())
assert not any(module.partition(".")[0] == "django" for module in sys.modules), "Django was imported"
"""


def run_elsewhere(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        env={"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_same_arguments_give_the_same_bytes_in_any_process_and_without_django() -> None:
    demo = generate(seed=3, months=1, until=MARCH)
    here = hashlib.sha256((demo.steps.write_csv() + repr(demo)).encode()).hexdigest()
    assert run_elsewhere("1") == run_elsewhere("2") == here


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    one, other = (generate(seed=seed, months=1, until=MARCH) for seed in (1, 2))
    assert not one.steps.equals(other.steps)
    assert one.people != other.people


def test_a_year_has_the_size_of_a_real_export(demo: Demonstration) -> None:
    assert 40_000 <= len(demo.steps) <= 60_000
    assert 25 <= demo.steps["Activity"].n_unique() <= 40
    assert demo.steps["Department"].n_unique() == 8
    assert 40 <= demo.steps["Person"].n_unique() <= 60


def test_every_step_lies_in_the_period_and_ends_after_it_starts(
    demo: Demonstration, steps: pl.DataFrame
) -> None:
    local = pl.col("started", "ended").dt.convert_time_zone(demo.zone)
    first, last = (
        steps.select(local.min().name.suffix("_min"), local.max().name.suffix("_max"))
        .select(pl.col("started_min").dt.date(), pl.col("ended_max").dt.date())
        .row(0)
    )
    assert first == demo.first == dt.date(2025, 11, 1)
    assert demo.until - dt.timedelta(days=3) <= last < demo.until
    assert steps["minutes"].min() == 0


def test_times_are_written_as_the_company_reads_its_clock(demo: Demonstration) -> None:
    offsets = demo.steps["Finished"].str.slice(19).unique().sort().to_list()
    assert offsets == ["+01:00", "+02:00"]


def test_a_case_begins_with_the_first_activity_of_its_function(demo: Demonstration) -> None:
    first = demo.steps.group_by("Case", maintain_order=True).first().select("Department", "Activity").unique()
    assert set(first.rows()) == {(process.function, process.first.name) for process in PROCESSES}


def test_every_route_leads_to_an_activity_of_the_same_function() -> None:
    for process in PROCESSES:
        names = {activity.name for activity in process.activities}
        for activity in process.activities:
            for route in activity.then:
                assert names.issuperset(route.to), (process.function, activity.name)


def test_every_activity_comes_up_and_has_one_function(demo: Demonstration) -> None:
    described = {(p.function, activity.name) for p in PROCESSES for activity in p.activities}
    assert set(demo.steps.select("Department", "Activity").unique().rows()) == described
    assert len({name for _, name in described}) == len(described)


def test_the_company_says_it_is_a_demonstration(demo: Demonstration) -> None:
    assert demo.name.endswith("(demonstration)")
    assert all(person.email.endswith("@hallveth.example") for person in demo.people)
    assert all(person.email.isascii() for person in demo.people)


def test_there_are_120_people_each_with_a_name_and_address_of_their_own(demo: Demonstration) -> None:
    assert sum(person.left is None for person in demo.people) == 120
    assert len({person.name for person in demo.people}) == len({p.email for p in demo.people}) == 121


def test_who_appears_in_the_record_is_an_employee_in_their_team_or_the_system(demo: Demonstration) -> None:
    known = {(person.name, person.team) for person in demo.people} | {(demo.system_user, "System")}
    assert known.issuperset(demo.steps.select("Person", "Team").unique().rows())


def test_functions_cover_the_record_and_the_work_without_one(demo: Demonstration) -> None:
    named = {function.name for function in demo.functions}
    assert named == set(demo.steps["Department"]) | {manual.function for manual in demo.manual}
    assert {function.office for function in demo.functions} == {"front", "middle", "back"}


def test_a_smaller_scale_keeps_whole_cases_of_the_same_company(demo: Demonstration) -> None:
    whole = generate(months=1, until=MARCH)
    part = generate(months=1, until=MARCH, scale=0.25)
    assert part.people == whole.people
    assert 0.2 < part.steps["Case"].n_unique() / whole.steps["Case"].n_unique() < 0.3
    assert part.steps.equals(whole.steps.filter(pl.col("Case").is_in(part.steps["Case"].unique().implode())))


@pytest.mark.parametrize("scale", [0, -1, 1.01])
def test_a_scale_that_is_no_share_is_refused(scale: float) -> None:
    with pytest.raises(ScaleOutOfRange, match="over 0 and up to 1"):
        generate(until=MARCH, scale=scale)


@pytest.mark.parametrize("months", [0, 61])
def test_a_period_out_of_range_is_refused(months: int) -> None:
    with pytest.raises(PeriodOutOfRange, match="1 to 60 months"):
        generate(until=MARCH, months=months)


def test_rates_are_money_in_one_currency_for_everybody_and_the_market(
    demo: Demonstration, tmp_path: Path
) -> None:
    demo.write_rates(tmp_path / "rates.csv")
    rows = pl.read_csv(tmp_path / "rates.csv", infer_schema=False)
    assert rows.columns == ["kind", "name", "rate", "currency"]
    assert set(rows["kind"]) == {"team", "resource", "market", "default"}
    assert set(rows["currency"]) == {"EUR"}
    assert [Decimal(rate) for rate in rows["rate"]] == [rate.rate for rate in demo.rates]
    assert set(rows.filter(kind="market")["name"]).issubset(demo.steps["Activity"])
    assert set(rows.filter(kind="team")["name"]).issubset(person.team for person in demo.people)


def test_answers_are_of_known_people_about_known_activities_and_leave_some_out(demo: Demonstration) -> None:
    activities = set(demo.steps["Activity"])
    asked = {answer.activity for answer in demo.answers}
    assert len(asked) == 16
    assert asked < activities
    assert {answer.person for answer in demo.answers} < {p.name for p in demo.people if p.left is None}
    assert len({(answer.person, answer.activity) for answer in demo.answers}) == len(demo.answers)
    assert all(1 <= grade <= 5 for answer in demo.answers for grade in asdict(answer.grades).values())


def test_people_differ_about_the_same_work(demo: Demonstration) -> None:
    said = [answer.grades for answer in demo.answers if answer.activity == "Retouch photos"]
    assert len(said) >= 5
    assert len(set(said)) > 1
    assert median(grades.hurts for grades in said) >= 4


def test_the_words_of_the_employees_are_said_once(demo: Demonstration) -> None:
    comments = [answer.comment for answer in demo.answers if answer.comment]
    assert len(comments) == len(set(comments)) == sum(len(opinion.voices) for opinion in OPINIONS.values())


def test_manual_work_has_volume_minutes_and_people(demo: Demonstration) -> None:
    names = {person.name for person in demo.people}
    assert len(demo.manual) == 7
    for manual in demo.manual:
        assert manual.hours_per_month > 0
        assert manual.people
        assert names.issuperset(manual.people)
        assert manual.name not in set(demo.steps["Activity"])
