"""The Merkle tree of RFC 6962, section 2.1: hashes, the growing right edge, proofs and their checks. Pure.

A proof takes its hashes from `subtree(start, end)`, the hash over the leaves from `start` up to `end`;
`TiledTree` gives it from stored nodes. A check goes the way the proof was made and compares where it ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

EMPTY_ROOT = hashlib.sha256(b"").digest()
#: Inner nodes are kept at every such level: the roots of complete tiles of 256 nodes below them.
TILE_HEIGHT = 8
TILE = 1 << TILE_HEIGHT
_REMEMBERED = 10_000

Subtree = Callable[[int, int], bytes]
Proof = tuple[bytes, ...]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class ProofBroken(ValueError):
    """The proof does not lead to the root it should."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    level: int
    index: int
    hash: bytes


@dataclass(slots=True, kw_only=True)
class Edge:
    """The complete subtrees at the right edge, the largest first: all that is needed for the tree to grow."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def from_bytes(cls, size: int, peaks: bytes) -> Edge:
        return cls(size=size, peaks=[peaks[at : at + 32] for at in range(0, len(peaks), 32)])

    def to_bytes(self) -> bytes:
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf; give the tile roots this completes."""
        level, hash_, completed = 0, leaf, []
        while self.size >> level & 1:
            hash_ = node_hash(self.peaks.pop(), hash_)
            level += 1
            if level % TILE_HEIGHT == 0:
                completed.append(Node(level, self.size >> level, hash_))
        self.peaks.append(hash_)
        self.size += 1
        return completed

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


@dataclass(slots=True)
class TiledTree:
    """Subtrees from stored nodes: `tile(level, number)` gives up to 256 hashes of every eighth level."""

    tile: Callable[[int, int], Sequence[bytes]]
    _tiles: dict[tuple[int, int], Sequence[bytes]] = field(default_factory=dict)
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def subtree(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0 and start % size == 0:
            return self._node(size.bit_length() - 1, start // size)
        middle = start + _split(size)
        return node_hash(self.subtree(start, middle), self.subtree(middle, end))

    def _node(self, level: int, index: int) -> bytes:
        """A complete subtree: stored, or from the two below it. Remembered, for the proofs of entries nearby."""
        if level % TILE_HEIGHT == 0:
            return self._stored(level, index)
        found = self._nodes.get((level, index))
        if found is None:
            found = node_hash(self._node(level - 1, 2 * index), self._node(level - 1, 2 * index + 1))
            _remember(self._nodes, (level, index), found)
        return found

    def _stored(self, level: int, index: int) -> bytes:
        key, place = (level, index // TILE), index % TILE
        hashes = self._tiles.get(key)
        if hashes is None:
            hashes = self.tile(*key)
            _remember(self._tiles, key, hashes)
        if place >= len(hashes):
            raise ProofBroken(f"Node {index} of level {level} is missing.")
        return hashes[place]


def inclusion_proof(*, index: int, size: int, subtree: Subtree) -> Proof:
    """The hashes that lead from leaf `index` to the root over `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} among {size}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(*, first: int, second: int, subtree: Subtree) -> Proof:
    """The hashes that show the first `first` of `second` leaves to be as they were."""
    if not 0 <= first <= second:
        raise ValueError(f"A tree of {first} leaves is no beginning of one of {second}.")
    if first == 0:
        return ()
    start, end, path = 0, second, []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    if start:
        path.append(subtree(start, end))
    return tuple(reversed(path))


def check_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofBroken` unless the leaf stands at `index` in the tree with this root."""
    steps = list(proof)
    if not 0 <= index < size or _above(leaf, index, size, steps) != root or steps:
        raise ProofBroken(f"The proof of leaf {index} does not lead to the root over {size} leaves.")


def check_consistency(
    *, first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofBroken` unless the first tree is the beginning of the second."""
    steps = list(proof)
    if first == 0:
        holds = first_root == EMPTY_ROOT
    else:
        holds = first <= second and _both(first_root, first, second, steps, whole=True) == (
            first_root,
            second_root,
        )
    if not holds or steps:
        raise ProofBroken(f"The tree of {second} entries does not begin with the one of {first}.")


def _above(leaf: bytes, index: int, size: int, steps: list[bytes]) -> bytes:
    """The root the steps lead to; taken from the end, they come in the order of the way down."""
    if size == 1:
        return leaf
    middle, step = _split(size), _next(steps)
    if index < middle:
        return node_hash(_above(leaf, index, middle, steps), step)
    return node_hash(step, _above(leaf, index - middle, size - middle, steps))


def _both(known: bytes, first: int, second: int, steps: list[bytes], *, whole: bool) -> tuple[bytes, bytes]:
    """The roots over the first leaves of this subtree and over all of it. `known` is the old root itself."""
    if first == second:
        same = known if whole else _next(steps)
        return same, same
    middle, step = _split(second), _next(steps)
    if first <= middle:
        old, new = _both(known, first, middle, steps, whole=whole)
        return old, node_hash(new, step)
    old, new = _both(known, first - middle, second - middle, steps, whole=False)
    return node_hash(step, old), node_hash(step, new)


def _next(steps: list[bytes]) -> bytes:
    if not steps:
        raise ProofBroken("The proof is shorter than the way through the tree.")
    return steps.pop()


def _remember(known: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
