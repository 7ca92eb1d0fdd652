"""SpiffWorkflow, an interpreter of BPMN by others, driven so that it can be compared with ours."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from backdesk.evidence.process.bpmn import ProcessModel, write_bpmn


class _Decisions(PythonScriptEngine):  # type: ignore[misc]
    """Answers the conditions, which are the ids of their flows, instead of evaluating them."""

    def __init__(self, decide: Callable[[str], bool]) -> None:
        super().__init__()
        self.decide = decide

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        return self.decide(expression)


class Oracle:
    """One run of a process."""

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


warnings.filterwarnings("ignore", module="SpiffWorkflow")
