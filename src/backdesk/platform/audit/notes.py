"""Checkpoints as signed notes: the C2SP formats `tlog-checkpoint` and `signed-note`, with Ed25519.

Any program that reads checkpoints of transparency logs reads ours. Keys are written as the `note` tools write them:
`PRIVATE+KEY+name+id+key` to sign with, `name+id+key` to verify with.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_ID_BYTES = 4
_PRIVATE = "PRIVATE+KEY+"


class KeyUnreadable(ValueError):
    """Not a key as it is written here."""


class NoteUnreadable(ValueError):
    """Not a checkpoint as it is written here."""


class NotSigned(ValueError):
    """No known key signed this note, or what was signed was another text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a note says: so many entries have this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature names its key."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        name, _, rest = text.strip().partition("+")
        key = cls(name=name, public=_key_bytes(rest.partition("+")[2]))
        if str(key) != text.strip():
            raise KeyUnreadable(f"“{text.strip()[:80]}” is no key to verify with; it looks like name+id+key.")
        return key

    def verify(self, signature: bytes, text: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    name: str
    seed: bytes

    @classmethod
    def make(cls, name: str) -> SigningKey:
        return cls(name=name, seed=Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
        key = cls(name=name, seed=_key_bytes(rest.partition("+")[2]))
        if key.text != text.strip():
            raise KeyUnreadable("This is no key to seal with; it looks like PRIVATE+KEY+name+id+key.")
        return key

    @property
    def text(self) -> str:
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{b64encode(_ED25519 + self.seed).decode()}"

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(name=self.name, public=self._private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        """The note: the text, a blank line, the signature."""
        signature = b64encode(self.verifier.id + self._private.sign(checkpoint.text.encode())).decode()
        return f"{checkpoint.text}\n— {self.name} {signature}\n"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def read(note: str, *, keys: tuple[VerifierKey, ...]) -> Checkpoint:
    """The checkpoint in a note that one of the keys signed."""
    text, blank, signatures = note.partition("\n\n")
    text += "\n"
    if not blank:
        raise NoteUnreadable("A checkpoint has a blank line between its text and its signatures.")
    for line in signatures.splitlines():
        name, signed = _signature(line)
        for key in keys:
            if (key.name, key.id) == (name, signed[:_ID_BYTES]) and key.verify(signed[_ID_BYTES:], text):
                return _parse(text)
    raise NotSigned("The checkpoint is not signed by a key that is known here.")


def _parse(text: str) -> Checkpoint:
    try:
        origin, size, root, *_ = text.splitlines()
        return Checkpoint(origin=origin, size=int(size), root=b64decode(root, validate=True))
    except (ValueError, Base64Error) as error:
        raise NoteUnreadable("A checkpoint is three lines: the origin, the size, the root.") from error


def _signature(line: str) -> tuple[str, bytes]:
    """Name and bytes of a signature line; of another line, what no key has."""
    dash, _, rest = line.partition(" ")
    name, _, text = rest.partition(" ")
    try:
        return (name, b64decode(text, validate=True)) if dash == "—" else ("", b"")
    except (ValueError, Base64Error):
        return "", b""


def _key_bytes(text: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (ValueError, Base64Error):
        found = b""
    if len(found) != 33 or not found.startswith(_ED25519):
        raise KeyUnreadable("A key ends with base64 of 33 bytes, the first of them 1 (Ed25519).")
    return found[1:]
