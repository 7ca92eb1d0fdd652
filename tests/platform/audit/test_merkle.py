"""The Merkle tree against the words of RFC 6962, against the vectors of Certificate Transparency, and for all sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform.audit import merkle
from backdesk.platform.audit.merkle import Edge, ProofBroken, TiledTree
from tests.platform.audit import naive

# The inputs and roots that Certificate Transparency's implementations are tested with.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_PATH_OF_FIRST_IN_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
CT_SIX_TO_EIGHT = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]

sizes = st.integers(1, 700)


@dataclass
class Stored:
    """A tree as it is kept: leaves, the roots of complete tiles, the right edge."""

    data: list[bytes] = field(default_factory=list)
    nodes: dict[int, list[bytes]] = field(default_factory=dict)
    edge: Edge = field(default_factory=Edge)

    def grow(self, data: Sequence[bytes]) -> Stored:
        for one in data:
            self.data.append(one)
            self.nodes.setdefault(0, []).append(merkle.leaf_hash(one))
            for node in self.edge.append(merkle.leaf_hash(one)):
                assert node.index == len(self.nodes.setdefault(node.level, []))
                self.nodes[node.level].append(node.hash)
        return self

    @property
    def tree(self) -> TiledTree:
        return TiledTree(lambda level, number: self.nodes[level][number * 256 : number * 256 + 256])


def leaves(size: int) -> list[bytes]:
    return [b"%d" % number for number in range(size)]


BIG = Stored().grow(leaves(70_000))


def test_roots_are_those_of_certificate_transparency() -> None:
    edge = Edge()
    assert edge.root.hex() == CT_ROOTS[0]
    for leaf, root in zip(CT_LEAVES, CT_ROOTS[1:], strict=True):
        edge.append(merkle.leaf_hash(leaf))
        assert edge.root.hex() == root


def test_proofs_are_those_of_certificate_transparency() -> None:
    tree = Stored().grow(CT_LEAVES).tree
    path = merkle.inclusion_proof(index=0, size=8, subtree=tree.subtree)
    assert [step.hex() for step in path] == CT_PATH_OF_FIRST_IN_EIGHT
    proof = merkle.consistency_proof(first=6, second=8, subtree=tree.subtree)
    assert [step.hex() for step in proof] == CT_SIX_TO_EIGHT


@given(size=st.integers(0, 300))
def test_the_growing_edge_has_the_root_of_the_whole_tree(size: int) -> None:
    edge = Stored().grow(leaves(size)).edge
    assert edge.root == naive.tree_hash(leaves(size))
    assert len(edge.peaks) == size.bit_count()
    assert Edge.from_bytes(size, edge.to_bytes()) == edge


@given(size=sizes, data=st.data())
def test_an_inclusion_proof_is_that_of_the_rfc_and_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index=index, size=size, subtree=BIG.tree.subtree)
    assert list(proof) == naive.path(index, BIG.data[:size])
    leaf, root = merkle.leaf_hash(BIG.data[index]), naive.tree_hash(BIG.data[:size])
    merkle.check_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)


@given(size=sizes, data=st.data())
def test_a_consistency_proof_is_that_of_the_rfc_and_holds(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(first=first, second=size, subtree=BIG.tree.subtree)
    assert list(proof) == naive.proof(first, BIG.data[:size])
    old, new = naive.tree_hash(BIG.data[:first]), naive.tree_hash(BIG.data[:size])
    merkle.check_consistency(first=first, first_root=old, second=size, second_root=new, proof=proof)


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 69_999])
def test_proofs_hold_across_the_levels_of_tiles(index: int) -> None:
    root = BIG.tree.subtree(0, 70_000)
    assert root == BIG.edge.root
    proof = merkle.inclusion_proof(index=index, size=70_000, subtree=BIG.tree.subtree)
    leaf = BIG.nodes[0][index]
    merkle.check_inclusion(leaf=leaf, index=index, size=70_000, proof=proof, root=root)


@given(size=st.integers(2, 200), data=st.data())
def test_an_inclusion_proof_of_anything_else_is_refused(size: int, data: st.DataObject) -> None:
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    root = naive.tree_hash(BIG.data[:size])
    proof = list(merkle.inclusion_proof(index=index, size=size, subtree=BIG.tree.subtree))
    leaf = BIG.nodes[0][index]

    def refused(**changed: object) -> None:
        said = {"leaf": leaf, "index": index, "size": size, "proof": proof, "root": root} | changed
        with pytest.raises(ProofBroken):
            merkle.check_inclusion(**said)  # type: ignore[arg-type]

    refused(leaf=merkle.leaf_hash(b"other"))
    refused(root=merkle.leaf_hash(b"other"))
    refused(proof=proof[:-1])
    refused(proof=[*proof, root])
    refused(index=size)
    refused(index=-1)
    if other != index:
        refused(index=other)
    broken = data.draw(st.integers(0, len(proof) - 1))
    refused(proof=[*proof[:broken], bytes(32), *proof[broken + 1 :]])


@given(size=st.integers(2, 200), data=st.data())
def test_a_consistency_proof_of_a_changed_history_is_refused(size: int, data: st.DataObject) -> None:
    first, changed = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, size - 1))
    forged = Stored().grow([*BIG.data[:changed], b"forged", *BIG.data[changed + 1 : size]])
    old = naive.tree_hash(BIG.data[:first])
    proof = merkle.consistency_proof(first=first, second=size, subtree=forged.tree.subtree)
    said = {"first": first, "first_root": old, "second": size, "second_root": forged.edge.root}
    if changed < first:
        with pytest.raises(ProofBroken):
            merkle.check_consistency(**said, proof=proof)  # type: ignore[arg-type]
    else:
        merkle.check_consistency(**said, proof=proof)  # type: ignore[arg-type]
    for wrong in (proof[:-1], [*proof, old]):
        with pytest.raises(ProofBroken):
            merkle.check_consistency(**said, proof=wrong)  # type: ignore[arg-type]


def test_trees_of_one_size_are_consistent_if_they_are_the_same() -> None:
    one, other = merkle.leaf_hash(b"1"), merkle.leaf_hash(b"2")
    merkle.check_consistency(first=1, first_root=one, second=1, second_root=one, proof=())
    merkle.check_consistency(first=0, first_root=merkle.EMPTY_ROOT, second=1, second_root=one, proof=())
    for first, second, root in ((1, 1, other), (0, 1, other), (2, 1, one)):
        with pytest.raises(ProofBroken):
            merkle.check_consistency(first=first, first_root=one, second=second, second_root=root, proof=())


def test_what_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 5 among 5"):
        merkle.inclusion_proof(index=5, size=5, subtree=BIG.tree.subtree)
    with pytest.raises(ValueError, match="no beginning"):
        merkle.consistency_proof(first=6, second=5, subtree=BIG.tree.subtree)
    assert merkle.consistency_proof(first=0, second=5, subtree=BIG.tree.subtree) == ()


def test_a_node_that_is_missing_is_said_to_be() -> None:
    short = TiledTree(lambda level, number: BIG.nodes[level][:100])
    with pytest.raises(ProofBroken, match="of level 0 is missing"):
        merkle.inclusion_proof(index=120, size=200, subtree=short.subtree)
