"""Tokens for the API: made, used and revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from backdesk.parties.models import Person, Token
from backdesk.parties.models.tokens import LONGEST_LIFE
from backdesk.parties.queries import actor_in, places_of
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation, within

PREFIX: Final = "bd_"
_SECRET_BYTES: Final = 32
_SCOPE: Final = re.compile(r"([a-z]+:)?(read|write)")
_COARSE: Final = dt.timedelta(minutes=1)


class TokenRefused(Refused):
    """A token that opens nothing."""

    status: ClassVar[int] = 401


class TokenUnknown(TokenRefused):
    """Nobody ever made it, or it was mistyped."""


class TokenExpired(TokenRefused):
    """Its time is over."""


class TokenRevoked(TokenRefused):
    """Somebody took it back, or its person left the organisation."""


class UnknownScope(Refused):
    """A scope is read or write, of everything or of one part: planning:read."""


class TokenLivesTooLong(Refused):
    """A token needs an end, ahead of now and within a year."""


class TokenNeedsAnOrganisation(Refused):
    """Who belongs nowhere has nothing a program could reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """The one moment at which the secret is known."""

    token: Token
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStanding:
    """For whom a program acts, and how much of what they may do it may."""

    actor: Actor
    scopes: frozenset[str]
    token_id: int


@operation
def create_token(
    *, actor: Actor, now: datetime, name: str, scopes: Iterable[str], expires_at: datetime
) -> MadeToken:
    """For the actor's own person, in the organisation they act for."""
    if actor.organisation_id is None or actor.person_id is None:
        raise TokenNeedsAnOrganisation("A token acts for a person in an organisation; you belong to none.")
    if not now < expires_at <= now + LONGEST_LIFE:
        raise TokenLivesTooLong("Let the token end within a year from now: one that is forgotten then dies.")
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = Token.objects.create(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        name=name,
        digest=_digest(secret),
        scopes=_known_scopes(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    after = {"name": name, "scopes": token.scopes, "expires_at": expires_at}
    audit.record(actor=actor, now=now, verb="token made", subject=token, after=after)
    return MadeToken(token=token, secret=secret)


@operation
def revoke_token(*, actor: Actor, now: datetime, token: Token) -> Token:
    """Takes effect at the next request. A token that was revoked stays so."""
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit.record(actor=actor, now=now, verb="token revoked", subject=token)
    return token


@operation
def revoke_tokens(*, actor: Actor, now: datetime, person: Person) -> int:
    """All of a person in the actor's organisation, as when they leave it. How many there were."""
    living = Token.objects.visible_to(actor).filter(person=person, revoked_at=None)
    return len([revoke_token(actor=actor, now=now, token=token) for token in living])


def actor_for_token(*, secret: str, now: datetime) -> TokenStanding:
    """The person who made it, with the roles they have now in the organisation it was made for."""
    token = Token.objects.select_related("person").filter(digest=_digest(secret)).first()
    if token is None:
        raise TokenUnknown("This token is not known. Check that all of it was copied, from bd_ on.")
    if token.revoked_at is not None:
        raise TokenRevoked("This token was revoked. Make a new one under Account, API tokens.")
    if token.expires_at <= now:
        raise TokenExpired("This token has expired. Make a new one under Account, API tokens.")
    actor = _actor(token)
    with within(actor):
        _mark_used(token, now=now)
    return TokenStanding(actor=actor, scopes=frozenset(token.scopes), token_id=token.pk)


def _actor(token: Token) -> Actor:
    places = places_of(token.person) if token.person.is_active else ()
    place = next((place for place in places if place.organisation.pk == token.organisation_id), None)
    if place is None:
        raise TokenRevoked("This token died when its person left the organisation it was made for.")
    return actor_in(person=token.person, place=place, interface="api")


def _mark_used(token: Token, *, now: datetime) -> None:
    """Coarse, so that a busy program does not write a row at every request."""
    if token.last_used_at is not None and now - token.last_used_at < _COARSE:
        return
    Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    asked = sorted(set(scopes))
    for scope in asked:
        if not _SCOPE.fullmatch(scope):
            raise UnknownScope(
                f"“{scope}” is no scope. Write read, write, or one of a part, like planning:read."
            )
    if not asked:
        raise UnknownScope("Say what the token may do: read, write, or both.")
    return asked


def _digest(secret: str) -> str:
    """Plain SHA-256 does: a secret of 256 random bits cannot be guessed, so it needs no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()
