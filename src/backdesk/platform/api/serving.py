"""The way of every request: who is it, may it come, may it do this; then all of it in one transaction, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from backdesk.platform import allowances
from backdesk.platform.actor import Actor
from backdesk.platform.allowances import Allowance, Limit, left
from backdesk.platform.api import idempotency, problems
from backdesk.platform.api.problems import Fault
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import falls_with_its_verb, identifying, within
from backdesk.platform.isolation.confirming import Confirmation, confirmed_by

SCHEME = "bearer "
LONGEST_TOKEN = 500
FORM = "multipart/form-data"


class Token(Protocol):
    """What the floor above says of a token that holds."""

    @property
    def actor(self) -> Actor: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def token_id(self) -> int: ...
    @property
    def allowance(self) -> Allowance: ...


class Recall(Protocol):
    """What `Identify` said of a token before, and what confirms it; None where it never did. Confirming counts the
    request, and tells when the token's allowance is full again."""

    def __call__(self, *, secret: str, now: datetime, limit: Limit) -> tuple[Token, Confirmation] | None: ...


class Identify(Protocol):
    """Who a token speaks for, with this request counted; it refuses one that does not hold."""

    def __call__(self, *, secret: str, now: datetime, limit: Limit) -> Token: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What an operation asks of a request, and what it does."""

    area: str
    writes: bool = False
    creates: bool = False
    is_alone: bool = False
    """Its verb is a transaction of its own."""
    confirms: bool = False
    """Its first statement confirms the token."""
    is_scoped: bool = True
    takes: str = ""
    """The media type of the body; empty where none is taken."""
    asks: frozenset[str] = frozenset()
    """What may stand in the query."""

    @property
    def scope(self) -> str:
        return f"{self.area}:{self.right}"

    @property
    def right(self) -> str:
        return "write" if self.writes else "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an operation is told of who calls it, and when."""

    request: HttpRequest
    actor: Actor
    now: datetime
    token: Token


def clock() -> datetime:
    """Interfaces read the clock; operations are told the time."""
    return timezone.now()


def served(run: Callable[..., HttpResponseBase], *, promise: Promise) -> Callable[..., HttpResponseBase]:
    """An operation with its door before it."""
    operation: Any = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def serve(request: HttpRequest, **path: Any) -> HttpResponseBase:
        now, allowance, response = clock(), None, None
        try:
            if promise.confirms and not idempotency.is_wanted(request):
                recall = operation.api.recall
                response, allowance = _at_once(request, recall, now, promise, lambda: run(request, **path))
            if response is None:
                token = _token(request, operation.api.identify, now)
                allowance = token.allowance
                if allowance.is_over:
                    raise _too_many(allowance)
                _check(request, token, promise)
                call = Call(request=request, actor=token.actor, now=now, token=token)
                response = _carry_out(call, promise, lambda: run(request, **path))
        except Exception as error:  # whatever it is, it is told as a problem
            response = problems.answer(request, error)
        for name, value in (allowance.headers if allowance else {}).items():
            response.headers[name] = value
        return response

    return serve


def _at_once(
    request: HttpRequest, recall: Recall, now: datetime, promise: Promise, run: Callable[[], HttpResponseBase]
) -> tuple[HttpResponseBase | None, Allowance | None]:
    """Carried out for whoever the token stood for last, in the one message that confirms it. Nothing where it does not,
    or anything goes wrong before: then nothing was done, and the whole way says what."""
    limit = Limit(requests=settings.BACKDESK_API_REQUESTS_PER_MINUTE)
    known = recall(secret=_secret(request) or "", now=now, limit=limit)
    if known is None:
        return None, None
    token, confirmation = known
    try:
        _check(request, token, promise)
        request.call = Call(request=request, actor=token.actor, now=now, token=token)  # type: ignore[attr-defined]
        with within(token.actor), confirmed_by(confirmation):
            response = run()
    except Exception:
        if confirmation.is_sent:
            raise
    if not confirmation.is_sent:
        return None, None
    if (full_at := confirmation.outcome) is None:  # it failed on its way, and its count with it
        return response, allowances.count(name=f"token:{token.token_id}", limit=limit, now=now)
    return response, left(limit=limit, now=now, full_at=full_at, is_over=False)


def _token(request: HttpRequest, identify: Identify, now: datetime) -> Token:
    """Only failures count for an address: nobody who holds a token suffers from a neighbour who guesses."""
    try:
        secret = _secret(request)
        if secret is None or not secret.isascii() or len(secret) > LONGEST_TOKEN:
            raise problems.Unauthenticated
        with identifying():
            limit = Limit(requests=settings.BACKDESK_API_REQUESTS_PER_MINUTE)
            return identify(secret=secret, now=now, limit=limit)
    except Refused as refused:
        limit = Limit(requests=settings.BACKDESK_API_FAILURES_PER_MINUTE)
        name = allowances.of_address(_address(request))
        if (allowance := allowances.count(name=name, limit=limit, now=now)).is_over:
            raise _too_many(allowance) from None
        raise problems.Unauthenticated(str(refused)) from None


def _secret(request: HttpRequest) -> str | None:
    given = request.headers.get("Authorization", "")
    return given[len(SCHEME) :].strip() if given[: len(SCHEME)].lower() == SCHEME else None


def _address(request: HttpRequest) -> str:
    """The one that failed sign-ins are counted by; all alike where the server tells none, as on a socket of a file."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _too_many(allowance: Allowance) -> problems.TooManyRequests:
    return problems.TooManyRequests(
        f"More than {allowance.limit.requests} requests came within a minute; "
        f"try again in {allowance.headers['Retry-After']} s.",
        headers=allowance.headers,
    )


def _check(request: HttpRequest, token: Token, promise: Promise) -> None:
    if promise.is_scoped and token.scopes.isdisjoint({promise.right, promise.scope}):
        held = ", ".join(sorted(token.scopes))
        raise problems.ScopeMissing(
            f"This needs a token with the scope {promise.scope} (or {promise.right}); this one has {held}."
        )
    if promise.takes and request.content_type != promise.takes:
        raise problems.UnsupportedMediaType(
            f"Send {promise.takes} (and say so in the header Content-Type), not {request.content_type or 'nothing'}."
        )
    if unknown := sorted(set(request.GET) - promise.asks):
        raise problems.Invalid(errors=[_unknown(name, promise) for name in unknown])


def _unknown(name: str, promise: Promise) -> Fault:
    """A filter that is misspelt must not give everything."""
    known = ", ".join(sorted(promise.asks)) or "none"
    pointer = f"/{name.replace('~', '~0').replace('/', '~1')}"
    return Fault(
        source="query", pointer=pointer, detail=f"Nothing of this name can be asked here; known: {known}."
    )


def _carry_out(call: Call, promise: Promise, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What ends in a problem leaves nothing behind. A form is taken in first: no transaction waits for an upload."""
    call.request.call = call  # type: ignore[attr-defined]
    if promise.takes == FORM:
        call.request._load_post_and_files()
    with within(call.actor):
        if promise.is_alone and not idempotency.is_wanted(call.request):
            return run()
        with transaction.atomic(), falls_with_its_verb():
            if promise.creates:
                response = idempotency.once(request=call.request, actor=call.actor, now=call.now, run=run)
            else:
                response = run()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response
