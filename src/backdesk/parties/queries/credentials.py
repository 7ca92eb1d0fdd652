"""By what a person signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from backdesk.parties.models import Person

_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """An authenticator app, or one passkey."""

    id: int
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """`codes_left` is None where there are no recovery codes."""

    has_password: bool
    app: Factor | None
    passkeys: tuple[Factor, ...]
    codes_left: int | None
    codes_made_at: datetime | None
    is_linked: bool

    @property
    def has_second_factor(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def has_second_factor(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=_SECOND_FACTORS).exists())


def credentials_of(person: Person) -> Credentials:
    found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    app = next((one for one in found if one.type == Authenticator.Type.TOTP), None)
    return Credentials(
        has_password=person.has_usable_password(),
        app=_factor(app) if app else None,
        passkeys=tuple(_factor(one) for one in found if one.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        codes_made_at=codes.created_at if codes else None,
        is_linked=SocialAccount.objects.filter(user=person).exists(),
    )


def _factor(found: Authenticator) -> Factor:
    return Factor(id=found.pk, name=str(found), added_at=found.created_at, last_used_at=found.last_used_at)
