"""`backdesk service`: a service's folder checked, brought in, written out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from backdesk.cli import starting
from backdesk.cli.starting import err, out, told_plainly

if TYPE_CHECKING:
    from backdesk.desks.services import Problem

app = starting.commands(
    "Services as folders: check one, bring it in as a draft, write one out. docs/services.md says what is in it."
)
Folder = Annotated[Path, typer.Argument(help="The folder of the service, or a zip of it.")]
Service = Annotated[
    int, typer.Argument(help="The service, by its number; `backdesk record services` lists them.")
]


@app.command()
def check(folder: Folder) -> None:
    """Say everything that is wrong with a folder. Needs no database."""
    from backdesk.desks.services import BrokenService, digest, read_service

    try:
        service = read_service(_files(folder))
    except BrokenService as broken:
        _tell(broken.problems)
    fields = sum(1 for schema in (service.input, service.output) for _ in schema.every())
    out.print(
        f"{service.name}: right. {fields} fields, {len(service.process.of_kind('user'))} tasks, "
        f"{len(service.checks)} checks, digest {digest(service)[:12]}.",
        markup=False,
        highlight=False,
    )


@app.command("import")
@told_plainly
def import_(
    folder: Folder,
    engagement: Annotated[
        int, typer.Option("--engagement", help="The number of the engagement it belongs to.")
    ],
    note: Annotated[str, typer.Option("--note", help="What is new; both companies read it.")] = "",
) -> None:
    """Bring a folder in, as a draft; it is published on its page."""
    from backdesk.desks.services import BrokenService

    try:
        files = _files(folder)
    except BrokenService as broken:
        _tell(broken.problems)
    with starting.all_in_sight("importing a service"):
        from backdesk.parties.queries.engagements import lead_of
        from backdesk.platform.errors import Refused
        from backdesk.work.operations.services import ServiceBroken, import_service

        lead = lead_of(engagement_id=engagement)
        if lead is None:
            _refuse(f"There is no engagement {engagement}.")
        try:
            version = import_service(
                actor=lead, now=datetime.now(UTC), engagement_id=engagement, files=files, note=note
            )
        except ServiceBroken as broken:
            _tell(broken.problems)
        except Refused as refused:
            _refuse(str(refused))
    out.print(
        f"{version.service.name}: saved as version {version.number}, a draft.", markup=False, highlight=False
    )


@app.command()
@told_plainly
def export(
    service: Service,
    folder: Annotated[Path, typer.Argument(help="Where to write it; made if it is not there.")],
) -> None:
    """Write the version of a service that is in use, or its draft where none is, as a folder."""
    if folder.exists() and any(folder.iterdir()):
        _refuse(f"{folder} is not empty; name a folder that is, or is not there yet.")
    with starting.all_in_sight("exporting a service"):
        from backdesk.desks.services import write_folder
        from backdesk.work.queries.sources import newest_files

        found = newest_files(service_id=service)
        if found is None:
            _refuse(f"There is no service {service}.")
        write_folder(found, folder=folder)
    out.print(f"{folder} holds it: {len(found)} files.", markup=False, highlight=False)


def _files(folder: Path) -> dict[str, bytes]:
    from backdesk.desks.services import read_folder, read_zip

    return read_zip(folder.read_bytes()) if folder.is_file() else read_folder(folder)


def _tell(problems: tuple[Problem, ...]) -> NoReturn:
    for problem in problems:
        err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    err.print(f"{len(problems)} to put right.", highlight=False)
    sys.exit(1)


def _refuse(says: str) -> NoReturn:
    err.print(says, markup=False, highlight=False)
    sys.exit(1)
