"""What was planted in the company can be measured from its record: what a product of evidence must find."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl

from backdesk.evidence.demonstration import Demonstration, generate
from backdesk.evidence.demonstration.arrivals import is_month_end


def of(steps: pl.DataFrame, activity: str) -> pl.DataFrame:
    return steps.filter(Activity=activity)


def rework_share(steps: pl.DataFrame, activity: str) -> float:
    done = of(steps, activity)
    return 1 - done["Case"].n_unique() / len(done)


def median_wait(steps: pl.DataFrame, activity: str, *months: str) -> float:
    waited = of(steps, activity).filter(pl.col("month").is_in(months))["waited"].median()
    assert isinstance(waited, float)
    return waited


def test_photos_are_retouched_by_engineers_who_cost_four_times_the_market(
    demo: Demonstration, steps: pl.DataFrame
) -> None:
    assert set(of(steps, "Retouch photos")["Team"]) == {"Engineering"}
    assert of(steps, "Retouch photos")["Person"].n_unique() == 4
    rates = {(rate.kind, rate.name): rate.rate for rate in demo.rates}
    assert rates["team", "Engineering"] > Decimal(4) * rates["market", "Retouch photos"]


def test_retouching_eats_hundreds_of_hours(steps: pl.DataFrame) -> None:
    short = of(steps, "Retouch photos").filter(pl.col("minutes") < 240)
    assert short["minutes"].sum() / 60 > 500


def test_invoices_come_at_the_end_of_the_month(demo: Demonstration, steps: pl.DataFrame) -> None:
    days = (
        of(steps, "Receive invoice")
        .group_by(pl.col("ended").dt.convert_time_zone(demo.zone).dt.date())
        .len()
        .filter(pl.col("ended").dt.weekday() <= 5)
        .with_columns(peak=pl.col("ended").map_elements(is_month_end, return_dtype=pl.Boolean))
    )
    peak, ordinary = (days.filter(peak=on)["len"].mean() for on in (True, False))
    assert isinstance(peak, float)
    assert isinstance(ordinary, float)
    assert 2.2 < peak / ordinary < 3.0  # planted: 2.6


def test_returns_peak_after_black_friday_and_in_january(steps: pl.DataFrame) -> None:
    volume = dict(of(steps, "Register return").group_by("month").len().iter_rows())
    assert min(volume["2025-12"], volume["2026-01"]) > 1.5 * max(volume["2026-03"], volume["2026-06"])


def test_pay_is_calculated_by_one_person_once_for_each_employee_a_month(steps: pl.DataFrame) -> None:
    calculated = of(steps, "Calculate pay")
    assert calculated["Person"].n_unique() == 1
    released = of(steps, "Release pay").group_by("month").len()
    assert len(released) == 12
    assert released["len"].is_between(115, 121).all()


def test_pay_is_released_late_in_its_month(demo: Demonstration, steps: pl.DataFrame) -> None:
    day = of(steps, "Release pay")["ended"].dt.convert_time_zone(demo.zone).dt.day()
    assert day.is_between(23, 31).all()


def test_customer_records_pile_up_after_one_of_two_stewards_left(
    demo: Demonstration, steps: pl.DataFrame
) -> None:
    left = next(person.left for person in demo.people if person.left)
    assert left is not None
    flagged, cleaned = of(steps, "Flag customer record"), of(steps, "Clean customer record")

    def backlog(day: dt.date) -> int:
        at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        return len(flagged.filter(pl.col("ended") < at)) - len(cleaned.filter(pl.col("started") < at))

    assert backlog(left) < 100
    assert backlog(left + dt.timedelta(days=90)) > 200
    assert backlog(demo.until) > 600
    assert median_wait(steps, "Clean customer record", "2026-10") > 24 * 30


def test_customs_codes_come_back_and_little_else_does(steps: pl.DataFrame) -> None:
    assert 0.28 <= rework_share(steps, "Assign customs code") <= 0.40
    others = set(steps["Activity"]) - {
        "Assign customs code",
        "Check listing",
    }  # what comes back is checked again
    assert max(rework_share(steps, activity) for activity in others) < 0.25


def test_timber_statements_are_rare_new_and_slow_and_get_quicker(
    demo: Demonstration, steps: pl.DataFrame
) -> None:
    filed = of(steps, "File timber statement")
    assert 10 <= len(filed) <= 40
    first = filed["started"].min()
    assert isinstance(first, dt.datetime)
    assert first.date() > demo.until - dt.timedelta(days=90)
    assert filed["Person"].n_unique() == 1


def test_somebody_new_is_slower_than_their_colleagues(demo: Demonstration, steps: pl.DataFrame) -> None:
    new = next(person for person in demo.people if person.joined)
    answered = of(steps, "Answer request").filter(pl.col("minutes") < 120).sort("started")
    first, colleagues = (
        answered.filter(Person=new.name).head(40),
        answered.filter(pl.col("Person") != new.name),
    )
    ours, theirs = first["minutes"].median(), colleagues["minutes"].median()
    assert isinstance(ours, float)
    assert isinstance(theirs, float)
    assert ours > 1.2 * theirs


def test_payments_are_approved_and_made_on_fixed_days(demo: Demonstration, steps: pl.DataFrame) -> None:
    local = pl.col("started").dt.convert_time_zone(demo.zone)
    on_tuesday_and_friday = of(steps, "Pay invoice").select(local.dt.weekday().is_in([2, 5]).mean()).item()
    assert on_tuesday_and_friday > 0.85  # the others are caught up with, after leave
    on_wednesday = of(steps, "Approve payment").select((local.dt.weekday() == 3).mean()).item()
    assert on_wednesday < 0.05  # Mondays and Thursdays from two o'clock, and what is left on the day after


def test_decisions_that_must_stay_are_taken_by_directors(steps: pl.DataFrame) -> None:
    for activity in ("Approve payment", "Decide salary change", "Interview candidate"):
        assert set(of(steps, activity)["Team"]) <= {"Management", "Purchasing"}


def test_photos_and_text_are_made_side_by_side_and_gathered_for_the_check(steps: pl.DataFrame) -> None:
    first = (
        steps.filter(Department="Product content")
        .group_by("Case", "Activity")
        .agg(pl.col("started").min(), pl.col("ended").min())
        .pivot("Activity", index="Case", values=["started", "ended"])
        .drop_nulls("started_Check listing")
    )
    together = (pl.col("started_Retouch photos") < pl.col("ended_Assign customs code")) & (
        pl.col("started_Write product text") < pl.col("ended_Retouch photos")
    )
    assert first.select(together.mean()).item() > 0.3
    gathered = pl.col("started_Check listing") >= pl.max_horizontal(
        "ended_Retouch photos", "ended_Assign customs code"
    )
    assert first.select(gathered.all()).item()


def test_two_offices_see_to_the_service_desk(demo: Demonstration, steps: pl.DataFrame) -> None:
    zones = {person.name: person.calendar.zone for person in demo.people}
    assert {zones[name] for name in of(steps, "Answer request")["Person"].unique()} == {
        "Europe/Copenhagen",
        "Asia/Kolkata",
    }


def test_what_is_planted_does_not_hang_on_the_seed() -> None:
    other = generate(seed=7, until=dt.date(2026, 11, 1)).steps
    codes = other.filter(Activity="Assign customs code")
    assert 0.28 <= 1 - codes["Case"].n_unique() / len(codes) <= 0.40
    assert other.filter(Activity="Calculate pay")["Person"].n_unique() == 1
    flagged, cleaned = (
        len(other.filter(Activity=a)) for a in ("Flag customer record", "Clean customer record")
    )
    assert flagged - cleaned > 500
