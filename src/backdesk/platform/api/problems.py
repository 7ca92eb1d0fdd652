"""Whatever goes wrong, said in one form: a problem of RFC 9457, with a sentence for the person who reads it."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from backdesk.platform.api.wording import sentence
from backdesk.platform.errors import Refused, trouble_of
from backdesk.platform.requests import current_request_id

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
REFERENCE = "/api/"


class Fault(Schema):
    """One thing that is wrong in what was sent."""

    source: str = Field(description="Where it stands: body, form, file, query, path or header.")
    pointer: str = Field(description="JSON pointer to it, within its source.")
    detail: str = Field(description="What is wrong, and what would be right.")


class Problem(Schema):
    """Why a request was not carried out (RFC 9457)."""

    type: str = Field(description="Where this kind of problem is explained.")
    title: str = Field(description="The kind of problem, always in the same words.")
    status: int
    detail: str = Field(description="What happened this time, and what would be right.")
    code: str = Field(description="The kind of problem, for machines.")
    request_id: str = Field(description="The name of this request in the logs of whoever runs Backdesk.")
    errors: list[Fault] = Field(default=[], description="What is wrong in what was sent, one by one.")


class Problematic(Refused):
    """A refusal of the interface itself, before or around an operation; may say more in headers."""

    text: ClassVar[str] = "The request was refused."

    def __init__(
        self, text: str = "", *, headers: Mapping[str, str] | None = None, errors: Iterable[Fault] = ()
    ) -> None:
        super().__init__(text or self.text)
        self.headers = dict(headers or {})
        self.errors = tuple(errors)


class Unreadable(Problematic):
    """The request cannot be read: it is no JSON, or no form, or breaks off."""

    status = 400
    text = "The request cannot be read. Send JSON (or a form, where a file goes with it), whole and in UTF-8."


class Unauthenticated(Problematic):
    """No token came with the request, or one that is unknown, has expired or was revoked."""

    status = 401
    text = "Send a token that holds as “Authorization: Bearer bd_…”. People make theirs on the page of their account."

    def __init__(self, text: str = "") -> None:
        super().__init__(text, headers={"WWW-Authenticate": 'Bearer realm="backdesk"'})


class NotAllowed(Problematic):
    """The person's roles in the organisation do not include this."""

    status = 403
    text = "Your role does not allow this."


class ScopeMissing(Problematic):
    """The token was made for less than this."""

    status = 403


class NotFound(Problematic):
    """There is no such thing, or none that you may know of."""

    status = 404
    text = "There is no such thing, or none that you may see."


class MethodNotAllowed(Problematic):
    """The address exists, but takes other methods; the header Allow names them."""

    status = 405
    text = "This address does not take that method; the header Allow says which it takes."


class Conflict(Problematic):
    """What is asked for is in the way of what is there already."""

    status = 409


class ChangedMeanwhile(Problematic):
    """It is not any more what the header If-Match says: somebody changed it since it was read."""

    status = 412
    text = "It was changed since you read it. Read it again, and send your change with its new ETag."


class TooLarge(Problematic):
    """More was sent than is taken."""

    status = 413
    text = "The request is larger than what is taken here."


class UnsupportedMediaType(Problematic):
    """The body is not of the media type that this operation takes."""

    status = 415


class Invalid(Problematic):
    """What was sent is not what is asked for; `errors` says what is wrong, one by one."""

    status = 422
    text = "What was sent cannot be accepted; “errors” says why."


class Unacceptable(Problematic):
    """What was sent is well-formed, yet cannot be used; `detail` says why."""

    status = 422


class TooManyRequests(Problematic):
    """More requests came than are allowed; the header Retry-After says when to come again."""

    status = 429


class Failed(Problematic):
    """A fault of Backdesk's own. Nothing was changed."""

    status = 500
    text = "Backdesk failed at this in a way nobody foresaw; nothing was changed. Try again; if it fails again, tell whoever runs Backdesk the request_id."  # noqa: E501


_KNOWN: tuple[tuple[type[Exception], Callable[[], Problematic]], ...] = (
    (AuthenticationError, Unauthenticated),
    (Http404, NotFound),
    (ObjectDoesNotExist, NotFound),
    (RequestDataTooBig, TooLarge),
    (BadRequest, Unreadable),
    (SuspiciousOperation, Unreadable),
    (MultiPartParserError, Unreadable),
    (UnreadablePostError, Unreadable),
    (HttpError, Unreadable),  # raised by the framework only where a body is no JSON
)
BY_STATUS: Mapping[int, type[Problematic]] = {
    one.status: one
    for one in (
        Unreadable,
        Unauthenticated,
        NotAllowed,
        NotFound,
        MethodNotAllowed,
        Conflict,
        ChangedMeanwhile,
        TooLarge,
        UnsupportedMediaType,
        Invalid,
        TooManyRequests,
        Failed,
    )
}


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem that an error is; one nobody foresaw is logged with its trace."""
    refused = _refusal(error)
    if isinstance(refused, Failed):
        log.error("%s %s failed.", request.method, request.path, exc_info=error)
    return respond(refused)


def respond(refused: Refused) -> HttpResponse:
    faults = refused.errors if isinstance(refused, Problematic) else ()
    problem = {
        "type": f"{REFERENCE}#{refused.code}",
        "title": title(type(refused)),
        "status": refused.status,
        "detail": str(refused),
        "code": refused.code,
        "request_id": current_request_id(),
        "errors": [fault.model_dump() for fault in faults],
    }
    headers = refused.headers if isinstance(refused, Problematic) else {}
    return HttpResponse(json.dumps(problem), status=refused.status, content_type=MEDIA_TYPE, headers=headers)


def title(kind: type[Refused]) -> str:
    """The class's name in words."""
    return kind.code.replace("-", " ").capitalize()


def kinds() -> tuple[type[Refused], ...]:
    """Every kind of refusal there is, by status and name."""
    found = set(_below(Refused)) - {Problematic}
    return tuple(sorted(found, key=lambda one: (one.status, one.code)))


def _below(kind: type[Refused]) -> Iterable[type[Refused]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _refusal(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, ValidationError):
        return Invalid(errors=map(_fault, error.errors))
    if isinstance(error, PermissionDenied):
        return NotAllowed(str(error))
    trouble = trouble_of(error)
    if trouble is not None:
        return trouble
    known = (kind() for foreign, kind in _KNOWN if isinstance(error, foreign))
    return next(known, Failed())


def _fault(error: Mapping[str, Any]) -> Fault:
    """The framework names the source first, and for a body next the argument that takes it."""
    source, *place = error["loc"]
    within = place[1:] if source in {"body", "query", "form"} and len(place) > 1 else place
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in within)
    if source == "body" and len(place) == 1:
        pointer = ""
    return Fault(source=source, pointer=pointer, detail=sentence(error))
