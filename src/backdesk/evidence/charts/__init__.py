"""Charts made once in Python for page, PNG and PDF: direct labels, zero baselines, one theme.

Each function takes a plain table and returns an Altair chart; `svg` and `png` render it.

>>> import polars as pl
>>> svg(hours_by_activity(pl.DataFrame({"activity": ["Check"], "hours": [12.0]})), theme="print")[:4]
'<svg'
"""

from typing import Final

from backdesk.evidence.charts import changes, comparisons, load, services, volumes
from backdesk.evidence.charts.changes import shift_over_time
from backdesk.evidence.charts.comparisons import hours_by_activity
from backdesk.evidence.charts.distributions import (
    cycle_distribution,
    touch_distribution,
    waiting_distribution,
)
from backdesk.evidence.charts.hours_of_week import by_weekday_hour, weekday_hour
from backdesk.evidence.charts.load import expected_arrivals, load_over_time
from backdesk.evidence.charts.rendering import png, svg
from backdesk.evidence.charts.scores import score_contributions
from backdesk.evidence.charts.services import service_flow, service_quality
from backdesk.evidence.charts.styling import NothingToChart
from backdesk.evidence.charts.volumes import backlog, monthly_volume
from backdesk.evidence.process import saying
from backdesk.evidence.process.saying import written

TEXTS: Final = (
    *saying.TEXTS,
    *changes.TEXTS,
    *comparisons.TEXTS,
    *load.TEXTS,
    *services.TEXTS,
    *volumes.TEXTS,
)
"""What charts say that stands in tables, for those who translate it."""

__all__ = [
    "TEXTS",
    "NothingToChart",
    "backlog",
    "by_weekday_hour",
    "cycle_distribution",
    "expected_arrivals",
    "hours_by_activity",
    "load_over_time",
    "monthly_volume",
    "png",
    "score_contributions",
    "service_flow",
    "service_quality",
    "shift_over_time",
    "svg",
    "touch_distribution",
    "waiting_distribution",
    "weekday_hour",
    "written",
]
