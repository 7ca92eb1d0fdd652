"""Packages that load what they offer when it is first asked for: who wants a little of one waits for no more."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def lazily(package: str, file: str) -> Callable[[str], Any]:
    """Give the `__getattr__` of a package: the names that its file imports for type checkers, each when it is wanted.

    `dir` lists them from the start, so that who types sees what there is.

    No module of the package may be named as something that it offers: once loaded, it would stand in its place.

    >>> from backdesk.evidence import eventlog
    >>> lazily("backdesk.evidence.eventlog", eventlog.__file__)("Mapping").__module__
    'backdesk.evidence.eventlog.mapping'
    """
    homes = {
        alias.name: statement.module
        for statement in ast.walk(ast.parse(Path(file).read_bytes()))
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith(f"{package}.")
        for alias in statement.names
    }

    def wanted(name: str) -> Any:
        if (home := homes.get(name)) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(home), name)
        setattr(sys.modules[package], name, found)
        return found

    module = vars(sys.modules[package])
    module["__dir__"] = lambda: sorted({*module, *homes})
    return wanted
