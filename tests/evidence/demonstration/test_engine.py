"""The engine on companies small enough to know the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from backdesk.evidence.calendars import parse
from backdesk.evidence.demonstration.engine import Arrival, Simulation, Step
from backdesk.evidence.demonstration.people import Employee
from backdesk.evidence.demonstration.work import Activity, Arrivals, Process, goes_to

MINUTE, HOUR, DAY = 60, 3600, 86400
OPEN, CLOSE = 8 * HOUR, 16 * HOUR
NEVER = 30 * DAY


def somebody(name: str = "Ida", *, title: str = "Clerk", joined: dt.date | None = None) -> Employee:
    return Employee(
        name=name,
        email=f"{name.lower()}@hallveth.example",
        team="Desk",
        title=title,
        calendar=parse("Mon-Sun 08:00-16:00", zone="UTC"),
        work_share=1.0,
        joined=joined,
    )


def task(name: str, *, minutes: float = 30, **more: object) -> Activity:
    """An activity that always takes the same time."""
    return Activity(**{"name": name, "by": ("Clerk",), "minutes": minutes, "spread": 0.0} | more)  # type: ignore[arg-type]


def run(
    arrivals: Iterable[int],
    *activities: Activity,
    staff: Sequence[Employee] = (somebody(),),
    sessions: Sequence[int] = (),
) -> list[Step]:
    process = Process(function="Desk", prefix="D", arrivals=Arrivals(), activities=activities)
    simulation = Simulation(
        staff=staff,
        processes=[process],
        hours=lambda _: ([d * DAY + OPEN for d in range(9)], [d * DAY + CLOSE for d in range(9)]),
        sessions=lambda _: list(sessions),
        rng=np.random.default_rng(1),
    )
    return simulation.run([Arrival(at, f"D-{n}", process) for n, at in enumerate(arrivals)], until=NEVER)


def test_work_is_done_in_the_order_it_came() -> None:
    done = run([OPEN + 3, OPEN + 1, OPEN + 2], task("Check"))
    assert [step.case for step in done] == ["D-1", "D-2", "D-0"]


def test_one_pair_of_hands_does_one_thing_after_the_other() -> None:
    done = run([OPEN] * 5, task("Check"))
    assert all(earlier.ended <= later.started for earlier, later in pairwise(done))
    assert len(done) == 5


def test_what_is_urgent_goes_first() -> None:
    done = run([0] * 3, task("Check", then=(goes_to("Answer"),)), task("Answer", urgency=1))
    assert [step.activity for step in done[:4]] == ["Check", "Answer", "Check", "Answer"]


def test_work_that_comes_at_night_waits_for_the_morning() -> None:
    (done,) = run([2 * HOUR], task("Check"))
    assert done.started == OPEN


def test_the_system_works_at_night_and_takes_no_time() -> None:
    (done,) = run([2 * HOUR], Activity(name="Register"))
    assert (done.started, done.ended, done.person) == (2 * HOUR, 2 * HOUR, None)


def test_short_work_is_not_begun_before_going_home() -> None:
    (done,) = run([CLOSE - 5 * MINUTE], task("Check"))
    assert done.started == DAY + OPEN


def test_long_work_spans_the_night() -> None:
    (done,) = run([CLOSE - HOUR], task("Build", minutes=180))
    assert CLOSE - HOUR <= done.started < CLOSE
    assert DAY + OPEN < done.ended < DAY + OPEN + 3 * HOUR


def test_work_collected_for_a_session_starts_when_it_opens() -> None:
    done = run([OPEN, OPEN + HOUR], task("Pay", sessions=object()), sessions=[OPEN + 2 * HOUR, DAY + OPEN])
    assert all(step.started >= OPEN + 2 * HOUR for step in done)


def test_without_another_session_the_case_waits_for_good() -> None:
    assert run([DAY], task("Pay", sessions=object()), sessions=[OPEN]) == []


def test_branches_run_side_by_side_and_are_gathered() -> None:
    done = run(
        [OPEN],
        task("Shoot", then=(goes_to("Retouch", "Write"),)),
        task("Retouch", minutes=120, then=(goes_to("Check"),)),
        task("Write", then=(goes_to("Check"),)),
        task("Check", gathers=True),
        staff=[somebody("Ida"), somebody("Bo"), somebody("Liv")],
    )
    by_name = {step.activity: step for step in done}
    assert len(done) == 4
    assert by_name["Write"].started < by_name["Retouch"].ended
    assert by_name["Check"].started >= by_name["Retouch"].ended > by_name["Write"].ended


def test_a_reply_from_outside_delays_the_next_step() -> None:
    ask, act = run([OPEN], task("Ask", reply_hours=20, then=(goes_to("Act"),)), task("Act"))
    assert act.started > ask.ended + 2 * HOUR


def test_shares_of_routes_are_kept_within_chance() -> None:
    done = run(
        [0] * 4000,
        Activity(name="Register", then=(goes_to("Left", share=0.3), goes_to("Right"))),
        Activity(name="Left"),
        Activity(name="Right"),
    )
    left = sum(step.activity == "Left" for step in done) / 4000
    assert left == pytest.approx(0.3, abs=4 * (0.3 * 0.7 / 4000) ** 0.5)


def test_shares_that_leave_something_over_end_cases() -> None:
    done = run([0] * 1000, Activity(name="Register", then=(goes_to("On", share=0.5),)), Activity(name="On"))
    assert 400 < sum(step.activity == "On" for step in done) < 600


def test_rework_fades_with_every_round() -> None:
    done = run(
        [0] * 3000,
        Activity(name="Do", then=(goes_to("Check"),)),
        Activity(name="Check", then=(goes_to("Do", share=0.4), goes_to("Publish"))),
        Activity(name="Publish"),
    )
    repeats = sum(step.activity == "Do" for step in done) / 3000 - 1
    # The first return has the full share, each further one half of the one before.
    assert repeats == pytest.approx(0.4 + 0.4 * 0.2 + 0.4 * 0.2 * 0.1, abs=0.05)


def test_who_is_new_takes_nearly_twice_as_long_and_learns() -> None:
    old = run([0] * 100, task("Check", minutes=10), staff=[somebody()])
    new = run([0] * 100, task("Check", minutes=10), staff=[somebody(joined=dt.date(1970, 1, 1))])
    ratio = [(n.ended - n.started) / (o.ended - o.started) for n, o in zip(new, old, strict=True)]
    assert ratio[0] == pytest.approx(1.9, abs=0.01)
    assert ratio[40] == pytest.approx(1.45, abs=0.02)
    assert all(later <= earlier + 0.01 for earlier, later in pairwise(ratio))


def test_nobody_is_experienced_in_new_work() -> None:
    (old,), (new,) = run([OPEN], task("Check")), run([OPEN], task("Check", is_new=True))
    assert (new.ended - new.started) / (old.ended - old.started) == pytest.approx(1.9, abs=0.01)


def test_people_do_only_the_work_of_their_title() -> None:
    cook = somebody("Bo", title="Cook")
    done = run([OPEN] * 20, task("Check"), staff=[somebody(), cook])
    assert {step.person for step in done} == {somebody()}


def test_steps_that_would_end_after_the_horizon_are_not_recorded() -> None:
    assert len(run([8 * DAY + CLOSE - HOUR], task("Build", minutes=180))) == 0


@pytest.mark.parametrize("cases", [1, 40])
def test_work_is_shared_among_those_who_can_do_it(cases: int) -> None:
    done = run([OPEN] * cases, task("Check"), staff=[somebody("Ida"), somebody("Bo")])
    assert len({step.person.name for step in done if step.person}) == min(cases, 2)
