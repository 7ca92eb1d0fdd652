"""Small measured logs for the tests of maps: made by hand, by Hypothesis, or from shared data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
patient = settings(deadline=None, max_examples=60)
"""A busy machine makes one example slow; that is no fault of what is tested."""
NAMES = ("Receive", "Check", "Pay", "Ask <back> & wait", "付款", "إغلاق")


def measured(
    cases: Mapping[str, Sequence[str]], *, functions: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Measured steps of cases, one after another: 10 minutes of waiting, then 5 of work."""
    rows: list[dict[str, object]] = []
    for case, activities in cases.items():
        before: str | None = None
        for rank, activity in enumerate(activities):
            enabled = MONDAY + timedelta(minutes=15 * rank)
            rows.append(
                {
                    "case": case,
                    "activity": activity,
                    "function": (functions or {}).get(activity),
                    "follows": before,
                    "leads_to": activities[rank + 1] if rank + 1 < len(activities) else None,
                    "enabled_at": enabled,
                    "started_at": enabled + timedelta(minutes=10),
                    "ended_at": enabled + timedelta(minutes=15),
                    "line": len(rows) + 1,
                }
            )
            before = activity
    schema = pl.Schema(
        {
            "case": pl.String(),
            "activity": pl.Categorical(),
            "function": pl.Categorical(),
            "follows": pl.Categorical(),
            "leads_to": pl.Categorical(),
            "enabled_at": pl.Datetime("us", "UTC"),
            "started_at": pl.Datetime("us", "UTC"),
            "ended_at": pl.Datetime("us", "UTC"),
            "line": pl.UInt32(),
        }
    )
    return pl.DataFrame(rows, schema=schema).with_columns(
        start_estimated=pl.lit(False),
        touch_working_s=pl.lit(300.0),
        waiting_s=pl.lit(600.0),
        waiting_working_s=pl.lit(300.0),
    )


def case_lists(*, least: int = 1) -> st.SearchStrategy[dict[str, list[str]]]:
    """Logs of up to eight cases with up to seven steps each."""
    activities = st.lists(st.sampled_from(NAMES), min_size=1, max_size=7)
    return st.dictionaries(st.sampled_from("abcdefgh"), activities, min_size=least, max_size=8)
