"""Where the test data lives that is kept beside the repository, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_data(*parts: str) -> Path:
    """Give the path of a shared data file; the test is skipped, by the file's name, where it is absent."""
    root = Path(os.environ.get("BACKDESK_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data absent: {'/'.join(parts)}")
    return path
