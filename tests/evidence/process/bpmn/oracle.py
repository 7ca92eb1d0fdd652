"""Two other ways to tell which tasks wait: SpiffWorkflow, and following the plan a process was built from.

SpiffWorkflow 3.2.0 lets a join within a loop through early where its flows arrive in another order than in the round
before, so it is asked only about processes without forks in loops; the plan is asked about all.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-untyped]
from SpiffWorkflow.util.task import TaskState  # type: ignore[import-untyped]

from backdesk.evidence.process.bpmn import ProcessModel, write_bpmn
from tests.evidence.process.bpmn.made import Choice, Fork, Loop, Plan, Run, Task


class _Decisions(PythonScriptEngine):  # type: ignore[misc]
    """Answers the conditions, which are the ids of their flows, instead of evaluating them."""

    def __init__(self, decide: Callable[[str], bool]) -> None:
        super().__init__()
        self.decide = decide

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        return self.decide(expression)


class Spiff:
    """One run of a process by SpiffWorkflow."""

    def __init__(self, model: ProcessModel, decide: Callable[[str], bool]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(write_bpmn(model, diagram=False)))
        spec = parser.get_spec(model.id)
        self.workflow = BpmnWorkflow(spec, script_engine=_Decisions(decide))
        self.workflow.do_engine_steps()

    def waiting(self) -> Counter[str]:
        """Count the user tasks that wait to be done."""
        return Counter(task.task_spec.bpmn_id for task in self._ready())

    def complete(self, node: str) -> None:
        """Do the first of the waiting tasks of a node."""
        next(task for task in self._ready() if task.task_spec.bpmn_id == node).run()
        self.workflow.do_engine_steps()

    @property
    def ended(self) -> bool:
        return bool(self.workflow.completed)

    def _ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))


State = tuple[Any, ...] | None
"""What of a plan is under way; None once it is done."""


class Followed:
    """One run of a plan: no graph and no tokens, only what is still to be done."""

    def __init__(self, plan: Plan, decide: Callable[[str], bool]) -> None:
        self.decide = decide
        self.state = self._started(plan)

    @property
    def ended(self) -> bool:
        return self.state is None

    def waiting(self) -> Counter[str]:
        """Count the tasks that wait to be done."""
        return Counter(_tasks(self.state))

    def complete(self, task: str) -> None:
        """Do a waiting task."""
        self.state = self._after(self.state, task)

    def _started(self, plan: Plan | None) -> State:
        match plan:
            case Task(id_):
                return ("task", id_)
            case Run(parts):
                return self._run(parts)
            case Choice(id_, first, other):
                return self._started(first if self.decide(id_) else other)
            case Fork(_, parts):
                begun = [self._started(part) for part in parts]
                return ("fork", *begun) if any(begun) else None
            case Loop(_, part):
                return ("loop", plan, self._started(part))
        return None

    def _run(self, parts: tuple[Plan, ...]) -> State:
        for number, part in enumerate(parts, 1):
            if state := self._started(part):
                return ("run", state, parts[number:])
        return None

    def _after(self, state: State, task: str) -> State:
        match state:
            case ("run", inner, rest):
                inner = self._after(inner, task)
                return ("run", inner, rest) if inner else self._run(rest)
            case ("fork", *parts):
                left = [self._after(part, task) if task in _tasks(part) else part for part in parts]
                return ("fork", *left) if any(left) else None
            case ("loop", plan, inner):
                if inner := self._after(inner, task):
                    return ("loop", plan, inner)
                return self._started(plan) if self.decide(plan.id) else None
        return None


def _tasks(state: State) -> list[str]:
    match state:
        case ("task", id_):
            return [id_]
        case ("run", inner, _) | ("loop", _, inner):
            return _tasks(inner)
        case ("fork", *parts):
            return [task for part in parts for task in _tasks(part)]
    return []


warnings.filterwarnings("ignore", module="SpiffWorkflow")
