"""An export that proves itself: entries with their proofs, a checkpoint, and a script that needs nothing of ours."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backdesk.platform.actor import Actor
from backdesk.platform.audit import merkle, proofs
from backdesk.platform.audit.canonical import SIDES, instant, text_of
from backdesk.platform.audit.merkle import TiledTree
from backdesk.platform.audit.policies import require_reader
from backdesk.platform.audit.recording import content_of, record
from backdesk.platform.audit.sealing import seal
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation
from backdesk.platform.models import AuditCheckpoint, AuditEntry, AuditLeaf

MOST = 20_000
_AT_ONCE = 1000
_RECENT = 100
README = """\
An export of Backdesk's audit trail: {entries} entries.

  python verify.py            proves that it is what was recorded
  python verify.py --help     says how to prove it against a key and checkpoints of your own

entries.jsonl      one entry a line: what was recorded, and the proof that it is sealed
checkpoint.txt     the signed checkpoint all proofs lead to (C2SP tlog-checkpoint)
public-key.txt     the key that signed it; compare it with the one you were given
consistency.jsonl  proofs that the checkpoint goes on from earlier ones
manifest.json      what was asked for, and how much it is

Made {at}.
"""


class NothingSealed(Refused):
    """There is no checkpoint yet, so nothing can be proven."""


class TooManyEntries(Refused):
    """More than a page exports at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries, and what to say of that. `whole`: nothing is left out of a chain but what belongs to others."""

    entries: QuerySet[AuditEntry]
    whole: bool
    said: Mapping[str, str]


@operation
def export(
    *,
    actor: Actor,
    now: datetime,
    target: IO[bytes],
    entries: QuerySet[AuditEntry],
    selection: Mapping[str, str],
) -> int:
    """Seal what waits, write what was asked for, and say so in the trail. `selection`: what was asked, in words."""
    require_reader(actor)
    count = entries.count()
    if count > MOST:
        raise TooManyEntries(
            _("These are %(count)s entries; a page exports %(most)s at once. Choose a shorter period.")
            % {"count": count, "most": MOST}
        )
    with as_system("sealing"):
        seal(now=now)
    written = write(
        target, selection=Selection(entries=entries, whole=not selection, said=selection), now=now
    )
    record(
        actor=actor,
        now=now,
        verb="trail exported",
        subject=AuditCheckpoint.objects.latest("size"),
        after={"entries": written, "selection": dict(selection)},
    )
    return written


def write(target: IO[bytes], *, selection: Selection, now: datetime) -> int:
    """Write the zip; give the number of entries. Those not sealed yet are left out."""
    checkpoint = AuditCheckpoint.objects.order_by("-size").first()
    if checkpoint is None:
        raise NothingSealed("Nothing is sealed yet. Seal first (`backdesk audit seal`), or wait a minute.")
    tree = proofs.stored_tree()
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        written = _write_entries(archive, selection, checkpoint, tree)
        manifest = {
            "selection": dict(selection.said),
            "whole": selection.whole,
            "since": selection.said.get("since", ""),
            "withheld": written.withheld if selection.whole else [],
            "entries": written.count,
            "sha256": written.digest.hexdigest(),
            "at": instant(now),
        }
        readme = README.format(entries=written.count, at=instant(now))
        archive.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        archive.writestr("checkpoint.txt", checkpoint.note)
        archive.writestr("public-key.txt", checkpoint.verifier_key + "\n")
        archive.writestr("consistency.jsonl", "".join(_consistency(checkpoint, tree)))
        archive.writestr("README.txt", readme)
        archive.writestr("verify.py", script())
    return written.count


def script() -> str:
    return files("backdesk.platform.audit").joinpath("standalone/verify.py").read_text(encoding="utf-8")


def consistency_line(first: AuditCheckpoint, second: AuditCheckpoint, tree: TiledTree | None = None) -> str:
    """A proof as `verify.py --consistency` reads it."""
    proof = proofs.consistency(first=first, second=second, tree=tree)
    return text_of({"first": first.size, "second": second.size, "proof": [h.hex() for h in proof]}) + "\n"


class _Written:
    """What was written so far, and the gaps in chains that entries of others leave."""

    def __init__(self, *, from_start: bool) -> None:
        self._from_start = from_start
        self.count = 0
        self.digest = hashlib.sha256()
        self.withheld: list[dict[str, Any]] = []
        self._ends: dict[tuple[str, str], int] = {}

    def add(self, entry: AuditEntry, line: bytes) -> None:
        self.count += 1
        self.digest.update(line)
        subject = entry.subject_kind, entry.subject_id
        before = self._ends.get(subject, 0 if self._from_start else entry.sequence - 1)
        self.withheld += [
            {"kind": subject[0], "subject": subject[1], "sequence": one}
            for one in range(before + 1, entry.sequence)
        ]
        self._ends[subject] = entry.sequence


def _write_entries(
    archive: zipfile.ZipFile, selection: Selection, checkpoint: AuditCheckpoint, tree: TiledTree
) -> _Written:
    written = _Written(from_start="since" not in selection.said)
    with archive.open("entries.jsonl", "w", force_zip64=True) as file:
        for entry, index in _with_leaves(selection.entries, size=checkpoint.size):
            proof = merkle.inclusion_proof(index=index, size=checkpoint.size, subtree=tree.subtree)
            line = (text_of(_line(entry, index, proof)) + "\n").encode()
            file.write(line)
            written.add(entry, line)
    return written


def _with_leaves(entries: QuerySet[AuditEntry], *, size: int) -> Iterator[tuple[AuditEntry, int]]:
    """In the order of writing, which is that of every chain."""
    for chunk in _chunks(entries.select_related("disclosed").order_by("id").iterator(chunk_size=_AT_ONCE)):
        sealed = AuditLeaf.objects.filter(entry_id__in=[entry.pk for entry in chunk], index__lt=size)
        places = dict(sealed.values_list("entry_id", "index"))
        yield from ((entry, places[entry.pk]) for entry in chunk if entry.pk in places)


def _chunks(entries: Iterable[AuditEntry]) -> Iterator[list[AuditEntry]]:
    iterator = iter(entries)
    while chunk := list(islice(iterator, _AT_ONCE)):
        yield chunk


def _line(entry: AuditEntry, index: int, proof: Sequence[bytes]) -> dict[str, Any]:
    return {
        "entry": entry.pk,
        "index": index,
        "sequence": entry.sequence,
        "previous": bytes(entry.previous).hex(),
        "content": json.loads(content_of(entry)),
        "values": {side: entry.values_of(side) for side in SIDES},
        "proof": [step.hex() for step in proof],
    }


def _consistency(checkpoint: AuditCheckpoint, tree: TiledTree) -> Iterator[str]:
    """From the last checkpoint of each day, which is the one sent by mail, and from recent ones."""
    earlier = AuditCheckpoint.objects.filter(size__lt=checkpoint.size)
    daily = earlier.order_by("at__date", "-size").distinct("at__date")
    chosen = {one.pk: one for one in (*daily, *earlier.order_by("-size")[:_RECENT])}
    for one in sorted(chosen.values(), key=lambda one: one.size):
        yield consistency_line(one, checkpoint, tree)
