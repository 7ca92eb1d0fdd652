"""Work by the clock, with real workers: once a tick, whoever does it, on behalf of the house."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from backdesk.platform import audit
from backdesk.platform.audit.verification import verify
from backdesk.platform.models import AuditCheckpoint
from tests.cast import NOW, Cast, assemble
from tests.platform.test_worker import a_worker
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def test_of_several_workers_one_does_what_a_tick_is_for(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = tmp_path / "ticks"
    monkeypatch.setenv("TESTS_TICKS", str(ticks))
    began = time.time()
    with a_worker(), a_worker():
        until(
            lambda: ticks.exists() and ticks.read_text().endswith("\n"),
            "the last minute's tick to be made up for",
        )
        time.sleep(2)
        lines = ticks.read_text().splitlines()
    minutes_begun = int(time.time() // 60 - began // 60)
    assert 1 <= len(lines) <= 1 + minutes_begun
    assert all(line.startswith("0:00:00 system ") for line in lines)


def test_a_worker_seals_the_trail_by_itself(cast: Cast) -> None:
    audit.record(actor=cast.lead, now=NOW, verb="said", subject=cast.client)
    with a_worker():
        until(AuditCheckpoint.objects.exists, "the sealing")
    found = verify()
    assert (found.holds, found.leaves, found.checkpoints) == (True, 1, 1)
