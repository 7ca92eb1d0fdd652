"""Calendars found in a record: against a slow twin, a published answer, and calendars planted in it."""

from __future__ import annotations

import datetime as dt
import gzip
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.calendars import (
    Calendar,
    CannotDiscover,
    Thresholds,
    UnknownZone,
    discover_calendars,
    discover_people_calendars,
    machines,
    parse,
    read_prosimos,
    working_seconds,
    working_share,
)
from tests.shared import shared_data

ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
PUBLISHED = Thresholds(granularity=15, confidence=0.1, support=0.7, participation=0.4)
Granule = tuple[int, int]


def naive_granules(
    times: list[tuple[str, str, dt.datetime]], limits: Thresholds
) -> dict[str, tuple[set[Granule], dict[Granule, int]]]:
    """Find, name by name and time by time, the granules kept and how often each was seen."""
    seen, days, done = defaultdict(set), defaultdict(set), Counter[tuple[str, str]]()
    often: dict[str, Counter[Granule]] = defaultdict(Counter)
    for name, activity, at in times:
        granule = at.weekday(), (at.hour * 60 + at.minute) // limits.granularity
        seen[name, activity, granule].add(at.date())
        days[name, activity, at.weekday()].add(at.date())
        done[name, activity] += 1
        often[name][granule] += 1
    most: Counter[str] = Counter()
    for (_, activity), count in done.items():
        most[activity] = max(most[activity], count)
    found = {}
    for name, counts in often.items():
        own = [activity for person, activity in done if person == name]
        if sum(done[name, a] for a in own) / sum(most[a] for a in own) < limits.participation:
            continue

        def confidence(granule: Granule, name: str = name, own: tuple[str, ...] = tuple(own)) -> float:
            return max(len(seen[name, a, granule]) / max(1, len(days[name, a, granule[0]])) for a in own)

        kept = {granule for granule in counts if confidence(granule) >= limits.confidence}
        rest = sorted(set(counts) - kept, key=lambda g: (-counts[g], -confidence(g), g))
        while kept and rest and sum(counts[g] for g in kept) / counts.total() < limits.support:
            kept.add(rest.pop(0))
        found[name] = kept, dict(counts)
    return {name: kept for name, kept in found.items() if kept[0]}


def granules_in(calendar: Calendar, limits: Thresholds) -> set[Granule]:
    return {
        (window.weekday, minute // limits.granularity)
        for window in calendar.week
        for minute in range(window.start, window.end, limits.granularity)
    }


@pytest.mark.parametrize("zone", ZONES)
def test_as_found_by_a_slow_twin(zone: str) -> None:
    near = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    moment = st.integers(0, 60 * 24 * 14).map(lambda quarter: near + dt.timedelta(minutes=5 * quarter))
    a_step = st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), moment, moment)
    share = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 1.0])

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(a_step, min_size=1, max_size=40), st.sampled_from([15, 60, 180, 1440]), share, share, share
    )
    def agrees(
        drawn: list[tuple[str, str, dt.datetime, dt.datetime]],
        granularity: int,
        confidence: float,
        support: float,
        participation: float,
    ) -> None:
        limits = Thresholds(
            granularity=granularity, confidence=confidence, support=support, participation=participation
        )
        found = discover_calendars(table(drawn), zone=zone, thresholds=limits)
        times = [(who, what, at.astimezone(ZoneInfo(zone))) for who, what, *both in drawn for at in both]
        expected = naive_granules(times, limits)
        kept = {name: granules_in(calendar, limits) for name, calendar in found.calendars.items()}
        assert kept == {name: granules for name, (granules, _) in expected.items()}
        shares = dict(found.evidence.select("name", "support").drop_nulls().iter_rows())
        assert shares == pytest.approx(
            {name: sum(c[g] for g in kept) / sum(c.values()) for name, (kept, c) in expected.items()}
        )
        reversed_rows = discover_calendars(table(drawn[::-1]), zone=zone, thresholds=limits)
        assert reversed_rows.calendars == found.calendars
        assert reversed_rows.evidence.equals(found.evidence)

    agrees()


@pytest.fixture(scope="module")
def purchases() -> pl.DataFrame:
    text = gzip.decompress(shared_data("eventlogs", "simod", "PurchasingExample.csv.gz").read_bytes())
    return pl.read_csv(text).with_columns(
        started_at=pl.col("start_time").str.to_datetime("%+", time_unit="us", time_zone="UTC"),
        ended_at=pl.col("end_time").str.to_datetime("%+", time_unit="us", time_zone="UTC"),
    )


def test_the_published_calendars_of_the_purchasing_example(purchases: pl.DataFrame) -> None:
    """Their makers break ties by the order of the rows; but for tied granules all 27 people agree."""
    file = shared_data("eventlogs", "wta", "PurchasingExample_calendar.json")
    published = read_prosimos(file.read_bytes(), zone="UTC")
    found = discover_calendars(purchases, zone="UTC", thresholds=PUBLISHED)
    assert set(found.calendars) == set(published)
    times = [
        (who, what, at)
        for side in ("started_at", "ended_at")
        for who, what, at in purchases.select("resource", "activity", side).iter_rows()
    ]
    twin = naive_granules(times, PUBLISHED)
    for name, calendar in published.items():
        ours, theirs = (granules_in(c, PUBLISHED) for c in (found.calendars[name], calendar))
        often = twin[name][1]
        assert sorted(often[g] for g in ours - theirs) == sorted(often[g] for g in theirs - ours), name
        assert len({often[granule] for granule in ours ^ theirs}) <= 1, name


def test_a_planted_calendar_is_found_again_through_the_year() -> None:
    """A year of work in New York, where the clocks change twice; noise of a twentieth at any hour."""
    office = parse("Mon-Thu 09:00-12:00,13:00-17:00; Fri 09:00-13:00", zone="America/New_York")
    steps = worked(office, np.random.default_rng(5), count=6000, noise=0.05)
    sharp = Thresholds(granularity=60, confidence=0.25, support=0.9)
    found = discover_calendars(steps, zone="America/New_York", thresholds=sharp)
    assert found.calendars["Ann"] == office
    row = found.evidence.row(0, named=True)
    assert row["basis"] == "own"
    assert row["weekly_hours"] == 32
    assert row["support"] == pytest.approx(
        working_share(office, instants=pl.concat([steps["started_at"], steps["ended_at"]]))
    )
    in_utc = discover_calendars(steps, zone="UTC", thresholds=sharp)
    assert in_utc.evidence["weekly_hours"].item() > 32  # seen in UTC a day is smeared over an hour more


def worked(office: Calendar, random: np.random.Generator, *, count: int, noise: float) -> pl.DataFrame:
    """Draw instants of a year, keep those within the calendar and a share of the others."""
    minutes = random.integers(0, 364 * 1440, size=count * 4)
    at = np.datetime64("2026-01-05", "us") + minutes * np.timedelta64(1, "m")
    inside = working_seconds(office, starts=at, ends=at + np.timedelta64(1, "s")) > 0
    lucky = random.random(len(at)) < noise * inside.mean() / (1 - inside.mean())
    kept = pl.Series("at", at[inside | lucky]).dt.replace_time_zone("UTC")
    return pl.DataFrame({"activity": "check", "resource": "Ann", "started_at": kept, "ended_at": kept})


def test_who_did_little_gets_the_calendar_of_the_team_or_of_everyone() -> None:
    mondays = [dt.datetime(2026, 3, day, 9, tzinfo=dt.UTC) for day in (2, 9, 16, 23, 30)]
    tuesdays = [day + dt.timedelta(days=1) for day in mondays]
    rows = [("Ann", "check", at, at) for at in mondays * 2] + [("Bo", "check", mondays[0], mondays[0])]
    rows += [("Cy", "pay", at, at) for at in tuesdays * 2] + [("Di", "check", tuesdays[0], tuesdays[0])]
    teams = {"Ann": "Claims", "Bo": "Claims", "Cy": "Money"}
    steps = table(rows).with_columns(team=pl.col("resource").replace_strict(teams, default=None))
    found = discover_people_calendars(steps, zone="UTC")
    assert dict(found.evidence.select("name", "basis").iter_rows()) == {
        "Ann": "own",
        "Bo": "team",
        "Cy": "own",
        "Di": "everyone",
    }
    assert {name: str(calendar) for name, calendar in found.calendars.items()} == {
        "Ann": "Mon 09:00-10:00",
        "Bo": "Mon 09:00-10:00",
        "Cy": "Tue 09:00-10:00",
        "Di": "Mon,Tue 09:00-10:00",
    }
    without_teams = discover_people_calendars(steps.drop("team"), zone="UTC")
    assert str(without_teams.calendars["Bo"]) == "Mon,Tue 09:00-10:00"


def test_nobody_is_taken_to_work_round_the_clock() -> None:
    days = [dt.datetime(2026, 3, 2, 0, tzinfo=dt.UTC) + dt.timedelta(hours=25 * step) for step in range(24)]
    strict = Thresholds(confidence=1.0)
    steps = table([("Ann", "check", at, at) for at in days])
    found = discover_people_calendars(steps, zone="UTC", thresholds=strict)
    assert found.calendars == {}
    assert found.evidence.select(
        "name", "basis", "times", "confidence", "support", "weekly_hours"
    ).rows() == [("Ann", "none", 48, None, None, None)]


def test_teams_have_calendars_too() -> None:
    at = [dt.datetime(2026, 3, day, 9, 30, tzinfo=dt.UTC) for day in (2, 3)]
    steps = table([("Ann", "check", at[0], at[0]), ("Bo", "check", at[1], at[1])])
    found = discover_calendars(steps.with_columns(team=pl.lit("Claims")), zone="Europe/Amsterdam", by="team")
    assert str(found.calendars["Claims"]) == "Mon,Tue 10:00-11:00"


def test_estimated_and_missing_times_and_names_do_not_count() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    early = at - dt.timedelta(hours=4)
    steps = table([("Ann", "check", early, at), ("Ann", "check", None, at), (None, "check", early, early)])
    guessed = steps.with_columns(start_estimated=pl.lit(True))
    found = discover_calendars(guessed, zone="UTC")
    assert found.evidence.select("name", "times", "days").rows() == [("Ann", 2, 1)]
    assert str(found.calendars["Ann"]) == "Mon 09:00-10:00"
    assert discover_calendars(steps, zone="UTC").evidence["times"].to_list() == [3]


def test_categories_are_read_as_names_and_no_steps_give_no_calendars() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    steps = table([("Ann", "check", at, at)])
    categories = steps.with_columns(pl.col("resource", "activity").cast(pl.Categorical()))
    assert (
        discover_calendars(categories, zone="UTC").calendars
        == discover_calendars(steps, zone="UTC").calendars
    )
    nothing = discover_people_calendars(steps.clear(), zone="UTC")
    assert nothing.calendars == {}
    assert nothing.evidence.height == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"granularity": 7}, "granularity 7 does not divide a day"),
        ({"granularity": 0}, "granularity 0"),
        ({"confidence": 1.5}, "confidence is a share from 0 to 1, not 1.5"),
        ({"support": -0.1}, "support is a share"),
        ({"participation": float("nan")}, "participation is a share"),
    ],
)
def test_thresholds_that_cannot_be_are_refused(change: dict[str, float], said: str) -> None:
    with pytest.raises(CannotDiscover, match=said):
        Thresholds(**change)  # type: ignore[arg-type]


def test_steps_that_say_too_little_are_refused() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    steps = table([("Ann", "check", at, at)])
    with pytest.raises(CannotDiscover, match="no column 'team'; they need team, activity"):
        discover_calendars(steps, zone="UTC", by="team")
    with pytest.raises(CannotDiscover, match="column 'ended_at' holds String"):
        discover_calendars(steps.with_columns(ended_at=pl.lit("now")), zone="UTC")
    with pytest.raises(UnknownZone):
        discover_calendars(steps, zone="Mars/Olympus")


def table(
    rows: list[tuple[str, str, dt.datetime, dt.datetime]]
    | list[tuple[str | None, str, dt.datetime | None, dt.datetime]],
) -> pl.DataFrame:
    moment = pl.Datetime("us", "UTC")
    schema: dict[str, pl.DataType | type[pl.String]] = {
        "resource": pl.String,
        "activity": pl.String,
        "started_at": moment,
        "ended_at": moment,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def round_the_clock(name: str, *, hours: int, days: int) -> list[tuple[str, str, dt.datetime, dt.datetime]]:
    first = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    at = [first + dt.timedelta(days=day, hours=hour) for day in range(days) for hour in range(hours)]
    return [(name, "check", moment, moment) for moment in at]


@pytest.mark.parametrize(
    ("hours", "days", "found"), [(16, 10, ["112"]), (15, 10, []), (16, 9, []), (24, 30, ["112"])]
)
def test_who_is_at_work_in_sixteen_hours_of_ten_days_is_a_machine(
    hours: int, days: int, found: list[str]
) -> None:
    assert machines(table(round_the_clock("112", hours=hours, days=days)), zone="UTC") == found


def test_what_a_machine_does_is_not_when_people_work() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    people = [(name, "check", at, at) for name in ("Ann", "Bo") for _ in range(40)]
    both = table(round_the_clock("112", hours=24, days=14) + people).with_columns(team=pl.lit("Claims"))
    found = discover_people_calendars(both, zone="UTC")
    assert dict(found.evidence.select("name", "machine").iter_rows()) == {
        "112": True,
        "Ann": False,
        "Bo": False,
    }
    assert found.evidence.filter(name="112")["weekly_hours"].item() == 168
    assert str(found.calendars["Ann"]) == "Mon 09:00-10:00"
    of_team = discover_calendars(both, zone="UTC", by="team")
    assert str(of_team.calendars["Claims"]) == "Mon 09:00-10:00"
    assert of_team.evidence["machine"].to_list() == [None]
    unnamed = discover_calendars(both.drop("resource"), zone="UTC", by="team")
    assert unnamed.evidence["weekly_hours"].to_list() == [168], "the negative control: nobody told who did it"


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("logs/bpic2012.xes.gz", ["112"]),
        ("simod/PurchasingExample.csv.gz", []),
        ("optimos/production/production.csv.gz", []),
        ("logs/helpdesk.xes.gz", []),
    ],
)
def test_the_machine_in_a_real_record_is_found_and_people_in_shifts_are_none(
    log: str, found: list[str]
) -> None:
    """In the record of BPI Challenge 2012 112 hands in every application, at any hour; it is automatic."""
    history = eventlog.to_steps(
        eventlog.read(shared_data("eventlogs", *log.split("/")), zone="Europe/Amsterdam")
    )
    assert machines(history.steps, zone=history.zone) == found
