"""The report as one self-contained HTML file: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import os
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from backdesk.evidence.assessment import Assessment
from backdesk.evidence.reports.content import content
from backdesk.evidence.reports.pictures import pictures

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def html(assessment: Assessment, *, name: str, now: datetime) -> str:
    """Give the report as HTML; `name` is that of the log, `now` the time of the report.

    >>> from datetime import UTC
    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> page = html(found, name="orders.csv", now=datetime(2026, 3, 2, tzinfo=UTC))
    >>> "<h1>What to hand over</h1>" in page, "<script" in page, "http://" in page.replace("http://www.w3.org", "")
    (True, False, False)
    """
    from markupsafe import Markup

    drawn = pictures(assessment, theme="page")
    template = _environment().get_template("report.html.j2")
    # What is drawn comes from our own floors, which escape the names in it.
    return template.render(
        report=content(assessment, name=name, now=now),
        pictures={
            "map": Markup(drawn.map) if drawn.map else None,  # noqa: S704
            "contributions": Markup(drawn.contributions) if drawn.contributions else None,  # noqa: S704
            "record": [
                {"svg": Markup(one.svg), "caption": one.caption}  # noqa: S704
                for one in drawn.record
            ],
        },
        css=Markup(_template("report.css")),  # noqa: S704
    )


def write_html(assessment: Assessment, path: Path, *, name: str, now: datetime) -> None:
    """Write the report to a file, whole or not at all. Raises `OSError` where that cannot be written.

    >>> write_html.__name__
    'write_html'
    """
    write_whole(path, html(assessment, name=name, now=now).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and then move it there, so that nobody ever reads half of it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder, "a.txt"), b"all")
    ...     [one.name for one in Path(folder).iterdir()]
    ['a.txt']
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_without_controls,
    )
    environment.globals["verdict"] = lambda verdict: Markup('<span class="verdict {}">{}</span>').format(
        verdict.replace(" ", "-"), verdict
    )
    return environment


def _without_controls(value: object) -> object:
    """Names come from files of others: HTML has no place for control characters."""
    return _CONTROLS.sub("\ufffd", value) if type(value) is str else value


def _template(name: str) -> str:
    return files("backdesk.evidence.reports").joinpath("templates", name).read_text(encoding="utf-8")
