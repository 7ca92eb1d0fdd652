import re

from backdesk.evidence.process.bpmn import problems, read_bpmn
from backdesk.evidence.process.bpmn.vocabulary import KINDS, TASK_ATTRIBUTES, TASK_KINDS
from tests.shared import REPOSITORY

PAGE = (REPOSITORY / "docs" / "process.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_can_be_read_and_has_no_problems() -> None:
    example = re.search(r"```xml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert problems(read_bpmn(example[1].encode())) == ()


def test_the_page_names_every_element_and_attribute() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {*KINDS, *TASK_ATTRIBUTES, *TASK_KINDS} <= named
