"""The report as one self-contained HTML file: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from backdesk.evidence.assessment import Assessment
from backdesk.evidence.reports.content import content
from backdesk.evidence.reports.languages import ENGLISH, Language
from backdesk.evidence.reports.pictures import Picture, pictures

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def html(assessment: Assessment, *, title: str, now: datetime, language: Language = ENGLISH) -> str:
    """Give the report as HTML; `title` names the work history, `now` is the time of the report.

    >>> from datetime import UTC
    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> page = html(found, title="orders.csv", now=datetime(2026, 3, 2, tzinfo=UTC))
    >>> "<h1>What to hand over</h1>" in page, "<script" in page, "http://" in page.replace("http://www.w3.org", "")
    (True, False, False)
    """
    from markupsafe import Markup

    drawn = pictures(assessment, theme="page", language=language)
    page = _environment().get_template("report.html.j2")
    # What is drawn comes from our own floors, which escape the names in it.
    return page.render(
        report=content(assessment, title=title, now=now, language=language),
        pictures={
            "maps": _marked(drawn.maps),
            "contributions": Markup(drawn.contributions) if drawn.contributions else None,  # noqa: S704
            "record": _marked(drawn.record),
        },
        css=Markup(template("report.css")),  # noqa: S704
    )


def _marked(drawn: tuple[Picture, ...]) -> list[dict[str, str]]:
    from markupsafe import Markup

    return [{"svg": Markup(one.svg), "caption": one.caption} for one in drawn]  # noqa: S704


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_without_controls,
    )
    environment.globals["verdict"] = lambda verdict, said: Markup(
        '<span class="verdict {}">{}</span>'
    ).format(verdict.replace(" ", "-"), said)
    return environment


def _without_controls(value: object) -> object:
    """Names come from files of others: HTML has no place for control characters."""
    return _CONTROLS.sub("\ufffd", value) if type(value) is str else value


def template(name: str) -> str:
    """Read a template of this package.

    >>> template("report.css")[:5]
    ':root'
    """
    return files("backdesk.evidence.reports").joinpath("templates", name).read_text(encoding="utf-8")
