"""Where the steps of a work history lie: Parquet files made by its reading, never changed afterwards.

A reading writes a generation of its own; the row in the database names the current one only when all of it
is there. So a reading that is killed leaves the generation before it whole. The steps are the record; what is
measured of them is kept beside, under the edition of the definitions, and made anew when these change.
"""

import hashlib
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import polars as pl
from django.conf import settings

from backdesk.evidence import calendars, eventlog, measures
from backdesk.evidence.assessment import Assessment
from backdesk.evidence.assessment.preparing import people_only
from backdesk.evidence.process import conformance
from backdesk.evidence.whole import whole
from backdesk.planning.models import WorkHistory
from backdesk.platform.operating.backup import Held

ROWS_A_GROUP = 20_000  # small enough that the steps of one case are found without reading all


def folder(history: WorkHistory, *, generation: int | None = None) -> Path:
    number = history.generation if generation is None else generation
    return Path(settings.VAR) / "histories" / str(history.pk) / str(number)


def write(history: WorkHistory, *, log: eventlog.StepLog, rejects: pl.DataFrame, found: Assessment) -> None:
    """Write the generation to come, over what a killed reading may have left of it."""
    place = folder(history, generation=history.generation + 1)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    eventlog.write_steps(log, path=place / "steps.parquet")
    rejects.write_parquet(place / "rejects.parquet")
    _write_measured(place, measured=found.measured, cases=found.cases, working_times=found.working_times)


def drop_generations_before(history: WorkHistory) -> None:
    """Drop all but the current and the one before it, which a page or a drawing that has begun still reads."""
    kept = {str(history.generation), str(history.generation - 1)}
    for path in folder(history).parent.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def drop(history: WorkHistory) -> None:
    shutil.rmtree(folder(history).parent, ignore_errors=True)


def log(history: WorkHistory) -> eventlog.StepLog:
    return eventlog.read_steps(folder(history) / "steps.parquet")


def measured(history: WorkHistory) -> pl.LazyFrame:
    """Steps with their measures and why they waited; see `measures.measure_steps` and `measures.waiting_causes`."""
    return pl.scan_parquet(_edition(history) / "measured.parquet")


def cases(history: WorkHistory) -> pl.LazyFrame:
    return pl.scan_parquet(_edition(history) / "cases.parquet")


def working_times(history: WorkHistory) -> pl.DataFrame:
    """When the whole, its teams and its people work; see `measures.working_times`."""
    return pl.read_parquet(_edition(history) / "working_times.parquet")


def rejects(history: WorkHistory) -> pl.LazyFrame:
    return pl.scan_parquet(folder(history) / "rejects.parquet")


def put(place: Path, text: str) -> None:
    """Write a picture whole or not at all: two requests may draw the same one at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole(place) as part:
        part.write_text(text, encoding="utf-8")


def named(using: str) -> Iterator[Held]:
    """What a backup takes: the record, and what is measured of it where that is there; pictures are drawn anew."""
    for history in _numbers(using):
        place = folder(history)
        yield from (Held(path=place / f"{name}.parquet") for name in ("steps", "rejects"))
        yield from (Held(path=path) for path in sorted((place / edition()).glob("*.parquet")))


def _numbers(using: str) -> Iterator[WorkHistory]:
    """Just these columns: a backup is also made of a database that has not been brought to this version yet."""
    kept = WorkHistory.objects.using(using).read()
    return kept.only("pk", "generation").order_by("pk").iterator()


def pictures(history: WorkHistory) -> Path:
    """Where what is drawn of the current edition is kept."""
    return _edition(history) / "pictures"


def report(history: WorkHistory, *, kind: str, language: str) -> Path:
    return folder(history) / "reports" / f"report.{language}.{kind}"


def comparison(history: WorkHistory) -> Path:
    """The folder of what comparing the current generation with the process it has now found, by today's code."""
    digest = history.process.sha256[:16] if history.process else "none"
    return folder(history) / "comparisons" / f"{digest}-{edition_of(conformance)}"


def is_measured(history: WorkHistory) -> bool:
    """By today's definitions, so that what is asked of it comes at once."""
    return (folder(history) / edition()).exists()


def _edition(history: WorkHistory) -> Path:
    """The folder of what is measured by today's definitions; measured now, where they have changed."""
    place = folder(history)
    if not (place / edition()).exists():
        calendar = calendars.parse(history.reckoned_with, zone=history.summary["zone"])
        steps = measures.measure_steps(log(history), calendar=calendar)
        people = measures.people_at_work(steps, calendar=calendar)
        steps = measures.waiting_causes(steps, calendar=calendar, people=people)
        named = people_only(log(history))[0].steps
        _write_measured(
            place,
            measured=steps,
            cases=measures.cases(steps, calendar=calendar),
            working_times=measures.working_times(named, zone=calendar.zone),
        )
    return place / edition()


def _write_measured(place: Path, **tables: pl.DataFrame) -> None:
    """All of it or nothing: the folder takes its name when it is whole."""
    with TemporaryDirectory(dir=place, prefix="coming-", ignore_cleanup_errors=True) as coming:
        for name, table in tables.items():
            table.write_parquet(Path(coming) / f"{name}.parquet", row_group_size=ROWS_A_GROUP)
        try:
            Path(coming).rename(place / edition())
        except OSError:  # another request was quicker; what it wrote is the same
            if not (place / edition()).exists():
                raise


def edition() -> str:
    """Of what is measured."""
    return edition_of(measures)


@cache
def edition_of(package: ModuleType) -> str:
    """A digest of the definitions themselves, so that nobody has to remember to count it up."""
    code = sorted(Path(str(package.__file__)).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]
