"""Proofs from the stored tree: that an entry is sealed, and that one checkpoint is the beginning of another."""

from __future__ import annotations

from dataclasses import dataclass

from backdesk.platform.audit import canonical, merkle
from backdesk.platform.audit.merkle import TILE, Proof, ProofBroken, TiledTree
from backdesk.platform.audit.recording import content_of
from backdesk.platform.models import AuditCheckpoint, AuditEntry, AuditLeaf, AuditNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Where an entry is sealed, and the hashes from there to the checkpoint's root."""

    index: int
    checkpoint: AuditCheckpoint
    proof: Proof


def stored_tree() -> TiledTree:
    return TiledTree(_tile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a single entry proves of itself; the first checkpoint that seals it, where it is sealed yet."""

    is_as_written: bool
    values_hold: bool
    sealed: Sealed | None
    is_in_tree: bool

    @property
    def holds(self) -> bool:
        return self.is_as_written and self.values_hold and (self.sealed is None or self.is_in_tree)


def prove(entry: AuditEntry) -> Proven:
    """Anew from its rows, as the verification of the whole trail does with each."""
    hash_ = canonical.entry_hash(
        previous=bytes(entry.previous), sequence=entry.sequence, content=content_of(entry)
    )
    sealed = _sealed(entry)
    return Proven(
        is_as_written=hash_ == bytes(entry.hash),
        values_hold=all(
            canonical.digest_of(*salted) == (entry.digests[side] or {}).get(name)
            for side in canonical.SIDES
            for name, salted in entry.values_of(side).items()
        ),
        sealed=sealed,
        is_in_tree=sealed is not None and _leads_to_root(hash_, sealed),
    )


def _sealed(entry: AuditEntry) -> Sealed | None:
    leaf = AuditLeaf.objects.filter(entry_id=entry.pk).first()
    if leaf is None:
        return None
    checkpoint = AuditCheckpoint.objects.filter(size__gt=leaf.index).order_by("size").first()
    if checkpoint is None:
        return None
    proof = merkle.inclusion_proof(index=leaf.index, size=checkpoint.size, subtree=stored_tree().subtree)
    return Sealed(index=leaf.index, checkpoint=checkpoint, proof=proof)


def _leads_to_root(leaf: bytes, sealed: Sealed) -> bool:
    size, root = sealed.checkpoint.size, bytes(sealed.checkpoint.root)
    try:
        merkle.check_inclusion(leaf=leaf, index=sealed.index, size=size, proof=sealed.proof, root=root)
    except ProofBroken:
        return False
    return True


def consistency(*, first: AuditCheckpoint, second: AuditCheckpoint, tree: TiledTree | None = None) -> Proof:
    return merkle.consistency_proof(
        first=first.size, second=second.size, subtree=(tree or stored_tree()).subtree
    )


def _tile(level: int, number: int) -> list[bytes]:
    place = {"index__gte": number * TILE, "index__lt": (number + 1) * TILE}
    rows = AuditNode.objects.filter(level=level, **place) if level else AuditLeaf.objects.filter(**place)
    return [bytes(hash_) for hash_ in rows.order_by("index").values_list("hash", flat=True)]
