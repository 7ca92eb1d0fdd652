"""Tokens: a program acts for a person while both the token and the membership live."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from backdesk.parties import operations
from backdesk.parties.models import Person, Token
from backdesk.parties.operations import tokens
from backdesk.platform.actor import Actor
from backdesk.platform.allowances import Limit
from backdesk.platform.models import AuditEntry
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

A_MONTH = timedelta(days=30)


def made(actor: Actor, *scopes: str, life: timedelta = A_MONTH) -> tokens.MadeToken:
    return operations.create_token(
        actor=actor, now=NOW, name="Nightly export", scopes=scopes or ("read",), expires_at=NOW + life
    )


def standing_of(*, secret: str, now: datetime) -> tokens.TokenStanding:
    return operations.actor_for_token(secret=secret, now=now, limit=Limit(requests=100))


def test_a_program_acts_for_the_person_with_their_roles_and_the_tokens_scopes(cast: Cast) -> None:
    standing = standing_of(secret=made(cast.lead, "planning:read", "write").secret, now=NOW)
    lead = cast.lead
    assert standing.actor == Actor(
        person_id=lead.person_id,
        organisation_id=lead.organisation_id,
        roles=lead.roles,
        interface="api",
        name=lead.name,
    )
    assert standing.scopes == {"planning:read", "write"}


def test_the_secret_is_long_random_and_kept_nowhere(cast: Cast) -> None:
    one, two = made(cast.lead), made(cast.lead)
    assert one.secret.startswith("bd_")
    assert len(one.secret) >= 46
    assert one.secret != two.secret
    kept = str(list(Token.objects.values())) + str(list(AuditEntry.objects.values()))
    assert one.secret not in kept


def test_a_token_nobody_made_opens_nothing(cast: Cast) -> None:
    made(cast.lead)
    with pytest.raises(tokens.TokenUnknown, match="not known"):
        standing_of(secret="bd_guess", now=NOW)


def test_a_token_ends_when_its_time_is_over(cast: Cast) -> None:
    secret = made(cast.lead).secret
    assert standing_of(secret=secret, now=NOW + A_MONTH - timedelta(seconds=1))
    with pytest.raises(tokens.TokenExpired):
        standing_of(secret=secret, now=NOW + A_MONTH)


def test_a_revoked_token_opens_nothing_and_is_revoked_once(cast: Cast) -> None:
    token = made(cast.lead)
    for _ in range(2):
        operations.revoke_token(actor=cast.lead, now=NOW, token=token.token)
    with pytest.raises(tokens.TokenRevoked, match="was revoked"):
        standing_of(secret=token.secret, now=NOW)
    assert AuditEntry.objects.filter(verb="token revoked").count() == 1


def test_it_dies_with_the_membership(cast: Cast) -> None:
    secret = made(cast.employee).secret
    person = cast.person("employee")
    person.memberships.update(ended_at=NOW + timedelta(days=1))
    with pytest.raises(tokens.TokenRevoked, match="left the organisation"):
        standing_of(secret=secret, now=NOW)


def test_and_with_the_person(cast: Cast) -> None:
    secret = made(cast.employee).secret
    Person.objects.filter(pk=cast.person("employee").pk).update(is_active=False)
    with pytest.raises(tokens.TokenRevoked):
        standing_of(secret=secret, now=NOW)


def test_who_offboards_revokes_all_tokens_in_their_own_organisation_alone(cast: Cast) -> None:
    mine, other = made(cast.employee), made(cast.other_lead)
    assert operations.revoke_tokens(actor=cast.lead, now=NOW, person=cast.person("employee")) == 1
    other_lead = cast.person("operations_lead", cast.other_client)
    assert operations.revoke_tokens(actor=cast.lead, now=NOW, person=other_lead) == 0
    assert standing_of(secret=other.secret, now=NOW)
    with pytest.raises(tokens.TokenRevoked):
        standing_of(secret=mine.secret, now=NOW)


def test_its_use_is_noted_once_a_minute(cast: Cast) -> None:
    token = made(cast.lead)
    seen = []
    for seconds in (0, 59, 60):
        standing_of(secret=token.secret, now=NOW + timedelta(seconds=seconds))
        token.token.refresh_from_db()
        seen.append(token.token.last_used_at)
    assert seen == [NOW, NOW, NOW + timedelta(minutes=1)]


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_it_needs_an_end_within_a_year(cast: Cast, life: timedelta) -> None:
    with pytest.raises(tokens.TokenLivesTooLong):
        made(cast.lead, life=life)


def test_not_even_past_the_operation(cast: Cast) -> None:
    token = made(cast.lead).token
    with pytest.raises(IntegrityError, match="token_lives_a_year_at_most"), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_at=NOW + timedelta(days=400))


@pytest.mark.parametrize("scope", ["", "admin", "planning:", "planning:delete", "PLANNING:read"])
def test_a_scope_that_does_not_exist_is_refused(cast: Cast, scope: str) -> None:
    with pytest.raises(tokens.UnknownScope):
        operations.create_token(
            actor=cast.lead, now=NOW, name="x", scopes=[scope] if scope else [], expires_at=NOW + A_MONTH
        )


def test_who_belongs_nowhere_makes_none(cast: Cast) -> None:
    with pytest.raises(tokens.TokenNeedsAnOrganisation):
        made(Actor(person_id=cast.lead.person_id, organisation_id=None))
