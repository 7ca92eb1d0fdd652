"""What every command on a work history is asked: which file, and how to read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import Mapping

Log = Annotated[Path, typer.Argument(help="The work history: CSV, XES, OCEL or Parquet.", metavar="LOG")]
Zone = Annotated[
    str | None,
    typer.Option(help="Zone of times without one, for example Europe/Amsterdam.", show_default=False),
]
Columns = Annotated[
    str | None,
    typer.Option(
        help='Which column is what, for example "case=Order,activity=Task,ended_at=Done,resource=Who". '
        "Found by itself where not given.",
        show_default=False,
    ),
]
ObjectType = Annotated[
    str | None,
    typer.Option(
        help="Of an object-centric log (OCEL): the objects that are the cases, for example order.",
        show_default=False,
    ),
]


class BadOption(Exception):
    """An option that cannot be meant; the message says what would be right."""


def mapping_of(text: str | None) -> Mapping | None:
    if not text:
        return None
    from backdesk.evidence.eventlog import Mapping

    return Mapping.from_text(text)


def check_place(target: Path) -> None:
    """Refuse what cannot be written before a long file is read."""
    if not target.absolute().parent.is_dir():
        raise BadOption(f"{target}: there is no folder {target.parent}.")
    if target.is_dir():
        raise BadOption(f"{target} is a folder; name a file within it.")
