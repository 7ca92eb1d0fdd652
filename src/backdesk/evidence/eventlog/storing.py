"""Keep steps in a Parquet file, with what was decided about them, and read them back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, cast

import polars as pl

from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.results import Starts, StepLog, log_of
from backdesk.evidence.sentences import as_data, from_data, say
from backdesk.evidence.whole import whole

KIND: Final = "backdesk steps 1"


def write_steps(log: StepLog, *, path: Path | str) -> None:
    """Write a step log to a Parquet file; the file is whole or not there, also when this is broken off.

    >>> from tempfile import TemporaryDirectory
    >>> from backdesk.evidence.eventlog import STEPS
    >>> empty = pl.DataFrame(schema=STEPS)
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "steps.parquet")
    ...     write_steps(StepLog(steps=empty, open_steps=empty, zone="UTC", starts="recorded", notes=()), path=file)
    ...     read_steps(file).zone
    'UTC'
    """
    notes = json.dumps([as_data(note) for note in log.notes])
    facts = {"kind": KIND, "zone": log.zone, "starts": log.starts, "notes": notes}
    with whole(Path(path)) as part:
        pl.concat([log.steps, log.open_steps]).write_parquet(part, metadata=facts)


def read_steps(path: Path | str) -> StepLog:
    """Read a step log that `write_steps` wrote.

    Raises `UnreadableFile` where the file is missing, is not whole, or holds something else.

    >>> read_steps(Path("no-such.parquet"))
    Traceback (most recent call last):
        ...
    backdesk.evidence.eventlog.errors.UnreadableFile: no-such.parquet does not exist.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableFile(say("{} does not exist.", str(path)))
    try:
        facts = pl.read_parquet_metadata(path)
        if facts.get("kind") != KIND:
            raise UnreadableFile(
                say("{} holds no steps written by Backdesk; read the log itself again.", path.name)
            )
        every = pl.read_parquet(path, glob=False)
        notes = tuple(map(from_data, json.loads(facts["notes"])))
        return log_of(every, zone=facts["zone"], starts=cast("Starts", facts["starts"]), notes=notes)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableFile(
            say("{} is no whole Parquet file ({}); read the log itself again.", path.name, reason)
        ) from None
