"""The two tables of a work history: events as they were recorded, and steps as the work was done."""

from __future__ import annotations

from typing import Final

import polars as pl

UTC_TIME: Final = pl.Datetime("us", "UTC")

EVENTS: Final = pl.Schema(
    {
        "line": pl.UInt32(),  # physical line of the file, 1-based; the row number in Parquet
        "case": pl.String(),
        "activity": pl.Categorical(),
        "resource": pl.Categorical(),
        "team": pl.Categorical(),
        "party": pl.Categorical(),
        "function": pl.Categorical(),
        "lifecycle": pl.Categorical(),  # lower case; "complete" where the source has none
        "at": UTC_TIME,
        "started_at": UTC_TIME,  # only where one source row holds start and end
        "offset": pl.Int16(),  # minutes east of UTC as written; null where the zone was applied
    }
)

STEPS: Final = pl.Schema(
    {
        "case": pl.String(),
        "activity": pl.Categorical(),
        "resource": pl.Categorical(),
        "team": pl.Categorical(),
        "party": pl.Categorical(),
        "function": pl.Categorical(),
        "enabled_at": UTC_TIME,  # when the step could have begun
        "started_at": UTC_TIME,
        "ended_at": UTC_TIME,
        "start_estimated": pl.Boolean(),
        "line": pl.UInt32(),  # of the event that ended the step
    }
)

#: Of a step: when it was suspended and resumed (null while it is suspended), in order. The column `pauses` stands
#: behind those of `STEPS`, in logs that tell of suspensions alone.
PAUSES: Final = pl.List(pl.Struct({"suspended_at": UTC_TIME, "resumed_at": UTC_TIME}))

REJECTS: Final = pl.Schema(
    {"line": pl.UInt32(), "field": pl.String(), "value": pl.String(), "reason": pl.String()}
)
