"""The report as PDF, set by Typst in a typeface Typst brings along: it needs no fonts of the machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from backdesk.evidence.assessment import Assessment
from backdesk.evidence.reports.content import content
from backdesk.evidence.reports.html import template
from backdesk.evidence.reports.languages import ENGLISH, Language
from backdesk.evidence.reports.pictures import Picture, pictures

TYPEFACE = "Libertinus Serif"
"""Comes with Typst. Scripts it lacks are set in what the machine has."""


def pdf(assessment: Assessment, *, title: str, now: datetime, language: Language = ENGLISH) -> bytes:
    """Set the report as PDF; `title` names the work history, `now` is the time of the report.

    What comes from a log goes to Typst as data, never as markup.

    >>> from datetime import UTC
    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> pdf(found, title="orders.csv", now=datetime(2026, 3, 2, tzinfo=UTC))[:5]
    b'%PDF-'
    """
    import typst

    drawn = pictures(assessment, theme="print", language=language)
    data = {
        "report": asdict(content(assessment, title=title, now=now, language=language)),
        "pictures": {
            "maps": _all_set(drawn.maps),
            "contributions": _set_in_type(drawn.contributions),
            "record": _all_set(drawn.record),
        },
    }
    made: bytes = typst.compile(
        template("report.typ").encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(now.timestamp()),
    )
    return made


def _all_set(drawn: tuple[Picture, ...]) -> list[dict[str, str | None]]:
    return [{"svg": _set_in_type(one.svg), "caption": one.caption} for one in drawn]


def _set_in_type(svg: str | None) -> str | None:
    """Name the typeface in a picture: Typst knows no generic one."""
    return svg.replace('font-family="sans-serif"', f'font-family="{TYPEFACE}"') if svg else svg
