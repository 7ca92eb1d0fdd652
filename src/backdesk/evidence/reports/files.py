"""The report as bytes or as a file, of the kind asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from backdesk.evidence.assessment import Assessment
from backdesk.evidence.reports.html import html
from backdesk.evidence.reports.languages import ENGLISH, Language
from backdesk.evidence.reports.pdf import pdf
from backdesk.evidence.whole import whole

KINDS: Final = ("html", "pdf")


class UnknownKind(ValueError):
    """A kind of report that is not made; the message names those that are."""


def kind_of(path: Path) -> str:
    """Tell the kind of report from the name of a file. Raises `UnknownKind`.

    >>> kind_of(Path("board.PDF"))
    'pdf'
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UnknownKind(f"{path}: a report is written to a file that ends in .{' or .'.join(KINDS)}.")
    return kind


def render(
    assessment: Assessment, *, kind: str, title: str, now: datetime, language: Language = ENGLISH
) -> bytes:
    """Make the report: `kind` is "html" or "pdf", `title` names the work history. Raises `UnknownKind`.

    >>> render(None, kind="doc", title="orders.csv", now=datetime.min)
    Traceback (most recent call last):
    backdesk.evidence.reports.files.UnknownKind: There is no report of kind 'doc'; there are html and pdf.
    """
    if kind == "html":
        return html(assessment, title=title, now=now, language=language).encode()
    if kind == "pdf":
        return pdf(assessment, title=title, now=now, language=language)
    raise UnknownKind(f"There is no report of kind {kind!r}; there are {' and '.join(KINDS)}.")


def write(
    assessment: Assessment, *, path: Path, title: str, now: datetime, language: Language = ENGLISH
) -> None:
    """Write the report to a file, whole or not at all; its kind is told by the ending of its name.

    Raises `UnknownKind`, and `OSError` where the file cannot be written.

    >>> write(None, path=Path("report.doc"), title="orders.csv", now=datetime.min)
    Traceback (most recent call last):
    backdesk.evidence.reports.files.UnknownKind: report.doc: a report is written to a file that ends in .html or .pdf.
    """
    made = render(assessment, kind=kind_of(path), title=title, now=now, language=language)
    with whole(path, mode=0o644) as part:
        part.write_bytes(made)
