"""Where the steps of a work history lie: Parquet files made by its reading, never changed afterwards.

A reading writes a generation of its own; the row in the database names the current one only when all of it
is there. So a reading that is killed leaves the generation before it whole.
"""

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl
from django.conf import settings

from backdesk.planning.models import WorkHistory


def folder(history: WorkHistory, *, generation: int | None = None) -> Path:
    number = history.generation if generation is None else generation
    return Path(settings.VAR) / "histories" / str(history.pk) / str(number)


def fresh_folder(history: WorkHistory) -> Path:
    """The folder of the generation to come, emptied of what a killed reading may have left."""
    path = folder(history, generation=history.generation + 1)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def drop_generations_before(history: WorkHistory) -> None:
    for path in folder(history).parent.iterdir():
        if path.name != str(history.generation):
            shutil.rmtree(path, ignore_errors=True)


def drop(history: WorkHistory) -> None:
    shutil.rmtree(folder(history).parent, ignore_errors=True)


def measured(history: WorkHistory) -> pl.LazyFrame:
    """Steps with their measures; see `backdesk.evidence.measures.measure_steps`."""
    return pl.scan_parquet(folder(history) / "measured.parquet")


def cases(history: WorkHistory) -> pl.LazyFrame:
    return pl.scan_parquet(folder(history) / "cases.parquet")


def rejects(history: WorkHistory) -> pl.LazyFrame:
    return pl.scan_parquet(folder(history) / "rejects.parquet")


def put(place: Path, text: str) -> None:
    """Write a picture whole or not at all: two requests may draw the same one at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(place)
