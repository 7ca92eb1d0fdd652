"""A tiny measured log, for the examples in docstrings and the tests."""

from collections.abc import Mapping, Sequence

import polars as pl


def three_cases() -> pl.DataFrame:
    """Give three cases: Receive, Check, Pay; Receive, Check, Check, Pay; Receive."""
    texts: Mapping[str, Sequence[str | None]] = {
        "case": list("aaabbbbc"),
        "activity": ["Receive", "Check", "Pay", "Receive", "Check", "Check", "Pay", "Receive"],
        "follows": [None, "Receive", "Check", None, "Receive", "Check", "Check", None],
        "leads_to": ["Check", "Pay", None, "Check", "Check", "Pay", None, None],
    }
    minutes = pl.Series([0, 10, 20, 0, 10, 20, 30, 0]) * 60_000_000
    at = minutes.cast(pl.Datetime("us", "UTC"))
    return pl.DataFrame(texts).with_columns(
        function=pl.lit(None, dtype=pl.String),
        enabled_at=(minutes - 300_000_000).clip(0).cast(pl.Datetime("us", "UTC")),
        started_at=at,
        ended_at=at + pl.duration(minutes=5),
        line=pl.Series(range(8), dtype=pl.UInt32),
        start_estimated=pl.lit(False),
        touch_working_s=pl.lit(60.0),
        waiting_s=pl.lit(300.0),
        waiting_working_s=pl.lit(120.0),
    )
