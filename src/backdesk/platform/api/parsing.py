"""JSON as its standard has it: no NaN, no name given twice."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from backdesk.platform.api.problems import Unreadable


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(request.body, parse_constant=_refuse, object_pairs_hook=_once)
        except RecursionError:
            raise Unreadable("This JSON is nested too deeply.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found
