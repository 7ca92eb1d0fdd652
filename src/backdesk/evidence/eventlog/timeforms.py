"""The forms in which exports write times, each a pattern whose named groups are the parts of the time.

A column is read by one form; seconds, fractions and the offset may come and go within it. Which of day and
month comes first is not part of a form: the whole column settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Order = Literal["year first", "day or month first", "month named", "count"]

_CLOCK: Final = (
    r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9})[0-9]*)?)?"
    r"(?: ?(?P<p>[AaPp])\.?[Mm]\.?)?(?: ?Uhr)?"
)
_OFFSET: Final = (
    r"(?: ?(?:(?P<u>[Zz]|UTC|GMT)|(?P<s>[+-])(?P<h>[0-9]{2}):?(?P<n>[0-9]{2})?))?(?:\[[A-Za-z0-9_/+-]+\])?"
)
_BETWEEN: Final = r"(?:[Tt]|,? +| - )"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeForm:
    """One form of writing a time; `scale` is the number of counts in a second, for forms that count.

    `in_place`: any digit may stand where a digit does, so what is written like a time of this form is one.
    """

    name: str
    pattern: str
    order: Order
    has_clock: bool = True
    separator: str = ""
    scale: int = 0
    in_place: bool = False


def _calendar_forms() -> tuple[TimeForm, ...]:
    forms = []
    for has_clock in (True, False):
        rest = rf"{_BETWEEN}{_CLOCK}{_OFFSET}$" if has_clock else r"$"
        tail = " and time" if has_clock else ""
        for sep in "-/.":
            mark = f"[{sep}]"
            two = rf"^(?P<a>[0-9]{{1,2}}){mark}(?P<b>[0-9]{{1,2}}){mark}"
            year = rf"^(?P<y>[0-9]{{4}}){mark}(?P<m>[0-9]{{1,2}}){mark}(?P<d>[0-9]{{1,2}}){rest}"
            forms += [
                TimeForm(
                    name=f"yyyy{sep}mm{sep}dd{tail}",
                    pattern=year,
                    order="year first",
                    has_clock=has_clock,
                    in_place=True,
                ),
                *(
                    TimeForm(
                        name=f"dd{sep}mm{sep}{'y' * digits}{tail}",
                        pattern=rf"{two}(?P<y>[0-9]{{{digits}}}){rest}",
                        order="day or month first",
                        has_clock=has_clock,
                        separator=sep,
                        in_place=True,
                    )
                    for digits in (4, 2)
                ),
            ]
        forms += _named_month_forms(rest, tail, has_clock)
    return tuple(forms)


def _named_month_forms(rest: str, tail: str, has_clock: bool) -> list[TimeForm]:
    month = r"(?P<w>[^\W\d_]{3,9})\.?"
    weekday = r"(?:[A-Za-z]{2,3}\.?,? )?"
    year = r"(?P<y>[0-9]{4}|[0-9]{2})"
    day_first = rf"^{weekday}(?P<d>[0-9]{{1,2}})[-. /]+{month}[-. /,]+{year}{rest}"
    month_first = rf"^(?:[A-Za-z]{{3}},? )?{month} (?P<d>[0-9]{{1,2}}),? (?P<y>[0-9]{{4}}){rest}"
    return [
        TimeForm(name=f"dd month yyyy{tail}", pattern=day_first, order="month named", has_clock=has_clock),
        TimeForm(name=f"month dd, yyyy{tail}", pattern=month_first, order="month named", has_clock=has_clock),
    ]


def _compact_forms() -> tuple[TimeForm, ...]:
    date = r"^(?P<y>(?:19|20|21)[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])"
    clock = r"[T _-]?(?P<H>[0-2][0-9]):?(?P<M>[0-5][0-9]):?(?P<S>[0-5][0-9])(?:[.,](?P<f>[0-9]{1,9}))?"
    return (
        TimeForm(name="yyyymmddHHMMSS", pattern=rf"{date}{clock}{_OFFSET}$", order="year first"),
        TimeForm(name="yyyymmdd", pattern=rf"{date}$", order="year first", has_clock=False),
    )


def _counting_forms() -> tuple[TimeForm, ...]:
    return (
        TimeForm(name="seconds since 1970", pattern=r"^[0-9]{9,10}(?:\.[0-9]+)?$", order="count", scale=1),
        TimeForm(
            name="milliseconds since 1970", pattern=r"^[0-9]{12,13}(?:\.0+)?$", order="count", scale=10**3
        ),
        TimeForm(name="microseconds since 1970", pattern=r"^[0-9]{15,16}$", order="count", scale=10**6),
        TimeForm(name="nanoseconds since 1970", pattern=r"^[0-9]{18,19}$", order="count", scale=10**9),
        TimeForm(name="days of a spreadsheet", pattern=r"^[2-7][0-9]{4}(?:[.,][0-9]+)?$", order="count"),
    )


FORMS: Final = (*_calendar_forms(), *_compact_forms(), *_counting_forms())

MONTHS: Final = {
    **{"jan": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "mrz": 3, "maa": 3, "mrt": 3, "apr": 4},
    **{"may": 5, "mai": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10},
    **{"nov": 11, "dec": 12, "dez": 12},
}


def date_groups(form: TimeForm, *, day_first: bool) -> tuple[str, str, str]:
    """Name the groups of a form's pattern that hold the year, the month and the day."""
    if form.order == "day or month first":
        return ("y", "b", "a") if day_first else ("y", "a", "b")
    return ("y", "m", "d")
