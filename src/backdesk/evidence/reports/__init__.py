"""An assessment told to people: in the terminal, as HTML, as PDF."""

from backdesk.evidence.reports.html import html, write_html
from backdesk.evidence.reports.story import headlines, holdings

__all__ = ["headlines", "holdings", "html", "write_html"]
