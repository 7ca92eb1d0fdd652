"""Checks between the values of an item, and the conditions that decide which way it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backdesk.desks.services.definition import Check, Service, Severity
from backdesk.desks.services.expressions import MissingValue, NotCel, NotEvaluated, context_of, evaluate
from backdesk.evidence.process.bpmn.model import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check that does not hold: at which field, how grave, and what would be right.

    >>> Finding(check="total", field="total", severity="error", message="Net and tax make the total.").severity
    'error'
    """

    check: str
    field: str | None
    severity: Severity
    message: str


class ConditionFailed(Exception):
    """A condition of the process that cannot be worked out for an item; it is never taken for a no."""

    def __init__(self, condition: str, says: str) -> None:
        super().__init__(f"the condition “{condition}” cannot be worked out: {says}")
        self.condition = condition


def run_checks(service: Service, *, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what the checks of a service find, in their order.

    A check is due once the values it reads are there: that they must be is said by the schema, and reading one that
    may be missing without `has()` is refused when the service is read. A check that cannot be worked out for another
    reason is found as an error, with that reason: it is never silently passed.

    Args:
        service: with its checks.
        values: `input` and `output` as JSON holds them (amounts as texts); `item` and `review` where there are any.

    >>> from backdesk.desks.services.examples import example
    >>> euros = lambda amount: {"amount": amount, "currency": "EUR"}
    >>> output = {"net": euros("100.10"), "tax": euros("19.02"), "total": euros("119.11")}
    >>> [each.message for each in run_checks(example("invoice-entry"), values={"input": {}, "output": output})]
    ['Net and tax make the total.']
    """
    context = context_of(service, values)
    found = (_finding(check, context) for check in service.checks)
    return tuple(finding for finding in found if finding is not None)


def _finding(check: Check, context: Mapping[str, Any]) -> Finding | None:
    try:
        if check.when is not None and not evaluate(check.when, context):
            return None
        if evaluate(check.that, context):
            return None
    except MissingValue:
        return None
    except (NotCel, NotEvaluated) as broken:
        says = f"The check “{check.key}” cannot be worked out: {broken}."
        return Finding(check=check.key, field=check.field, severity="error", message=says)
    return Finding(check=check.key, field=check.field, severity=check.severity, message=check.message)


def condition(text: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return a condition of the process as a function of the context (`expressions.context_of`).

    Calling it raises `ConditionFailed` where the text is no CEL, reads what is not there, or says neither yes nor no.

    >>> condition("review.wrong")({"review": {"wrong": True}})
    True
    >>> condition("review.wrong")({"review": {}})
    Traceback (most recent call last):
    ...
    backdesk.desks.services.checks.ConditionFailed: the condition “review.wrong” cannot be worked out: “wrong” is not \
there; ask has() first
    """

    def holds(context: Mapping[str, Any]) -> bool:
        try:
            return evaluate(text, context)
        except MissingValue as missing:
            raise ConditionFailed(text, f"“{missing}” is not there; ask has() first") from None
        except (NotCel, NotEvaluated) as broken:
            raise ConditionFailed(text, str(broken)) from None

    return holds


def deciding(service: Service, *, values: Mapping[str, Any]) -> Callable[[Flow], bool]:
    """Return what the interpreter of processes asks at gateways, for an item's values.

    Raises (when asked):
        ConditionFailed: the condition of a flow cannot be worked out.

    >>> from backdesk.desks.services.examples import example
    >>> decide = deciding(example("invoice-entry"), values={"review": {"wrong": True}})
    >>> decide(Flow(id="back", source="good", target="enter", condition="review.wrong"))
    True
    """
    context: Mapping[str, Any] = {}  # made when it is asked for: most processes ask nothing at their start

    def decide(flow: Flow) -> bool:
        nonlocal context
        if flow.condition is None:
            return True
        context = context or context_of(service, values)
        return condition(flow.condition)(context)

    return decide
