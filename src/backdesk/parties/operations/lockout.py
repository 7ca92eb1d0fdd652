"""Guessing made slow: after a few failures each further one has to wait, longer and longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backdesk.parties.models import FailedAttempts, Person
from backdesk.parties.operations.credentials import Event, note
from backdesk.parties.queries import places_of
from backdesk.platform.actor import system
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import identifying

_FIRST_WAIT: Final = dt.timedelta(seconds=30)
_LONGEST_WAIT: Final = dt.timedelta(hours=1)
_KEPT: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowance:
    """So many failures are free; they are forgotten after a while without a further one."""

    free: int
    forgotten_after: dt.timedelta


# A whole office may share one address, so it is given more.
_ACCOUNT: Final = _Allowance(free=5, forgotten_after=_KEPT)
_ADDRESS: Final = _Allowance(free=50, forgotten_after=dt.timedelta(hours=1))


class LockedOut(Refused):
    """Too many attempts: the next one has to wait. The same words whether there is such an account or not."""

    status: ClassVar[int] = 429


def refuse_if_locked(*, now: datetime, email: str, address: str) -> None:
    """Raise `LockedOut` while either has to wait.

    Inside a transaction attempts on one account go one after another, so that a hundred at once get no further than
    five in turn.
    """
    account = _account_key(email)
    with identifying(), transaction.atomic():
        FailedAttempts.objects.bulk_create([FailedAttempts(key=account)], ignore_conflicts=True)
        FailedAttempts.objects.select_for_update().get(key=account)
        found = FailedAttempts.objects.filter(key__in=(account, _address_key(address)), locked_until__gt=now)
        waits = [attempts.locked_until - now for attempts in found if attempts.locked_until]
    if waits:
        raise LockedOut(_in_words(max(waits)))


def count_failure(*, now: datetime, email: str, address: str) -> None:
    """The failure that locks an account is history, and its person is told."""
    with identifying(), transaction.atomic():
        _count(_address_key(address), _ADDRESS, now=now)
        account = _count(_account_key(email), _ACCOUNT, now=now)
        if account.failures != _ACCOUNT.free:
            return
        person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        places = places_of(person) if person else ()
    if person is not None:
        organisation_id = places[0].organisation.pk if places else None
        actor = system(name="sign-in", organisation_id=organisation_id, interface="web")
        note(actor=actor, now=now, person=person, event=Event.LOCKED_OUT)


def forget_failures(*, email: str) -> None:
    """Who got in made no guesses. The address keeps its count: one's own account is no way to reset it."""
    with identifying():
        FailedAttempts.objects.filter(key=_account_key(email)).delete()


def forget_old_failures(*, now: datetime) -> int:
    with identifying():
        return FailedAttempts.objects.exclude(last_failed_at__gt=now - _KEPT).delete()[0]


def _count(key: str, allowance: _Allowance, *, now: datetime) -> FailedAttempts:
    attempts, _is_new = FailedAttempts.objects.select_for_update().get_or_create(key=key)
    if attempts.last_failed_at and now - attempts.last_failed_at > allowance.forgotten_after:
        attempts.failures = 0
    attempts.failures += 1
    attempts.last_failed_at = now
    attempts.locked_until = _locked_until(now, beyond=attempts.failures - allowance.free)
    attempts.save()
    return attempts


def _locked_until(now: datetime, *, beyond: int) -> datetime | None:
    """Not at all while attempts are free, then twice as long each time."""
    return now + min(_FIRST_WAIT * (1 << min(beyond, 10)), _LONGEST_WAIT) if beyond >= 0 else None


def _in_words(wait: dt.timedelta) -> str:
    seconds = max(int(wait.total_seconds()) + 1, 1)
    if seconds <= 90:
        after = ngettext("in %(count)d second", "in %(count)d seconds", seconds) % {"count": seconds}
    else:
        minutes = -(-seconds // 60)
        after = ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    return _("Signing in failed too often. Try again %(after)s.") % {"after": after}


def _account_key(email: str) -> str:
    return salted_hmac("backdesk.lockout.account", email.strip().lower(), algorithm="sha256").hexdigest()


def _address_key(address: str) -> str:
    return salted_hmac("backdesk.lockout.address", address, algorithm="sha256").hexdigest()
