"""`backdesk audit`: seal, prove and export the trail."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli import starting
from backdesk.cli.starting import err, out, refuse, told_plainly

if TYPE_CHECKING:
    from backdesk.platform.audit.exporting import Selection
    from backdesk.platform.audit.notes import VerifierKey
    from backdesk.platform.audit.verification import Outside, Verification

app = starting.commands("Prove that nobody rewrote what happened. docs/audit.md says how.")

_SHOWN = 20
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option(
        "--checkpoint", exists=True, dir_okay=False, help="A checkpoint kept outside; may be repeated."
    ),
]
PublicKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--public-key", help="A key to trust (text or file), instead of those kept in the database."
    ),
]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC.")]


@app.command()
@told_plainly
def verify(checkpoint: Checkpoints = None, public_key: PublicKeys = None) -> None:
    """Prove every value, chain, leaf and checkpoint, and name the first broken entry. Ends with 1 where one is."""
    with starting.all_in_sight("verifying"):
        from backdesk.platform.audit import verification

        keys = tuple(_key(text) for text in public_key or ())
        found = verification.verify(outside=[_outside(path) for path in checkpoint or ()], keys=keys)
    _show(found)
    if not found.holds:
        sys.exit(1)


@app.command()
@told_plainly
def seal() -> None:
    """Seal what was written since the last checkpoint, now instead of within the minute."""
    with starting.all_in_sight("sealing"):
        from backdesk.platform import audit

        made = audit.seal(now=datetime.now(UTC))
    if made is None:
        out.print("Nothing waits to be sealed.")
    else:
        out.print(f"Checkpoint {made.pk} seals {made.size} entries.\n")
        out.print(made.note, markup=False)


@app.command()
@told_plainly
def key() -> None:
    """Print the public key, for everybody who is to verify checkpoints."""
    with starting.all_in_sight("reading the key"):
        from backdesk.platform.audit.keys import sealing_key

        out.print(str(sealing_key().verifier), markup=False)


@app.command()
@told_plainly
def export(
    target: Annotated[Path, typer.Argument(help="The zip to write.", dir_okay=False)],
    organisation: Annotated[int | None, typer.Option(help="Only this organisation's, by its number.")] = None,
    since: Day = None,
    until: Day = None,
) -> None:
    """Write an export that proves itself without Backdesk."""
    with starting.all_in_sight("exporting"):
        from backdesk.platform.audit import exporting

        try:
            with target.open("xb") as file:
                count = exporting.write(
                    file, selection=_selection(organisation, since, until), now=datetime.now(UTC)
                )
        except FileExistsError:
            refuse(f"{target} is there already; name another file.")
        except exporting.NothingSealed as error:
            target.unlink()
            refuse(str(error))
    out.print(f"{target} holds {count} entries. Unpack it and run: python verify.py")


def _selection(organisation: int | None, since: datetime | None, until: datetime | None) -> Selection:
    from backdesk.platform.audit.exporting import Selection
    from backdesk.platform.models import AuditEntry

    asked = {
        "organisation_id": organisation,
        "at__gte": since and since.replace(tzinfo=UTC),
        "at__lt": until and until.replace(tzinfo=UTC),
    }
    said = {"organisation": organisation, "since": since, "until": until}
    return Selection(
        entries=AuditEntry.objects.filter(
            **{name: value for name, value in asked.items() if value is not None}
        ),
        whole=True,
        said={name: str(value) for name, value in said.items() if value is not None},
    )


def _key(given: str) -> VerifierKey:
    from backdesk.platform.audit.notes import KeyUnreadable, VerifierKey

    try:
        return VerifierKey.parse(Path(given).read_text(encoding="utf-8") if Path(given).is_file() else given)
    except KeyUnreadable as error:
        refuse(str(error))


def _outside(path: Path) -> Outside:
    from backdesk.platform.audit.verification import Outside

    return Outside(name=path.name, note=path.read_text(encoding="utf-8", errors="replace"))


def _show(found: Verification) -> None:
    if found.holds:
        out.print(
            f"All holds: {found.entries:,} entries on {found.chains:,} objects, {found.leaves:,} of them sealed, "
            f"{found.checkpoints:,} checkpoints, {found.outside} kept outside. {found.erased:,} values were erased."
        )
        return
    first, *more = found.broken
    err.print(f"[bold red]Broken.[/] The first of {found.broken_count:,} findings:")
    err.print(f"  {first}", markup=False)
    for one in more[: _SHOWN - 1]:
        err.print(f"  {one}", markup=False)
