"""What the tests of conversations stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backdesk.conversations.models import Thread
from tests.cast import Cast
from tests.conversations.matters import MATTERS, shared_thread


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return shared_thread(cast)


@pytest.fixture(autouse=True)
def no_matter_is_hidden() -> Iterator[None]:
    yield
    MATTERS.hidden.clear()
