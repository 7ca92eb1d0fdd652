"""A small service as a folder, and the same with something changed."""

from __future__ import annotations

from collections.abc import Mapping

from backdesk.desks.services import BrokenService, Problem, example_files, read_service

INVOICE = example_files("invoice-entry")
CUSTOMER = example_files("customer-record")


def changed(files: Mapping[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    """One text of one file replaced, which must be there."""
    assert old.encode() in files[name], f"{name} has no {old}"
    return {**files, name: files[name].replace(old.encode(), new.encode())}


def problems_of(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    try:
        read_service(files)
    except BrokenService as broken:
        return broken.problems
    return ()


def problem(name: str, old: str, new: str, *, of: Mapping[str, bytes] = INVOICE) -> str:
    """The one problem that a change makes, in full."""
    (found,) = problems_of(changed(of, name, old, new))
    return str(found)
