"""The tutorial prints what it says it prints."""

from __future__ import annotations

import doctest
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_the_tutorial_prints_what_it_says() -> None:
    assert doctest.testfile(str(TUTORIAL), module_relative=False).failed == 0


def test_a_tutorial_that_says_something_else_fails(tmp_path: Path) -> None:
    """The negative control."""
    changed = tmp_path / "tutorial.md"
    beginning = TUTORIAL.read_text().partition("## Measure it")[0]
    changed.write_text(
        beginning.replace("(3749, 3743, 6)", "(3749, 3744, 5)") + "\n    >>> folder.cleanup()\n"
    )
    assert doctest.testfile(str(changed), module_relative=False, report=False).failed == 1
