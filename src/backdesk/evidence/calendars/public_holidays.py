"""Public holidays by country and region, from the `holidays` package."""

from __future__ import annotations

import datetime as dt
import difflib
from functools import lru_cache

from backdesk.evidence.calendars.model import CalendarError


class UnknownHolidays(CalendarError):
    """A country or region whose holidays are not known."""


def check_code(code: str) -> str:
    """Return the code as the holidays package spells it (`nl` is `NL`); raise `UnknownHolidays`.

    >>> check_code("de-by")
    'DE-BY'
    >>> check_code("DE-BX")
    Traceback (most recent call last):
    ...
    backdesk.evidence.calendars.public_holidays.UnknownHolidays: no holidays are known for region 'BX' \
of DE; did you mean DE-BE, DE-BW, DE-BY or DE-HB?
    """
    country, _, region = code.strip().partition("-")
    regions = _supported().get(country.upper())
    if regions is None:
        raise UnknownHolidays(_unknown_country(country))
    if not region:
        return country.upper()
    spelled = {name.lower(): name for name in regions}.get(region.lower())
    if spelled is None:
        raise UnknownHolidays(_unknown_region(country.upper(), region, regions))
    return f"{country.upper()}-{spelled}"


def known_years(code: str, first: int, last: int) -> range:
    """Return the years, of those from `first` to `last`, for which holidays are known (to 2100).

    >>> known_years("NL", 1960, 1970), known_years("NL", 2090, 9999)
    (range(1966, 1971), range(2090, 2101))
    """
    since, until = _reach(code)
    return range(max(first, since), min(last, until) + 1)


@lru_cache(maxsize=4096)
def holidays_in(code: str, year: int) -> tuple[dt.date, ...]:
    """Return the public holidays of a year, none where they are not known.

    >>> holidays_in("NL", 2026)[:2]
    (datetime.date(2026, 1, 1), datetime.date(2026, 4, 3))
    """
    import holidays

    country, _, region = code.partition("-")
    found = holidays.country_holidays(country, subdiv=region or None, years=year)
    # A holiday observed on another day can fall into a neighbouring year; that year lists it too.
    return tuple(sorted(day for day in found if day.year == year))


@lru_cache(maxsize=512)
def _reach(code: str) -> tuple[int, int]:
    import holidays

    country = holidays.country_holidays(code.partition("-")[0], years=[])
    return country.start_year, country.end_year


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    import holidays

    return dict(holidays.list_supported_countries(include_aliases=True))


def _unknown_country(country: str) -> str:
    near = difflib.get_close_matches(country.upper(), _supported(), n=4, cutoff=0.5)
    hint = (
        f"did you mean {_either(sorted(near))}?"
        if near
        else "give a code such as NL, or DE-BY with its region"
    )
    return f"no holidays are known for country {country[:20]!r}; {hint}"


def _unknown_region(country: str, region: str, regions: list[str]) -> str:
    if not regions:
        return f"the holidays of {country} are not kept by region; write holidays {country}"
    near = difflib.get_close_matches(region.upper(), regions, n=4, cutoff=0.5) or regions[:4]
    names = _either([f"{country}-{name}" for name in sorted(near)])
    return f"no holidays are known for region {region[:20]!r} of {country}; did you mean {names}?"


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
