"""Packages that load what they offer when it is asked for: everything is there, and nothing before."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

PACKAGES = ["eventlog", "measures", "process"]
LOADED = (
    "import sys; from backdesk.evidence import {0}; print(*(name for name in sys.modules if '.{0}.' in name))"
)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_gives_all_that_it_offers(name: str) -> None:
    package = import_module(f"backdesk.evidence.{name}")
    assert not [one for one in package.__all__ if isinstance(getattr(package, one), ModuleType)]


@pytest.mark.parametrize("name", PACKAGES)
def test_who_types_sees_all_that_a_package_offers_before_it_is_loaded(name: str) -> None:
    listed = f"from backdesk.evidence import {name}; print(*({{*{name}.__all__}} - {{*dir({name})}}))"
    run = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_offers_nothing_else(name: str) -> None:
    package = import_module(f"backdesk.evidence.{name}")
    with pytest.raises(AttributeError, match=f"'backdesk.evidence.{name}' has no attribute 'nothing'"):
        package.nothing  # noqa: B018


@pytest.mark.parametrize("name", PACKAGES)
def test_no_module_has_the_name_of_what_its_package_offers(name: str) -> None:
    package = import_module(f"backdesk.evidence.{name}")
    found = (
        import_module(getattr(package, one).__module__)
        for one in package.__all__
        if callable(getattr(package, one))
    )
    assert not {module.__name__.rpartition(".")[2] for module in found} & set(package.__all__)


@pytest.mark.parametrize("name", PACKAGES)
def test_nothing_is_loaded_before_it_is_asked_for(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOADED.format(name)], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
