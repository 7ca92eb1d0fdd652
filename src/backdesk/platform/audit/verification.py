"""Proves the whole trail from its rows: every value, every chain, the tree, every checkpoint, also those kept outside.

It reads all entries once in the order of their chains and all leaves once in the order of the tree, and keeps of
them no more than the end of each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from backdesk.platform.audit import canonical, notes
from backdesk.platform.audit.erasing import ERASED
from backdesk.platform.audit.merkle import Edge
from backdesk.platform.audit.notes import NoteUnreadable, NotSigned, VerifierKey
from backdesk.platform.models import AuditCheckpoint, AuditNode

_KEPT = 100
_AT_ONCE = 5000
_COLUMNS = ("organisation", "person", "interface", "request", "at", "verb", "nonce")
# As text where the content has text: nothing is read into dates and back a million times.
_ENTRIES = """
    SELECT entry.subject_kind, entry.subject_id, entry.sequence, entry.id, entry.previous, entry.hash,
           entry.organisation_id, entry.person_id, entry.interface, entry.request_id,
           to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.verb,
           encode(entry.nonce, 'hex'), entry.digests::text, disclosed.fields::text
    FROM platform_auditentry AS entry LEFT JOIN platform_auditvalues AS disclosed ON disclosed.entry_id = entry.id
    ORDER BY entry.subject_kind, entry.subject_id, entry.sequence
"""
_ENDS = """
    SELECT chain.subject_kind, chain.subject_id, chain.sequence
    FROM platform_auditchain AS chain
    LEFT JOIN platform_auditentry AS entry USING (subject_kind, subject_id, sequence)
    WHERE entry.hash IS DISTINCT FROM chain.hash
    ORDER BY 1, 2 LIMIT 100
"""
_LEAVES = """
    SELECT leaf.index, leaf.entry_id, leaf.hash, entry.hash, entry.subject_kind, entry.subject_id, entry.sequence
    FROM platform_auditleaf AS leaf LEFT JOIN platform_auditentry AS entry ON entry.id = leaf.entry_id
    WHERE leaf.index < %s ORDER BY leaf.index
"""
_SIZES = """
    SELECT coalesce((SELECT max(size) FROM platform_auditcheckpoint), 0),
           coalesce((SELECT max(index) + 1 FROM platform_auditleaf), 0)
"""
_NEITHER_SEALED_NOR_WAITING = """
    SELECT entry.subject_kind, entry.subject_id, entry.sequence, entry.id
    FROM platform_auditentry AS entry
    LEFT JOIN platform_auditleaf AS leaf ON leaf.entry_id = entry.id
    LEFT JOIN platform_auditpending AS pending ON pending.entry_id = entry.id
    WHERE leaf.entry_id IS NULL AND pending.entry_id IS NULL
    ORDER BY entry.id LIMIT 100
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What does not hold, and where. `entry` is the entry's id, where there is one."""

    what: str
    kind: str = ""
    subject: str = ""
    sequence: int | None = None
    entry: int | None = None

    def __str__(self) -> str:
        where = [f"{self.kind} {self.subject}"] if self.kind else []
        where += [f"sequence {self.sequence}"] if self.sequence is not None else []
        where += [f"entry {self.entry}"] if self.entry is not None else []
        return f"{', '.join(where)}: {self.what}" if where else self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A checkpoint somebody kept; `name` says which, for the answer."""

    name: str
    note: str


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was proven, and what does not hold: the first of it, in the order of writing."""

    entries: int = 0
    chains: int = 0
    erased: int = 0
    leaves: int = 0
    checkpoints: int = 0
    outside: int = 0
    broken_count: int = 0
    _broken: list[Broken] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.broken_count == 0

    @property
    def broken(self) -> list[Broken]:
        return sorted(self._broken, key=lambda one: (one.entry is None, one.entry or 0))

    def add(self, broken: Iterable[Broken]) -> None:
        for one in broken:
            self.broken_count += 1
            if len(self._broken) < _KEPT:
                self._broken.append(one)


def verify(*, outside: Sequence[Outside] = (), keys: Sequence[VerifierKey] = ()) -> Verification:
    """In the scope of the house. `keys`: the keys to trust; without any, those our own checkpoints name."""
    found = Verification()
    with transaction.atomic():
        found.add(_chains(found))
        found.add(_ends())
        found.add(_unsealed())
        found.add(_tree(found, outside=outside, keys=tuple(keys)))
    return found


# -- Chains --------------------------------------------------------------------------------------------------


def _chains(found: Verification) -> Iterator[Broken]:
    for (kind, subject), chain in groupby(_streamed(_ENTRIES), key=itemgetter(0, 1)):
        found.chains += 1
        yield from _chain(found, chain, kind=kind, subject=subject)


def _chain(
    found: Verification, rows: Iterable[tuple[Any, ...]], *, kind: str, subject: str
) -> Iterator[Broken]:
    before, end, missing = 0, canonical.START_OF_CHAIN, None
    for _, _, sequence, entry, previous, hash_, *columns, digests_text, fields_text in rows:
        found.entries += 1
        digests, fields = json.loads(digests_text), json.loads(fields_text or "{}")
        here = {"kind": kind, "subject": subject, "sequence": sequence, "entry": entry}
        if sequence != before + 1:
            yield Broken(what=f"{sequence - before - 1} entries before it are missing", **here)
        elif previous != end:
            yield Broken(what="the chain is broken: it does not go on from the entry before it", **here)
        said = dict(zip(_COLUMNS, columns, strict=True))
        content = canonical.content(**said, kind=kind, subject=subject, digests=digests)
        if canonical.entry_hash(previous=previous, sequence=sequence, content=content) != hash_:
            yield Broken(what="its content was changed: the hash is of another", **here)
        changed, gone = _compared(digests, fields)
        for name in changed:
            yield Broken(what=f"the value of {name} was changed: its digest is of another", **here)
        missing = None if said["verb"] == ERASED else missing or (here if gone else None)
        found.erased += gone
        before, end = sequence, hash_
    if missing:
        yield Broken(what="values are gone, and no entry says that they were erased", **missing)


def _compared(digests: Any, fields: Any) -> tuple[list[str], int]:
    """The fields whose value is not that of the digest, and how many have none any more."""
    changed, gone = [], 0
    for side in canonical.SIDES:
        values, wanted = (fields or {}).get(side) or {}, (digests or {}).get(side) or {}
        for name, digest in wanted.items():
            if name not in values:
                gone += 1
            elif canonical.digest_of(*values[name]) != digest:
                changed.append(f"{name} ({side})")
        changed += [f"{name} ({side})" for name in values if name not in wanted]
    return changed, gone


def _ends() -> Iterator[Broken]:
    for kind, subject, sequence in _rows(_ENDS):
        yield Broken(
            what="the last entry of the chain is missing, or is another",
            kind=kind,
            subject=subject,
            sequence=sequence,
        )


def _unsealed() -> Iterator[Broken]:
    for kind, subject, sequence, entry in _rows(_NEITHER_SEALED_NOR_WAITING):
        what = "it is neither sealed nor waiting to be"
        yield Broken(what=what, kind=kind, subject=subject, sequence=sequence, entry=entry)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


# -- Tree and checkpoints ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What somebody says of the tree at a size."""

    size: int
    root: bytes
    said_by: str


def _tree(
    found: Verification, *, outside: Sequence[Outside], keys: tuple[VerifierKey, ...]
) -> Iterator[Broken]:
    """Build the tree anew, leaf by leaf, and hold every claim against it at its size."""
    own = list(AuditCheckpoint.objects.order_by("size"))
    claims, unreadable = _claims(own, outside=outside, keys=keys or _keys_of(own))
    yield from unreadable
    found.checkpoints, found.outside = len(own), len(outside)
    claims.sort(key=lambda claim: claim.size)
    edge = Edge()
    yield from _grow(edge, claims, until=own[-1].size if own else 0)
    found.leaves = edge.size
    yield from _claims_beyond(claims, edge)
    yield from _sizes()


def _sizes() -> Iterator[Broken]:
    """Asked in one statement: meanwhile more may have been sealed."""
    ((said, there),) = _rows(_SIZES)
    if said != there:
        yield Broken(what=f"The last checkpoint is of {said} entries, but the tree has {there}.")


def _grow(edge: Edge, claims: list[_Claim], *, until: int) -> Iterator[Broken]:
    waiting, stored = list(reversed(claims)), _stored_nodes()
    for index, entry, hash_, written, *place in _streamed(_LEAVES, until):
        if index != edge.size:
            yield Broken(what=f"Leaves {edge.size} to {index - 1} of the tree are missing.")
            edge.size = index
        if written is None:
            yield Broken(what=f"the entry sealed as leaf {index} is missing", entry=entry)
        elif bytes(written) != bytes(hash_):
            where = dict(zip(("kind", "subject", "sequence"), place, strict=True))
            yield Broken(what=f"it is not what was sealed as leaf {index}", entry=entry, **where)
        for node in edge.append(bytes(hash_)):
            if stored.get((node.level, node.index)) != node.hash:
                yield Broken(what=f"The stored node {node.index} of level {node.level} is wrong.")
        while waiting and waiting[-1].size <= edge.size:
            yield from _held_against(waiting.pop(), edge)


def _held_against(claim: _Claim, edge: Edge) -> Iterator[Broken]:
    if claim.size == edge.size and claim.root != edge.root:
        yield Broken(
            what=f"{claim.said_by} is not consistent with the trail: "
            f"among the first {claim.size} entries something was changed since it was signed."
        )


def _claims_beyond(claims: list[_Claim], edge: Edge) -> Iterator[Broken]:
    for claim in claims:
        if claim.size > edge.size:
            yield Broken(
                what=f"{claim.said_by} sealed {claim.size} entries, but there are {edge.size}: the rest is missing."
            )


def _streamed(sql: str, *values: int) -> Iterator[tuple[Any, ...]]:
    """In one pass by a cursor of the server's."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _stored_nodes() -> dict[tuple[int, int], bytes]:
    rows = AuditNode.objects.values_list("level", "index", "hash")
    return {(level, index): bytes(hash_) for level, index, hash_ in rows.iterator(chunk_size=_AT_ONCE)}


def _keys_of(checkpoints: list[AuditCheckpoint]) -> tuple[VerifierKey, ...]:
    return tuple(VerifierKey.parse(text) for text in {one.verifier_key for one in checkpoints})


def _claims(
    own: list[AuditCheckpoint], *, outside: Sequence[Outside], keys: tuple[VerifierKey, ...]
) -> tuple[list[_Claim], list[Broken]]:
    claims, broken = [], []
    named = [(f"Checkpoint {one.pk}", one.note, one) for one in own]
    for name, note, row in [*named, *((f"The checkpoint {one.name}", one.note, None) for one in outside)]:
        try:
            read = notes.read(note, keys=keys)
        except (NotSigned, NoteUnreadable) as error:
            broken.append(Broken(what=f"{name} does not hold: {error}"))
            continue
        if row and (row.size, bytes(row.root)) != (read.size, read.root):
            broken.append(Broken(what=f"{name} is kept with another size or root than it signs."))
        claims.append(_Claim(size=read.size, root=read.root, said_by=name))
    return claims, broken
