"""Clocks: each by itself, as pages have them, and many at once, as reports have them."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import polars as pl

from backdesk.evidence.calendars import parse
from backdesk.evidence.clocks import Pause, Terms, counted_many, due_many, explain
from bench.measuring import table, title

ITEMS = 100_000
BY_ITSELF = 2_000
BEGIN = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
MOMENT = pl.Datetime("us", "UTC")


def main() -> None:
    title(f"Clocks: {ITEMS:,} items of a year, half of them with a pause, terms that change twice")
    terms, items, pauses = _work()
    now = BEGIN + dt.timedelta(days=365)
    rows = []
    for name, compute in (("due_many", due_many), ("counted_many", counted_many)):
        begin = time.perf_counter()
        compute(items, terms={"office": terms}, pauses=pauses, now=now)
        seconds = time.perf_counter() - begin
        rows.append([name, f"{ITEMS:,}", f"{seconds:.2f}", f"{seconds / ITEMS * 1e6:.1f}"])
    seconds, differing = _each(terms, items, pauses, now)
    rows.append(["explain", f"{BY_ITSELF:,}", f"{seconds:.2f}", f"{seconds / BY_ITSELF * 1e6:.1f}"])
    table(["", "items", "s", "µs each"], rows, note=f"{differing} of {BY_ITSELF:,} answers differ.")


def _each(
    terms: list[Terms], items: pl.DataFrame, pauses: pl.DataFrame, now: dt.datetime
) -> tuple[float, int]:
    own: dict[int, list[Pause]] = {}
    for key, began_at, ended_at, approved in pauses.rows():
        own.setdefault(key, []).append(Pause(began_at=began_at, ended_at=ended_at, approved=approved))
    due = due_many(items, terms={"office": terms}, pauses=pauses, now=now).to_list()
    chosen = items.gather_every(ITEMS // BY_ITSELF).rows()
    begin = time.perf_counter()
    clocks = [
        explain(received_at=received_at, terms=terms, pauses=own.get(key, ()), ended_at=ended_at, now=now)
        for key, received_at, ended_at, _ in chosen
    ]
    seconds = time.perf_counter() - begin
    differing = sum(clock.due_at != due[row[0]] for clock, row in zip(clocks, chosen, strict=True))
    return seconds, differing


def _work() -> tuple[list[Terms], pl.DataFrame, pl.DataFrame]:
    office = parse("Mon-Fri 08:00-12:00,13:00-17:00; holidays NL", zone="Europe/Amsterdam")
    late = parse("Mon-Sat 08:00-20:00; holidays NL", zone="Europe/Amsterdam")
    terms = [
        Terms(since=BEGIN, calendar=office, target_seconds=16 * 3600),
        Terms(since=BEGIN + dt.timedelta(days=120), calendar=late, target_seconds=8 * 3600),
        Terms(since=BEGIN + dt.timedelta(days=240), calendar=late, target_days=2, day_rule="day0"),
    ]
    random = np.random.default_rng(4)
    received = np.datetime64(BEGIN.replace(tzinfo=None), "us") + _minutes(random, 360 * 1440, ITEMS)
    stopped = np.arange(0, ITEMS, 2)
    began = received[stopped] + _minutes(random, 1440, len(stopped))
    items = pl.DataFrame(
        {
            "key": np.arange(ITEMS),
            "received_at": received,
            "ended_at": received + _minutes(random, 7200, ITEMS),
        }
    ).with_columns(pl.col("received_at", "ended_at").dt.replace_time_zone("UTC"), terms=pl.lit("office"))
    pauses = pl.DataFrame(
        {"key": stopped, "began_at": began, "ended_at": began + _minutes(random, 2880, len(stopped))}
    ).with_columns(pl.col("began_at", "ended_at").dt.replace_time_zone("UTC"), approved=pl.lit(True))
    return terms, items, pauses


def _minutes(random: np.random.Generator, most: int, count: int) -> np.ndarray:
    return random.integers(0, most, count).astype("timedelta64[m]").astype("timedelta64[us]")


if __name__ == "__main__":
    main()
