"""What the pure floors offer is called the same way everywhere: the subject by its place, the rest by name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest

from backdesk import desks, evidence


def packages() -> Iterator[ModuleType]:
    for floor in (evidence, desks):
        for found in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}."):
            if found.ispkg:
                yield importlib.import_module(found.name)


def test_functions_that_are_offered_take_one_argument_by_its_place_at_the_most() -> None:
    offered = [
        getattr(package, name)
        for package in packages()
        for name in getattr(package, "__all__", ())
        if isinstance(getattr(package, name), FunctionType)
    ]
    assert len(offered) > 100
    assert [each.__qualname__ for each in offered if len(by_place(each)) > 1] == []


def by_place(function: FunctionType) -> list[str]:
    kinds = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return [name for name, one in inspect.signature(function).parameters.items() if one.kind in kinds]


def one_by_place(path: str, *, rest: int) -> None: ...


@pytest.mark.parametrize(
    ("function", "places"),
    [(one_by_place, ["path"]), (lambda log, path, *, form=None: None, ["log", "path"])],
)
def test_arguments_by_place_are_told_from_those_by_name(function: FunctionType, places: list[str]) -> None:
    assert by_place(function) == places
