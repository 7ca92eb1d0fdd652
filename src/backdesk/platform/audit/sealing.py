"""Sealing: what was written since is added to the tree, and a signed checkpoint says so. Done every minute by a job."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from backdesk.platform.audit.keys import sealing_key
from backdesk.platform.audit.merkle import Edge, Node
from backdesk.platform.audit.notes import Checkpoint
from backdesk.platform.models import AuditCheckpoint, AuditNode

_AT_ONCE = 50_000


class TreeOutOfStep(Exception):
    """The leaves do not go on where the last checkpoint ended."""


def seal(*, now: datetime) -> AuditCheckpoint | None:
    """Seal all that waits, in the scope of the house; the last checkpoint made, or None where nothing waited."""
    last = None
    while (made := _seal_some(now)) is not None:
        last = made
    return last


@transaction.atomic
def _seal_some(now: datetime) -> AuditCheckpoint | None:
    """One checkpoint. Whoever else seals waits meanwhile: the database numbers the leaves under a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT index, hash FROM platform_audit_seal(%s)", [_AT_ONCE])
        leaves = cursor.fetchall()
    if not leaves:
        return None
    edge = _edge()
    if leaves[0][0] != edge.size:
        raise TreeOutOfStep(
            f"The next leaf would be {leaves[0][0]}, but the last checkpoint is of {edge.size} entries. "
            "Nothing was sealed. `backdesk audit verify` says what is wrong."
        )
    nodes = [node for _, leaf in leaves for node in edge.append(bytes(leaf))]
    _keep(nodes)
    return _sign(edge, now=now)


def _edge() -> Edge:
    last = AuditCheckpoint.objects.order_by("-size").first()
    return Edge.from_bytes(last.size, bytes(last.peaks)) if last else Edge()


def _keep(nodes: list[Node]) -> None:
    AuditNode.objects.bulk_create(
        (AuditNode(level=node.level, index=node.index, hash=node.hash) for node in nodes), batch_size=1000
    )


def _sign(edge: Edge, *, now: datetime) -> AuditCheckpoint:
    key = sealing_key()
    checkpoint = Checkpoint(origin=key.name, size=edge.size, root=edge.root)
    return AuditCheckpoint.objects.create(
        size=edge.size,
        root=edge.root,
        peaks=edge.to_bytes(),
        note=key.sign(checkpoint),
        verifier_key=str(key.verifier),
        at=now,
    )
