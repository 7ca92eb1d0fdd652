"""Services read from their files, with everything that is wrong with them said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from backdesk.desks.services import attachments, settings
from backdesk.desks.services.agreeing import disagreements
from backdesk.desks.services.definition import BrokenService, Problem, Service
from backdesk.desks.services.reading_schemas import read_schema
from backdesk.desks.services.schemas import Schema
from backdesk.desks.services.tables import read_toml
from backdesk.evidence.process.bpmn import BrokenProcess, read_bpmn

NEEDED: Final = (
    "service.toml",
    "process.bpmn",
    "input.schema.json",
    "output.schema.json",
    "procedure.md",
)
T = TypeVar("T")


def read_service(files: Mapping[str, bytes]) -> Service:
    """Read a service from the files of its folder.

    They are `service.toml`, `process.bpmn`, `input.schema.json`, `output.schema.json`, `procedure.md`, and where there
    are any `checks.toml`, `pictures/*.png` (jpg, webp) and `lookups/*.csv`.

    Args:
        files: their bytes, by path from the folder on, with `/`.

    Raises:
        BrokenService: with all problems of all files: unreadable ones, unknown keys, fields that conditions, checks
            and tasks name and that are not there, calendars that cannot be read, and so on.

    >>> try:
    ...     read_service({"notes.txt": b""})
    ... except BrokenService as broken:
    ...     print(broken.problems[0])
    service.toml: The file is missing.
    """
    reading = _Reading(files)
    service = reading.service()
    found = [*reading.problems, *(disagreements(service, files) if service else ())]
    if service is None or found:
        raise BrokenService(sorted(set(found), key=_in_order))
    return service


def _in_order(problem: Problem) -> tuple[int, str, int, str, str]:
    place = NEEDED.index(problem.file) if problem.file in NEEDED else len(NEEDED)
    return place, problem.file, problem.line, problem.field, problem.says


class _Reading:
    """One pass over the files: collects what can be read by itself, and what is wrong."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.problems = list(attachments.misplaced(files))
        self.files = {} if any(not problem.file for problem in self.problems) else files
        missing = [name for name in NEEDED if name not in files]
        self.problems += [Problem(file=name, says="The file is missing.") for name in missing]

    def service(self) -> Service | None:
        """Return the service, if every part can be read at all."""
        lookups = attachments.lookups(self.files, self.problems)
        pictures = attachments.pictures(self.files, self.problems)
        procedure = attachments.procedure(self.files, pictures, self.problems)
        source, result = (self.part(name, self.schema(name, lookups)) for name in NEEDED[2:4])
        process = self.part("process.bpmn", read_bpmn)
        given = self.settings()
        rules = read_toml(self.files.get("checks.toml", b""), file="checks.toml")
        checks = settings.checks(rules)
        self.problems += rules.problems
        if source is None or result is None or process is None or given is None:
            return None
        return Service(
            process=process,
            input=source,
            output=result,
            procedure=procedure,
            pictures=pictures,
            lookups=lookups,
            checks=checks,
            **given,
        )

    def settings(self) -> dict[str, Any] | None:
        """Return what `service.toml` says, if it can be read at all."""
        if "service.toml" not in self.files:
            return None
        table = read_toml(self.files["service.toml"], file="service.toml")
        given = None if table.problems else settings.settings(table)
        self.problems += table.problems
        return given

    def schema(self, name: str, lookups: Mapping[str, object]) -> Callable[[bytes], Schema]:
        return lambda data: read_schema(data, file=name, lookups=lookups)

    def part(self, name: str, read: Callable[[bytes], T]) -> T | None:
        """Read a file that is there; what is wrong with it is kept."""
        if name not in self.files:
            return None
        try:
            return read(self.files[name])
        except BrokenService as broken:
            self.problems += broken.problems
        except BrokenProcess as broken:
            self.problems += [
                Problem(file=name, line=each.line or 0, field=each.element or "", says=each.says)
                for each in broken.problems
            ]
        return None
