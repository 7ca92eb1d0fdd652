"""Alignments found by search, though the processes of tests are small enough for a table."""

from __future__ import annotations

import pytest

from backdesk.evidence.process.conformance import aligning


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligning, "TABLED", 0)
