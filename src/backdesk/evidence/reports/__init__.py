"""An assessment told to people: in the terminal, as HTML, as PDF."""

from backdesk.evidence.reports.files import KINDS, UnknownKind, render, write
from backdesk.evidence.reports.holdings import holdings
from backdesk.evidence.reports.html import html
from backdesk.evidence.reports.languages import ENGLISH, Language
from backdesk.evidence.reports.pdf import pdf
from backdesk.evidence.reports.story import headlines

__all__ = [
    "ENGLISH",
    "KINDS",
    "Language",
    "UnknownKind",
    "headlines",
    "holdings",
    "html",
    "pdf",
    "render",
    "write",
]
