"""How routes are written: an app has an area, and each of its routes says in a line what it promises.

    planning = Area("planning", title="Plan")

    @planning.read("/functions", Page[FunctionOut])
    def list_functions(call: Call, asked: Query[FunctionsAsked]) -> Paged:
        \"\"\"Functions, largest first.\"\"\"
        return listed(call, functions_of(call.actor), asked)

A route makes one call to a query or an operation. Around it comes all the rest: see `serving`.
"""

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.operation import Operation
from pydantic import TypeAdapter

from backdesk.platform.actor import Actor
from backdesk.platform.api import idempotency, problems
from backdesk.platform.api.fields import Schema
from backdesk.platform.api.serving import FORM, Call, Promise, served

R = TypeVar("R", bound=Callable[..., Any])
Policy = Callable[[Actor], bool]
Current = Callable[[Actor, int], Any]
_BODY = {"body": "application/json", "form": FORM, "file": FORM}


class Decorator(Protocol):
    def __call__(self, route: R) -> R: ...


def anybody(actor: Actor) -> bool:
    """Everybody with a token; what they see is their own."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a route answers, and what is asked before it is called."""

    status: int
    schema: Any = None
    may: Policy = anybody
    creates: bool = False
    is_alone: bool = False
    confirms: bool = False
    is_tagged: bool = False
    current: Current | None = None
    tells: Any = None
    """The schema of what `current` reads."""
    media_types: tuple[str, ...] = ()
    receives: str = ""
    """The media type of a body that is taken as it comes, instead of JSON."""
    is_scoped: bool = True


class Bearer:
    """For the framework and its document; `serving` has looked at the token before."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of one's own, made under Account. It acts for its person in one organisation, "
        "with the roles they have there now, and may do what its scopes say.",
    }

    def __call__(self, request: HttpRequest) -> Any:
        return getattr(request, "call", None)


class Area:
    """The routes of one app. Its name is the first part of its scopes.

    `refuses`: errors of the core beneath it that say to a person what is wrong with what they sent.
    """

    def __init__(self, name: str, *, title: str, refuses: tuple[type[Exception], ...] = ()) -> None:
        self.name = name
        self.refuses = refuses
        self.router = Router(tags=[title], auth=Bearer())

    def read(
        self, path: str, response: Any, *, may: Policy = anybody, tagged: bool = False, scoped: bool = True
    ) -> Decorator:
        """`may`: who may read it. `tagged`: with an ETag, which a change can send back. Unscoped: by any token."""
        way = Way(status=200, schema=response, may=may, is_tagged=tagged, is_scoped=scoped)
        return self._route("GET", path, way)

    def download(
        self, path: str, media_types: Iterable[str], *, may: Policy = anybody, method: str = "GET"
    ) -> Decorator:
        """A file, instead of JSON; by POST where making it is told in the trail."""
        return self._route(method, path, Way(status=200, may=may, media_types=tuple(media_types)))

    def create(
        self, path: str, response: Any, *, status: int = 201, alone: bool = False, confirms: bool = False
    ) -> Decorator:
        """Once, however often it is sent with the same Idempotency-Key. `alone`: it calls one verb, which is a
        transaction of its own, and reads besides; without a key, no transaction is begun around it. `confirms`: its
        first statement is one of `isolation.alone`, which then confirms the token in the same message."""
        way = Way(status=status, schema=response, creates=True, is_alone=alone, confirms=confirms)
        return self._route("POST", path, way)

    def receive(self, path: str, response: Any, *, media_type: str) -> Decorator:
        """A file as the whole body."""
        way = Way(status=200, schema=response, receives=media_type, creates=True)
        return self._route("POST", path, way)

    def change(self, path: str, response: Any, *, current: Current | None = None) -> Decorator:
        """`current` reads and locks what is changed; with it the change may be bound to an ETag."""
        way = Way(status=200, schema=response, current=current, tells=response, is_tagged=current is not None)
        return self._route("PUT", path, way)

    def remove(
        self, path: str, *, of: type[Schema] | None = None, current: Current | None = None
    ) -> Decorator:
        return self._route("DELETE", path, Way(status=204, current=current, tells=of))

    def _route(self, method: str, path: str, way: Way) -> Decorator:
        promise = Promise(
            area=self.name,
            writes=method != "GET",
            creates=way.creates,
            is_alone=way.is_alone,
            confirms=way.confirms,
            is_scoped=way.is_scoped,
        )
        scope = f"Scope: `{promise.scope}` or `{promise.right}`." if way.is_scoped else ""

        def decorate(route: R) -> R:
            summary, _, description = (inspect.getdoc(route) or "").partition("\n")
            view = _viewed(route, way=way, refuses=self.refuses)
            view._ninja_contribute_to_operation = [partial(_finish, promise, way)]  # type: ignore[attr-defined]
            self.router.add_api_operation(
                path,
                [method],
                view,
                response={way.status: way.schema},
                operation_id=route.__name__,
                summary=summary.rstrip("."),
                description=f"{description.strip()}\n\n{scope}".strip(),
                url_name=route.__name__,
            )
            return route

        return decorate


def _viewed(
    route: Callable[..., Any], *, way: Way, refuses: tuple[type[Exception], ...]
) -> Callable[..., Any]:
    """The route as the framework calls it: with the request in the place of the call."""

    told = TypeAdapter(way.schema)

    @wraps(route)
    def view(request: HttpRequest, response: HttpResponse, **values: Any) -> Any:
        call: Call = request.call  # type: ignore[attr-defined]
        if not way.may(call.actor):
            raise problems.NotAllowed
        try:
            _expect(way, call, values)
            result = route(call, **values)
        except refuses as error:
            raise problems.Unacceptable(str(error)) from error
        if way.is_tagged:
            response.headers["ETag"] = tag(way.schema, result)
        if way.status == 201:
            response.headers["Location"] = f"{request.path.rstrip('/')}/{_number(result)}"
        if way.schema is None:
            return result
        response.status_code = way.status
        response.content = told.dump_json(told.validate_python(result, from_attributes=True))
        return response

    _, *taken = inspect.signature(route).parameters.values()
    first = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
        for name, kind in (("request", HttpRequest), ("response", HttpResponse))
    ]
    view.__signature__ = inspect.Signature([*first, *(one.replace(kind=one.KEYWORD_ONLY) for one in taken)])  # type: ignore[attr-defined]
    return view


def _number(made: Any) -> int:
    return int(made["id"] if isinstance(made, dict) else made.pk)


def _expect(way: Way, call: Call, values: dict[str, Any]) -> None:
    """Where a tag is sent, what is changed must still be what it was taken of."""
    expected = call.request.headers.get("If-Match")
    if way.current is None or expected is None:
        return
    actual = tag(way.tells, way.current(call.actor, values["pk"]))
    if expected.strip() != "*" and actual not in {one.strip() for one in expected.split(",")}:
        raise problems.ChangedMeanwhile(headers={"ETag": actual})


def tag(schema: Any, thing: Any) -> str:
    """Two readings have one tag where they say the same."""
    said = schema.model_validate(thing).model_dump(mode="json")
    return f'"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]}"'


def _finish(promise: Promise, way: Way, operation: Operation) -> None:
    """Put the door before the operation, and what it may answer in the document."""
    takes = way.receives or next((_BODY[source] for source in _sources(operation) if source in _BODY), "")
    asks = frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )
    whole = replace(promise, takes=takes, asks=asks)
    operation._run_decorators = [partial(served, promise=whole)]  # type: ignore[attr-defined]
    operation.openapi_extra = {
        **_received(way),
        "parameters": _headers(way),
        "responses": {
            **_content(way),
            **{
                status: {"$ref": f"#/components/responses/{status}"}
                for status in _statuses(operation, whole, way)
            },
        },
    }


def _sources(operation: Operation) -> list[str]:
    """Of files before the fields that go with them."""
    found = [str(model.__ninja_param_source__) for model in operation.models]
    return sorted(found, key=lambda source: source != "file")


def _content(way: Way) -> dict[int, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {way.status: {"content": dict.fromkeys(way.media_types, binary)}} if way.media_types else {}


def _received(way: Way) -> dict[str, Any]:
    if not way.receives:
        return {}
    content = {way.receives: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": content}}


def _headers(way: Way) -> list[dict[str, Any]]:
    wanted = ((_IDEMPOTENCY, way.creates), (_IF_MATCH, way.current is not None))
    return [{"in": "header", "required": False, **header} for header, is_wanted in wanted if is_wanted]


_IDEMPOTENCY = {
    "name": idempotency.HEADER,
    "description": "A name of your own for this request (a random UUID will do): sent again with it within "
    "24 hours, it is answered as before, and nothing is done twice.",
    "schema": {"type": "string", "maxLength": idempotency.LONGEST, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "description": "The ETag as read: the request is refused with 412 where it was changed meanwhile.",
    "schema": {"type": "string"},
}


def _statuses(operation: Operation, promise: Promise, way: Way) -> list[int]:
    sources = set(_sources(operation))
    wanted = {
        400: bool(promise.takes),
        404: "path" in sources or bool(promise.takes),
        409: promise.writes,
        412: way.current is not None,
        413: bool(promise.takes),
        415: bool(promise.takes),
        422: bool(sources) or promise.writes,
    }
    return [401, 403, *(status for status, is_wanted in wanted.items() if is_wanted), 429, 500]
