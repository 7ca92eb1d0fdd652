#!/usr/bin/env python3
"""Proves an export of Backdesk's audit trail. Needs Python 3.9 or newer and nothing else; talks to nobody.

    python verify.py EXPORT [--public-key KEY] [--checkpoint FILE] [--consistency FILE]

EXPORT       the export: its zip, or the folder it was unpacked to (default: the folder of this script)
--public-key the key to trust, as text or file. Give the one you were handed when you began: whoever can forge an
             export can also put another key into it
--checkpoint a checkpoint you kept (may be given several times): proves that the trail goes on from it
--consistency a consistency proof, where the export does not hold the one for your checkpoint

What is proven: each entry is, byte by byte, in the tree that the signed checkpoint is of; its values are those that
were recorded; the entries of each object follow one another without a gap. Ends with 0 if all holds, else with 1.
The format is described in docs/audit.md of Backdesk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import IO, Any

Point = tuple[int, int, int, int]
Key = tuple[str, bytes, bytes]
Tree = tuple[int, bytes]


class Broken(Exception):
    """Something does not hold; the text says where and what."""


# -- The Merkle tree of RFC 6962 -----------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root_above(leaf: bytes, index: int, size: int, steps: list[bytes]) -> bytes:
    if size == 1:
        return leaf
    if not steps:
        raise Broken("its proof is too short")
    middle, step = split(size), steps.pop()
    if index < middle:
        return node_hash(root_above(leaf, index, middle, steps), step)
    return node_hash(step, root_above(leaf, index - middle, size - middle, steps))


def roots_of_both(
    known: bytes, first: int, second: int, steps: list[bytes], whole: bool = True
) -> tuple[bytes, bytes]:
    """The root over the first leaves, and over all."""
    if first == second:
        same = known if whole else steps.pop()
        return same, same
    if not steps:
        raise Broken("the consistency proof is too short")
    middle, step = split(second), steps.pop()
    if first <= middle:
        old, new = roots_of_both(known, first, middle, steps, whole)
        return old, node_hash(new, step)
    old, new = roots_of_both(known, first - middle, second - middle, steps, False)
    return node_hash(step, old), node_hash(step, new)


# -- Ed25519 (RFC 8032), verification only -------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def x_of(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def point_of(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = x_of(_BASE_Y, 0) or 0
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    one, other = times(scalar, BASE), add(commitment, times(challenge, key))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


# -- Checkpoints (C2SP signed notes) -------------------------------------------------------------------------


def read_key(text: str) -> Key:
    """Name, id and public key from name+id+key."""
    name, _, rest = text.strip().partition("+")
    key_id, _, key = rest.partition("+")
    data = b64decode(key)
    if len(data) != 33 or data[0] != 1:
        raise Broken("the public key is not an Ed25519 key written as name+id+key")
    if hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() != key_id:
        raise Broken("the public key's id is not that of the key")
    return name, bytes.fromhex(key_id), data[1:]


def read_checkpoint(note: str, key: Key, what: str) -> Tree:
    """Size and root, once the signature holds."""
    name, key_id, public = key
    text, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[:2] == ["\u2014", name]:
            signed = b64decode(parts[2])
            if signed[:4] == key_id and is_signed(public, (text + "\n").encode(), signed[4:]):
                _origin, size, root = text.splitlines()[:3]
                return int(size), b64decode(root)
    raise Broken(f"{what} is not signed by {name}")


# -- Entries -------------------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_values(line: dict[str, Any]) -> int:
    """How many values were erased; those that are there must be the recorded ones."""
    erased = 0
    for side in ("before", "after"):
        digests, values = line["content"]["digests"][side] or {}, line["values"][side] or {}
        for name in values:
            if name not in digests:
                raise Broken(f"the value {name} ({side}) was never recorded")
        for name, digest in digests.items():
            if name not in values:
                erased += 1
                continue
            salt, text = values[name]
            if hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest() != digest:
                raise Broken(f"the value {name} ({side}) is not the recorded one")
    return erased


def check_entry(line: dict[str, Any], size: int, root: bytes) -> tuple[bytes, int]:
    """The entry's hash, once its values and its place in the tree are proven; and how many values were erased."""
    previous, sequence = bytes.fromhex(line["previous"]), line["sequence"]
    if len(previous) != 32 or not 0 <= line["index"] < size:
        raise Broken("its place is none of the tree's")
    found = leaf_hash(previous + sequence.to_bytes(8, "big") + canonical(line["content"]))
    steps = [bytes.fromhex(step) for step in line["proof"]]
    if root_above(found, line["index"], size, steps) != root or steps:
        raise Broken("it is not what was sealed: something of it was changed")
    return found, check_values(line)


class Chains:
    """The ends of all chains seen so far: entries come in the order they were written."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.ends: dict[tuple[str, str], tuple[int, bytes]] = {}
        self.whole, self.from_start = manifest["whole"], not manifest["since"]
        self.withheld = {(one["kind"], one["subject"], one["sequence"]) for one in manifest["withheld"]}
        self.left_out = 0

    def add(self, line: dict[str, Any], hash_: bytes) -> None:
        subject = line["content"]["kind"], line["content"]["subject"]
        sequence, (last, end) = line["sequence"], self.ends.get(subject, (0, bytes(32)))
        known = subject in self.ends
        if sequence <= last:
            raise Broken(f"it comes after sequence {last} of its object: out of order, or twice")
        if sequence == last + 1 and bytes.fromhex(line["previous"]) != end:
            raise Broken("it does not go on from the entry before it")
        missing = [one for one in range(last + 1, sequence) if (*subject, one) not in self.withheld]
        if missing and self.whole and (known or self.from_start):
            raise Broken(f"before it the entry of sequence {missing[0]} is missing")
        self.left_out += len(missing)
        self.ends[subject] = sequence, hash_


# -- The export ----------------------------------------------------------------------------------------------


class Export:
    """Files of a zip or of a folder."""

    def __init__(self, place: Path) -> None:
        self.folder = place
        self.zip = None if place.is_dir() else zipfile.ZipFile(place)

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self.folder / name).open("rb") if self.zip is None else self.zip.open(name)
        except (KeyError, OSError):
            raise Broken(f"{name} is missing") from None

    def text(self, name: str) -> str:
        with self.open(name) as file:
            return file.read().decode()


def check_entries(export: Export, manifest: dict[str, Any], own: Tree) -> tuple[Chains, int, int]:
    chains, count, erased, digest = Chains(manifest), 0, 0, hashlib.sha256()
    with export.open("entries.jsonl") as lines:
        for number, raw in enumerate(lines, start=1):
            digest.update(raw)
            where = f"line {number}"
            try:
                line = json.loads(raw)
                content = line["content"]
                where = f"entry {line['entry']} ({content['kind']} {content['subject']}, sequence {line['sequence']})"
                hash_, gone = check_entry(line, *own)
                chains.add(line, hash_)
            except Broken as error:
                raise Broken(f"{where}: {error}") from None
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
                raise Broken(f"{where}: it is not as an entry is written") from None
            count, erased = count + 1, erased + gone
    if count != manifest["entries"] or digest.hexdigest() != manifest["sha256"]:
        raise Broken(f"entries.jsonl is not whole: {count} of {manifest['entries']} entries, or others")
    return chains, count, erased


def check_consistency(export: Export, own: Tree, kept: Tree, what: str, given: list[str]) -> None:
    """That the tree of `own` begins with the one of a kept checkpoint."""
    (size, root), (old_size, old_root) = own, kept
    if old_size > size:
        raise Broken(f"{what} is of {old_size} entries, the export's checkpoint of {size} only")
    texts = [*given, *export.text("consistency.jsonl").splitlines()]
    proofs = {one["first"]: one["proof"] for one in map(json.loads, texts) if one["second"] == size}
    if old_size == size:
        proofs[size] = []
    if old_size not in proofs:
        raise Broken(f"there is no proof for {what} ({old_size} entries): ask for the one to {size} entries")
    steps = [bytes.fromhex(step) for step in proofs[old_size]]
    if roots_of_both(old_root, old_size, size, steps) != (old_root, root) or steps:
        raise Broken(f"{what} is not consistent: what it sealed was changed since")


def verify(options: argparse.Namespace) -> None:
    export = Export(options.export)
    manifest = json.loads(export.text("manifest.json"))
    key = read_key(options.public_key or export.text("public-key.txt"))
    size, root = read_checkpoint(export.text("checkpoint.txt"), key, "the export's checkpoint")
    chains, count, erased = check_entries(export, manifest, (size, root))
    given = [text for path in options.consistency for text in path.read_text().splitlines()]
    for path in options.checkpoint:
        kept = read_checkpoint(path.read_text(encoding="utf-8"), key, path.name)
        check_consistency(export, (size, root), kept, path.name, given)
    say(f"All holds: {count} entries on {len(chains.ends)} objects, sealed among {size}.")
    say(f"Signed by {key[0]}, key {key[1].hex()}{'' if options.public_key else ' (from the export itself)'}.")
    if options.checkpoint:
        say(f"Consistent with {len(options.checkpoint)} checkpoints kept outside.")
    if erased:
        say(f"{erased} values were erased; their digests are as recorded.")
    if chains.withheld:
        say(f"{len(chains.withheld)} entries on the same objects belong to others and are not in the export.")
    if chains.left_out:
        say(f"{chains.left_out} entries on the same objects are outside of what was asked for.")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def key_text(given: str) -> str:
    path = Path(given)
    return path.read_text(encoding="utf-8") if len(given) < 250 and path.is_file() else given


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("export", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--public-key", type=key_text)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--consistency", type=Path, action="append", default=[])
    try:
        verify(parser.parse_args())
    except Broken as error:
        sys.exit(f"BROKEN: {error}.")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        sys.exit(f"BROKEN: the export cannot be read: {error!r}.")


if __name__ == "__main__":
    main()
