"""Proofs from the stored tree: that an entry is sealed, and that one checkpoint is the beginning of another."""

from __future__ import annotations

from dataclasses import dataclass

from backdesk.platform.audit import merkle
from backdesk.platform.audit.merkle import TILE, Proof, TiledTree
from backdesk.platform.models import AuditCheckpoint, AuditLeaf, AuditNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Where an entry is sealed, and the hashes from there to the checkpoint's root."""

    index: int
    checkpoint: AuditCheckpoint
    proof: Proof


def stored_tree() -> TiledTree:
    return TiledTree(_tile)


def inclusion(*, index: int, checkpoint: AuditCheckpoint, tree: TiledTree | None = None) -> Sealed:
    proof = merkle.inclusion_proof(index=index, size=checkpoint.size, subtree=(tree or stored_tree()).subtree)
    return Sealed(index=index, checkpoint=checkpoint, proof=proof)


def consistency(*, first: AuditCheckpoint, second: AuditCheckpoint, tree: TiledTree | None = None) -> Proof:
    return merkle.consistency_proof(
        first=first.size, second=second.size, subtree=(tree or stored_tree()).subtree
    )


def _tile(level: int, number: int) -> list[bytes]:
    place = {"index__gte": number * TILE, "index__lt": (number + 1) * TILE}
    rows = AuditNode.objects.filter(level=level, **place) if level else AuditLeaf.objects.filter(**place)
    return [bytes(hash_) for hash_ in rows.order_by("index").values_list("hash", flat=True)]
