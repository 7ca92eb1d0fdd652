"""Tokens for the API: made, used and revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, NamedTuple

from django.utils.translation import gettext as _

from backdesk.parties.models import Person, Token
from backdesk.parties.models.tokens import LONGEST_LIFE
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.allowances import Allowance, Limit, left
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import alone, operation, within
from backdesk.platform.isolation.confirming import Confirmation
from backdesk.platform.isolation.scopes import IDENTIFYING, scope_of

PREFIX: Final = "bd_"
_SECRET_BYTES: Final = 32
_SCOPE: Final = re.compile(r"([a-z]+:)?(read|write)")
_COARSE: Final = dt.timedelta(minutes=1)
#: No roles where its person is there no more.
_HELD: Final = """(
    SELECT token.id, token.organisation_id, token.person_id,
        ARRAY(SELECT jsonb_array_elements_text(token.scopes)) AS scopes,
        token.expires_at, token.revoked_at, token.last_used_at,
        coalesce(nullif(person.name, ''), person.email) AS name, (
            SELECT array_agg(DISTINCT place.role::text) FROM parties_membership AS place
            WHERE place.person_id = token.person_id AND place.organisation_id = token.organisation_id
                AND place.ended_at IS NULL AND person.is_active) AS roles
    FROM parties_token AS token JOIN parties_person AS person ON person.id = token.person_id
    WHERE token.digest = %s AND told.scope <> '' OFFSET 0) AS held"""
_COUNTED: Final = "platform_count_request('token:' || held.id, %s, %s, %s) AS counted"
#: In one message, since every request of a program begins with it.
_HOLDER: Final = f"{_HELD} CROSS JOIN LATERAL {_COUNTED}"
_COLUMNS: Final = "held.*, counted.full_at, counted.is_over"
#: As `alone.TOLD`, for whoever holds a token, where all is still as it was when it was asked last.
_SAME: Final = f"""(
    SELECT whose.*, counted.full_at AS outcome FROM {alone.TOLD} CROSS JOIN LATERAL (
        SELECT held.* FROM {_HELD}
        WHERE held.revoked_at IS NULL AND held.expires_at > %s AND held.last_used_at > %s
            AND (held.organisation_id, held.person_id, held.scopes, held.name, held.roles)
                = (%s::bigint, %s::bigint, %s::text[], %s, %s::text[]) OFFSET 0) AS held
    CROSS JOIN LATERAL {_COUNTED} CROSS JOIN LATERAL (
        SELECT set_config('backdesk.scope', 'member', true) AS scope,
            set_config('backdesk.organisation', held.organisation_id::text, true)::bigint AS organisation,
            set_config('backdesk.person', held.person_id::text, true)::bigint AS person) AS whose
    WHERE NOT counted.is_over OFFSET 0) AS told"""  # noqa: S608  our own words
_MOST_KNOWN: Final = 10_000


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
    allowance: Allowance


@operation
def create_token(
    *, actor: Actor, now: datetime, name: str, scopes: Iterable[str], expires_at: datetime
) -> MadeToken:
    """For the actor's own person, in the organisation they act for."""
    if actor.organisation_id is None or actor.person_id is None:
        raise TokenNeedsAnOrganisation(_("A token acts for a person in an organisation; you belong to none."))
    if not now < expires_at <= now + LONGEST_LIFE:
        raise TokenLivesTooLong(
            _("Let the token end within a year from now: one that is forgotten then dies.")
        )
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


def actor_for_token(*, secret: str, now: datetime, limit: Limit) -> TokenStanding:
    """The person who made it, with the roles they have now in the organisation it was made for. Counts the request."""
    digest = _digest(secret)
    values = [digest, now, limit.step, limit.window]
    row = alone.one_row(scope=IDENTIFYING, columns=_COLUMNS, source=_HOLDER, values=values)
    if row is None:
        raise TokenUnknown("This token is not known. Check that all of it was copied, from bd_ on.")
    held = _Held(*row)
    if held.revoked_at is not None:
        raise TokenRevoked("This token was revoked. Make a new one under Account, API tokens.")
    if held.expires_at <= now:
        raise TokenExpired("This token has expired. Make a new one under Account, API tokens.")
    if not held.roles:
        raise TokenRevoked("This token died when its person left the organisation it was made for.")
    actor = Actor(
        person_id=held.person_id,
        organisation_id=held.organisation_id,
        roles=frozenset(held.roles),
        interface="api",
        name=held.name,
    )
    with within(actor):
        _mark_used(held, now=now)
    allowance = left(limit=limit, now=now, full_at=held.full_at, is_over=held.is_over)
    standing = TokenStanding(
        actor=actor, scopes=frozenset(held.scopes), token_id=held.token_id, allowance=allowance
    )
    _keep(digest, held, standing)
    return standing


def standing_to_confirm(
    *, secret: str, now: datetime, limit: Limit
) -> tuple[TokenStanding, Confirmation] | None:
    """What `actor_for_token` said of it when this process asked last. The statement that does what it is sent for
    confirms it and counts the request; it tells when the allowance is full again."""
    digest = _digest(secret)
    if (known := _known.get(digest)) is None:
        return None
    held, standing = known
    values = [
        *(*alone.told_of(IDENTIFYING), digest, now, now - _COARSE),
        *(held.organisation_id, held.person_id, held.scopes, held.name, held.roles),
        *(now, limit.step, limit.window),
    ]
    return standing, Confirmation(scope=scope_of(standing.actor), sql=_SAME, values=values)


class _Held(NamedTuple):
    """Columns of `_HOLDER`."""

    token_id: int
    organisation_id: int
    person_id: int
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    name: str
    roles: list[str] | None
    full_at: datetime
    is_over: bool


#: By digest, what was said of those that held when they were asked for last.
_known: Final = dict[str, tuple[_Held, TokenStanding]]()


def _keep(digest: str, held: _Held, standing: TokenStanding) -> None:
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[digest] = held, standing


def _mark_used(held: _Held, *, now: datetime) -> None:
    """Coarse, so that a busy program does not write a row at every request."""
    if held.last_used_at is not None and now - held.last_used_at < _COARSE:
        return
    Token.objects.filter(pk=held.token_id).update(last_used_at=now)


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    asked = sorted(set(scopes))
    for scope in asked:
        if not _SCOPE.fullmatch(scope):
            raise UnknownScope(
                _("“%(scope)s” is no scope. Write read, write, or one of a part, like planning:read.")
                % {"scope": scope}
            )
    if not asked:
        raise UnknownScope(_("Say what the token may do: read, write, or both."))
    return asked


def _digest(secret: str) -> str:
    """Plain SHA-256 does: a secret of 256 random bits cannot be guessed, so it needs no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()
