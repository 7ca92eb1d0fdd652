"""The two walls between organisations, each of which a test can take away to see what the other one holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import models

from backdesk.platform.isolation import scopes
from backdesk.platform.isolation.scopes import Scope


@contextmanager
def no_filters() -> Iterator[None]:
    """The first wall is down: every `visible_to` gives everything it is asked on."""
    with pytest.MonkeyPatch.context() as patch:
        for place in _filtering():
            patch.setattr(place, "visible_to", lambda self, actor: self.all())
        yield


@contextmanager
def no_row_security() -> Iterator[None]:
    """The second wall is down: whoever asks, the database takes them for Backdesk itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scopes, "scope_of", lambda actor: Scope(kind="system", why="a wall that is down"))
        yield


def _filtering() -> list[type]:
    """Every queryset and manager that says what is visible."""
    return [
        kind for kind in (*_below(models.QuerySet), *_below(models.Manager)) if "visible_to" in vars(kind)
    ]


def _below(kind: type) -> Iterator[type]:
    direct: list[type] = kind.__subclasses__()
    for below in direct:
        yield below
        yield from _below(below)
