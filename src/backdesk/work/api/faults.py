"""What is wrong with entered values, told field by field where they stand in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from backdesk.desks.services import FieldProblem, Finding
from backdesk.platform.api import problems
from backdesk.platform.api.problems import Fault
from backdesk.work.operations.gold import InvalidCase
from backdesk.work.operations.items import InvalidItem
from backdesk.work.operations.reviews import UnfitReview
from backdesk.work.operations.steps import ToBeConfirmed, Unfit

_PART = re.compile(r"[^.\[\]]+")


class ChecksWarn(problems.Problematic):
    """Checks of the service warn; send the same with `confirmed`, if it is right as it is."""

    status = 422
    text = (
        "Checks warn; “errors” says of what. If it is right as it is, send it again with “confirmed”: true."
    )


@contextmanager
def told_by_field() -> Iterator[None]:
    try:
        yield
    except InvalidItem as error:
        raise problems.Invalid(errors=[_of_problem(one) for one in error.problems]) from error
    except InvalidCase as error:
        parts = {"input": "/values", "output": "/truth"}
        found = [_of_problem(one, parts[part]) for part, told in error.problems.items() for one in told]
        raise problems.Invalid(errors=found) from error
    except UnfitReview as error:
        raise problems.Invalid(errors=[_of_outcome(*one) for one in error.problems]) from error
    except Unfit as error:
        kind = ChecksWarn if isinstance(error, ToBeConfirmed) else problems.Invalid
        found = [*map(_of_problem, error.problems), *map(_of_finding, error.findings)]
        raise kind(errors=found) from error


def pointer_to(path: str, at: str = "/values") -> str:
    """`lines[2].net` stands at `/values/lines/2/net`."""
    return at + "".join(f"/{part}" for part in _PART.findall(path))


def _of_problem(problem: FieldProblem, at: str = "/values") -> Fault:
    return Fault(source="body", pointer=pointer_to(problem.path, at), detail=problem.says)


def _of_outcome(place: int, says: str) -> Fault:
    at = "" if place < 0 else f"/findings/{place}"
    return Fault(source="body", pointer=f"/outcome{at}", detail=says)


def _of_finding(finding: Finding) -> Fault:
    return Fault(source="body", pointer=pointer_to(finding.field or ""), detail=finding.message)
