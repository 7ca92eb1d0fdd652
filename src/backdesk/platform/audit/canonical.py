"""The bytes that are hashed. Whoever changes them makes a new version: sealed entries keep theirs for ever.

An entry's *content* is canonical JSON of its columns. Its *hash* is

    SHA-256(0x00 || previous hash || sequence, 8 bytes big endian || content)

which is at once the link of its object's chain and its leaf in the Merkle tree of RFC 6962.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from backdesk.platform.audit import merkle

VERSION = 1
START_OF_CHAIN = bytes(32)
SIDES = ("before", "after")
_SALT_BYTES = 16
_ENCODER = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

Values = Mapping[str, Any] | None
Fields = dict[str, dict[str, tuple[str, str]] | None]
Digests = dict[str, dict[str, str] | None]


def text_of(value: Any) -> str:
    """Canonical JSON: keys sorted, no blanks, nothing escaped that need not be; dates and decimals as text."""
    return _ENCODER.encode(value)


def salted(before: Values, after: Values) -> Fields:
    """Each value as its text, with a salt of its own: erasing one leaves nothing from which to guess it."""
    return {"before": _salted(before), "after": _salted(after)}


def digests_of(fields: Fields) -> Digests:
    return {side: None if (values := fields[side]) is None else _digests(values.items()) for side in SIDES}


def digest_of(salt: str, text: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def content_of(
    *,
    organisation_id: int | None,
    person_id: int | None,
    interface: str,
    request_id: str,
    at: datetime,
    verb: str,
    subject_kind: str,
    subject_id: str,
    digests: Digests,
    nonce: bytes,
) -> bytes:
    return content(
        organisation=organisation_id,
        person=person_id,
        interface=interface,
        request=request_id,
        at=instant(at),
        verb=verb,
        kind=subject_kind,
        subject=subject_id,
        digests=digests,
        nonce=nonce.hex(),
    )


def content(**columns: object) -> bytes:
    """Of columns as they stand in it. The nonce keeps others from guessing an entry by its hash, which proofs show."""
    return text_of({"v": VERSION, **columns}).encode()


def instant(at: datetime) -> str:
    return _of_utc(at.astimezone(UTC))


@lru_cache(maxsize=64)
def _of_utc(at: datetime) -> str:
    """Kept, since all that a verb writes has mostly one time. (Never of a local time: the two of an hour that comes
    twice are equal.)"""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(*, previous: bytes, sequence: int, content: bytes) -> bytes:
    return merkle.leaf_hash(previous + sequence.to_bytes(8, "big") + content)


def _salted(values: Values) -> dict[str, tuple[str, str]] | None:
    if values is None:
        return None
    return {name: (secrets.token_hex(_SALT_BYTES), text_of(value)) for name, value in values.items()}


def _digests(fields: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, str]:
    return {name: digest_of(salt, text) for name, (salt, text) in fields}
