"""What a kernel is made of: the functions it calls, and its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, get_args, get_type_hints

Kernel = Callable[..., int]


def file_of(function: Kernel) -> str:
    """The file it is written in."""
    return inspect.getfile(function)


def parts(function: Kernel) -> dict[str, Kernel]:
    """The functions of its module, and those it takes from others of the package."""
    package = function.__module__.rpartition(".")[0]
    there = function.__globals__.items()
    return {
        name: value
        for name, value in there
        if isinstance(value, FunctionType) and value.__module__.rpartition(".")[0] == package
    }


def arguments(function: Kernel) -> list[Any]:
    """The types of its arguments."""
    hints = get_type_hints(function)
    del hints["return"]
    return list(hints.values())


def fields(hint: Any) -> list[Any]:
    """What a tuple consists of; anything else of itself."""
    return (
        list(get_type_hints(hint).values()) if isinstance(hint, type) and issubclass(hint, tuple) else [hint]
    )


def element(hint: Any) -> str | None:
    """The type of an array's elements by its name; None of a number."""
    return None if hint is int else get_args(get_args(hint)[1])[0].__name__
