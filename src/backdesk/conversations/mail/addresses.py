"""The address an answer is sent to: it names thread, person and company, and is signed.

The part before the @ is at most 64 characters and some mail systems write it in lower case, so: numbers in base 36 and
a signature of 100 bits in base 32.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

_SALT: Final = "backdesk.conversations.replies"
_SIGNATURE: Final = 20
_ADDRESS: Final = re.compile(
    rf"(reply|note)\+([0-9a-z]{{1,13}})-([0-9a-z]{{1,13}})-([0-9a-z]{{1,13}})-([a-z2-7]{{{_SIGNATURE}}})@([^\s@<>]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who may answer by an address, where, and on whose behalf; to an internal note only by another."""

    thread_id: int
    person_id: int
    organisation_id: int
    is_internal: bool = False

    @property
    def named(self) -> str:
        numbers = map(int_to_base36, (self.thread_id, self.person_id, self.organisation_id))
        return f"{'note' if self.is_internal else 'reply'}+{'-'.join(numbers)}"


def address_for(asked: Asked) -> str:
    """Empty where no domain takes answers (BACKDESK_REPLY_DOMAIN)."""
    domain: str = settings.BACKDESK_REPLY_DOMAIN
    return f"{asked.named}-{_signature(asked)}@{domain}" if domain else ""


def read_address(address: str) -> Asked | None:
    """None for one that is not ours, or was not signed by us."""
    found = _ADDRESS.fullmatch(address.strip().lower())
    if found is None or found[6] != settings.BACKDESK_REPLY_DOMAIN.lower():
        return None
    thread_id, person_id, organisation_id = (base36_to_int(found[place]) for place in (2, 3, 4))
    asked = Asked(
        thread_id=thread_id,
        person_id=person_id,
        organisation_id=organisation_id,
        is_internal=found[1] == "note",
    )
    return asked if constant_time_compare(found[5], _signature(asked)) else None


def _signature(asked: Asked) -> str:
    digest = salted_hmac(_SALT, asked.named, algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:_SIGNATURE]
