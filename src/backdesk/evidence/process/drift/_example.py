"""A log whose process changed, for the examples in docstrings."""

from datetime import UTC, datetime, timedelta

import polars as pl


def checked_less() -> pl.DataFrame:
    """Give 16 weeks of ten cases: four of five are checked, from 3 March 2025 on two of five."""
    monday = datetime(2025, 1, 6, 8, tzinfo=UTC)
    rows: list[dict[str, object]] = []
    for week in range(16):
        for number in range(10):
            checked = number % 5 < (4 if week < 8 else 2)
            at = monday + timedelta(weeks=week, hours=4 * number)
            for activity in ("Enter", "Check", "Pay") if checked else ("Enter", "Pay"):
                until = at + timedelta(minutes=10 + number)
                rows.append(
                    {"case": f"{week}-{number}", "activity": activity, "started_at": at, "ended_at": until}
                )
                at = until
    return pl.DataFrame(rows).with_columns(line=pl.int_range(1, pl.len() + 1))
