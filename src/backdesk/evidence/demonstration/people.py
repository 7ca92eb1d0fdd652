"""The people of the demonstration company: invented names, jobs, and the days they are away."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from backdesk.evidence.calendars import Calendar, SpecialDay, parse
from backdesk.evidence.demonstration.company import MAIL_DOMAIN, POSTS, SITES, Post
from backdesk.evidence.demonstration.names import draw_names
from backdesk.evidence.demonstration.period import DAY, Period

_ASCII = str.maketrans("ø ", "o.", "'") | {ord("æ"): "ae", ord("å"): "aa"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A person of the company, with the calendar they keep: public holidays, leave and sick days are in it.

    `joined` and `left` are set where the person came or went within the recorded period (the first day
    here, and the first day no longer here). `work_share` is the share of the day that recorded work gets.

    >>> from backdesk.evidence.calendars import parse
    >>> ida = Employee(
    ...     name="Ida Nørholt", email="ida@hallveth.example", team="Finance", title="Treasurer",
    ...     calendar=parse("Mon-Fri 08:00-16:00", zone="Europe/Copenhagen"), work_share=0.5)
    >>> ida.calendar.zone
    'Europe/Copenhagen'
    """

    name: str
    email: str
    team: str
    title: str
    calendar: Calendar
    work_share: float
    joined: dt.date | None = None
    left: dt.date | None = None


def employ(*, period: Period, rng: np.random.Generator) -> tuple[Employee, ...]:
    """Fill every post of the company with a person of an invented name, and give them leave and sick days.

    >>> year = Period(first=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1), zone="Europe/Copenhagen")
    >>> staff = employ(period=year, rng=np.random.default_rng(20))
    >>> len(staff), sum(person.left is None for person in staff)
    (121, 120)
    """
    names = {site: draw_names(site, rng=rng) for site in SITES}
    return tuple(
        _employee(post, next(names[post.site]), period, rng) for post in POSTS for _ in range(post.count)
    )


def _employee(post: Post, name: str, period: Period, rng: np.random.Generator) -> Employee:
    site = SITES[post.site]
    return Employee(
        name=name,
        email=f"{_ascii(name)}@{MAIL_DOMAIN}",
        team=post.team,
        title=post.title,
        calendar=_calendar(f"{post.week}; holidays {site.holidays}", site.zone, _away(post, period, rng)),
        work_share=post.share,
        joined=None if post.joined is None else period.after(post.joined),
        left=None if post.left is None else period.after(post.left),
    )


def _calendar(week: str, zone: str, away: Sequence[dt.date]) -> Calendar:
    return replace(parse(week, zone=zone), exceptions=tuple(SpecialDay(date=day) for day in away))


def _ascii(name: str) -> str:
    spelled = name.lower().translate(_ASCII)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()


def _away(post: Post, period: Period, rng: np.random.Generator) -> tuple[dt.date, ...]:
    """Draw leave and sick days; weekends are left out, they are closed anyway."""
    years = range(period.simulated_from.year, period.until.year + 1)
    spells = [*chain.from_iterable(_leave(post, year, rng) for year in years), *_sickness(period, rng)]
    days = {first + n * DAY for first, length in spells for n in range(length)}
    return tuple(
        sorted(day for day in days if period.simulated_from <= day < period.until and day.weekday() < 5)
    )


def _leave(post: Post, year: int, rng: np.random.Generator) -> Iterator[tuple[dt.date, int]]:
    """Yield first days and lengths: the summer together, the autumn week, Christmas; another year in Pune."""
    if post.site == "Pune":
        yield dt.date(year, 10, 15) + int(rng.integers(0, 30)) * DAY, 7
        yield dt.date(year, 4, 20) + int(rng.integers(0, 40)) * DAY, 12
        return
    week, weeks = (0, 2) if post.short_summer else (int(rng.integers(0, 5)), int(rng.integers(2, 4)))
    yield _monday(dt.date(year, 6, 29)) + 7 * week * DAY, 7 * weeks
    if rng.random() < 0.6:
        yield _monday(dt.date(year, 10, 14)), 7
    if rng.random() < 0.5:
        yield _monday(dt.date(year, 2, 12)), 7
    if rng.random() < 0.6:
        yield dt.date(year, 12, 24), 8


def _sickness(period: Period, rng: np.random.Generator) -> Iterator[tuple[dt.date, int]]:
    days = (period.until - period.simulated_from).days
    for _ in range(rng.poisson(3.0 * days / 365)):
        yield period.simulated_from + int(rng.integers(0, days)) * DAY, int(rng.integers(1, 4))


def _monday(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY
