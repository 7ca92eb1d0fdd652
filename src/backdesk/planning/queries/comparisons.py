"""What comparing a work history with a process found, and what changed in it over time: kept, and read again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from backdesk.evidence.process import drift
from backdesk.evidence.process.bpmn import ProcessModel, read_bpmn
from backdesk.evidence.process.conformance import Conformance, Deviation, Pair, quality
from backdesk.evidence.sentences import as_data, from_data
from backdesk.evidence.statistics import Interval
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.platform import files
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused

SEED = 20_261_122  # of the orders that are tried: who looks twice sees the same
ROUNDS = 199


def process_of(history: WorkHistory) -> ProcessModel:
    """The process a work history is compared with."""
    assert history.process is not None
    return read_bpmn(files.path_of(history.process).read_bytes())


class NotCompared(Refused):
    """No process was brought for this reading of a work history, or comparing it is not done yet."""

    status = 404


@dataclass(frozen=True, kw_only=True)  # without slots: files are opened as they are asked for
class Comparison:
    """What was found, as it was kept."""

    place: Path

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """`fitness`, `low`, `high`, `precision`, `cases`, `fitting`, `unsettled`, `notes`, `shortest`."""
        found: Mapping[str, Any] = json.loads((self.place / "summary.json").read_text())
        return {**found, "notes": [from_data(note) for note in found["notes"]]}

    @cached_property
    def by_kind(self) -> pl.DataFrame:
        """As `Conformance.by_kind`, and the `task` it is at."""
        return pl.read_parquet(self.place / "by_kind.parquet")

    @cached_property
    def cases(self) -> pl.DataFrame:
        """As `Conformance.cases`."""
        return pl.read_parquet(self.place / "cases.parquet")

    def cases_with(self, *, kind: str, activity: str) -> pl.Series:
        """The cases that have a deviation."""
        variants = pl.read_parquet(self.place / "deviations.parquet").filter(kind=kind, activity=activity)
        return self.cases.filter(pl.col("variant").is_in(variants["variant"].implode()))["case"]

    def cases_that_fit(self, *, fit: bool) -> pl.Series:
        """The cases that went just as the process says, or those that did not; the unsettled are neither."""
        settled = self.cases.filter("settled")
        return settled.filter((pl.col("cost") == 0) == pl.lit(fit))["case"]

    def of_case(self, case: str) -> tuple[tuple[Pair, ...], tuple[Deviation, ...]] | None:
        """How a case went beside the process, and where it departed; None where that is not settled."""
        row = self.cases.filter(case=case, settled=True)
        if row.is_empty():
            return None
        variants = pl.scan_parquet(self.place / "variants.parquet")
        found = variants.filter(pl.col("variant") == row["variant"][0]).collect()
        pairs, deviations = (json.loads(found[name][0]) for name in ("pairs", "deviations"))
        return tuple(Pair(**one) for one in pairs), tuple(Deviation(**one) for one in deviations)


def comparison(history: WorkHistory) -> Comparison | None:
    """What was found of the current reading and process; None: not compared, or not yet."""
    place = records.comparison(history)
    return Comparison(place=place) if history.process_id and place.exists() else None


def compared(actor: Actor, pk: int) -> tuple[WorkHistory, Comparison]:
    """A history of the actor's company and what was found of it; raises `NotCompared`."""
    read = WorkHistory.objects.visible_to(actor).read().select_related("process")
    history = read.get(pk=pk)
    found = comparison(history)
    if found is None:
        raise NotCompared(_("“%(name)s” has not been compared with a process.") % {"name": history.name})
    return history, found


def keep(history: WorkHistory, found: Conformance) -> None:
    """Keep all of it or nothing: the folder takes its name when it is whole."""
    place = records.comparison(history)
    place.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=place.parent, prefix="coming-", ignore_cleanup_errors=True) as coming:
        _write(Path(coming), found)
        if not place.exists():
            Path(coming).rename(place)


def _write(folder: Path, found: Conformance) -> None:
    low, high = found.fitness_bounds
    described = quality(found)
    summary = {
        "fitness": found.fitness,
        "low": low,
        "high": high,
        "precision": described.precision,
        "cases": found.cases.height,
        "fitting": found.fitting_cases,
        "unsettled": found.unsettled_cases,
        "notes": [as_data(note) for note in found.notes],
        "shortest": found.aligner.shortest,
    }
    (folder / "summary.json").write_text(json.dumps(summary))
    rows = [
        (variant, one.kind, one.activity, one.task)
        for variant, several in enumerate(found.deviations)
        for one in several
    ]
    names = {"variant": pl.UInt32(), "kind": pl.String(), "activity": pl.String(), "task": pl.String()}
    deviations = pl.DataFrame(rows, schema=names, orient="row")
    deviations.write_parquet(folder / "deviations.parquet")
    tasks = deviations.group_by("kind", "activity").agg(pl.col("task").drop_nulls().first())
    found.by_kind.join(tasks, on=("kind", "activity"), maintain_order="left").write_parquet(
        folder / "by_kind.parquet"
    )
    found.cases.write_parquet(folder / "cases.parquet")
    pl.DataFrame(
        {
            "variant": pl.Series(range(len(found.variants)), dtype=pl.UInt32),
            "pairs": [_texts(one.pairs) for one in found.variants],
            "deviations": [_texts(several) for several in found.deviations],
        }
    ).write_parquet(folder / "variants.parquet", row_group_size=500)


def _texts(values: Sequence[Pair | Deviation]) -> str:
    return json.dumps([asdict(one) for one in values])


def changes(history: WorkHistory) -> drift.Drift:
    """What changed in the process over time, looked for once a reading. Raises `drift.TooShort`."""
    place = records.folder(history) / "changes" / f"{records.edition_of(drift)}.json"
    if not place.exists():
        log = records.log(history)
        found = drift.drift(log.steps, rng=np.random.default_rng(SEED), rounds=ROUNDS, zone=log.zone)
        records.put(place, json.dumps(asdict(found), default=datetime.isoformat))
    return _drift(json.loads(place.read_text()))


def _drift(found: dict[str, Any]) -> drift.Drift:
    changed = tuple(_change(one) for one in found["changes"])
    starts = tuple(map(datetime.fromisoformat, found["starts"]))
    own = {"changes": changed, "starts": starts, "sizes": tuple(found["sizes"])}
    return drift.Drift(**{**found, **own, "arrived_by": datetime.fromisoformat(found["arrived_by"])})


def _change(found: dict[str, Any]) -> drift.Change:
    times = {name: datetime.fromisoformat(found[name]) for name in ("at", "since", "until")}
    return drift.Change(**{**found, **times, "shifts": tuple(_shift(one) for one in found["shifts"])})


def _shift(found: dict[str, Any]) -> drift.Shift:
    apart = found["difference"] and Interval(*found["difference"])
    series = tuple(found["series"])
    return drift.Shift(
        **{**found, "figure": drift.Figure(**found["figure"]), "difference": apart, "series": series}
    )
